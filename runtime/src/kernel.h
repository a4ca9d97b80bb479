//===-- kernel.h - One instruction set's products -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interface between the runtime's core and its kernels in arch/. A kernel
// packs programmed weights into a layout of its own, quantises a panel of input
// vectors into another, and multiplies the two. It allocates nothing, keeps no
// state and calls no operating system. Rule numbers are docs/spec.md's.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_KERNEL_H
#define AMS_KERNEL_H

#include "add_noise.h"
#include "epilogue.h"

#include "ams/abi.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Alignment in bytes of every buffer a kernel is handed.
#define AMS_KERNEL_ALIGNMENT 64

/// Blocks of inputs that are quantised together.
#define AMS_BLOCKS_TOGETHER 16

/// Most input vectors a panel holds.
#define AMS_PANEL_VECTORS 96

/// Elements of a chunk of numbers that were rounded ahead.
#define AMS_CHUNK 16

/// A panel's vectors, each `count` runs of `chunks` chunks of numbers that were
/// rounded to bfloat16: run i of vector r at values[r * count + i], 64-byte
/// aligned, and each chunk's greatest magnitude at greatest[r * count + i].
typedef struct ams_runs {
  int64_t count, chunks;
  const float *const *values;
  const uint32_t *const *greatest; // as float bits, before rounding
} ams_runs_t;

/// Shape and format of one product (one group of a convolution): n, K, N, bits.
typedef struct ams_geometry {
  int32_t n;
  int32_t bits_weight, bits_input, bits_output;
  int32_t partial_format; // ams_abi_format_t
  int64_t reduction;      // K, or elements of a conditioned vector
  int64_t blocks;         // T = ceil(K / n)
  int64_t outputs;        // N
} ams_geometry_t;

/// The noise of a panel (N1 to N6): vector r of the panel has index
/// first_vector + r, output i of the product has row first_row + i.
typedef struct ams_noise {
  bool enabled;
  float uniform; // full width in LSB
  uint64_t seed;
  uint32_t layer;
  uint64_t first_vector;
  int64_t first_row;
} ams_noise_t;

/// A layer's conditioning, ready for use: condition.h.
typedef struct ams_condition ams_condition_t;

/// Conditions a vector x[0..K-1] (C2 to C4) to y [width] and, where means are
/// removed, `means` [T]. False where it holds a NaN or infinity after rounding
/// to bfloat16.
typedef bool ams_condition_function_t(const ams_condition_t *condition,
                                      const float *x, float *y, float *means);

/// Conditions a panel's vectors while they are quantised: condition.h.
typedef struct ams_conditioner ams_conditioner_t;

/// A device's sources, ready for use: analog/analog.h.
typedef struct ams_analog ams_analog_t;

/// What a gain comes to: A1's constant and D1's.
typedef struct ams_gain_constants {
  float alpha, k;
} ams_gain_constants_t;

/// The gains of one product's tiles (G1): that of output i and block j is at
/// constants[i / columns * tile_stride + j * block_stride]. A stride is 0 where
/// all tiles in that direction share one.
typedef struct ams_gains {
  const ams_gain_constants_t *constants;
  int64_t columns, tile_stride, block_stride;
  float least_k, greatest_k; // bounds of all constants' k
} ams_gains_t;

/// One gain for all tiles.
static inline ams_gains_t ams_gains_one(const ams_gain_constants_t *constants) {
  return (ams_gains_t){.constants = constants,
                       .columns = 1,
                       .least_k = constants->k,
                       .greatest_k = constants->k};
}

/// Whether there is more than one.
static inline bool ams_gains_differ(const ams_gains_t *gains) {
  return gains->tile_stride != 0 || gains->block_stride != 0;
}

static inline const ams_gain_constants_t *
ams_gain_of(const ams_gains_t *gains, int64_t output, int64_t block) {
  int64_t at = block * gains->block_stride;
  if (gains->tile_stride)
    at += output / gains->columns * gains->tile_stride;
  return &gains->constants[at];
}

/// Constants of `count` outputs from `first` on, of one block.
static inline void ams_gains_spread(const ams_gains_t *gains, int64_t first,
                                    int64_t count, int64_t block, float *alphas,
                                    float *ks) {
  int64_t left = 0; // outputs of the tile at hand
  ams_gain_constants_t own = {0};
  for (int64_t i = 0; i < count; ++i, --left) {
    if (left == 0) {
      own = *ams_gain_of(gains, first + i, block);
      left = gains->tile_stride ? gains->columns - (first + i) % gains->columns
                                : count;
    }
    alphas[i] = own.alpha;
    ks[i] = own.k;
  }
}

