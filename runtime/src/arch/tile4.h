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

/// A kernel's dot products of one block and the first `vectors` vectors of a
/// tile, a constant.
static inline void dot_vectors(int vectors, int64_t words,
                               const int32_t *inputs, const void *weights,
                               const int32_t *start,
                               float dots[][STRIP_OUTPUTS]);

static inline __attribute__((always_inline)) void
dot_blocks_of(int vectors, const dot_args_t *args,
              float dots[][TILE_VECTORS][STRIP_OUTPUTS]) {
  const char *inputs = args->inputs, *weights = args->weights;
  for (int64_t b = 0; b < args->blocks; ++b) {
    dot_vectors(vectors, args->words, (const int32_t *)inputs, weights,
                block_end(inputs, args->input_size)->start, dots[b]);
    inputs += args->input_size;
    weights += args->weights_size;
  }
}

static inline void dot_blocks(const dot_args_t *args,
                              float dots[][TILE_VECTORS][STRIP_OUTPUTS]) {
  switch (args->vectors) {
  case 1:
    dot_blocks_of(1, args, dots);
    break;
  case 2:
    dot_blocks_of(2, args, dots);
    break;
  case 3:
    dot_blocks_of(3, args, dots);
    break;
  default:
    dot_blocks_of(TILE_VECTORS, args, dots);
    break;
  }
}

static void multiply(const ams_multiply_args_t *args) {
  multiply_panel(args, dot_blocks);
}

#endif // AMS_ARCH_TILE4_H
