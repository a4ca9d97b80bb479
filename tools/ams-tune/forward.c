//===-- forward.c - A model run on samples ------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "forward.h"

#include <stdlib.h>

int64_t ams_forward_count(const ams_forward_t *forward, size_t index) {
  const ams_abi_tensor_t *output = ams_model_output(forward->model, index);
  const int64_t batch = ams_model_manifest(forward->model)->batch;
  int64_t count = output->dims[0] / batch * forward->samples;
  for (uint32_t d = 1; d < output->rank; ++d)
    count *= output->dims[d];
  return count;
}

/// Room for the outputs; false if there is none.
static bool make_outputs(ams_forward_t *forward) {
  const size_t count = ams_model_manifest(forward->model)->num_outputs;
  forward->outputs = calloc(count + 1, sizeof *forward->outputs);
  for (size_t i = 0; forward->outputs && i < count; ++i) {
    size_t elements = (size_t)ams_forward_count(forward, i);
    if (!(forward->outputs[i] = malloc(elements * sizeof(int64_t))))
      return false;
  }
  return forward->outputs;
}

ams_status_t ams_forward_open(const ams_tune_request_t *request,
                              ams_build_kind_t kind, const char *input,
                              const char *directory, int64_t most,
                              ams_forward_t *out_forward) {
  *out_forward = (ams_forward_t){.samples = most};
  AMS_RETURN_IF_ERROR(
      ams_build(request, kind, input, directory, &out_forward->model));
  if (make_outputs(out_forward))
    return AMS_OK;
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                         "no memory for the results of %lld samples",
                         (long long)most);
}

ams_status_t ams_forward_call(ams_forward_t *forward,
                              const ams_tune_request_t *request,
                              const void *const *inputs, int64_t count,
                              uint64_t seed) {
  forward->samples = count;
  ams_run_options_t options = ams_run_options_default();
  options.seed = seed;
  options.threads = (int)request->threads;
  return ams_model_run(forward->model, &options, count, inputs,
                       forward->outputs);
}

ams_status_t ams_forward_run(const ams_tune_request_t *request,
                             ams_build_kind_t kind, const char *input,
                             const char *directory,
                             const ams_samples_t *samples, int64_t count,
                             uint64_t seed, ams_forward_t *out_forward) {
  AMS_RETURN_IF_ERROR(
      ams_forward_open(request, kind, input, directory, count, out_forward));
  const void **inputs = calloc(samples->num_inputs + 1, sizeof *inputs);
  if (!inputs)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  for (size_t i = 0; i < samples->num_inputs; ++i)
    inputs[i] = samples->inputs[i].data;
  ams_status_t status =
      ams_forward_call(out_forward, request, inputs, count, seed);
  free((void *)inputs);
  return status;
}

void ams_forward_free(ams_forward_t *forward) {
  const size_t count =
      forward->outputs ? ams_model_manifest(forward->model)->num_outputs : 0;
  for (size_t i = 0; i < count; ++i)
    free(forward->outputs[i]);
  free(forward->outputs);
  ams_model_free(forward->model);
  *forward = (ams_forward_t){0};
}
