//===-- tile4.h - Kernels that take four vectors at a time --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A kernel's dot products are compiled for each number of vectors and each
// width of a strip.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_TILE4_H
#define AMS_ARCH_TILE4_H

#define TILE_VECTORS 4
#define STEP_BLOCKS CHUNK_MOST_BLOCKS

#include "multiply.h"
#include "quantise_runs.h"
#include "shared_blocks.h"

/// One block's operands.
typedef struct dot_operands {
  int64_t words;  // that count
  int64_t stride; // words from vector to vector
  const int32_t *inputs;
  const void *weights;
  const int32_t *start;
} dot_operands_t;

/// A kernel's dot products of one block, the first `vectors` vectors of a tile
/// and the first `width` outputs of a strip, both constants.
static inline void dot_vectors(int vectors, int width,
                               const dot_operands_t *operands,
                               float dots[][STRIP_OUTPUTS]);

static inline __attribute__((always_inline)) void
dot_blocks_of(int vectors, int width, const dot_args_t *args,
              float dots[][TILE_VECTORS][STRIP_OUTPUTS]) {
  const char *inputs = args->inputs, *weights = args->weights;
  for (int64_t b = 0; b < args->blocks; ++b) {
    const dot_operands_t operands = {
        .words = b + 1 < args->blocks ? args->words : args->last_words,
        .stride = args->words,
        .inputs = (const int32_t *)inputs,
        .weights = weights,
        .start = block_end(inputs, args->input_size)->start,
    };
    dot_vectors(vectors, width, &operands, dots[b]);
    inputs += args->input_size;
    weights += args->weights_size;
  }
}

static inline __attribute__((always_inline)) void
dot_blocks_of_width(int width, const dot_args_t *args,
                    float dots[][TILE_VECTORS][STRIP_OUTPUTS]) {
  switch (args->vectors) {
  case 1:
    dot_blocks_of(1, width, args, dots);
    break;
  case 2:
    dot_blocks_of(2, width, args, dots);
    break;
  case 3:
    dot_blocks_of(3, width, args, dots);
    break;
  default:
    dot_blocks_of(TILE_VECTORS, width, args, dots);
    break;
  }
}

static inline void dot_blocks(const dot_args_t *args,
                              float dots[][TILE_VECTORS][STRIP_OUTPUTS]) {
  switch (args->width) {
  case 16:
    dot_blocks_of_width(16, args, dots);
    break;
  case 32:
    dot_blocks_of_width(32, args, dots);
    break;
  default:
    dot_blocks_of_width(STRIP_OUTPUTS, args, dots);
    break;
  }
}

static void multiply(const ams_multiply_args_t *args) {
  multiply_panel(args, dot_blocks);
}

#endif // AMS_ARCH_TILE4_H
