//===-- noise.c - Differential noise for a step -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Records as docs/gradients.md says, and makes tables of it (histogram.h).
//
//===----------------------------------------------------------------------===//

#include "noise.h"

#include "forward.h"
#include "histogram.h"

#include <string.h>

/// The output called `layer` and `suffix`, whose number is `out_index`; NULL if
/// there is none.
static const float *find(const ams_forward_t *recording, const char *layer,
                         size_t length, const char *suffix, size_t *out_index) {
  const ams_abi_tensor_t *output = NULL;
  for (size_t i = 0; (output = ams_model_output(recording->model, i)); ++i) {
    const char *name = ams_model_string(recording->model, output->name);
    if (strncmp(name, layer, length) == 0 &&
        strcmp(name + length, suffix) == 0) {
      *out_index = i;
      return recording->outputs[i];
    }
  }
  return NULL;
}

/// Fills the table of input `index` of the step.
static ams_status_t fill_table(const ams_forward_t *recording, ams_step_t *step,
                               size_t index) {
  static const char suffix[] = ".noise";
  const ams_abi_tensor_t *table = ams_model_input(step->model, index);
  const char *name = ams_model_string(step->model, table->name);
  const size_t length = strlen(name) - (sizeof suffix - 1);
  ams_abi_noise_row_t *rows = step->inputs[index];
  size_t number = 0, other = 0;
  const float *noise = find(recording, name, length, suffix, &number);
  if (!noise) {
    memset(rows, 0, (size_t)(table->dims[0] * table->dims[1]) * sizeof *rows);
    return AMS_OK;
  }
  const ams_abi_tensor_t *output = ams_model_output(recording->model, number);
  const ams_noise_record_t record = {
      .layer = name,
      .noise = noise,
      .output = find(recording, name, length, ".output", &other),
      .count = ams_forward_count(recording, number),
      .channels = output->dims[output->rank - 1],
  };
  return ams_histogram_table(&record, table->dims[0], table->dims[1], rows);
}

ams_status_t ams_noise_record(const ams_tune_request_t *request,
                              const char *directory,
                              const ams_samples_t *samples, ams_step_t *step) {
  ams_forward_t recording;
  ams_status_t status =
      ams_forward_run(request, AMS_BUILD_RECORD, request->model, directory,
                      samples, request->batch, request->seed, &recording);
  const size_t num_inputs = ams_model_manifest(step->model)->num_inputs;
  for (size_t i = step->first_table; !status && i < num_inputs; ++i)
    status = fill_table(&recording, step, i);
  ams_forward_free(&recording);
  return status;
}
