//===-- layout.h - How the vector kernels lay out operands --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Outputs are taken 64 at a time, a strip; input vectors a few at a time, a
// tile; blocks of the reduction a few at a time, a chunk, whose weights for one
// strip stay in the first-level cache. Codes are packed into words of 32 bits,
// which the dot product instructions take: 4 codes of 8 bits or 2 of 16.
//
//   weights: a scale_range_t; for each strip, for each block, for each word:
//            64 words, one an output; then for each block 64 float scales.
//   inputs:  a scale_range_t; for each chunk, for each tile, for each block of
//            the chunk: for each vector its words; then start values of the
//            dot products, and float scales, one a vector.
//
// Missing outputs have scale 0. A kernel's file says before it includes this:
//
//   CODES_PER_WORD  4 or 2
//   WEIGHT_BIAS     what is added to every weight's code
//   TILE_VECTORS    a multiple of 4
//   STEP_BLOCKS     most blocks of a tile at a time, up to CHUNK_MOST_BLOCKS
//   MEAN_STEP_BLOCKS  the same where means were removed; else STEP_BLOCKS
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_LAYOUT_H
#define AMS_ARCH_LAYOUT_H

#include "kernel.h"

#ifndef MEAN_STEP_BLOCKS
#define MEAN_STEP_BLOCKS STEP_BLOCKS
#endif

#define STRIP_OUTPUTS 64
#define CHUNK_MOST_BLOCKS 8

/// Codes of a chunk's blocks together, where blocks are short enough.
#define CHUNK_CODES 256

/// The magnitudes of a side's scales that are not 0; {inf, 0} if all are 0.
typedef struct scale_range {
  _Alignas(AMS_KERNEL_ALIGNMENT) float least;
  float greatest;
} scale_range_t;

/// What follows a block's words in the inputs.
typedef struct input_block_end {
  int32_t start[TILE_VECTORS];
  float scale[TILE_VECTORS];
} input_block_end_t;

static inline int64_t divide_up(int64_t value, int64_t divisor) {
  return (value + divisor - 1) / divisor;
}

/// Of a block, but for rows of the crossbar that a single block leaves idle.
static inline int64_t block_words(const ams_geometry_t *geometry) {
  const int64_t rows =
      geometry->reduction < geometry->n ? geometry->reduction : geometry->n;
  return divide_up(rows, CODES_PER_WORD);
}

/// Of them, those of block `block` that hold codes, where the last block may
/// fall short. The others hold anything: weights there are 0.
static inline int64_t filled_words(const ams_geometry_t *geometry,
                                   int64_t block) {
  const int64_t left = geometry->reduction - block * geometry->n;
  return left < geometry->n ? divide_up(left, CODES_PER_WORD)
                            : block_words(geometry);
}

/// Outputs of a strip that are computed where `outputs` are left: 16, 32 or 64.
static inline int strip_width(int64_t outputs) {
  return outputs <= 16 ? 16 : outputs <= 32 ? 32 : STRIP_OUTPUTS;
}

static inline int64_t chunk_blocks(const ams_geometry_t *geometry) {
  int64_t blocks = CHUNK_CODES / geometry->n;
  return blocks < 2                   ? 2
         : blocks > CHUNK_MOST_BLOCKS ? CHUNK_MOST_BLOCKS
                                      : blocks;
}

static inline size_t weights_block_size(int64_t words) {
  return (size_t)words * STRIP_OUTPUTS * sizeof(int32_t);
}

static inline size_t weights_strip_size(const ams_geometry_t *geometry,
                                        int64_t words) {
  return (size_t)geometry->blocks *
         (weights_block_size(words) + STRIP_OUTPUTS * sizeof(float));
}

static inline size_t weights_size(const ams_geometry_t *geometry) {
  return sizeof(scale_range_t) +
         (size_t)divide_up(geometry->outputs, STRIP_OUTPUTS) *
             weights_strip_size(geometry, block_words(geometry));
}

static inline size_t inputs_block_size(int64_t words) {
  return (size_t)words * TILE_VECTORS * sizeof(int32_t) +
         sizeof(input_block_end_t);
}

/// What follows the words of a block at `inputs`.
static inline const input_block_end_t *block_end(const char *inputs,
                                                 size_t block_size) {
  return (const input_block_end_t *)(inputs + block_size) - 1;
}

static inline size_t inputs_size(const ams_geometry_t *geometry,
                                 int64_t vectors) {
  return sizeof(scale_range_t) + (size_t)divide_up(vectors, TILE_VECTORS) *
                                     (size_t)geometry->blocks *
                                     inputs_block_size(block_words(geometry));
}

/// Where block `block` of tile `tile` begins in the inputs of `tiles` tiles.
static inline size_t inputs_block_offset(const ams_geometry_t *geometry,
                                         int64_t words, int64_t tiles,
                                         int64_t tile, int64_t block) {
  int64_t chunk = chunk_blocks(geometry);
  int64_t begin = block / chunk * chunk;
  int64_t left = geometry->blocks - begin;
  int64_t here = left < chunk ? left : chunk;
  return sizeof(scale_range_t) +
         (size_t)(begin * tiles + tile * here + block - begin) *
             inputs_block_size(words);
}

/// Float bits that stand for 0 where integers are read as the floats from 2^23
/// to 2^24: adding d to them as integers adds d to the float.
#define INTEGER_FLOAT_ZERO UINT32_C(0x4b400000)
#define INTEGER_FLOAT_OFFSET 0x1.8p23f

/// Whether every dot product fits such floats, so that starting from
/// INTEGER_FLOAT_ZERO it needs no conversion.
static inline bool dots_fit_floats(const ams_geometry_t *geometry) {
  int64_t weight = (1 << (geometry->bits_weight - 1)) - 1;
  int64_t input = (1 << (geometry->bits_input - 1)) - 1;
  return geometry->n * weight * input < (1 << 22);
}

#endif // AMS_ARCH_LAYOUT_H
