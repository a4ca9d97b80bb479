//===-- convert.h - From dot products to outputs ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The ADC and what follows it (A1, A2, D1 to D3, and D4's sum) for one tile of
// input vectors, one strip of outputs and one chunk of blocks.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_CONVERT_H
#define AMS_ARCH_CONVERT_H

#include "draws.h"
#include "layout.h"
#include "quantise_rows.h"

/// How dot products come, read as floats.
typedef enum dot_scaling {
  /// offset + d, and offset * alpha is exact: one fused operation.
  SCALING_FUSED,
  /// offset + d.
  SCALING_TWO_STEPS,
} dot_scaling_t;

typedef enum noise_kind {
  NOISE_NONE,
  NOISE_UNIT,   // of width 1, whose product by A (N6) is exact
  NOISE_SCALED, // of any width
} noise_kind_t;

/// How partial sums are rounded to bfloat16 (D3).
typedef enum partial_rounding {
  ROUNDING_NONE,
  /// In float32 arithmetic: p plus and minus 1.5 * 2^16 times p's power of two.
  /// Needs |p| in [2^-126, 2^111), or 0 without a sign that matters.
  ROUNDING_BY_SUM,
  /// On the bits of any float.
  ROUNDING_BY_BITS,
} partial_rounding_t;

typedef struct conversion {
  dot_scaling_t scaling;
  noise_kind_t noise;
  partial_rounding_t rounding;
  float alpha;
  float offset;  // what stands for 0 in dot products
  float largest; // L_Y
  float width;   // of the noise, LSB
} conversion_t;

/// One tile, strip and step.
typedef struct conversion_rows {
  int64_t vectors, blocks;
  const float (*dots)[TILE_VECTORS][STRIP_OUTPUTS];
  const draws_t (*draws)[TILE_VECTORS];
  const float (*weight_scales)[STRIP_OUTPUTS]; // k * s^w
  const float *input_scales;                   // of the first block
  size_t input_stride;                         // bytes from block to block
  float (*y)[STRIP_OUTPUTS];
} conversion_tile_t;

/// The constants of a conversion.
typedef struct conversion_vectors {
  floats_t alpha, offset, largest, noise_factor;
} conversion_vectors_t;

static inline __attribute__((always_inline)) floats_t
adc_code(const conversion_vectors_t *c, dot_scaling_t scaling,
         noise_kind_t noise, floats_t dot, floats_t draw) {
  floats_t a = scaling == SCALING_FUSED
                   ? floats_fused(dot, c->alpha, c->offset)
                   : floats_multiply(floats_subtract(dot, c->offset), c->alpha);
  if (noise == NOISE_UNIT)
    a = floats_fused(draw, c->noise_factor, a);
  else if (noise == NOISE_SCALED)
    a = floats_add(a, floats_multiply(draw, c->noise_factor));
  const floats_t integers = floats_splat(INTEGER_FLOAT_OFFSET);
  floats_t clamped = floats_clamp(a, c->largest);
  return floats_subtract(floats_add(clamped, integers), integers);
}

static inline __attribute__((always_inline)) floats_t
round_partial(partial_rounding_t rounding, floats_t p) {
  if (rounding == ROUNDING_NONE)
    return p;
  if (rounding == ROUNDING_BY_BITS)
    return floats_round_bfloat16(p);
  const floats_t shift = floats_splat(0x1.8p16f);
  floats_t power = ints_as_floats(
      ints_and(floats_as_ints(p), ints_splat(UINT32_C(0x7f800000))));
  floats_t sum = floats_fused(power, shift, p);
  return floats_fused_negative(power, shift, sum);
}

