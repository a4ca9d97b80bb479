//===-- plan.h - A layer's product, ready to run ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A primitive of oneDNN for one number of threads, the weights in the layout
// that it likes best, and the working memory of those who run it. Several
// threads may run one plan at once.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_FLOAT_PLAN_H
#define AMS_FLOAT_PLAN_H

#include "ams/abi.h"
#include "onednn.h"

typedef struct ams_float_plan ams_float_plan_t;

/// Plans the product of `layer` for at most `threads` threads. `weights` are
/// copied if their layout is not the best.
ams_status_t ams_float_plan_create(const ams_abi_layer_t *layer,
                                   dnnl_engine_t engine, int threads,
                                   const float *weights,
                                   ams_float_plan_t **out_plan);

void ams_float_plan_free(ams_float_plan_t *plan);

/// Computes y from x and `weights`, with the same bits whatever the number of
/// threads.
ams_status_t ams_float_plan_run(ams_float_plan_t *plan, const float *x,
                                const float *weights, float *y);

#endif // AMS_FLOAT_PLAN_H