typedef struct ams_multiply_args {
  const ams_geometry_t *geometry;
  const void *weights; // packed by `pack`
  const void *inputs;  // packed by `quantise`
  int64_t vectors;     // 1..AMS_PANEL_VECTORS
  int64_t begin, end;  // outputs to compute; begin is a multiple of 64
  ams_gains_t gains;
  ams_noise_t noise;
  const ams_analog_t *analog; // of `multiply_analog`
  /// Where means were removed (C5), else NULL: of the inputs [vectors][T], and
  /// sums of the weights, output i of block j at sums[j * sums_stride + i],
  /// zeros after the last output up to a multiple of 64.
  const float *means, *sums;
  int64_t sums_stride;
  float *y; // y[r * y_stride + i], i from 0 (not from begin)
  int64_t y_stride;
  /// NULL, or, of `multiply_analog` alone, where it is recorded which
  /// conversions were clipped (B2): that of vector r, block j and output i is
  /// bit i % 8 of clipped[r * clipped_stride + j * clipped_row + i / 8].
  uint8_t *clipped;
  int64_t clipped_stride, clipped_row;
} ams_multiply_args_t;

/// A kernel's part for convolutions of single channels: depthwise.h.
typedef struct ams_depthwise ams_depthwise_t;

typedef struct ams_kernel {
  const char *name;
  bool (*supported)(void);

  /// Bytes that `pack` writes for one product's weights.
  size_t (*weights_size)(const ams_geometry_t *geometry);
  /// Packs codes [N][T][n] and bfloat16 scales [N][T].
  void (*pack)(const ams_geometry_t *geometry, const int8_t *codes,
               const uint16_t *scales, void *weights);

  ams_condition_function_t *condition;

  /// Bytes that `quantise` writes for a panel of `vectors` vectors.
  size_t (*inputs_size)(const ams_geometry_t *geometry, int64_t vectors);
  /// Rounds, scales and quantises (Q1 to Q4) vectors x[r][0..K-1], conditioned
  /// before unless `conditioner` is NULL. Returns -1, or the first panel row
  /// that holds a NaN or infinity.
  int64_t (*quantise)(const ams_geometry_t *geometry,
                      const ams_conditioner_t *conditioner,
                      const float *const *x, int64_t vectors, void *inputs);

  /// Rounds `count` chunks of x to bfloat16, to `values`, and finds their
  /// greatest magnitudes. NULL, as `quantise_runs`, in a kernel that takes
  /// vectors alone.
  void (*round_chunks)(const float *x, int64_t count, float *values,
                       uint32_t *greatest);
  /// As `quantise`, of vectors that were rounded ahead; n is a multiple of
  /// AMS_CHUNK.
  int64_t (*quantise_runs)(const ams_geometry_t *geometry,
                           const ams_runs_t *runs, int64_t vectors,
                           void *inputs);

  /// Bytes of a block that stands alone, to be part of several vectors.
  size_t (*block_size)(const ams_geometry_t *geometry);
  /// Quantises `count` blocks of `length` elements, x[i][0..length-1], to
  /// `blocks`, which has room for a multiple of AMS_BLOCKS_TOGETHER. False if
  /// any holds a NaN or infinity, which spoils that block alone.
  bool (*quantise_blocks)(const ams_geometry_t *geometry, const float *const *x,
                          int64_t length, int64_t count, void *blocks);
  /// Makes blocks[r] block number `block` of vector r of a panel, as `quantise`
  /// would have done. Called for each block, the first one first.
  void (*place_blocks)(const ams_geometry_t *geometry, int64_t vectors,
                       int64_t block, const void *const *blocks, void *inputs);

  /// The product: A1, A2, D1 to D5.
  void (*multiply)(const ams_multiply_args_t *args);

  /// The product with every source of error, of operands that analog/analog.h
  /// has packed. Kernels share implementations.
  void (*multiply_analog)(const ams_multiply_args_t *args);

  /// What follows a product; kernels share implementations.
  ams_epilogue_function_t *epilogue;

  /// Differential noise; kernels share implementations.
  ams_add_noise_function_t *add_noise;

  /// Convolutions of single channels; NULL: as any other.
  const ams_depthwise_t *depthwise;
} ams_kernel_t;

/// The kernels, best first; NULL ends the list. Those that this build or
/// processor lacks are in it or not; ask `supported`.
extern const ams_kernel_t *const ams_kernels[];

extern const ams_kernel_t ams_kernel_scalar;
void ams_multiply_analog_portable(const ams_multiply_args_t *args);

/// Implementations of `condition`.
ams_condition_function_t ams_condition_portable;
#if defined(__x86_64__)
extern const ams_kernel_t ams_kernel_avx2;
extern const ams_kernel_t ams_kernel_avx512;
extern const ams_kernel_t ams_kernel_avx512vnni;
extern const ams_kernel_t ams_kernel_avx512bf16;
extern const ams_kernel_t ams_kernel_amx;
ams_condition_function_t ams_condition_avx2, ams_condition_avx512;
void ams_multiply_analog_avx2(const ams_multiply_args_t *args);
void ams_multiply_analog_avx512(const ams_multiply_args_t *args);
void ams_multiply_analog_avx512vnni(const ams_multiply_args_t *args);
#elif defined(__aarch64__)
extern const ams_kernel_t ams_kernel_neon;
#endif

#endif // AMS_KERNEL_H
