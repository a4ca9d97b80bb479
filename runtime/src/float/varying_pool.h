//===-- varying_pool.h - Varying products, ready to run -----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the float library keeps with a layer whose operands all vary: a pool of
// primitives of oneDNN with their memory. A run takes one and gives it back, so
// there are as many as runs at once, and repeated runs allocate nothing.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_FLOAT_VARYING_POOL_H
#define AMS_FLOAT_VARYING_POOL_H

#include "ams/abi.h"
#include "ams/status.h"

typedef struct ams_varying_pool ams_varying_pool_t;

/// Starts empty. The signatures are those of call.h's layer state.
ams_status_t ams_varying_pool_create(const ams_abi_layer_t *layer,
                                     void *context, void **out_pool);
void ams_varying_pool_free(void *pool);

/// Computes the layer's result y from a and b by at most `threads` threads,
/// with the same bits whatever their number.
ams_status_t ams_varying_pool_run(ams_varying_pool_t *pool, int threads,
                                  const float *a, const float *b, float *y);

#endif // AMS_FLOAT_VARYING_POOL_H
