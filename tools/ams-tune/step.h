//===-- step.h - A compiled step of training ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_STEP_H
#define AMS_TUNE_STEP_H

#include "ams/runtime.h"
#include "parameters.h"
#include "samples.h"

typedef struct ams_step {
  ams_model_t *model;        // @main of docs/gradients.md
  void **inputs;             // of a call; the first ones are the step's own
  void **outputs;            // of a call; loss and results are the step's own
  size_t num_samples_inputs; // inputs of the model, and the labels
  size_t num_results;        // outputs before the gradients
  size_t first_table;        // inputs from here on are tables of noise
} ams_step_t;

/// Makes a step of `model`, which it owns from now on, whatever comes of it,
/// and the parameters that `model` asks for, all zeros. Tables of noise are not
/// filled.
ams_status_t ams_step_create(ams_model_t *model, size_t num_model_inputs,
                             const ams_optimizer_t *optimizer,
                             ams_step_t *out_step,
                             ams_parameters_t *out_parameters);
void ams_step_free(ams_step_t *step);

/// Runs on the samples numbered by `chosen`, and fills the gradients.
ams_status_t ams_step_run(ams_step_t *step, const ams_samples_t *samples,
                          const uint32_t *chosen, int64_t batch,
                          const ams_run_options_t *options, float *out_loss);

#endif // AMS_TUNE_STEP_H
