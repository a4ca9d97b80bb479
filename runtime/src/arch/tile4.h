//===-- tile4.h - Kernels that take four vectors at a time --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A kernel's dot products are compiled for each number of vectors.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_TILE4_H
#define AMS_ARCH_TILE4_H

#define TILE_VECTORS 4
#define STEP_BLOCKS CHUNK_MOST_BLOCKS

#include "multiply.h"
#include "shared_blocks.h"

/// A kernel's dot products of the first `vectors` vectors of a tile, a
/// constant; otherwise dot_block_t.
static inline void dot_vectors(int vectors, int64_t words,
                               const int32_t *inputs, const void *weights,
                               const int32_t start[TILE_VECTORS],
                               float dots[TILE_VECTORS][STRIP_OUTPUTS]);

static inline void dot_block(int64_t vectors, int64_t words,
                             const int32_t *inputs, const void *weights,
                             const int32_t start[TILE_VECTORS],
                             float dots[TILE_VECTORS][STRIP_OUTPUTS]) {
  switch (vectors) {
  case 1:
    dot_vectors(1, words, inputs, weights, start, dots);
    break;
  case 2:
    dot_vectors(2, words, inputs, weights, start, dots);
    break;
  case 3:
    dot_vectors(3, words, inputs, weights, start, dots);
    break;
  default:
    dot_vectors(TILE_VECTORS, words, inputs, weights, start, dots);
    break;
  }
}

static void multiply(const ams_multiply_args_t *args) {
  multiply_panel(args, dot_block);
}

#endif // AMS_ARCH_TILE4_H
