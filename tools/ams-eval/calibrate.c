//===-- calibrate.c - Gains for a cell of a table -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "calibrate.h"

#include "Assignment.h"
#include "ams-c/Calibrate.h"
#include "model_input.h"

/// What a calibration is told, and lets be shown.
typedef struct calibration {
  const ams_calibration_set_t *set;
  const void *inputs[1];
  const ams_progress_t *progress;
  int64_t done;
} calibration_t;

static void show(void *user_data, const char *what) {
  const calibration_t *calibration = user_data;
  ams_progress_show(calibration->progress, calibration->done, what);
}

static ams_status_t load(void *user_data, const ams_model_t *model,
                         const void *const **out_inputs, int64_t *out_samples) {
  (void)model;
  const calibration_t *calibration = user_data;
  *out_inputs = calibration->inputs;
  *out_samples = calibration->set->samples;
  return AMS_OK;
}

ams_status_t ams_calibration_read(const ams_model_t *model,
                                  const ams_eval_request_t *request,
                                  ams_calibration_set_t *out_set) {
  *out_set = (ams_calibration_set_t){0};
  if (!request->calibrate)
    return AMS_OK;
  AMS_RETURN_IF_ERROR(ams_model_input_read(
      model, 0, request->calibrate, &out_set->inputs, &out_set->samples));
  if (request->calibrate_samples &&
      request->calibrate_samples < out_set->samples)
    out_set->samples = request->calibrate_samples;
  return AMS_OK;
}

void ams_calibration_free(ams_calibration_set_t *set) {
  ams_tensor_free(&set->inputs);
  *set = (ams_calibration_set_t){0};
}

ams_status_t ams_calibration_compile(const ams_calibration_set_t *set,
                                     const ams_eval_request_t *request,
                                     const ams_progress_t *progress,
                                     int64_t done, bool feedback,
                                     const AmsCompileOptions *options) {
  calibration_t calibration = {set, {set->inputs.data}, progress, done};
  const AmsCalibrateOptions calibrate = {
      .loadInputs = load,
      .userData = &calibration,
      .budget = request->budget,
      .gainPer = request->per,
      .errorFeedback = feedback,
      .threads = (int)request->threads,
      .onProgress = show,
  };
  return amsCompileCalibrated(options, &calibrate);
}

void ams_calibration_cost(const ams_model_t *model, float gain,
                          ams_cell_t *cell) {
  const ams_abi_manifest_t *manifest = ams_model_manifest(model);
  const AmsCostConstants constants = amsCostConstantsDefault();
  double energy = 0, adc = 0, conversions = 0, gains = 0;
  for (size_t i = 0; i < manifest->num_layers; ++i) {
    const ams_abi_layer_t *layer = ams_model_layer(model, i);
    AmsCostLayer cost = amsProfileCostLayer(layer, manifest->batch);
    cost.gain = (double)(gain > 0 ? gain : layer->gain);
    const AmsCostCounts counts = amsCostCount(&cost);
    const AmsCostEnergy own = amsCostEnergy(&constants, &cost, &counts);
    energy += amsCostRunEnergy(&cost, &own);
    adc += own.adc;
    conversions += counts.adcConversions;
    gains += counts.adcConversions * cost.gain;
  }
  cell->energy = energy * 1e-3;
  cell->adc_energy = adc * 1e-3;
  cell->mean_gain = conversions > 0 ? gains / conversions : 0;
}
