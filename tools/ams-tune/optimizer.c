//===-- optimizer.c - Steps along gradients -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "optimizer.h"

#include <math.h>

ams_optimizer_t ams_optimizer_default(ams_optimizer_kind_t kind) {
  return (ams_optimizer_t){.kind = kind,
                           .momentum = 0.9f,
                           .beta1 = 0.9f,
                           .beta2 = 0.999f,
                           .epsilon = 1e-8f};
}

int ams_optimizer_state_size(const ams_optimizer_t *optimizer) {
  return optimizer->kind == AMS_OPTIMIZER_SGD ? 1 : 2;
}

static void step_sgd(const ams_optimizer_t *optimizer, float rate,
                     int64_t count, const float *gradient, float *velocity,
                     float *weights) {
  for (int64_t i = 0; i < count; ++i) {
    float slope = gradient[i] + optimizer->weight_decay * weights[i];
    velocity[i] = optimizer->momentum * velocity[i] + slope;
    weights[i] -= rate * velocity[i];
  }
}

static void step_adamw(const ams_optimizer_t *optimizer, float rate,
                       int64_t step, int64_t count, const float *gradient,
                       float *mean, float *square, float *weights) {
  const float beta1 = optimizer->beta1, beta2 = optimizer->beta2;
  // Moments start at 0; these undo what that takes off them.
  const double part1 = 1 - pow((double)beta1, (double)step);
  const double part2 = 1 - pow((double)beta2, (double)step);
  const float scale = (float)((double)rate / part1);
  const float root = (float)(1 / sqrt(part2));
  const float kept = 1 - rate * optimizer->weight_decay;
  for (int64_t i = 0; i < count; ++i) {
    mean[i] = beta1 * mean[i] + (1 - beta1) * gradient[i];
    square[i] = beta2 * square[i] + (1 - beta2) * gradient[i] * gradient[i];
    weights[i] =
        kept * weights[i] -
        scale * mean[i] / (sqrtf(square[i]) * root + optimizer->epsilon);
  }
}

void ams_optimizer_step(const ams_optimizer_t *optimizer, float rate,
                        int64_t step, int64_t count, const float *gradient,
                        float *state, float *weights) {
  if (optimizer->kind == AMS_OPTIMIZER_SGD)
    step_sgd(optimizer, rate, count, gradient, state, weights);
  else
    step_adamw(optimizer, rate, step, count, gradient, state, state + count,
               weights);
}
