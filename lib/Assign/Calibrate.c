/*===-- Calibrate.c - Gains for a loaded model --------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Calibrate.h"

#include "Build.h"
#include "Outputs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const float defaultGains[] = {1, 2, 4, 8, 16, 32, 64};

AmsCalibration amsCalibrationDefault(void) {
  return (AmsCalibration){
      .gains = defaultGains,
      .numGains = sizeof defaultGains / sizeof *defaultGains,
      .goal = amsGainGoalDefault(),
      .mostTrials = 48,
  };
}

/* A step of refinement must save this share of the error to be taken: less may
 * be noise. */
static const double leastGainOfTrial = 0.01;

typedef struct Work {
  const AmsCalibration *asked;
  AmsOutputs outputs; /* of the latest run */
  AmsOutputs ideal;   /* with ideal ADCs */
  void *const *reference;
  size_t *current, *trial; /* number of each layer's gain */
  AmsCalibrationResult *result;
} Work;

static const char *layerName(const AmsCalibration *asked, size_t layer) {
  return ams_model_string(asked->model,
                          ams_model_layer(asked->model, layer)->name);
}

static ams_status_t runModel(const AmsCalibration *asked, const char *what,
                             AmsOutputs *outputs) {
  if (asked->onProgress)
    asked->onProgress(asked->userData, what);
  ams_run_options_t options = ams_run_options_default();
  options.seed = asked->seed;
  options.threads = asked->threads;
  return ams_model_run(asked->model, &options, asked->samples, asked->inputs,
                       outputs->data);
}

/*===----------------------------------------------------------------------===*\
|* The profile                                                                *|
\*===----------------------------------------------------------------------===*/

static ams_status_t takeLayer(const AmsCalibration *asked, size_t index,
                              AmsProfileLayer *layer) {
  const ams_abi_layer_t *found = ams_model_layer(asked->model, index);
  ams_layer_profile_t profile;
  if (!ams_model_layer_profile(asked->model, index, &profile))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "layer \"%s\" is not on the device, so it has no "
                           "gain: calibrate the model itself, not a step of "
                           "training",
                           layerName(asked, index));
  *layer = (AmsProfileLayer){
      .name = amsCopyString(
          mlirStringRefCreateFromCString(layerName(asked, index))),
      .fingerprint = ams_model_layer_fingerprint(asked->model, index),
      .cost =
          amsProfileCostLayer(found, ams_model_manifest(asked->model)->batch),
      .vectors = profile.vectors,
      .blocks = profile.blocks,
      .signal = profile.signal,
      .quantization = NAN,
      .effect = NAN,
  };
  size_t count = (size_t)profile.blocks * profile.num_gains;
  layer->figures =
      amsAllocate(count + profile.num_gains + 1, sizeof *layer->figures);
  memcpy(layer->figures, profile.layer,
         profile.num_gains * sizeof *layer->figures);
  memcpy(layer->figures + profile.num_gains, profile.block,
         count * sizeof *layer->figures);
  if (!profile.tile)
    return AMS_OK;
  count = (size_t)profile.tiles * profile.num_gains;
  layer->tiles = profile.tiles;
  layer->tile = amsAllocate(count + 1, sizeof *layer->tile);
  memcpy(layer->tile, profile.tile, count * sizeof *layer->tile);
  return AMS_OK;
}

/* One pass with ideal ADCs, which measures every gain of every layer. */
static ams_status_t measureGains(const AmsCalibration *asked, AmsOutputs *ideal,
                                 AmsProfile *profile) {
  AMS_RETURN_IF_ERROR(
      ams_model_gather_profile(asked->model, asked->gains, asked->numGains,
                               asked->goal.per == AmsGainPerTile));
  AMS_RETURN_IF_ERROR(runModel(asked, "profiling all gains", ideal));
  size_t numLayers = ams_model_manifest(asked->model)->num_layers;
  *profile = (AmsProfile){
      .samples = asked->samples,
      .outputSignal = amsOutputsSignal(ideal),
      .numGains = asked->numGains,
      .layers = amsAllocate(numLayers + 1, sizeof *profile->layers),
  };
  memcpy(profile->gains, asked->gains, asked->numGains * sizeof(float));
  for (size_t i = 0; i < numLayers; ++i) {
    AMS_RETURN_IF_ERROR(takeLayer(asked, i, &profile->layers[i]));
    ++profile->numLayers;
  }
  return ams_model_gather_profile(asked->model, NULL, 0, false);
}

