//===-- calibrate.h - Gains for a cell of a table -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_EVAL_CALIBRATE_H
#define AMS_EVAL_CALIBRATE_H

#include "ams-c/Compile.h"
#include "ams/runtime.h"
#include "progress.h"
#include "request.h"
#include "results.h"
#include "tensor.h"

typedef struct ams_calibration_set {
  ams_tensor_t inputs;
  int64_t samples; // 0: there are none
} ams_calibration_set_t;

/// Reads the samples that `request` names, if any, for `model`.
ams_status_t ams_calibration_read(const ams_model_t *model,
                                  const ams_eval_request_t *request,
                                  ams_calibration_set_t *out_set);
void ams_calibration_free(ams_calibration_set_t *set);

/// Compiles with the best gains for these samples, and the best conditioning
/// and rounding where `options` and `feedback` ask for them.
ams_status_t ams_calibration_compile(const ams_calibration_set_t *set,
                                     const ams_eval_request_t *request,
                                     const ams_progress_t *progress,
                                     int64_t done, bool feedback,
                                     const AmsCompileOptions *options);

/// What a sample takes: fills in the cell's energies and mean gain, with one
/// gain for all layers, or the model's own where `gain` is 0.
void ams_calibration_cost(const ams_model_t *model, float gain,
                          ams_cell_t *cell);

#endif // AMS_EVAL_CALIBRATE_H
