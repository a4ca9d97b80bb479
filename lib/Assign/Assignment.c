/*===-- Assignment.c - A gain for every layer of a profile --------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Assignment.h"

#include "Build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

AmsGainGoal amsGainGoalDefault(void) {
  return (AmsGainGoal){
      .budget = INFINITY,
      .mostSaturation = 1e-3,
      .leastVectors = 256,
      .constants = amsCostConstantsDefault(),
  };
}

ams_status_t amsGainGoalParseBudget(const char *text, AmsGainGoal *goal) {
  static const struct {
    const char *name;
    double unit;
    bool relative;
  } units[] = {{"pJ", 1, false},
               {"nJ", 1e3, false},
               {"uJ", 1e6, false},
               {"mJ", 1e9, false},
               {"%", 1e-2, true}};
  char *end;
  double number = strtod(text, &end);
  for (size_t i = 0; i < sizeof units / sizeof *units; ++i)
    if (end != text && !strcmp(end, units[i].name) && isfinite(number) &&
        number > 0) {
      goal->budget = number * units[i].unit;
      goal->relative = units[i].relative;
      return AMS_OK;
    }
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "budget '%s' is neither a positive number of pJ, nJ, "
                         "uJ or mJ a sample, as 250nJ, nor a share of the best "
                         "gains' energy, as 60%%",
                         text);
}

ams_status_t amsGainGoalParsePer(const char *text, AmsGainGoal *goal) {
  static const char *const names[] = {[AmsGainPerLayer] = "layer",
                                      [AmsGainPerBlock] = "block",
                                      [AmsGainPerTile] = "tile"};
  for (int i = 0; i < (int)(sizeof names / sizeof *names); ++i)
    if (!strcmp(text, names[i])) {
      goal->per = (AmsGainPer)i;
      return AMS_OK;
    }
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "a gain per '%s': it is none of layer, block and tile",
                         text);
}

const char *amsGainReasonText(AmsGainReason reason) {
  switch (reason) {
  case AmsGainBest:
    return "least error";
  case AmsGainBudget:
    return "budget";
  case AmsGainHeadroom:
    return "headroom";
  case AmsGainUntrusted:
    return "too few vectors";
  case AmsGainMeasured:
    return "measured";
  }
  return "";
}

double amsGainEnergy(const AmsGainGoal *goal, const AmsProfileLayer *layer,
                     double gain) {
  AmsCostLayer cost = layer->cost;
  cost.gain = gain;
  AmsCostCounts counts = amsCostCount(&cost);
  AmsCostEnergy energy = amsCostEnergy(&goal->constants, &cost, &counts);
  return amsCostRunEnergy(&cost, &energy);
}

static size_t smallestGain(const AmsProfile *profile) {
  size_t smallest = 0;
  for (size_t g = 1; g < profile->numGains; ++g)
    if (profile->gains[g] < profile->gains[smallest])
      smallest = g;
  return smallest;
}

bool amsLayerTrusted(const AmsGainGoal *goal, const AmsProfileLayer *layer) {
  return layer->vectors >= goal->leastVectors && !isnan(layer->effect);
}

/* The candidate that stands in for evidence: the one nearest to the fallback.
 */
static size_t fallbackGain(const AmsProfile *profile, const AmsGainGoal *goal) {
  size_t nearest = smallestGain(profile);
  for (size_t g = 0; g < profile->numGains && goal->fallback > 0; ++g)
    if (fabs(log((double)profile->gains[g] / (double)goal->fallback)) <
        fabs(log((double)profile->gains[nearest] / (double)goal->fallback)))
      nearest = g;
  return nearest;
}

bool amsGainAllowed(const AmsProfile *profile, const AmsGainGoal *goal,
                    size_t layer, size_t gain) {
  const AmsProfileLayer *own = &profile->layers[layer];
  if (!amsLayerTrusted(goal, own))
    return gain == fallbackGain(profile, goal);
  return gain == smallestGain(profile) ||
         amsProfileSaturation(own, gain) <= goal->mostSaturation;
}