/* The gain with the layer's own least error. */
static size_t ownBestGain(const AmsProfile *profile, size_t layer) {
  const ams_gain_profile_t *figures = profile->layers[layer].figures;
  size_t best = 0;
  for (size_t g = 1; g < profile->numGains; ++g)
    if (figures[g].error < figures[best].error)
      best = g;
  return best;
}

/* A run with one layer on its device and all others ideal: what its error does
 * to the outputs. */
static ams_status_t measureEffect(const AmsCalibration *asked,
                                  const AmsOutputs *ideal, AmsOutputs *outputs,
                                  AmsProfile *profile, size_t layer) {
  const char *name = layerName(asked, layer);
  size_t gain = ownBestGain(profile, layer);
  char what[160];
  snprintf(what, sizeof what, "measuring the effect of layer %s", name);
  AMS_RETURN_IF_ERROR(ams_model_set_ideal(asked->model, name, false));
  AMS_RETURN_IF_ERROR(
      ams_model_set_gain(asked->model, name, profile->gains[gain]));
  AMS_RETURN_IF_ERROR(runModel(asked, what, outputs));
  AMS_RETURN_IF_ERROR(ams_model_set_ideal(asked->model, name, true));
  AmsProfileLayer *own = &profile->layers[layer];
  double error = amsProfileError(own, gain) * (double)asked->samples;
  own->effect = error > 0 ? amsOutputsError(outputs, ideal->data) / error : 0;
  return AMS_OK;
}

static ams_status_t measureProfile(const AmsCalibration *asked,
                                   AmsOutputs *ideal, AmsOutputs *outputs,
                                   AmsProfile *profile) {
  AMS_RETURN_IF_ERROR(ams_model_set_ideal(asked->model, NULL, true));
  AMS_RETURN_IF_ERROR(measureGains(asked, ideal, profile));
  for (size_t i = 0; i < profile->numLayers; ++i)
    AMS_RETURN_IF_ERROR(measureEffect(asked, ideal, outputs, profile, i));
  return ams_model_set_ideal(asked->model, NULL, false);
}

static ams_status_t checkAsked(const AmsCalibration *asked) {
  if (asked->samples < 1)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "no samples to calibrate with");
  if (asked->numGains < 1)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT, "no candidate gains");
  return AMS_OK;
}

ams_status_t amsCalibrateProfile(const AmsCalibration *asked,
                                 AmsProfile *outProfile) {
  AMS_RETURN_IF_ERROR(checkAsked(asked));
  AmsOutputs ideal = {0}, outputs = {0};
  AmsProfile profile = {0};
  ams_status_t status =
      amsOutputsAllocate(asked->model, asked->samples, &ideal);
  if (!status)
    status = amsOutputsAllocate(asked->model, asked->samples, &outputs);
  if (!status)
    status = measureProfile(asked, &ideal, &outputs, &profile);
  amsOutputsFree(&ideal);
  amsOutputsFree(&outputs);
  if (status)
    amsProfileFree(&profile);
  else
    *outProfile = profile;
  return status;
}

/*===----------------------------------------------------------------------===*\
|* Second moments                                                             *|
\*===----------------------------------------------------------------------===*/

static ams_status_t measureMoments(const AmsCalibration *asked,
                                   AmsOutputs *outputs) {
  ams_model_t *model = asked->model;
  AMS_RETURN_IF_ERROR(ams_model_set_ideal(model, NULL, true));
  AMS_RETURN_IF_ERROR(ams_model_gather_moments(model, AMS_MOMENTS_RANGE));
  AMS_RETURN_IF_ERROR(runModel(asked, "measuring ranges of inputs", outputs));
  AMS_RETURN_IF_ERROR(ams_model_gather_moments(model, AMS_MOMENTS_SUMS));
  AMS_RETURN_IF_ERROR(
      runModel(asked, "measuring second moments of inputs", outputs));
  return ams_model_set_ideal(model, NULL, false);
}