/// Adds one vector's partial sums of one block to sums of 2 * VECTOR_PAIRS
/// vectors of outputs: pairs that share words of draws, from word `words` on.
static inline __attribute__((always_inline)) void
convert_block(const conversion_vectors_t *c, dot_scaling_t scaling,
              noise_kind_t noise, partial_rounding_t rounding, int words,
              const float *dots, const draws_t *draws,
              const float *weight_scales, float input_scale, floats_t *y) {
  const floats_t s = floats_splat(input_scale);
#pragma GCC unroll 2
  for (int pair = 0; pair < VECTOR_PAIRS; ++pair) {
    const int word = words + pair * VECTOR_LANES;
    floats_t draw[2] = {s, s}; // 2^32 * u (N6)
    if (noise != NOISE_NONE) {
      ints_t both = ints_load(draws->word + word);
      draw[0] = floats_from_ints(halves_lower(both));
      draw[1] = floats_from_ints(halves_upper(both));
    }
#pragma GCC unroll 2
    for (int half = 0; half < 2; ++half) {
      const int output = word / 16 * 32 + word % 16 + half * 16;
      floats_t code =
          adc_code(c, scaling, noise, floats_load(dots + output), draw[half]);
      floats_t r = floats_multiply(floats_load(weight_scales + output), s);
      floats_t p = round_partial(rounding, floats_multiply(code, r));
      y[2 * pair + half] = floats_add(y[2 * pair + half], p);
    }
  }
}

static inline __attribute__((always_inline)) void
convert_tile_as(const conversion_t *conversion, const conversion_tile_t *tile,
                dot_scaling_t scaling, noise_kind_t noise,
                partial_rounding_t rounding) {
  const conversion_vectors_t constants = {
      .alpha = floats_splat(conversion->alpha),
      .offset = floats_splat(scaling == SCALING_FUSED
                                 ? -conversion->offset * conversion->alpha
                                 : conversion->offset),
      .largest = floats_splat(conversion->largest),
      .noise_factor = floats_splat(conversion->width * 0x1p-32f),
  };
  for (int64_t r = 0; r < tile->vectors; ++r)
#pragma GCC unroll 4
    for (int words = 0; words < STRIP_OUTPUTS / 2;
         words += VECTOR_PAIRS * VECTOR_LANES) {
      const float *dots = tile->dots[0][r];
      const draws_t *draws = &tile->draws[0][r];
      const float *weight_scales = tile->weight_scales[0];
      const char *input_scale = (const char *)&tile->input_scales[r];
      floats_t y[2 * VECTOR_PAIRS];
#pragma GCC unroll 4
      for (int i = 0; i < 2 * VECTOR_PAIRS; ++i) {
        const int word = words + i / 2 * VECTOR_LANES;
        y[i] =
            floats_load(&tile->y[r][word / 16 * 32 + word % 16 + i % 2 * 16]);
      }
      for (int64_t b = 0; b < tile->blocks; ++b) {
        convert_block(&constants, scaling, noise, rounding, words, dots, draws,
                      weight_scales, *(const float *)input_scale, y);
        dots += TILE_VECTORS * STRIP_OUTPUTS;
        draws += TILE_VECTORS;
        weight_scales += STRIP_OUTPUTS;
        input_scale += tile->input_stride;
      }
#pragma GCC unroll 4
      for (int i = 0; i < 2 * VECTOR_PAIRS; ++i) {
        const int word = words + i / 2 * VECTOR_LANES;
        floats_store(&tile->y[r][word / 16 * 32 + word % 16 + i % 2 * 16],
                     y[i]);
      }
    }
}

/// Calls `convert_tile_as` with constants.
static inline void convert_tile(const conversion_t *conversion,
                                const conversion_tile_t *tile) {
#define CASE(scaling, noise, rounding)                                         \
  case (scaling) * 9 + (noise) * 3 + (rounding):                               \
    convert_tile_as(conversion, tile, scaling, noise, rounding);               \
    break;
#define CASES_OF_ROUNDING(scaling, noise)                                      \
  CASE(scaling, noise, ROUNDING_NONE)                                          \
  CASE(scaling, noise, ROUNDING_BY_SUM)                                        \
  CASE(scaling, noise, ROUNDING_BY_BITS)
#define CASES_OF_NOISE(scaling)                                                \
  CASES_OF_ROUNDING(scaling, NOISE_NONE)                                       \
  CASES_OF_ROUNDING(scaling, NOISE_UNIT)                                       \
  CASES_OF_ROUNDING(scaling, NOISE_SCALED)
  switch ((int)conversion->scaling * 9 + (int)conversion->noise * 3 +
          (int)conversion->rounding) {
    CASES_OF_NOISE(SCALING_FUSED)
    CASES_OF_NOISE(SCALING_TWO_STEPS)
  }
#undef CASES_OF_NOISE
#undef CASES_OF_ROUNDING
#undef CASE
}

#endif // AMS_ARCH_CONVERT_H
