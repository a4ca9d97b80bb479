/*===-- ProfiledConditions.c - Conditioning by profiles -----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ProfiledConditions.h"

#include "Conditioning.h"
#include "Layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A way for each of the four, and as many again. */
enum { mostProfiles = 8 };

typedef struct Profiles {
  AmsProfile list[mostProfiles];
  size_t count;
} Profiles;

static bool succeeded(MlirLocation loc, ams_status_t status) {
  if (!status)
    return true;
  amsEmitError(loc, "profiles: %s", ams_status_message(status));
  ams_status_free(status);
  return false;
}

/* Reads "FILE,FILE". */
static bool readProfiles(MlirLocation loc, const char *text,
                         Profiles *profiles) {
  bool ok = true;
  for (const char *item = text; ok && *item;) {
    size_t length = strcspn(item, ",");
    if (profiles->count == mostProfiles) {
      amsEmitError(loc, "profiles: more than %d files", mostProfiles);
      return false;
    }
    char *path = amsCopyString(mlirStringRefCreate(item, length));
    ok = succeeded(loc, amsProfileRead(path, &profiles->list[profiles->count]));
    profiles->count += ok;
    free(path);
    item += length + (item[length] == ',');
  }
  return ok;
}

/* The layer of the first profile that `op` is. */
static bool findLayer(const Profiles *profiles, MlirOperation op,
                      AmsProfileLayer *outLayer) {
  char *name = amsGetString(op, "layer");
  AmsCostLayer cost = amsLayerCost(op);
  const AmsProfileLayer *found = amsProfileFind(&profiles->list[0], name);
  bool same = found && found->cost.reduction == cost.reduction &&
              found->cost.outputs == cost.outputs &&
              found->cost.rows == cost.rows &&
              found->cost.inputBits == cost.inputBits &&
              found->cost.outputBits == cost.outputBits;
  if (same)
    *outLayer = *found;
  else
    amsEmitError(mlirOperationGetLocation(op),
                 "profiles: the first profile has no layer \"%s\" of this "
                 "shape and device; measure this model with ams-compile "
                 "--calibrate",
                 name);
  free(name);
  return same;
}

static void explain(const AmsProfile *profile, MlirOperation op, uint32_t flags,
                    double error) {
  double decibels =
      10 * log10(profile->outputSignal / (double)profile->samples / error);
  if (isfinite(decibels))
    amsEmitLayerRemark(op, "condition %s: least error, %.1f dB at the outputs",
                       amsConditionName(flags), decibels);
  else
    amsEmitLayerRemark(op, "condition %s: not enough was measured to choose by",
                       amsConditionName(flags));
}

/* With layers that the module lacks, as those that stay digital, left out. */
static bool choose(MlirLocation loc, const AmsOpList *layers,
                   const AmsGainGoal *goal, const Profiles *profiles,
                   AmsChosenCondition *chosen, uint32_t *flags) {
  AmsProfile first = profiles->list[0];
  first.numLayers = layers->size;
  first.layers = amsAllocate(layers->size + 1, sizeof *first.layers);
  const AmsProfile *list[mostProfiles] = {&first};
  for (size_t p = 1; p < profiles->count; ++p)
    list[p] = &profiles->list[p];
  bool ok = true;
  for (size_t l = 0; l < layers->size && ok; ++l)
    ok = findLayer(profiles, layers->ops[l], &first.layers[l]);
  AmsChoiceResult result;
  ok = ok && succeeded(loc, amsAssignConditions(list, profiles->count, goal,
                                                chosen, &result));
  for (size_t l = 0; l < layers->size && ok; ++l) {
    flags[l] = amsProfileCondition(
        amsProfileFind(list[chosen[l].profile], first.layers[l].name));
    explain(&first, layers->ops[l], flags[l], chosen[l].error);
  }
  free(first.layers);
  return ok;
}

bool amsChooseProfiledConditions(MlirLocation loc, const AmsOpList *layers,
                                 const AmsAssignConditioningOptions *options,
                                 uint32_t *flags) {
  AmsGainGoal goal = amsGainGoalDefault();
  goal.mostSaturation = options->mostSaturation;
  goal.leastVectors = options->leastVectors;
  if (*options->budget &&
      !succeeded(loc, amsGainGoalParseBudget(options->budget, &goal)))
    return false;
  Profiles profiles = {.count = 0};
  AmsChosenCondition *chosen = amsAllocate(layers->size + 1, sizeof *chosen);
  bool ok = readProfiles(loc, options->profiles, &profiles) &&
            choose(loc, layers, &goal, &profiles, chosen, flags);
  free(chosen);
  for (size_t p = 0; p < profiles.count; ++p)
    amsProfileFree(&profiles.list[p]);
  return ok;
}