ams_status_t amsCalibrateMoments(const AmsCalibration *asked) {
  AMS_RETURN_IF_ERROR(checkAsked(asked));
  AmsOutputs outputs = {0};
  ams_status_t status =
      amsOutputsAllocate(asked->model, asked->samples, &outputs);
  if (!status)
    status = measureMoments(asked, &outputs);
  amsOutputsFree(&outputs);
  return status;
}

/*===----------------------------------------------------------------------===*\
|* Verification and refinement                                                *|
\*===----------------------------------------------------------------------===*/

static double energyOf(const Work *work, const size_t *gains) {
  const AmsProfile *profile = &work->result->profile;
  double sum = 0;
  for (size_t l = 0; l < profile->numLayers; ++l)
    sum += amsGainEnergy(&work->asked->goal, &profile->layers[l],
                         (double)profile->gains[gains[l]]);
  return sum;
}

/* Runs the whole network with gains by number. */
static ams_status_t tryGains(Work *work, const size_t *gains, const char *what,
                             double *outError) {
  const AmsProfile *profile = &work->result->profile;
  for (size_t l = 0; l < profile->numLayers; ++l)
    AMS_RETURN_IF_ERROR(ams_model_set_gain(
        work->asked->model, profile->layers[l].name, profile->gains[gains[l]]));
  AMS_RETURN_IF_ERROR(runModel(work->asked, what, &work->outputs));
  *outError = amsOutputsError(&work->outputs, work->reference);
  return AMS_OK;
}

/* Every single gain that is within the budget. */
static ams_status_t trySingleGains(Work *work, double budget) {
  AmsCalibrationResult *result = work->result;
  const AmsProfile *profile = &result->profile;
  double best = INFINITY;
  for (size_t g = 0; g < profile->numGains; ++g) {
    for (size_t l = 0; l < profile->numLayers; ++l)
      work->trial[l] = g;
    result->singleError[g] = NAN;
    if (energyOf(work, work->trial) > budget)
      continue;
    char what[64];
    snprintf(what, sizeof what, "trying gain %g for all layers",
             (double)profile->gains[g]);
    AMS_RETURN_IF_ERROR(
        tryGains(work, work->trial, what, &result->singleError[g]));
    if (result->singleError[g] < best) {
      best = result->singleError[g];
      result->bestSingle = g;
      result->singleEnergy = energyOf(work, work->trial);
    }
  }
  return AMS_OK;
}

/* Number of the candidate that `gain` is. */
static size_t gainNumber(const AmsProfile *profile, float gain) {
  size_t g = 0;
  while (g + 1 < profile->numGains && profile->gains[g] != gain)
    ++g;
  return g;
}

static void take(Work *work, const size_t *gains, double error,
                 AmsGainReason reason) {
  AmsCalibrationResult *result = work->result;
  for (size_t l = 0; l < result->profile.numLayers; ++l)
    if (result->gains[l].gain != result->profile.gains[gains[l]])
      result->gains[l] = amsAssignedGain(&result->profile, &work->asked->goal,
                                         l, gains[l], reason);
  memcpy(work->current, gains,
         result->profile.numLayers * sizeof *work->current);
  result->error = error;
}

/* Layers by what their error does to the outputs, worst first. */
static size_t worstLeft(const Work *work, const bool *done) {
  const AmsCalibrationResult *result = work->result;
  size_t worst = result->profile.numLayers;
  for (size_t l = 0; l < result->profile.numLayers; ++l)
    if (!done[l] && (worst == result->profile.numLayers ||
                     result->gains[l].error > result->gains[worst].error))
      worst = l;
  return worst;
}

/* Tries the next gain up and down for one layer; whether one was better. */
static ams_status_t refineLayer(Work *work, double budget, size_t layer,
                                bool *outBetter) {
  AmsCalibrationResult *result = work->result;
  const AmsProfile *profile = &result->profile;
  for (int down = 0; down < 2; ++down) {
    size_t from = work->current[layer];
    if (down ? from == 0 : from + 1 == profile->numGains)
      continue;
    size_t to = down ? from - 1 : from + 1;
    memcpy(work->trial, work->current,
           profile->numLayers * sizeof *work->trial);
    work->trial[layer] = to;
    if (!amsGainAllowed(profile, &work->asked->goal, layer, to) ||
        energyOf(work, work->trial) > budget ||
        result->trials >= work->asked->mostTrials)
      continue;
    char what[192];
    snprintf(what, sizeof what, "trying gain %g for layer %s",
             (double)profile->gains[to], profile->layers[layer].name);
    double error;
    ++result->trials;
    AMS_RETURN_IF_ERROR(tryGains(work, work->trial, what, &error));
    if (error < result->error * (1 - leastGainOfTrial)) {
      take(work, work->trial, error, AmsGainMeasured);
      *outBetter = true;
      return AMS_OK;
    }
  }
  return AMS_OK;
}

