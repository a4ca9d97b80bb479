//===-- samples.h - Samples and their labels ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_SAMPLES_H
#define AMS_TUNE_SAMPLES_H

#include "ams/runtime.h"
#include "request.h"
#include "tensor.h"

typedef struct ams_samples {
  size_t num_inputs;
  ams_tensor_t *inputs; // one for each input of the model
  ams_tensor_t labels;
  int64_t count;   // of samples that are used, the first ones
  int64_t stored;  // of samples in the tensors
  int64_t size;    // scores of a sample
  int64_t classes; // the last dimension of these
} ams_samples_t;

/// Reads `files`, separated by commas: one for each input of `model`, then the
/// labels. `loss` says what these must be; `option` names them in messages.
ams_status_t ams_samples_read(const ams_model_t *model, ams_tune_loss_t loss,
                              const char *option, const char *files,
                              ams_samples_t *out_samples);
void ams_samples_free(ams_samples_t *samples);

/// Copies the last `count` samples of `samples`, which uses them no longer.
ams_status_t ams_samples_split(ams_samples_t *samples, int64_t count,
                               ams_samples_t *out_last);

/// Bytes of one sample in input `index`, and in the labels for index
/// `num_inputs`.
size_t ams_samples_bytes(const ams_samples_t *samples, size_t index);

/// Copies the samples numbered by `chosen` to `buffers`: one for each input,
/// then one for the labels.
void ams_samples_gather(const ams_samples_t *samples, const uint32_t *chosen,
                        int64_t count, void *const *buffers);

/// CRC-32 of all.
uint32_t ams_samples_checksum(const ams_samples_t *samples);

#endif // AMS_TUNE_SAMPLES_H
