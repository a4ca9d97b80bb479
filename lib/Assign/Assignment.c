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
    free(gains[l].blockGains);
  free(gains);
}

/* What has a gain of its own: a layer, or one block of it. */
typedef struct Item {
  size_t layer;
  int64_t block; /* -1: all of the layer */
} Item;

/* Layers follow each other, their blocks likewise. */
static Item *makeItems(const AmsProfile *profile, const AmsGainGoal *goal,
                       size_t *outCount) {
  size_t most = profile->numLayers, count = 0;
  for (size_t l = 0; l < profile->numLayers; ++l)
    most += (size_t)profile->layers[l].blocks;
  Item *items = amsAllocate(most + 1, sizeof *items);
  for (size_t l = 0; l < profile->numLayers; ++l) {
    const AmsProfileLayer *own = &profile->layers[l];
    if (!goal->perBlock || own->blocks < 2 || !amsLayerTrusted(goal, own))
      items[count++] = (Item){l, -1};
    else
      for (int64_t j = 0; j < own->blocks; ++j)
        items[count++] = (Item){l, j};
  }
  *outCount = count;
  return items;
}

/* Errors of blocks add up as those of layers do, and each has an equal share of
 * the layer's energy, which is linear in the mean of its gains. */
static AmsChoice makeChoice(const AmsProfile *profile, const AmsGainGoal *goal,
                            const Item *item, size_t gain) {
  AmsAssignedGain layer =
      amsAssignedGain(profile, goal, item->layer, gain, AmsGainBest);
  AmsChoice choice = {.error = isnan(layer.error) ? 0 : layer.error,
                      .cost = layer.energy,
                      .allowed =
                          amsGainAllowed(profile, goal, item->layer, gain)};
  if (item->block < 0)
    return choice;
  const AmsProfileLayer *own = &profile->layers[item->layer];
  choice.error = own->effect * amsProfileBlockError(own, profile->numGains,
                                                    item->block, gain);
  choice.cost /= (double)own->blocks;
  choice.allowed =
      gain == smallestGain(profile) ||
      amsProfileBlockSaturation(own, profile->numGains, item->block, gain) <=
          goal->mostSaturation;
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

/* The more telling reason of two blocks. */
static AmsGainReason joinReasons(AmsGainReason a, AmsGainReason b) {
  if (a == AmsGainBudget || b == AmsGainBudget)
    return AmsGainBudget;
  return a == AmsGainHeadroom || b == AmsGainHeadroom ? AmsGainHeadroom : a;
}

/* The layer's part of what was `chosen` for its blocks, which begin at `items`.
 */
static AmsAssignedGain joinBlocks(const AmsProfile *profile,
                                  const AmsGainGoal *goal, const Item *items,
                                  const AmsChoice *choices,
                                  const size_t *chosen) {
  const AmsProfileLayer *own = &profile->layers[items->layer];
  AmsAssignedGain joined = {.reason = AmsGainBest};
  double sum = 0;
  bool alike = true;
  joined.blockGains = amsAllocate((size_t)own->blocks, sizeof(float));
  for (int64_t j = 0; j < own->blocks; ++j) {
    const AmsChoice *block = choices + (size_t)j * profile->numGains;
    joined.blockGains[j] = profile->gains[chosen[j]];
    joined.error += block[chosen[j]].error;
    joined.energy += block[chosen[j]].cost;
    joined.saturation +=
        amsProfileBlockSaturation(own, profile->numGains, j, chosen[j]) /
        (double)own->blocks;
    joined.reason =
        joinReasons(joined.reason, reasonFor(profile, block, chosen[j]));
    sum += (double)joined.blockGains[j];
    alike &= chosen[j] == chosen[0];
  }
  joined.gain = (float)(sum / (double)own->blocks);
  if (!alike)
    return joined;
  free(joined.blockGains);
  return amsAssignedGain(profile, goal, items->layer, chosen[0], joined.reason);
}

ams_status_t amsAssign(const AmsProfile *profile, const AmsGainGoal *goal,
                       AmsAssignedGain *gains, AmsChoiceResult *outResult) {
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
    if (items[i].block < 0)
      gains[items[i].layer] =
          amsAssignedGain(profile, goal, items[i].layer, chosen[i],
                          reasonFor(profile, own, chosen[i]));
    else if (items[i].block == 0)
      gains[items[i].layer] =
          joinBlocks(profile, goal, items + i, own, chosen + i);
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
