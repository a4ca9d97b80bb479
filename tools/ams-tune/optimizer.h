//===-- optimizer.h - Steps along gradients -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stochastic gradient descent with momentum, and AdamW (Loshchilov and Hutter,
// "Decoupled weight decay regularization", ICLR 2019), one tensor at a time, in
// float32, element by element: the same bits however tensors are cut.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_OPTIMIZER_H
#define AMS_TUNE_OPTIMIZER_H

#include <stdint.h>

typedef enum ams_optimizer_kind {
  AMS_OPTIMIZER_SGD,
  AMS_OPTIMIZER_ADAMW,
} ams_optimizer_kind_t;

typedef struct ams_optimizer {
  ams_optimizer_kind_t kind;
  float momentum;     // of SGD, 0 to below 1
  float beta1, beta2; // of AdamW, 0 to below 1
  float epsilon;      // of AdamW, above 0
  float weight_decay; // SGD adds it to the gradient, AdamW takes it off weights
  float clip_norm;    // most that gradients' norm may be; 0: any
  float clip_weights; // most that a weight may be, of the root mean square; 0
} ams_optimizer_t;

/// What people use: momentum 0.9; betas 0.9 and 0.999, epsilon 1e-8; no decay,
/// no clipping.
ams_optimizer_t ams_optimizer_default(ams_optimizer_kind_t kind);

/// How many numbers an optimizer keeps for each weight: 1 or 2.
int ams_optimizer_state_size(const ams_optimizer_t *optimizer);

/// Step number `step`, from 1, of `count` weights. `state` holds
/// ams_optimizer_state_size numbers for each, 0 before the first step: all
/// weights' first number, then all weights' second.
void ams_optimizer_step(const ams_optimizer_t *optimizer, float rate,
                        int64_t step, int64_t count, const float *gradient,
                        float *state, float *weights);

#endif // AMS_TUNE_OPTIMIZER_H