/* Layer after layer, until a round finds nothing better. */
static ams_status_t refine(Work *work, double budget) {
  AmsCalibrationResult *result = work->result;
  size_t numLayers = result->profile.numLayers;
  bool *done = amsAllocate(numLayers + 1, sizeof *done);
  bool better = true;
  ams_status_t status = AMS_OK;
  while (better && !status && result->trials < work->asked->mostTrials) {
    better = false;
    memset(done, 0, numLayers * sizeof *done);
    for (size_t i = 0; i < numLayers && !status; ++i) {
      size_t layer = worstLeft(work, done);
      done[layer] = true;
      status = refineLayer(work, budget, layer, &better);
    }
  }
  free(done);
  return status;
}

/*===----------------------------------------------------------------------===*\
|* Gains of blocks and tiles                                                  *|
\*===----------------------------------------------------------------------===*/

ams_status_t amsSetAssignedGain(ams_model_t *model,
                                const AmsProfileLayer *layer,
                                const AmsAssignedGain *gain) {
  return gain->gains ? ams_model_set_gains(model, layer->name, gain->gains,
                                           gain->numGains)
                     : ams_model_set_gain(model, layer->name, gain->gain);
}

/* Runs the whole network with `gains`. */
static ams_status_t tryAssigned(Work *work, const AmsAssignedGain *gains,
                                const char *what, double *outError) {
  for (size_t l = 0; l < work->result->profile.numLayers; ++l)
    AMS_RETURN_IF_ERROR(amsSetAssignedGain(
        work->asked->model, &work->result->profile.layers[l], &gains[l]));
  AMS_RETURN_IF_ERROR(runModel(work->asked, what, &work->outputs));
  *outError = amsOutputsError(&work->outputs, work->reference);
  return AMS_OK;
}

static double energyOfAssigned(const Work *work, const AmsAssignedGain *gains) {
  double sum = 0;
  for (size_t l = 0; l < work->result->profile.numLayers; ++l)
    sum += gains[l].energy;
  return sum;
}

static void swapGains(AmsAssignedGain *a, AmsAssignedGain *b) {
  AmsAssignedGain other = *a;
  *a = *b;
  *b = other;
}

/* Takes layer after layer from `others`, where that saves enough. */
static ams_status_t mixGains(Work *work, AmsAssignedGain *others,
                             double budget) {
  AmsCalibrationResult *result = work->result;
  for (size_t l = 0; l < result->profile.numLayers; ++l) {
    AmsAssignedGain *own = &result->gains[l], *other = &others[l];
    if (amsAssignedGainsAlike(own, other))
      continue;
    swapGains(own, other);
    double error = INFINITY;
    char what[192];
    snprintf(what, sizeof what, "trying %s for layer %s",
             own->gains ? "gains of parts" : "one gain",
             result->profile.layers[l].name);
    if (energyOfAssigned(work, result->gains) <= budget) {
      ++result->trials;
      AMS_RETURN_IF_ERROR(tryAssigned(work, result->gains, what, &error));
    }
    if (error < result->error * (1 - leastGainOfTrial))
      result->error = error;
    else
      swapGains(own, other);
  }
  return AMS_OK;
}

/* Gains of blocks or tiles by the profile, for all layers or for those that
 * they serve: never worse than the gains so far. `*outError` is the error with
 * them for all layers. */
static ams_status_t tryParts(Work *work, AmsGainPer per, double budget,
                             double *outError) {
  AmsCalibrationResult *result = work->result;
  size_t numLayers = result->profile.numLayers;
  AmsGainGoal goal = work->asked->goal;
  goal.budget = budget;
  goal.relative = false;
  goal.per = per;
  AmsChoiceResult choice;
  AmsAssignedGain *others = amsAllocate(numLayers + 1, sizeof *others);
  memset(others, 0, (numLayers + 1) * sizeof *others);
  ams_status_t status = amsAssign(&result->profile, &goal, others, &choice);
  if (!status)
    status = tryAssigned(work, others,
                         per == AmsGainPerTile ? "trying gains of tiles"
                                               : "trying gains of blocks",
                         outError);
  if (!status && *outError < result->error) {
    for (size_t l = 0; l < numLayers; ++l)
      swapGains(&result->gains[l], &others[l]);
    result->error = *outError;
  }
  if (!status)
    status = mixGains(work, others, budget);
  amsAssignedGainsFree(others, numLayers);
  return status;
}

