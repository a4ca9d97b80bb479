//===-- validation.c - The model measured as it will be used ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "validation.h"

#include "build.h"
#include "metric.h"

#include <math.h>
#include <stdlib.h>

/// Runs `model`; every result is put into memory, the scores are measured.
static ams_status_t measure(const ams_tune_request_t *request,
                            ams_model_t *model, const ams_samples_t *samples,
                            const void **inputs, void **outputs,
                            double *out_metric) {
  const ams_abi_manifest_t *manifest = ams_model_manifest(model);
  for (size_t i = 0; i < samples->num_inputs; ++i)
    inputs[i] = samples->inputs[i].data;
  for (size_t i = 0; i < manifest->num_outputs; ++i) {
    const ams_abi_tensor_t *output = ams_model_output(model, i);
    size_t size = (size_t)(output->dims[0] / manifest->batch) * sizeof(int64_t);
    for (uint32_t d = 1; d < output->rank; ++d)
      size *= (size_t)output->dims[d];
    if (!(outputs[i] = malloc(size * (size_t)samples->count)))
      return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                             "no memory for the results of %lld samples",
                             (long long)samples->count);
  }
  ams_run_options_t options = ams_run_options_default();
  options.threads = (int)request->threads;
  AMS_RETURN_IF_ERROR(
      ams_model_run(model, &options, samples->count, inputs, outputs));
  *out_metric =
      ams_metric_measure(request->loss, outputs[0], samples->labels.data,
                         samples->count, samples->size, samples->classes);
  return AMS_OK;
}

static ams_status_t build_and_measure(const ams_tune_request_t *request,
                                      ams_build_kind_t kind, const char *input,
                                      const char *directory,
                                      const ams_samples_t *samples,
                                      double *out_metric) {
  ams_model_t *model = NULL;
  AMS_RETURN_IF_ERROR(ams_build(request, kind, input, directory, &model));
  const size_t num_outputs = ams_model_manifest(model)->num_outputs;
  const void **inputs = calloc(samples->num_inputs + 1, sizeof *inputs);
  void **outputs = calloc(num_outputs + 1, sizeof *outputs);
  ams_status_t status =
      inputs && outputs
          ? measure(request, model, samples, inputs, outputs, out_metric)
          : ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  for (size_t i = 0; outputs && i < num_outputs; ++i)
    free(outputs[i]);
  free(outputs);
  free((void *)inputs);
  ams_model_free(model);
  return status;
}

ams_status_t ams_validate(const ams_tune_request_t *request, const char *input,
                          const char *directory, const ams_samples_t *samples,
                          ams_validation_t *out_validation) {
  *out_validation = (ams_validation_t){NAN, NAN};
  AMS_RETURN_IF_ERROR(build_and_measure(request, AMS_BUILD_FLOAT32, input,
                                        directory, samples,
                                        &out_validation->float32));
  if (!ams_tune_uses_device(request))
    return AMS_OK;
  return build_and_measure(request, AMS_BUILD_DEVICE, input, directory, samples,
                           &out_validation->device);
}
