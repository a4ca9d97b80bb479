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
  /// In float32 arithmetic: 65535 * p, rounded, has its last place where
  /// bfloat16(p) has, or one place lower, and 65536 * p, which is exact, an
  /// even digit there where p is a tie. So their difference is p rounded to
  /// nearest, ties to even. Needs |p| in [2^-126, 2^111), or 0 without a sign
  /// that matters.
  ROUNDING_BY_DIFFERENCE,
  /// On the bits of any float.
  ROUNDING_BY_BITS,
  /// As by difference, two blocks at a time by instructions for bfloat16.
  ROUNDING_BY_PAIRS,
} partial_rounding_t;

/// How this kernel rounds partial sums that need no care.
#if defined(__AVX512BF16__)
#define PLAIN_ROUNDING ROUNDING_BY_PAIRS
#else
#define PLAIN_ROUNDING ROUNDING_BY_DIFFERENCE
#endif

typedef struct conversion {
  dot_scaling_t scaling;
  noise_kind_t noise;
  partial_rounding_t rounding;
  bool saturates; // whether any dot product can exceed the ADC's range
  bool mean;      // whether means are added back (C5)
  bool differs;   // whether outputs have alphas of their own (G1)
  float alpha;    // where they do not
  float offset;   // what stands for 0 in dot products
  float largest;  // L_Y
  float width;    // of the noise, LSB
} conversion_t;

/// One tile, strip and step.
typedef struct conversion_rows {
  int width; // of the strip
  int64_t vectors, blocks;
  const float (*dots)[TILE_VECTORS][STRIP_OUTPUTS];
  const draws_t (*draws)[TILE_VECTORS];
  const float (*weight_scales)[STRIP_OUTPUTS]; // k * s^w
  const float (*alphas)[STRIP_OUTPUTS];        // with `differs`
  const float *input_scales;                   // of the first block
  size_t input_stride;                         // bytes from block to block
  // With `mean`: of the first block.
  const float *sums; // of weights
  int64_t sums_stride;
  const float *means; // of inputs, a block after the other
  int64_t means_stride;
  float (*y)[STRIP_OUTPUTS];
} conversion_tile_t;

/// The constants of a conversion.
typedef struct conversion_vectors {
  floats_t alpha, offset, largest, noise_factor;
} conversion_vectors_t;

static inline __attribute__((always_inline)) floats_t
adc_code(const conversion_vectors_t *c, dot_scaling_t scaling,
         noise_kind_t noise, bool saturates, floats_t dot, floats_t draw) {
  floats_t a = scaling == SCALING_FUSED
                   ? floats_fused(dot, c->alpha, c->offset)
                   : floats_multiply(floats_subtract(dot, c->offset), c->alpha);
  if (noise == NOISE_UNIT)
    a = floats_fused(draw, c->noise_factor, a);
  else if (noise == NOISE_SCALED)
    a = floats_add(a, floats_multiply(draw, c->noise_factor));
  const floats_t integers = floats_splat(INTEGER_FLOAT_OFFSET);
  if (saturates)
    a = floats_clamp(a, c->largest);
  return floats_subtract(floats_add(a, integers), integers);
}

static inline __attribute__((always_inline)) floats_t
round_partial(partial_rounding_t rounding, floats_t p) {
  if (rounding == ROUNDING_NONE)
    return p;
  if (rounding == ROUNDING_BY_BITS)
    return floats_round_bfloat16(p);
  floats_t negative = floats_multiply(p, floats_splat(-65535));
  return floats_fused(p, floats_splat(65536), negative);
}

/// Vectors of outputs converted side by side: pairs of them share words of
/// draws.
#define CONVERT_VECTORS (2 * VECTOR_PAIRS)

/// The same in a strip of `width`. The first 16 outputs have a word of draws
/// each, to themselves.
static inline int convert_vectors(int width) {
  return width / 16 < CONVERT_VECTORS ? width / 16 : CONVERT_VECTORS;
}

/// First output of vector `i` of those whose draws begin at word `word`.
static inline int convert_output(int word, int i) {
  word += i / 2 * VECTOR_LANES;
  return word / 16 * 32 + word % 16 + i % 2 * 16;
}

/// Where a block's operands lie, for one vector.
typedef struct convert_operands {
  const float *dots, *weight_scales, *alphas;
  const draws_t *draws;
  const char *input_scale;
  const float *sums, *mean; // with `mean`
} convert_operands_t;

static inline void next_block(convert_operands_t *operands,
                              const conversion_tile_t *tile) {
  operands->dots += TILE_VECTORS * STRIP_OUTPUTS;
  operands->weight_scales += STRIP_OUTPUTS;
  operands->alphas += STRIP_OUTPUTS;
  operands->draws += TILE_VECTORS;
  operands->input_scale += tile->input_stride;
}

