//===-- neon.c - Products by NEON's dot product -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// 16 products of 8-bit codes an instruction (SDOT, of Armv8.2 and later). What
// follows the dot products is loops over 64 outputs that compilers turn into
// vectors. A word is 4 codes.
//
//   weights: for each 64 outputs, a strip, for each block: 64 codes words, one
//            an output, for each word of the block; then 64 float scales.
//   inputs:  for each vector, for each block its words; then for each vector,
//            for each block a float scale.
//
// Missing outputs and codes are 0.
//
//===----------------------------------------------------------------------===//

#include "adc.h"
#include "analog/source.h"
#include "condition.h"
#include "device.h"
#include "kernel.h"
#include "noise.h"
#include "quantise.h"

#include <arm_neon.h>
#include <sys/auxv.h>

#define STRIP_OUTPUTS AMS_NOISE_GROUP
#define WORD_CODES 4
#define LANES 4

/// Vectors that share loads of weights, and outputs of theirs at a time: as
/// many sums as leave registers for operands.
#define TILE_VECTORS 4
#define TILE_OUTPUTS 16

static bool is_supported(void) {
  return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
}

//===----------------------------------------------------------------------===//
// Layout
//===----------------------------------------------------------------------===//

static int64_t block_words(const ams_geometry_t *geometry) {
  return (geometry->n + WORD_CODES - 1) / WORD_CODES;
}

static size_t weights_block_size(const ams_geometry_t *geometry) {
  return (size_t)(block_words(geometry) + 1) * STRIP_OUTPUTS * sizeof(int32_t);
}

static size_t weights_size(const ams_geometry_t *geometry) {
  return (size_t)((geometry->outputs - 1) / STRIP_OUTPUTS + 1) *
         (size_t)geometry->blocks * weights_block_size(geometry);
}

static void pack(const ams_geometry_t *geometry, const int8_t *codes,
                 const uint16_t *scales, void *weights) {
  const int64_t words = block_words(geometry), blocks = geometry->blocks;
  memset(weights, 0, weights_size(geometry));
  for (int64_t i = 0; i < geometry->outputs; ++i)
    for (int64_t j = 0; j < blocks; ++j) {
      const int8_t *from = codes + (i * blocks + j) * geometry->n;
      int64_t block = i / STRIP_OUTPUTS * blocks + j;
      char *to = (char *)weights + (size_t)block * weights_block_size(geometry);
      int64_t output = i % STRIP_OUTPUTS;
      for (int64_t k = 0; k < geometry->n; ++k)
        to[(k / WORD_CODES * STRIP_OUTPUTS + output) * WORD_CODES +
           k % WORD_CODES] = (char)from[k];
      ((float *)to)[words * STRIP_OUTPUTS + output] =
          ams_bfloat16_to_float(scales[i * blocks + j]);
    }
}

static size_t inputs_size(const ams_geometry_t *geometry, int64_t vectors) {
  return (size_t)vectors * (size_t)geometry->blocks *
         (size_t)(block_words(geometry) + 1) * sizeof(int32_t);
}

static float *input_scales(const ams_geometry_t *geometry, int64_t vectors,
                           const void *inputs) {
  return (float *)inputs + vectors * geometry->blocks * block_words(geometry);
}

/// One block to words of codes; false where it holds a NaN or infinity.
static bool quantise_block(const ams_geometry_t *geometry, const float *x,
                           int64_t length, int8_t *codes, float *out_scale) {
  uint16_t scale;
  if (ams_quantise_vector(
          x, length, (int32_t)block_words(geometry) * WORD_CODES,
          ams_largest_code(geometry->bits_input), codes, &scale) >= 0)
    return false;
  *out_scale = ams_bfloat16_to_float(scale);
  return true;
}

static int64_t quantise(const ams_geometry_t *geometry,
                        const ams_conditioner_t *conditioner,
                        const float *const *x, int64_t vectors, void *inputs) {
  const int64_t words = block_words(geometry), blocks = geometry->blocks;
  float *scales = input_scales(geometry, vectors, inputs);
  for (int64_t r = 0; r < vectors; ++r) {
    const float *row = ams_conditioner_apply(conditioner, x[r], r, 0);
    if (!row)
      return r;
    for (int64_t j = 0; j < blocks; ++j) {
      int64_t begin = j * geometry->n, left = geometry->reduction - begin;
      int64_t at = r * blocks + j;
      if (!quantise_block(
              geometry, row + begin, left < geometry->n ? left : geometry->n,
              (int8_t *)inputs + at * words * WORD_CODES, &scales[at]))
        return r;
    }
  }
  return -1;
}

/// A block on its own: its words, then its scale.
static size_t block_size(const ams_geometry_t *geometry) {
  return (size_t)(block_words(geometry) + 1) * sizeof(int32_t);
}

static bool quantise_blocks(const ams_geometry_t *geometry,
                            const float *const *x, int64_t length,
                            int64_t count, void *blocks) {
  bool finite = true;
  char *to = blocks;
  for (int64_t i = 0; i < count; ++i, to += block_size(geometry))
    finite &= quantise_block(geometry, x[i], length, (int8_t *)to,
                             (float *)to + block_words(geometry));
  return finite;
}

