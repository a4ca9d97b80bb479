//===-- metric.c - How good results are ---------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "metric.h"

#include "scores.h"

#include <math.h>

const char *ams_metric_name(ams_tune_loss_t loss) {
  switch (loss) {
  case AMS_TUNE_SOFTMAX_CROSS_ENTROPY:
    return "top-1 in %";
  case AMS_TUNE_BINARY_CROSS_ENTROPY:
    return "accuracy in %";
  case AMS_TUNE_L2:
    break;
  }
  return "mean squared error";
}

static double measure_classes(const float *scores, const int64_t *labels,
                              int64_t count, int64_t classes) {
  int64_t right = 0;
  for (int64_t i = 0; i < count; ++i)
    right += ams_scores_highest(scores + i * classes, classes) == labels[i];
  return 100.0 * (double)right / (double)count;
}

static double measure_sides(const float *scores, const float *labels,
                            int64_t count) {
  int64_t right = 0;
  for (int64_t i = 0; i < count; ++i)
    right += (scores[i] > 0) == (labels[i] > 0.5f);
  return 100.0 * (double)right / (double)count;
}

static double measure_squares(const float *scores, const float *labels,
                              int64_t count) {
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    double difference = (double)scores[i] - (double)labels[i];
    sum += difference * difference;
  }
  return sum / (double)count;
}

double ams_metric_measure(ams_tune_loss_t loss, const float *scores,
                          const void *labels, int64_t samples, int64_t size,
                          int64_t classes) {
  const int64_t count = samples * size;
  switch (loss) {
  case AMS_TUNE_SOFTMAX_CROSS_ENTROPY:
    return measure_classes(scores, labels, count / classes, classes);
  case AMS_TUNE_BINARY_CROSS_ENTROPY:
    return measure_sides(scores, labels, count);
  case AMS_TUNE_L2:
    break;
  }
  return measure_squares(scores, labels, count);
}

bool ams_metric_better(ams_tune_loss_t loss, double metric, double other) {
  if (isnan(metric) || isnan(other))
    return !isnan(metric);
  return loss == AMS_TUNE_L2 ? metric < other : metric > other;
}