/// C5, of one vector and block.
static inline __attribute__((always_inline)) void
add_mean(int count, int word, const convert_operands_t *operands,
         floats_t y[CONVERT_VECTORS]) {
  const floats_t mean = floats_splat(*operands->mean);
#pragma GCC unroll 4
  for (int i = 0; i < count; ++i)
    y[i] = floats_add(
        y[i], floats_multiply(
                  mean, floats_load(operands->sums + convert_output(word, i))));
}

/// The partial sums of one vector and block, not rounded yet (D3).
static inline __attribute__((always_inline)) void
partials_of_block(const conversion_vectors_t *c, dot_scaling_t scaling,
                  noise_kind_t noise, bool saturates, bool differs, int count,
                  int word, const convert_operands_t *operands,
                  floats_t partials[CONVERT_VECTORS]) {
  conversion_vectors_t own = *c;
  const floats_t s = floats_splat(*(const float *)operands->input_scale);
#pragma GCC unroll 4
  for (int i = 0; i < count; ++i) {
    const int output = convert_output(word, i);
    floats_t draw = s; // 2^16 * u (N6), in HALVES_UNIT
    if (noise != NOISE_NONE) {
      ints_t words =
          ints_load(operands->draws->word + word + i / 2 * VECTOR_LANES);
      draw =
          floats_from_ints(i % 2 ? halves_upper(words) : halves_lower(words));
    }
    if (differs)
      own.alpha = floats_load(operands->alphas + output);
    floats_t code = adc_code(&own, scaling, noise, saturates,
                             floats_load(operands->dots + output), draw);
    floats_t r =
        floats_multiply(floats_load(operands->weight_scales + output), s);
    partials[i] = floats_multiply(code, r);
  }
}

static inline __attribute__((always_inline)) void
convert_tile_as(const conversion_t *conversion, const conversion_tile_t *tile,
                dot_scaling_t scaling, noise_kind_t noise,
                partial_rounding_t rounding, bool saturates, bool mean,
                bool differs, int width) {
  const int count = convert_vectors(width);
  const int words = width < STRIP_OUTPUTS ? 16 : STRIP_OUTPUTS / 2;
  const conversion_vectors_t constants = {
      .alpha = floats_splat(conversion->alpha),
      .offset = floats_splat(scaling == SCALING_FUSED
                                 ? -conversion->offset * conversion->alpha
                                 : conversion->offset),
      .largest = floats_splat(conversion->largest),
      .noise_factor =
          floats_splat(conversion->width * (0x1p-16f / HALVES_UNIT)),
  };
  for (int64_t r = 0; r < tile->vectors; ++r)
#pragma GCC unroll 4
    for (int word = 0; word < words; word += (count + 1) / 2 * VECTOR_LANES) {
      convert_operands_t operands = {
          .dots = tile->dots[0][r],
          .weight_scales = tile->weight_scales[0],
          .alphas = tile->alphas[0],
          .draws = &tile->draws[0][r],
          .input_scale = (const char *)&tile->input_scales[r],
      };
      if (mean) {
        operands.sums = tile->sums;
        operands.mean = tile->means + r * tile->means_stride;
      }
      floats_t y[CONVERT_VECTORS], partials[CONVERT_VECTORS];
#pragma GCC unroll 4
      for (int i = 0; i < count; ++i)
        y[i] = floats_load(&tile->y[r][convert_output(word, i)]);
      int64_t block = 0;
#if defined(__AVX512BF16__)
      if (rounding == ROUNDING_BY_PAIRS)
        for (; block + 2 <= tile->blocks; block += 2) {
          floats_t more[CONVERT_VECTORS];
          partials_of_block(&constants, scaling, noise, saturates, differs,
                            count, word, &operands, partials);
          next_block(&operands, tile);
          partials_of_block(&constants, scaling, noise, saturates, differs,
                            count, word, &operands, more);
          next_block(&operands, tile);
#pragma GCC unroll 4
          for (int i = 0; i < count; ++i)
            y[i] = floats_add_pair(y[i], partials[i], more[i]);
        }
#endif
      for (; block < tile->blocks; ++block) {
        partials_of_block(&constants, scaling, noise, saturates, differs, count,
                          word, &operands, partials);
#pragma GCC unroll 4
        for (int i = 0; i < count; ++i)
          y[i] = floats_add(y[i], round_partial(rounding, partials[i]));
        if (mean) {
          add_mean(count, word, &operands, y);
          operands.sums += tile->sums_stride;
          operands.mean += 1;
        }
        next_block(&operands, tile);
      }
#pragma GCC unroll 4
      for (int i = 0; i < count; ++i)
        floats_store(&tile->y[r][convert_output(word, i)], y[i]);
    }
}

