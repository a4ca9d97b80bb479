/*===-- KeptLayers.c - Which layers to keep digital ---------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Errors of layers about add up, so what a layer saves changes little as     *|
|* others go digital: after the first round only layers that lead by what     *|
|* they saved before are measured again.                                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "KeptLayers.h"

#include "Build.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct Candidate {
  bool kept;
  size_t round; /* in which it was measured last; 0: never */
  double error; /* at the outputs, with it kept digital; then */
  double saves;
} Candidate;

typedef struct Search {
  const AmsCalibrationSession *session;
  const AmsCalibrationResult *all;
  Candidate *candidates; /* [all->profile.numLayers] */
  AmsOutputs outputs;
} Search;

static double digitalEnergy(const Search *search, size_t layer) {
  return amsCostDigitalEnergy(&search->session->calibration.goal.constants,
                              &search->all->profile.layers[layer].cost);
}

/* Names of the layers that are kept, as patterns behind the user's own. */
static ams_status_t writePatterns(const Search *search, char **outText) {
  const char *own = search->session->options->keepDigitalLayers;
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (!stream)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  fputs(own, stream);
  bool first = *own == '\0';
  for (size_t l = 0; l < search->all->profile.numLayers; ++l) {
    if (!search->candidates[l].kept)
      continue;
    fputs(first ? "" : ",", stream);
    first = false;
    for (const char *c = search->all->profile.layers[l].name; *c; ++c) {
      if (strchr("*?[\\", *c))
        fputc('\\', stream);
      fputc(*c, stream);
    }
  }
  if (fclose(stream) == 0) {
    *outText = text;
    return AMS_OK;
  }
  free(text);
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
}

/* Whether `name` of `length` characters is a layer that is kept. */
static bool isKept(const Search *search, const char *name, size_t length) {
  const AmsProfile *profile = &search->all->profile;
  for (size_t l = 0; l < profile->numLayers; ++l)
    if (search->candidates[l].kept &&
        strlen(profile->layers[l].name) == length &&
        !memcmp(profile->layers[l].name, name, length))
      return true;
  return false;
}

/* The build's conditioning without the layers that are kept, as the device
 * lacks them then. */
static ams_status_t writeCondition(const Search *search, char **outText) {
  char *text = strdup(search->session->build.condition);
  if (!text)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  char *to = text;
  for (const char *item = text; *item;) {
    size_t length = strcspn(item, ","), name = length;
    while (name > 0 && item[name] != '=')
      --name;
    size_t step = length + (item[length] == ',');
    if (!isKept(search, item, name)) {
      memmove(to, item, step);
      to += step;
    }
    item += step;
  }
  *to = '\0';
  *outText = text;
  return AMS_OK;
}

/* Gains of the layers that stay on the device, by their number among all:
 * those of the calibration where they fit what the digital layers leave of the
 * budget, else the best that do; false: none do. */
static bool chooseGains(const Search *search, AmsAssignedGain *gains) {
  const AmsProfile *profile = &search->all->profile;
  AmsGainGoal goal = search->session->calibration.goal;
  AmsProfile rest = *profile;
  rest.numLayers = 0;
  rest.layers = amsAllocate(profile->numLayers + 1, sizeof *rest.layers);
  goal.budget = search->all->budget;
  goal.relative = false;
  goal.per = AmsGainPerLayer;
  double energy = 0;
  for (size_t l = 0; l < profile->numLayers; ++l) {
    gains[l] = search->all->gains[l];
    if (search->candidates[l].kept) {
      goal.budget -= digitalEnergy(search, l);
      continue;
    }
    energy += search->all->gains[l].energy;
    rest.layers[rest.numLayers++] = profile->layers[l];
  }
  bool fits = energy <= goal.budget;
  if (!fits) {
    AmsAssignedGain *assigned =
        amsAllocate(profile->numLayers + 1, sizeof *assigned);
    AmsChoiceResult choice;
    ams_status_t status = amsAssign(&rest, &goal, assigned, &choice);
    fits = status == AMS_OK;
    ams_status_free(status);
    for (size_t l = 0, i = 0; fits && l < profile->numLayers; ++l)
      if (!search->candidates[l].kept)
        gains[l] = assigned[i++];
    free(assigned);
  }
  free(rest.layers);
  return fits;
}

/* Error at the outputs of `model`, which lacks the layers that are kept. */
static ams_status_t runKept(Search *search, ams_model_t *model,
                            const AmsAssignedGain *gains, double *outError) {
  const AmsCalibration *calibration = &search->session->calibration;
  const AmsProfile *profile = &search->all->profile;
  for (size_t l = 0; l < profile->numLayers; ++l)
    if (!search->candidates[l].kept)
      AMS_RETURN_IF_ERROR(
          amsSetAssignedGain(model, &profile->layers[l], &gains[l]));
  ams_run_options_t run = ams_run_options_default();
  run.seed = calibration->seed;
  run.threads = calibration->threads;
  AMS_RETURN_IF_ERROR(ams_model_run(model, &run, calibration->samples,
                                    calibration->inputs, search->outputs.data));
  *outError = amsOutputsError(&search->outputs, calibration->reference);
  return AMS_OK;
}