AmsAssignedGain amsAssignedGain(const AmsProfile *profile,
                                const AmsGainGoal *goal, size_t layer,
                                size_t gain, AmsGainReason reason) {
  const AmsProfileLayer *own = &profile->layers[layer];
  return (AmsAssignedGain){
      .gain = profile->gains[gain],
      .reason = amsLayerTrusted(goal, own) ? reason : AmsGainUntrusted,
      .error = own->effect * amsProfileError(own, gain),
      .energy = amsGainEnergy(goal, own, (double)profile->gains[gain]),
      .saturation = amsProfileSaturation(own, gain),
  };
}

void amsAssignedGainsFree(AmsAssignedGain *gains, size_t count) {
  for (size_t l = 0; gains && l < count; ++l)
    free(gains[l].gains);
  free(gains);
}

bool amsAssignedGainsAlike(const AmsAssignedGain *a, const AmsAssignedGain *b) {
  if (a->numGains != b->numGains)
    return false;
  return a->numGains ? !memcmp(a->gains, b->gains,
                               (size_t)a->numGains * sizeof *a->gains)
                     : a->gain == b->gain;
}

/* What has a gain of its own: a layer, or one part of it. */
typedef struct Item {
  size_t layer;
  AmsGainPer per;
  int64_t part;
} Item;

/* Whether the gains of a layer's parts are chosen one by one. */
static bool isDivided(const AmsGainGoal *goal, const AmsProfileLayer *layer) {
  return amsProfileParts(layer, goal->per) > 1 && amsLayerTrusted(goal, layer);
}

/* Layers follow each other, their parts likewise. */
static Item *makeItems(const AmsProfile *profile, const AmsGainGoal *goal,
                       size_t *outCount) {
  size_t most = profile->numLayers, count = 0;
  for (size_t l = 0; l < profile->numLayers; ++l)
    most += (size_t)amsProfileParts(&profile->layers[l], goal->per);
  Item *items = amsAllocate(most + 1, sizeof *items);
  for (size_t l = 0; l < profile->numLayers; ++l) {
    const AmsProfileLayer *own = &profile->layers[l];
    if (!isDivided(goal, own))
      items[count++] = (Item){l, AmsGainPerLayer, 0};
    else
      for (int64_t j = 0; j < amsProfileParts(own, goal->per); ++j)
        items[count++] = (Item){l, goal->per, j};
  }
  *outCount = count;
  return items;
}

/* Errors of parts add up as those of layers do, and each has its share of the
 * layer's energy, which is linear in the mean of its conversions' gains. */
static AmsChoice makeChoice(const AmsProfile *profile, const AmsGainGoal *goal,
                            const Item *item, size_t gain) {
  AmsAssignedGain layer =
      amsAssignedGain(profile, goal, item->layer, gain, AmsGainBest);
  AmsChoice choice = {.error = isnan(layer.error) ? 0 : layer.error,
                      .cost = layer.energy,
                      .allowed =
                          amsGainAllowed(profile, goal, item->layer, gain)};
  if (item->per == AmsGainPerLayer)
    return choice;
  const AmsProfileLayer *own = &profile->layers[item->layer];
  choice.error = own->effect * amsProfilePartError(own, profile->numGains,
                                                   item->per, item->part, gain);
  choice.cost *= amsProfilePartShare(own, item->per, item->part);
  choice.allowed =
      gain == smallestGain(profile) ||
      amsProfilePartSaturation(own, profile->numGains, item->per, item->part,
                               gain) <= goal->mostSaturation;
  return choice;
}

static AmsChoice *makeChoices(const AmsProfile *profile,
                              const AmsGainGoal *goal, const Item *items,
                              size_t count) {
  AmsChoice *choices =
      amsAllocate(count * profile->numGains + 1, sizeof *choices);
  for (size_t i = 0; i < count; ++i)
    for (size_t g = 0; g < profile->numGains; ++g)
      choices[i * profile->numGains + g] =
          makeChoice(profile, goal, &items[i], g);
  return choices;
}

