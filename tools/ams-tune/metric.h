//===-- metric.h - How good results are ---------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is measured depends on the loss: for softmax cross-entropy how many of
// the highest scores are the labels', for binary cross-entropy how many scores
// are on the label's side of 0, both in per cent; for L2 the mean square of the
// differences.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_METRIC_H
#define AMS_TUNE_METRIC_H

#include "request.h"

#include <stdbool.h>
#include <stdint.h>

/// "top-1 in %".
const char *ams_metric_name(ams_tune_loss_t loss);

/// The metric of `samples` samples of `size` scores each, the last dimension
/// being `classes` of them. `labels` is int64, a class for each `classes`
/// scores, for softmax cross-entropy, else a float32 for each score.
double ams_metric_measure(ams_tune_loss_t loss, const float *scores,
                          const void *labels, int64_t samples, int64_t size,
                          int64_t classes);

/// Whether `metric` is better than `other`. NaN is the worst.
bool ams_metric_better(ams_tune_loss_t loss, double metric, double other);

#endif // AMS_TUNE_METRIC_H
