//===-- calibrate.h - Gains for a cell of a table -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_EVAL_CALIBRATE_H
#define AMS_EVAL_CALIBRATE_H

#include "ams/runtime.h"
#include "progress.h"
#include "request.h"
#include "tensor.h"

/// Calibration samples, with float32's scores.
typedef struct ams_calibration_set {
  ams_tensor_t inputs, scores;
  int64_t samples; // 0: there are none
} ams_calibration_set_t;

/// Reads what `request` names, if anything, and runs the float32 model on it.
ams_status_t ams_calibration_read(ams_model_t *float32,
                                  const ams_eval_request_t *request,
                                  ams_calibration_set_t *out_set);
void ams_calibration_free(ams_calibration_set_t *set);

/// Gives every layer of `model` its own gain, the best for these samples, and
/// says what a sample takes then, in nanojoules.
ams_status_t ams_calibration_apply(const ams_calibration_set_t *set,
                                   const ams_eval_request_t *request,
                                   const ams_progress_t *progress, int64_t done,
                                   ams_model_t *model, double *out_energy);

/// What a sample takes with one gain for all layers, in nanojoules
/// (docs/cost.md).
double ams_single_gain_energy(const ams_model_t *model, float gain);

#endif // AMS_EVAL_CALIBRATE_H
