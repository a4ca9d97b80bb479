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

#include "build.h"
#include "histogram.h"

#include <stdlib.h>
#include <string.h>

static ams_status_t out_of_memory(void) {
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                         "no memory for a record of noise");
}

/// A model that records, and what it gave.
typedef struct recording {
  ams_model_t *model;
  int64_t samples;
  void **outputs;
} recording_t;

/// Elements of output `index`.
static int64_t count_elements(const recording_t *recording, size_t index) {
  const ams_abi_tensor_t *output = ams_model_output(recording->model, index);
  const int64_t batch = ams_model_manifest(recording->model)->batch;
  int64_t count = output->dims[0] / batch * recording->samples;
  for (uint32_t d = 1; d < output->rank; ++d)
    count *= output->dims[d];
  return count;
}

static ams_status_t run(const ams_tune_request_t *request,
                        const ams_samples_t *samples, recording_t *recording) {
  const size_t num_outputs = ams_model_manifest(recording->model)->num_outputs;
  const void **inputs = calloc(samples->num_inputs + 1, sizeof *inputs);
  recording->outputs = calloc(num_outputs + 1, sizeof *recording->outputs);
  ams_status_t status = inputs && recording->outputs ? AMS_OK : out_of_memory();
  for (size_t i = 0; !status && i < num_outputs; ++i) {
    size_t bytes = (size_t)count_elements(recording, i) * sizeof(int64_t);
    if (!(recording->outputs[i] = malloc(bytes)))
      status = out_of_memory();
  }
  for (size_t i = 0; !status && i < samples->num_inputs; ++i)
    inputs[i] = samples->inputs[i].data;
  if (!status) {
    ams_run_options_t options = ams_run_options_default();
    options.seed = request->seed;
    options.threads = (int)request->threads;
    status = ams_model_run(recording->model, &options, recording->samples,
                           inputs, recording->outputs);
  }
  free((void *)inputs);
  return status;
}

/// The output called `layer` and `suffix`, whose number is `out_index`; NULL if
/// there is none.
static const float *find(const recording_t *recording, const char *layer,
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
static ams_status_t fill_table(const recording_t *recording, ams_step_t *step,
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
      .count = count_elements(recording, number),
      .channels = output->dims[output->rank - 1],
  };
  return ams_histogram_table(&record, table->dims[0], table->dims[1], rows);
}

ams_status_t ams_noise_record(const ams_tune_request_t *request,
                              const char *directory,
                              const ams_samples_t *samples, ams_step_t *step) {
  recording_t recording = {.samples = request->batch};
  AMS_RETURN_IF_ERROR(ams_build(request, AMS_BUILD_RECORD, request->model,
                                directory, &recording.model));
  ams_status_t status = run(request, samples, &recording);
  const size_t num_inputs = ams_model_manifest(step->model)->num_inputs;
  for (size_t i = step->first_table; !status && i < num_inputs; ++i)
    status = fill_table(&recording, step, i);
  const size_t num_outputs = ams_model_manifest(recording.model)->num_outputs;
  for (size_t i = 0; recording.outputs && i < num_outputs; ++i)
    free(recording.outputs[i]);
  free(recording.outputs);
  ams_model_free(recording.model);
  return status;
}
