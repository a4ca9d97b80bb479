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

static bool isTrusted(const AmsGainGoal *goal, const AmsProfileLayer *layer) {
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
  if (!isTrusted(goal, own))
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
      .reason = isTrusted(goal, own) ? reason : AmsGainUntrusted,
      .error = own->effect * amsProfileError(own, gain),
      .energy = amsGainEnergy(goal, own, (double)profile->gains[gain]),
      .saturation = amsProfileSaturation(own, gain),
  };
}

static AmsChoice *makeChoices(const AmsProfile *profile,
                              const AmsGainGoal *goal) {
  AmsChoice *choices =
      amsAllocate(profile->numLayers * profile->numGains + 1, sizeof *choices);
  for (size_t l = 0; l < profile->numLayers; ++l)
    for (size_t g = 0; g < profile->numGains; ++g) {
      AmsAssignedGain own = amsAssignedGain(profile, goal, l, g, AmsGainBest);
      choices[l * profile->numGains + g] =
          (AmsChoice){.error = isnan(own.error) ? 0 : own.error,
                      .cost = own.energy,
                      .allowed = amsGainAllowed(profile, goal, l, g)};
    }
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

ams_status_t amsAssign(const AmsProfile *profile, const AmsGainGoal *goal,
                       AmsAssignedGain *gains, AmsChoiceResult *outResult) {
  size_t count = profile->numGains;
  AmsChoice *choices = makeChoices(profile, goal);
  size_t *chosen = amsAllocate(profile->numLayers + 1, sizeof *chosen);
  double budget = goal->budget;
  if (goal->relative)
    budget *=
        amsChoose(profile->numLayers, count, choices, INFINITY, chosen).cost;
  AmsChoiceResult result =
      amsChoose(profile->numLayers, count, choices, budget, chosen);
  for (size_t l = 0; result.feasible && l < profile->numLayers; ++l)
    gains[l] =
        amsAssignedGain(profile, goal, l, chosen[l],
                        reasonFor(profile, choices + l * count, chosen[l]));
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