static double outputSignal(const Work *work) {
  AmsOutputs reference = work->outputs;
  reference.data = (void **)work->reference;
  return amsOutputsSignal(&reference);
}

static ams_status_t calibrate(Work *work) {
  const AmsCalibration *asked = work->asked;
  AmsCalibrationResult *result = work->result;
  AMS_RETURN_IF_ERROR(
      amsOutputsAllocate(asked->model, asked->samples, &work->outputs));
  AMS_RETURN_IF_ERROR(
      amsOutputsAllocate(asked->model, asked->samples, &work->ideal));
  AMS_RETURN_IF_ERROR(
      measureProfile(asked, &work->ideal, &work->outputs, &result->profile));
  work->reference = asked->reference ? asked->reference : work->ideal.data;
  result->signal = outputSignal(work);
  result->idealError = amsOutputsError(&work->ideal, work->reference);
  const AmsProfile *profile = &result->profile;
  size_t numLayers = profile->numLayers;
  result->gains = amsAllocate(numLayers + 1, sizeof *result->gains);
  memset(result->gains, 0, (numLayers + 1) * sizeof *result->gains);
  work->current = amsAllocate(numLayers + 1, sizeof *work->current);
  work->trial = amsAllocate(numLayers + 1, sizeof *work->trial);

  AmsChoiceResult choice;
  AmsGainGoal layers = asked->goal;
  layers.per = AmsGainPerLayer;
  AMS_RETURN_IF_ERROR(amsAssign(profile, &layers, result->gains, &choice));
  double budget = result->budget = choice.budget;
  AMS_RETURN_IF_ERROR(trySingleGains(work, budget));
  for (size_t l = 0; l < numLayers; ++l)
    work->trial[l] = gainNumber(profile, result->gains[l].gain);
  AMS_RETURN_IF_ERROR(tryGains(work, work->trial,
                               "trying what the profile chose",
                               &result->assignedError));
  take(work, work->trial, result->assignedError, AmsGainBest);
  double single = result->singleError[result->bestSingle];
  if (single < result->error) {
    for (size_t l = 0; l < numLayers; ++l)
      work->trial[l] = result->bestSingle;
    take(work, work->trial, single, AmsGainMeasured);
  }
  AMS_RETURN_IF_ERROR(refine(work, budget));
  result->blocksError = result->tilesError = NAN;
  if (asked->goal.per != AmsGainPerLayer)
    AMS_RETURN_IF_ERROR(
        tryParts(work, AmsGainPerBlock, budget, &result->blocksError));
  if (asked->goal.per == AmsGainPerTile)
    AMS_RETURN_IF_ERROR(
        tryParts(work, AmsGainPerTile, budget, &result->tilesError));
  result->energy = energyOfAssigned(work, result->gains);
  for (size_t l = 0; l < numLayers; ++l)
    AMS_RETURN_IF_ERROR(amsSetAssignedGain(
        work->asked->model, &result->profile.layers[l], &result->gains[l]));
  return AMS_OK;
}

ams_status_t amsCalibrate(const AmsCalibration *asked,
                          AmsCalibrationResult *outResult) {
  AMS_RETURN_IF_ERROR(checkAsked(asked));
  *outResult = (AmsCalibrationResult){0};
  Work work = {.asked = asked, .result = outResult};
  ams_status_t status = calibrate(&work);
  amsOutputsFree(&work.outputs);
  amsOutputsFree(&work.ideal);
  free(work.current);
  free(work.trial);
  if (status)
    amsCalibrationResultFree(outResult);
  return status;
}

void amsCalibrationResultFree(AmsCalibrationResult *result) {
  amsAssignedGainsFree(result->gains, result->profile.numLayers);
  amsProfileFree(&result->profile);
  result->gains = NULL;
}
