//===-- digital_peer.h - The digital operations as C loops --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_BENCH_DIGITAL_PEER_H
#define AMS_BENCH_DIGITAL_PEER_H

#include <stddef.h>

/// One operation on `rows` rows of `columns` elements. `factor` and `offset`
/// have one element a column.
typedef void (*peer_t)(size_t rows, size_t columns, const float *x,
                       const float *factor, const float *offset, float *y);

void peer_gelu(size_t rows, size_t columns, const float *x, const float *factor,
               const float *offset, float *y);
/// GELU's approximation by tanh, whose exponential has a vector version.
void peer_gelu_tanh(size_t rows, size_t columns, const float *x,
                    const float *factor, const float *offset, float *y);
void peer_layer_norm(size_t rows, size_t columns, const float *x,
                     const float *factor, const float *offset, float *y);
void peer_softmax(size_t rows, size_t columns, const float *x,
                  const float *factor, const float *offset, float *y);

#endif // AMS_BENCH_DIGITAL_PEER_H
