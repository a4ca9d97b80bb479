//===-- forward.h - A model run on samples ------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_FORWARD_H
#define AMS_TUNE_FORWARD_H

#include "build.h"
#include "samples.h"

/// A model and what it made of samples.
typedef struct ams_forward {
  ams_model_t *model;
  int64_t samples; // of the last run
  void **outputs;
} ams_forward_t;

/// Compiles the ONNX file `input` (ams_build) and makes room for the results of
/// `most` samples. Free `out_forward`, whatever comes of it.
ams_status_t ams_forward_open(const ams_tune_request_t *request,
                              ams_build_kind_t kind, const char *input,
                              const char *directory, int64_t most,
                              ams_forward_t *out_forward);

/// Runs on `count` samples, at most those that there is room for, with noise of
/// `seed`; `inputs` has a pointer for each input of the model.
ams_status_t ams_forward_call(ams_forward_t *forward,
                              const ams_tune_request_t *request,
                              const void *const *inputs, int64_t count,
                              uint64_t seed);

/// Opens, and runs on the first `count` samples.
ams_status_t ams_forward_run(const ams_tune_request_t *request,
                             ams_build_kind_t kind, const char *input,
                             const char *directory,
                             const ams_samples_t *samples, int64_t count,
                             uint64_t seed, ams_forward_t *out_forward);

/// Elements of output `index`.
int64_t ams_forward_count(const ams_forward_t *forward, size_t index);

void ams_forward_free(ams_forward_t *forward);

#endif // AMS_TUNE_FORWARD_H
