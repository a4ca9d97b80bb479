/*===-- ChooseConditions.c - Conditioning by measurement ----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Of builds that are not the best so far, only what was measured stays.      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ChooseConditions.h"

#include "Build.h"
#include "Conditioning.h"
#include "Quantization.h"

#include "ams/product.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is more work must save this share of the error to be taken: less may be
 * noise. */
static const double leastSaving = 0.01;

enum { numWays = 4 };

/* Plain first, as everything is compared with it. */
static const uint32_t ways[numWays] = {
    0, AMS_ABI_CONDITION_MEAN, AMS_ABI_CONDITION_SPREAD,
    AMS_ABI_CONDITION_MEAN | AMS_ABI_CONDITION_SPREAD};

typedef struct Search {
  AmsCalibrationSession *session;
  AmsCalibratedBuild builds[numWays + 1]; /* ways that were tried, a mixture */
  size_t count, best;
} Search;

static void report(const AmsCalibrationSession *session, const char *what,
                   const AmsCalibrationResult *result) {
  if (session->asked->report)
    fprintf(session->asked->report, "%-32s %8.1f dB %8.4g nJ\n", what,
            10 * log10(result->signal / result->error), result->energy * 1e-3);
}

static void freeModel(AmsCalibratedBuild *build) {
  ams_model_free(build->device);
  build->device = NULL;
}

/* Builds and calibrates with `condition`, as build number `count`. */
static ams_status_t try(Search *search, const char *condition,
                        const char *what) {
  AmsCalibratedBuild *build = &search->builds[search->count];
  AMS_RETURN_IF_ERROR(amsCalibrateBuild(search->session, condition, build));
  report(search->session, what, &build->result);
  AmsCalibratedBuild *best = &search->builds[search->best];
  if (build != best) {
    bool better = build->result.error < best->result.error * (1 - leastSaving);
    freeModel(better ? best : build);
    search->best = better ? search->count : search->best;
  }
  ++search->count;
  return AMS_OK;
}

/* Whether layers can go the way of `flags` within the budget at all. */
static bool isAffordable(const Search *search, uint32_t flags) {
  const AmsProfile *plain = &search->builds[0].result.profile;
  const AmsGainGoal *goal = &search->session->calibration.goal;
  double energy = 0;
  for (size_t l = 0; l < plain->numLayers; ++l) {
    AmsProfileLayer layer = plain->layers[l];
    layer.cost.meanRemoved =
        !layer.cost.activations && (flags & AMS_ABI_CONDITION_MEAN);
    layer.cost.spread =
        !layer.cost.activations && (flags & AMS_ABI_CONDITION_SPREAD);
    energy += amsGainEnergy(goal, &layer, (double)plain->gains[0]);
  }
  return energy <= goal->budget;
}

static bool isPossible(const Search *search, uint32_t flags) {
  ams_abi_condition_t condition = {.flags = flags};
  ams_status_t status = ams_condition_check(&condition, search->session->rows);
  bool possible = !status;
  ams_status_free(status);
  return possible && isAffordable(search, flags);
}

static ams_status_t tryWays(Search *search) {
  AmsCalibrationSession *session = search->session;
  AmsGainGoal *goal = &session->calibration.goal;
  for (size_t w = 0; w < numWays; ++w) {
    if (w > 0 && !isPossible(search, ways[w]))
      continue;
    const char *name = amsConditionName(ways[w]);
    AMS_RETURN_IF_ERROR(try(search, name, name));
    AmsCalibratedBuild *build = &search->builds[search->count - 1];
    AMS_RETURN_IF_ERROR(amsMeasureQuantization(session, build));
    /* What plain layers may take is what all others may. */
    goal->budget = search->builds[0].result.budget;
    goal->relative = false;
  }
  return AMS_OK;
}

/* "LAYER=both,…" of what was chosen. */
static ams_status_t writeConditions(const AmsProfile *const *profiles,
                                    const AmsChosenCondition *chosen,
                                    char **outText) {
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (!stream)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  ams_status_t status = AMS_OK;
  for (size_t l = 0; l < profiles[0]->numLayers && !status; ++l) {
    const char *name = profiles[0]->layers[l].name;
    status = amsCheckLayerName(name);
    fprintf(stream, "%s%s=%s", l ? "," : "", name,
            amsConditionName(amsProfileCondition(
                amsProfileFind(profiles[chosen[l].profile], name))));
  }
  if (fclose(stream) != 0 && !status)
    status = ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  if (status)
    free(text);
  else
    *outText = text;
  return status;
}

/* A way for each layer, by the profiles of all, where these differ. */
static ams_status_t tryMixture(Search *search, AmsChosenCondition *chosen) {
  const AmsProfile *profiles[numWays];
  for (size_t w = 0; w < search->count; ++w)
    profiles[w] = &search->builds[w].result.profile;
  AmsChoiceResult choice;
  AMS_RETURN_IF_ERROR(amsAssignConditions(profiles, search->count,
                                          &search->session->calibration.goal,
                                          chosen, &choice));
  bool uniform = true;
  for (size_t l = 1; l < profiles[0]->numLayers; ++l)
    uniform &= chosen[l].profile == chosen[0].profile;
  if (uniform)
    return AMS_OK;
  char *condition = NULL;
  AMS_RETURN_IF_ERROR(writeConditions(profiles, chosen, &condition));
  ams_status_t status = try(search, condition, "each layer's own");
  free(condition);
  return status;
}

static ams_status_t tryAll(Search *search) {
  const AmsCalibrationSession *session = search->session;
  FILE *stream = session->asked->report;
  if (stream)
    fprintf(stream, "%-32s %11s %11s\n", "conditioning of layers", "outputs",
            "energy");
  AMS_RETURN_IF_ERROR(tryWays(search));
  size_t numLayers = search->builds[0].result.profile.numLayers;
  AmsChosenCondition *chosen = amsAllocate(numLayers + 1, sizeof *chosen);
  ams_status_t status = numLayers ? tryMixture(search, chosen) : AMS_OK;
  free(chosen);
  if (!status && stream)
    fputc('\n', stream);
  return status;
}

ams_status_t amsChooseConditions(AmsCalibrationSession *session) {
  Search search = {.session = session};
  ams_status_t status = tryAll(&search);
  if (!status) {
    session->build = search.builds[search.best];
    session->calibration.model = session->build.device;
    search.builds[search.best] = (AmsCalibratedBuild){0};
  }
  for (size_t i = 0; i <= numWays; ++i)
    amsCalibratedBuildFree(&search.builds[i]);
  return status;
}
