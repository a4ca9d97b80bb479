/*===-- Conditioning.c - How the blocks of every layer go ---------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Conditioning.h"

#include "Build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

uint32_t amsProfileCondition(const AmsProfileLayer *layer) {
  return (layer->cost.meanRemoved ? AMS_ABI_CONDITION_MEAN : 0U) |
         (layer->cost.spread ? AMS_ABI_CONDITION_SPREAD : 0U);
}

const char *amsConditionName(uint32_t flags) {
  switch (flags) {
  case AMS_ABI_CONDITION_MEAN:
    return "mean";
  case AMS_ABI_CONDITION_SPREAD:
    return "spread";
  case AMS_ABI_CONDITION_MEAN | AMS_ABI_CONDITION_SPREAD:
    return "both";
  default:
    return "none";
  }
}

static bool sameShape(const AmsCostLayer *a, const AmsCostLayer *b) {
  return a->matrices == b->matrices && a->vectors == b->vectors &&
         a->outputs == b->outputs && a->reduction == b->reduction &&
         a->activations == b->activations;
}

/* places [count][layers]: where each profile has each layer of the first. */
static ams_status_t matchLayers(const AmsProfile *const *profiles, size_t count,
                                size_t *places) {
  for (size_t p = 0; p < count; ++p) {
    if (profiles[p]->numGains != profiles[0]->numGains ||
        memcmp(profiles[p]->gains, profiles[0]->gains,
               profiles[0]->numGains * sizeof *profiles[0]->gains) != 0)
      return ams_status_make(
          AMS_STATUS_INVALID_ARGUMENT,
          "profiles 1 and %zu were measured at different gains", p + 1);
    for (size_t l = 0; l < profiles[0]->numLayers; ++l) {
      const AmsProfileLayer *own = &profiles[0]->layers[l];
      const AmsProfileLayer *found = amsProfileFind(profiles[p], own->name);
      if (!found || !sameShape(&own->cost, &found->cost))
        return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                               "profile %zu has no layer \"%s\" of the shape "
                               "that it has in profile 1: they are of "
                               "different networks",
                               p + 1, own->name);
      places[p * profiles[0]->numLayers + l] =
          (size_t)(found - profiles[p]->layers);
    }
  }
  return AMS_OK;
}

/* Whether the layer was measured in all that its error needs. */
static bool isKnown(const AmsProfile *profile, const AmsGainGoal *goal,
                    size_t layer) {
  const AmsProfileLayer *own = &profile->layers[layer];
  return amsLayerTrusted(goal, own) && !isnan(own->quantization) &&
         profile->samples > 0;
}

/* choices [layers][count * gains] */
static void makeChoices(const AmsProfile *const *profiles, size_t count,
                        const size_t *places, const AmsGainGoal *goal,
                        AmsChoice *choices) {
  size_t numGains = profiles[0]->numGains, numLayers = profiles[0]->numLayers;
  for (size_t l = 0; l < numLayers; ++l) {
    bool known = true;
    for (size_t p = 0; p < count; ++p)
      known &= isKnown(profiles[p], goal, places[p * numLayers + l]);
    for (size_t p = 0; p < count; ++p) {
      const AmsProfile *profile = profiles[p];
      size_t place = places[p * numLayers + l];
      const AmsProfileLayer *own = &profile->layers[place];
      for (size_t g = 0; g < numGains; ++g, ++choices) {
        AmsAssignedGain gain =
            amsAssignedGain(profile, goal, place, g, AmsGainBest);
        *choices =
            (AmsChoice){.cost = gain.energy,
                        .allowed = (known || p == 0) &&
                                   amsGainAllowed(profile, goal, place, g)};
        if (known)
          choices->error = gain.error + own->effect * own->quantization /
                                            (double)profile->samples;
      }
    }
  }
}

static ams_status_t choose(const AmsProfile *const *profiles, size_t count,
                           const AmsGainGoal *goal, AmsChoice *choices,
                           AmsChosenCondition *chosen,
                           AmsChoiceResult *outResult) {
  size_t numLayers = profiles[0]->numLayers, numGains = profiles[0]->numGains;
  size_t *numbers = amsAllocate(numLayers + 1, sizeof *numbers);
  AmsChoiceResult result =
      amsChoose(numLayers, count * numGains, choices, goal->budget, numbers);
  for (size_t l = 0; result.feasible && l < numLayers; ++l) {
    double error = choices[l * count * numGains + numbers[l]].error;
    chosen[l] = (AmsChosenCondition){
        .profile = numbers[l] / numGains,
        .error = error > 0 ? error : NAN,
    };
  }
  free(numbers);
  *outResult = result;
  if (result.feasible)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "a budget of %.4g nJ a sample is not enough: the "
                         "least that layers can take is %.4g nJ",
                         goal->budget * 1e-3, result.cost * 1e-3);
}

/* The budget of `goal`, as energy. */
static ams_status_t resolveBudget(const AmsProfile *first, AmsGainGoal *goal) {
  if (!goal->relative)
    return AMS_OK;
  AmsAssignedGain *gains = amsAllocate(first->numLayers + 1, sizeof *gains);
  memset(gains, 0, (first->numLayers + 1) * sizeof *gains);
  AmsGainGoal layers = *goal;
  layers.per = AmsGainPerLayer;
  AmsChoiceResult result;
  ams_status_t status = amsAssign(first, &layers, gains, &result);
  amsAssignedGainsFree(gains, first->numLayers);
  goal->budget = result.budget;
  goal->relative = false;
  return status;
}

ams_status_t amsAssignConditions(const AmsProfile *const *profiles,
                                 size_t count, const AmsGainGoal *goal,
                                 AmsChosenCondition *chosen,
                                 AmsChoiceResult *outResult) {
  size_t numLayers = profiles[0]->numLayers;
  AmsGainGoal own = *goal;
  AMS_RETURN_IF_ERROR(resolveBudget(profiles[0], &own));
  size_t *places = amsAllocate(count * numLayers + 1, sizeof *places);
  AmsChoice *choices = amsAllocate(
      numLayers * count * profiles[0]->numGains + 1, sizeof *choices);
  ams_status_t status = matchLayers(profiles, count, places);
  if (!status) {
    makeChoices(profiles, count, places, &own, choices);
    status = choose(profiles, count, &own, choices, chosen, outResult);
  }
  free(places);
  free(choices);
  return status;
}