/* Why `chosen` is not another gain: by what would have had a smaller error. */
static AmsGainReason reasonFor(const AmsProfile *profile,
                               const AmsChoice *choices, size_t chosen) {
  AmsGainReason reason = AmsGainBest;
  for (size_t g = 0; g < profile->numGains; ++g)
    if (choices[g].error < choices[chosen].error) {
      if (choices[g].allowed)
        return AmsGainBudget;
      reason = AmsGainHeadroom;
    }
  return reason;
}

/* The more telling reason of two parts. */
static AmsGainReason joinReasons(AmsGainReason a, AmsGainReason b) {
  if (a == AmsGainBudget || b == AmsGainBudget)
    return AmsGainBudget;
  return a == AmsGainHeadroom || b == AmsGainHeadroom ? AmsGainHeadroom : a;
}

/* The layer's gains from what was `chosen` for its parts, which begin at
 * `items`. */
static AmsAssignedGain joinParts(const AmsProfile *profile,
                                 const AmsGainGoal *goal, const Item *items,
                                 const AmsChoice *choices,
                                 const size_t *chosen) {
  const AmsProfileLayer *own = &profile->layers[items->layer];
  const AmsGainPer per = items->per;
  AmsAssignedGain joined = {.reason = AmsGainBest,
                            .numGains = amsProfileParts(own, per)};
  double mean = 0;
  bool alike = true;
  joined.gains = amsAllocate((size_t)joined.numGains, sizeof(float));
  for (int64_t j = 0; j < joined.numGains; ++j) {
    const AmsChoice *part = choices + (size_t)j * profile->numGains;
    const double share = amsProfilePartShare(own, per, j);
    joined.gains[j] = profile->gains[chosen[j]];
    joined.error += part[chosen[j]].error;
    joined.energy += part[chosen[j]].cost;
    joined.saturation += share * amsProfilePartSaturation(
                                     own, profile->numGains, per, j, chosen[j]);
    joined.reason =
        joinReasons(joined.reason, reasonFor(profile, part, chosen[j]));
    mean += share * (double)joined.gains[j];
    alike &= chosen[j] == chosen[0];
  }
  joined.gain = (float)mean;
  if (!alike)
    return joined;
  free(joined.gains);
  return amsAssignedGain(profile, goal, items->layer, chosen[0], joined.reason);
}

/* Tiles can be chosen for only where they were told apart. */
static ams_status_t checkTiles(const AmsProfile *profile,
                               const AmsGainGoal *goal) {
  for (size_t l = 0; l < profile->numLayers; ++l)
    if (!amsProfileParts(&profile->layers[l], goal->per))
      return ams_status_make(
          AMS_STATUS_INVALID_ARGUMENT,
          "the profile of layer \"%s\" does not tell crossbar tiles apart; "
          "measure it with ams-compile --calibrate --gain-per=tile",
          profile->layers[l].name);
  return AMS_OK;
}

ams_status_t amsAssign(const AmsProfile *profile, const AmsGainGoal *goal,
                       AmsAssignedGain *gains, AmsChoiceResult *outResult) {
  AMS_RETURN_IF_ERROR(checkTiles(profile, goal));
  size_t numGains = profile->numGains, count;
  Item *items = makeItems(profile, goal, &count);
  AmsChoice *choices = makeChoices(profile, goal, items, count);
  size_t *chosen = amsAllocate(count + 1, sizeof *chosen);
  double budget = goal->budget;
  if (goal->relative)
    budget *= amsChoose(count, numGains, choices, INFINITY, chosen).cost;
  AmsChoiceResult result = amsChoose(count, numGains, choices, budget, chosen);
  for (size_t i = 0; result.feasible && i < count; ++i) {
    const AmsChoice *own = choices + i * numGains;
    if (items[i].per == AmsGainPerLayer)
      gains[items[i].layer] =
          amsAssignedGain(profile, goal, items[i].layer, chosen[i],
                          reasonFor(profile, own, chosen[i]));
    else if (items[i].part == 0)
      gains[items[i].layer] =
          joinParts(profile, goal, items + i, own, chosen + i);
  }
  free(items);
  free(choices);
  free(chosen);
  *outResult = result;
  if (result.feasible)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "a budget of %.4g nJ a sample is not enough: the "
                         "smallest gains take %.4g nJ",
                         budget * 1e-3, result.cost * 1e-3);
}