/// Calls `convert_tile_as` with few constants, which give the same bits as
/// those of `convert_tile`: where gains differ, and in narrow strips. Apart
/// from what calls it, which most tiles take too.
static __attribute__((noinline)) void
convert_rare_tile(const conversion_t *conversion,
                  const conversion_tile_t *tile) {
#define CASE(width, noise, rounding, mean)                                     \
  case (((mean) * 2 + ((noise) == NOISE_NONE)) * 4 + (rounding)) * 64 +        \
      (width):                                                                 \
    convert_tile_as(conversion, tile, SCALING_TWO_STEPS, noise, rounding,      \
                    true, mean, (width) == STRIP_OUTPUTS, width);              \
    break;
#define CASES_OF_NOISE(width, noise)                                           \
  CASE(width, noise, ROUNDING_NONE, false)                                     \
  CASE(width, noise, ROUNDING_BY_BITS, false)                                  \
  CASE(width, noise, ROUNDING_BY_DIFFERENCE, false)                            \
  CASE(width, noise, ROUNDING_NONE, true)                                      \
  CASE(width, noise, ROUNDING_BY_BITS, true)                                   \
  CASE(width, noise, ROUNDING_BY_DIFFERENCE, true)
#define CASES_OF_WIDTH(width)                                                  \
  CASES_OF_NOISE(width, NOISE_NONE)                                            \
  CASES_OF_NOISE(width, NOISE_SCALED)
  const partial_rounding_t rounding = conversion->rounding == PLAIN_ROUNDING
                                          ? ROUNDING_BY_DIFFERENCE
                                          : conversion->rounding;
  const bool silent = conversion->noise == NOISE_NONE;
  switch ((((int)conversion->mean * 2 + (int)silent) * 4 + (int)rounding) * 64 +
          tile->width) {
    CASES_OF_WIDTH(16)
    CASES_OF_WIDTH(32)
    CASES_OF_WIDTH(STRIP_OUTPUTS)
  default:
    __builtin_unreachable();
  }
#undef CASES_OF_WIDTH
#undef CASES_OF_NOISE
#undef CASE
}

/// Calls `convert_tile_as` with constants, for one gain and whole strips. Only
/// conversions that are as plain as can be do without the ADC's limits.
static inline void convert_tile(const conversion_t *conversion,
                                const conversion_tile_t *tile) {
#define CASE(scaling, noise, rounding, saturates, mean)                        \
  case (((mean) * 2 + (scaling)) * 3 + (noise)) * 8 + (rounding) * 2 +         \
      (saturates):                                                             \
    convert_tile_as(conversion, tile, scaling, noise, rounding, saturates,     \
                    mean, false, STRIP_OUTPUTS);                               \
    break;
#define CASES_OF_ROUNDING(scaling, noise)                                      \
  CASE(scaling, noise, ROUNDING_NONE, true, false)                             \
  CASE(scaling, noise, ROUNDING_BY_BITS, true, false)                          \
  CASE(scaling, noise, PLAIN_ROUNDING, true, false)                            \
  CASE(scaling, noise, PLAIN_ROUNDING, false, false)                           \
  CASE(scaling, noise, ROUNDING_NONE, true, true)                              \
  CASE(scaling, noise, ROUNDING_BY_BITS, true, true)                           \
  CASE(scaling, noise, ROUNDING_BY_DIFFERENCE, true, true)
#define CASES_OF_NOISE(scaling)                                                \
  CASES_OF_ROUNDING(scaling, NOISE_NONE)                                       \
  CASES_OF_ROUNDING(scaling, NOISE_UNIT)                                       \
  CASES_OF_ROUNDING(scaling, NOISE_SCALED)
  const bool mean = conversion->mean;
  const bool saturates =
      conversion->saturates || mean || conversion->rounding != PLAIN_ROUNDING;
  switch ((((int)mean * 2 + (int)conversion->scaling) * 3 +
           (int)conversion->noise) *
              8 +
          (int)conversion->rounding * 2 + saturates) {
    CASES_OF_NOISE(SCALING_FUSED)
    CASES_OF_NOISE(SCALING_TWO_STEPS)
  default:
    __builtin_unreachable();
  }
#undef CASES_OF_NOISE
#undef CASES_OF_ROUNDING
#undef CASE
}

#endif // AMS_ARCH_CONVERT_H
