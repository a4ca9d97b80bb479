//===-- dataset.h - Inputs and labels -----------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_EVAL_DATASET_H
#define AMS_EVAL_DATASET_H

#include "ams/runtime.h"
#include "tensor.h"

typedef struct ams_dataset {
  ams_tensor_t inputs, labels;
  ams_tensor_t scores;    // of the latest run
  ams_tensor_t reference; // scores that others are compared with, float32's
  int64_t samples, classes;
} ams_dataset_t;

/// Reads inputs and labels and checks that they fit `model`, which has one
/// input and gives scores of classes. `limit` is the most samples to use, 0:
/// all.
ams_status_t ams_dataset_read(const ams_model_t *model, const char *inputs,
                              const char *labels, int64_t limit,
                              ams_dataset_t *out_dataset);

void ams_dataset_free(ams_dataset_t *dataset);

/// What a run gave.
typedef struct ams_measurement {
  double percent;   // of samples whose highest score is their label's; the
                    // lowest class wins a tie
  double decibels;  // scores over what they differ by from the reference
  double agreement; // per cent of samples with the reference's highest class
} ams_measurement_t;

/// Runs `model` on all samples.
ams_status_t ams_dataset_measure(ams_dataset_t *dataset, ams_model_t *model,
                                 const ams_run_options_t *options,
                                 ams_measurement_t *out_measurement);

/// Makes the scores of the latest run the reference.
void ams_dataset_keep_reference(ams_dataset_t *dataset);

#endif // AMS_EVAL_DATASET_H
