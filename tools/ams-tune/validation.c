//===-- validation.c - The model measured as it will be used ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "validation.h"

#include "forward.h"
#include "metric.h"

#include <math.h>

/// The metric of the scores, with noise of seed 0, from which no step draws.
static ams_status_t build_and_measure(const ams_tune_request_t *request,
                                      ams_build_kind_t kind, const char *input,
                                      const char *directory,
                                      const ams_samples_t *samples,
                                      double *out_metric) {
  ams_forward_t forward;
  ams_status_t status = ams_forward_run(request, kind, input, directory,
                                        samples, samples->count, 0, &forward);
  if (!status)
    *out_metric = ams_metric_measure(request->loss, forward.outputs[0],
                                     samples->labels.data, samples->count,
                                     samples->size, samples->classes);
  ams_forward_free(&forward);
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
