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
  ams_tensor_t inputs, labels, scores; // scores: of the latest run
  int64_t samples, classes;
} ams_dataset_t;

/// Reads inputs and labels and checks that they fit `model`, which has one
/// input and gives scores of classes. `limit` is the most samples to use, 0:
/// all.
ams_status_t ams_dataset_read(const ams_model_t *model, const char *inputs,
                              const char *labels, int64_t limit,
                              ams_dataset_t *out_dataset);

void ams_dataset_free(ams_dataset_t *dataset);

/// Runs `model` on all samples and gives the share, in per cent, whose highest
/// score is their label's; the lowest class wins a tie.
ams_status_t ams_dataset_top1(ams_dataset_t *dataset, ams_model_t *model,
                              const ams_run_options_t *options,
                              double *out_percent);

#endif // AMS_EVAL_DATASET_H