static void place_blocks(const ams_geometry_t *geometry, int64_t vectors,
                         int64_t block, const void *const *blocks,
                         void *inputs) {
  const int64_t words = block_words(geometry);
  float *scales = input_scales(geometry, vectors, inputs);
  for (int64_t r = 0; r < vectors; ++r) {
    const int64_t at = r * geometry->blocks + block;
    memcpy((int32_t *)inputs + at * words, blocks[r],
           (size_t)words * sizeof(int32_t));
    scales[at] = ((const float *)blocks[r])[words];
  }
}

//===----------------------------------------------------------------------===//
// Product
//===----------------------------------------------------------------------===//

/// Dot products of one block of the first `vectors` vectors, a constant, whose
/// words are `stride` apart, by a strip's outputs.
static inline __attribute__((always_inline)) void
dot_vectors(int vectors, int64_t words, const int32_t *inputs, int64_t stride,
            const int8_t *weights, int32_t dots[TILE_VECTORS][STRIP_OUTPUTS]) {
  enum { PARTS = TILE_OUTPUTS / LANES };
  for (int first = 0; first < STRIP_OUTPUTS; first += TILE_OUTPUTS) {
    int32x4_t sum[TILE_VECTORS][PARTS];
    for (int r = 0; r < vectors; ++r)
      for (int i = 0; i < PARTS; ++i)
        sum[r][i] = vdupq_n_s32(0);
    for (int64_t word = 0; word < words; ++word) {
      const int8_t *w = weights + (word * STRIP_OUTPUTS + first) * WORD_CODES;
      int8x16_t column[PARTS];
      for (int i = 0; i < PARTS; ++i)
        column[i] = vld1q_s8(w + i * LANES * WORD_CODES);
      for (int r = 0; r < vectors; ++r) {
        int8x16_t x =
            vreinterpretq_s8_s32(vld1q_dup_s32(inputs + r * stride + word));
        for (int i = 0; i < PARTS; ++i)
          sum[r][i] = vdotq_s32(sum[r][i], column[i], x);
      }
    }
    for (int r = 0; r < vectors; ++r)
      for (int i = 0; i < PARTS; ++i)
        vst1q_s32(&dots[r][first + i * LANES], sum[r][i]);
  }
}

/// e of 64 rows from any row on (N4 to N6).
static void draw_noise(const ams_noise_t *noise, uint64_t vector,
                       uint32_t block, int64_t row, float e[STRIP_OUTPUTS]) {
  const ams_address_t address = {.key = noise->seed,
                                 .layer = noise->layer,
                                 .source = AMS_SOURCE_ADC,
                                 .vector = vector,
                                 .block = block};
  const uint32_t group = (uint32_t)(row / AMS_NOISE_GROUP);
  const int64_t skip = row % AMS_NOISE_GROUP;
  uint16_t draws[2 * AMS_NOISE_GROUP];
  ams_address_draw_group(&address, group, draws);
  if (skip)
    ams_address_draw_group(&address, group + 1, draws + AMS_NOISE_GROUP);
  for (int i = 0; i < STRIP_OUTPUTS; ++i)
    e[i] =
        noise->uniform * (((float)(int16_t)draws[skip + i] + 0.5f) * 0x1p-16f);
}

/// The constants of a strip's gains for one block: `first` of all outputs, or
/// each output's own where they `differ` (G1).
typedef struct strip_gains {
  bool differ;
  ams_gain_constants_t first;
  float alpha[STRIP_OUTPUTS], k[STRIP_OUTPUTS];
} strip_gains_t;

static void find_gains(const ams_multiply_args_t *args, int64_t first,
                       int64_t block, strip_gains_t *gains) {
  const int64_t left = args->geometry->outputs - first;
  gains->first = *ams_gain_of(&args->gains, first, block);
  if (gains->differ)
    ams_gains_spread(&args->gains, first,
                     left < STRIP_OUTPUTS ? left : STRIP_OUTPUTS, block,
                     gains->alpha, gains->k);
}

/// A1 to D3, before rounding, for one vector's block; `differ` is a constant.
static inline __attribute__((always_inline)) void
convert_codes(bool differ, const strip_gains_t *gains, int32_t largest,
              const int32_t dots[STRIP_OUTPUTS], const float e[STRIP_OUTPUTS],
              const float weight_scales[STRIP_OUTPUTS], float input_scale,
              float partials[STRIP_OUTPUTS]) {
  const float alpha = gains->first.alpha, k = gains->first.k;
  if (e)
    for (int i = 0; i < STRIP_OUTPUTS; ++i)
      partials[i] = ams_adc_partial(
          ams_adc_code_noisy(dots[i], differ ? gains->alpha[i] : alpha, e[i],
                             largest),
          differ ? gains->k[i] : k, weight_scales[i], input_scale);
  else
    for (int i = 0; i < STRIP_OUTPUTS; ++i)
      partials[i] = ams_adc_partial(
          ams_adc_code(dots[i], differ ? gains->alpha[i] : alpha, largest),
          differ ? gains->k[i] : k, weight_scales[i], input_scale);
}