/* Builds and runs the model with the layers that are kept; an infinite error
 * where that exceeds the budget. */
static ams_status_t measureKept(Search *search, double *outError) {
  size_t count = search->all->profile.numLayers;
  AmsAssignedGain *gains = amsAllocate(count + 1, sizeof *gains);
  char *patterns = NULL, *condition = NULL;
  ams_model_t *model = NULL;
  ams_status_t status = AMS_OK;
  *outError = INFINITY;
  if (chooseGains(search, gains)) {
    status = writePatterns(search, &patterns);
    if (!status)
      status = writeCondition(search, &condition);
    AmsCompileOptions options =
        amsCalibrationOptions(search->session, &search->session->build);
    options.keepDigitalLayers = patterns;
    options.condition = condition;
    if (!status)
      status = amsCalibrationBuild(&options, &model);
    if (!status)
      status = runKept(search, model, gains, outError);
    ams_model_free(model);
    free(patterns);
    free(condition);
  }
  free(gains);
  return status;
}

static ams_status_t measureCandidate(Search *search, size_t layer, size_t round,
                                     double before) {
  const AmsCalibration *calibration = &search->session->calibration;
  Candidate *candidate = &search->candidates[layer];
  char what[192];
  snprintf(what, sizeof what, "keeping layer %s digital",
           search->all->profile.layers[layer].name);
  if (calibration->onProgress)
    calibration->onProgress(calibration->userData, what);
  candidate->kept = true;
  ams_status_t status = measureKept(search, &candidate->error);
  candidate->kept = false;
  candidate->round = round;
  candidate->saves = before - candidate->error;
  return status;
}

/* The layer that saved most when it was measured last. */
static size_t findLeader(const Search *search) {
  size_t count = search->all->profile.numLayers, leader = count;
  for (size_t l = 0; l < count; ++l)
    if (!search->candidates[l].kept &&
        (leader == count ||
         search->candidates[l].saves > search->candidates[leader].saves))
      leader = l;
  return leader;
}

static ams_status_t keepNext(Search *search, double before,
                             AmsKeptLayers *kept) {
  size_t round = kept->count + 1, leader = findLeader(search);
  while (search->candidates[leader].round != round) {
    AMS_RETURN_IF_ERROR(measureCandidate(search, leader, round, before));
    leader = findLeader(search);
  }
  Candidate *found = &search->candidates[leader];
  if (isinf(found->error))
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "a budget of %.4g nJ a sample leaves room for no more than %zu layers "
        "kept digital: raise it, or keep fewer",
        search->all->budget * 1e-3, kept->count);
  found->kept = true;
  double energy = digitalEnergy(search, leader);
  kept->layers[kept->count++] =
      (AmsKeptLayer){leader, before, found->error, energy};
  kept->energy += energy;
  return AMS_OK;
}

ams_status_t amsKeepLayers(const AmsCalibrationSession *session,
                           const AmsCalibrationResult *all, size_t count,
                           AmsKeptLayers *outKept) {
  size_t numLayers = all->profile.numLayers;
  if (count >= numLayers)
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "%zu layers to keep digital, but the device has %zu, of which one at "
        "least must stay: keep fewer, or compile for the digital target",
        count, numLayers);
  Search search = {
      .session = session,
      .all = all,
      .candidates = amsAllocate(numLayers + 1, sizeof(Candidate)),
  };
  for (size_t l = 0; l < numLayers; ++l)
    search.candidates[l] = (Candidate){.saves = INFINITY};
  *outKept = (AmsKeptLayers){
      .layers = amsAllocate(count + 1, sizeof *outKept->layers)};
  ams_status_t status = amsOutputsAllocate(
      session->build.device, session->calibration.samples, &search.outputs);
  double error = all->error;
  while (outKept->count < count && !status) {
    status = keepNext(&search, error, outKept);
    if (!status)
      error = outKept->layers[outKept->count - 1].after;
  }
  if (!status)
    status = writePatterns(&search, &outKept->patterns);
  if (!status)
    status = writeCondition(&search, &outKept->condition);
  amsOutputsFree(&search.outputs);
  free(search.candidates);
  if (status)
    amsKeptLayersFree(outKept);
  return status;
}

void amsKeptLayersFree(AmsKeptLayers *kept) {
  free(kept->layers);
  free(kept->patterns);
  free(kept->condition);
  *kept = (AmsKeptLayers){0};
}

void amsKeptLayersReport(const AmsKeptLayers *kept,
                         const AmsCalibrationResult *all, FILE *stream) {
  fprintf(stream, "\nkept digital, one after another:\n");
  for (size_t i = 0; i < kept->count; ++i) {
    const AmsKeptLayer *own = &kept->layers[i];
    fprintf(stream, "%-32s saves %5.2f dB, takes %8.4g nJ instead of %.4g nJ\n",
            all->profile.layers[own->layer].name,
            10 * log10(own->before / own->after), own->energy * 1e-3,
            all->gains[own->layer].energy * 1e-3);
  }
}
