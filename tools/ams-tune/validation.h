//===-- validation.h - The model measured as it will be used ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The model with its weights of now is compiled as a user would compile it, in
// float32 and for the device, and run on the samples. A device's noise is that
// of seed 0, which no step of training draws from.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_VALIDATION_H
#define AMS_TUNE_VALIDATION_H

#include "request.h"
#include "samples.h"

typedef struct ams_validation {
  double device; // metric; NaN without a device
  double float32;
} ams_validation_t;

/// Measures the ONNX file `input`.
ams_status_t ams_validate(const ams_tune_request_t *request, const char *input,
                          const char *directory, const ams_samples_t *samples,
                          ams_validation_t *out_validation);

#endif // AMS_TUNE_VALIDATION_H
