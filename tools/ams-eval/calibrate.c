//===-- calibrate.c - Gains for a cell of a table -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "calibrate.h"

#include "Calibrate.h"
#include "model_input.h"

/// Lets progress be shown while a model is calibrated.
typedef struct shown {
  const ams_progress_t *progress;
  int64_t done;
} shown_t;

static void show(void *user_data, const char *what) {
  const shown_t *shown = user_data;
  ams_progress_show(shown->progress, shown->done, what);
}

static ams_status_t run_float32(ams_model_t *float32,
                                const ams_eval_request_t *request,
                                ams_calibration_set_t *set) {
  AMS_RETURN_IF_ERROR(ams_model_input_read(float32, 0, request->calibrate,
                                           &set->inputs, &set->samples));
  if (request->calibrate_samples && request->calibrate_samples < set->samples)
    set->samples = request->calibrate_samples;
  int64_t dims[AMS_ABI_MAX_RANK];
  const ams_abi_tensor_t *output = ams_model_output(float32, 0);
  ams_model_tensor_shape(output, ams_model_manifest(float32)->batch,
                         set->samples, dims);
  AMS_RETURN_IF_ERROR(ams_tensor_allocate(AMS_ELEMENT_F32, (int)output->rank,
                                          dims, "scores", &set->scores));
  ams_run_options_t options = ams_run_options_default();
  options.threads = (int)request->threads;
  return ams_model_run(float32, &options, set->samples,
                       (const void *[]){set->inputs.data},
                       (void *[]){set->scores.data});
}

ams_status_t ams_calibration_read(ams_model_t *float32,
                                  const ams_eval_request_t *request,
                                  ams_calibration_set_t *out_set) {
  *out_set = (ams_calibration_set_t){0};
  if (!request->calibrate)
    return AMS_OK;
  ams_status_t status = run_float32(float32, request, out_set);
  if (status)
    ams_calibration_free(out_set);
  return status;
}

void ams_calibration_free(ams_calibration_set_t *set) {
  ams_tensor_free(&set->inputs);
  ams_tensor_free(&set->scores);
  *set = (ams_calibration_set_t){0};
}

ams_status_t ams_calibration_apply(const ams_calibration_set_t *set,
                                   const ams_eval_request_t *request,
                                   const ams_progress_t *progress, int64_t done,
                                   ams_model_t *model, double *out_energy) {
  shown_t shown = {progress, done};
  AmsCalibration calibration = amsCalibrationDefault();
  calibration.model = model;
  calibration.samples = set->samples;
  calibration.inputs = (const void *[]){set->inputs.data};
  calibration.reference = (void *[]){set->scores.data};
  calibration.threads = (int)request->threads;
  calibration.goal.perBlock = request->per_block;
  calibration.onProgress = show;
  calibration.userData = &shown;
  if (request->budget)
    AMS_RETURN_IF_ERROR(
        amsGainGoalParseBudget(request->budget, &calibration.goal));
  AmsCalibrationResult result;
  AMS_RETURN_IF_ERROR(amsCalibrate(&calibration, &result));
  *out_energy = result.energy * 1e-3;
  amsCalibrationResultFree(&result);
  return AMS_OK;
}

double ams_single_gain_energy(const ams_model_t *model, float gain) {
  const ams_abi_manifest_t *manifest = ams_model_manifest(model);
  AmsGainGoal goal = amsGainGoalDefault();
  double sum = 0;
  for (size_t i = 0; i < manifest->num_layers; ++i) {
    AmsProfileLayer layer = {.cost = amsProfileCostLayer(
                                 ams_model_layer(model, i), manifest->batch)};
    sum += amsGainEnergy(&goal, &layer, (double)gain);
  }
  return sum * 1e-3;
}