/// A1 to D4's sum for one vector's block.
static void convert(const ams_multiply_args_t *args, const strip_gains_t *gains,
                    const int32_t dots[STRIP_OUTPUTS],
                    const float e[STRIP_OUTPUTS],
                    const float weight_scales[STRIP_OUTPUTS], float input_scale,
                    float y[STRIP_OUTPUTS]) {
  const int32_t largest = ams_largest_code(args->geometry->bits_output);
  float partials[STRIP_OUTPUTS];
  if (gains->differ)
    convert_codes(true, gains, largest, dots, e, weight_scales, input_scale,
                  partials);
  else
    convert_codes(false, gains, largest, dots, e, weight_scales, input_scale,
                  partials);
  if (args->geometry->partial_format == AMS_ABI_FORMAT_BF16)
    for (int i = 0; i < STRIP_OUTPUTS; ++i)
      partials[i] = ams_bfloat16_round(partials[i]);
  for (int i = 0; i < STRIP_OUTPUTS; ++i)
    y[i] += partials[i];
}

/// Adds back what a removed mean would have given (C5).
static void add_mean(float mean, const float sums[STRIP_OUTPUTS],
                     float y[STRIP_OUTPUTS]) {
  for (int i = 0; i < STRIP_OUTPUTS; ++i)
    y[i] += mean * sums[i];
}

/// A strip from output `first` on for `vectors` vectors, a constant, from
/// number `vector` on.
static inline __attribute__((always_inline)) void
multiply_tile(const ams_multiply_args_t *args, int64_t first, int64_t vector,
              int vectors) {
  const ams_geometry_t *geometry = args->geometry;
  const int64_t words = block_words(geometry), blocks = geometry->blocks;
  const bool noisy = ams_noise_is_on(&args->noise);
  const int32_t *x = (const int32_t *)args->inputs + vector * blocks * words;
  const float *x_scales =
      input_scales(geometry, args->vectors, args->inputs) + vector * blocks;
  const char *weights =
      (const char *)args->weights +
      (size_t)(first / STRIP_OUTPUTS * blocks) * weights_block_size(geometry);
  int32_t dots[TILE_VECTORS][STRIP_OUTPUTS];
  float y[TILE_VECTORS][STRIP_OUTPUTS], e[STRIP_OUTPUTS];
  strip_gains_t gains = {.differ = args->gains.tile_stride != 0};
  // Sums begin at -0, to which adding changes nothing.
  for (int r = 0; r < vectors; ++r)
    for (int i = 0; i < STRIP_OUTPUTS; ++i)
      y[r][i] = -0.0f;
  for (int64_t j = 0; j < blocks; ++j) {
    dot_vectors(vectors, words, x + j * words, blocks * words,
                (const int8_t *)weights, dots);
    const float *w_scales = (const float *)weights + words * STRIP_OUTPUTS;
    find_gains(args, first, j, &gains);
    for (int r = 0; r < vectors; ++r) {
      if (noisy)
        draw_noise(&args->noise,
                   args->noise.first_vector + (uint64_t)(vector + r),
                   (uint32_t)j, args->noise.first_row + first, e);
      convert(args, &gains, dots[r], noisy ? e : NULL, w_scales,
              x_scales[r * blocks + j], y[r]);
      if (args->means)
        add_mean(args->means[(vector + r) * blocks + j],
                 args->sums + j * args->sums_stride + first, y[r]);
    }
    weights += weights_block_size(geometry);
  }
  const int64_t left = args->end - first;
  const int64_t count = left < STRIP_OUTPUTS ? left : STRIP_OUTPUTS;
  for (int r = 0; r < vectors; ++r) {
    float *to = args->y + (vector + r) * args->y_stride + first;
    if (geometry->partial_format == AMS_ABI_FORMAT_BF16)
      for (int64_t i = 0; i < count; ++i)
        to[i] = ams_bfloat16_round(y[r][i]);
    else
      memcpy(to, y[r], (size_t)count * sizeof *to);
  }
}

static void multiply(const ams_multiply_args_t *args) {
  for (int64_t first = args->begin; first < args->end; first += STRIP_OUTPUTS) {
    int64_t vector = 0;
    for (; vector + TILE_VECTORS <= args->vectors; vector += TILE_VECTORS)
      multiply_tile(args, first, vector, TILE_VECTORS);
    for (; vector < args->vectors; ++vector)
      multiply_tile(args, first, vector, 1);
  }
}

const ams_kernel_t ams_kernel_neon = {
    .name = "neon",
    .supported = is_supported,
    .weights_size = weights_size,
    .pack = pack,
    .condition = ams_condition_portable,
    .inputs_size = inputs_size,
    .quantise = quantise,
    .block_size = block_size,
    .quantise_blocks = quantise_blocks,
    .place_blocks = place_blocks,
    .multiply = multiply,
    .multiply_analog = ams_multiply_analog_portable,
    .epilogue = ams_epilogue_apply,
    .add_noise = ams_add_noise_portable,
};
