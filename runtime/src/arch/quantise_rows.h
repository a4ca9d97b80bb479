//===-- quantise_rows.h - Input vectors into the vector kernels' layout *- C
//-*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rounds, scales and quantises (Q1 to Q4) input vectors, four rows at a time.
//
// A code is rne(v * L / s). In its place t = v * float32(L / s) is taken and
// its lowest five bits rounded away. t is within 2^-22 of the quotient, and
// rounding moves it by at most 2^-19; a quotient that is no tie is at least 1 /
// (255 * 127) of itself away from one, so it stays on its side; one that is a
// tie has few bits, and rounding restores it. Scales near the ends of float32's
// range are first multiplied by a power of two, as are their values.
//
// A group of four rows waits for its greatest element, the division by it and
// what follows; so several groups find their scales before any has its codes.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_QUANTISE_ROWS_H
#define AMS_ARCH_QUANTISE_ROWS_H

#include "condition.h"
#include "layout.h"
#include "pack.h"
#include "vector.h"

/// Rows quantised together, a group, and groups that find their scales
/// together.
#define QUANTISE_ROWS AMS_CONDITIONED_VECTORS
#define QUANTISE_GROUPS 4

/// Four numbers from four vectors of four.
static inline void transpose4(__m128i v[4]) {
  __m128i a = _mm_unpacklo_epi32(v[0], v[1]);
  __m128i b = _mm_unpackhi_epi32(v[0], v[1]);
  __m128i c = _mm_unpacklo_epi32(v[2], v[3]);
  __m128i d = _mm_unpackhi_epi32(v[2], v[3]);
  v[0] = _mm_unpacklo_epi64(a, c);
  v[1] = _mm_unpackhi_epi64(a, c);
  v[2] = _mm_unpacklo_epi64(b, d);
  v[3] = _mm_unpackhi_epi64(b, d);
}

/// Float bits of max |x| over `length` elements of each of four vectors, before
/// rounding to bfloat16.
static inline __m128i block_greatest(const float *const x[QUANTISE_ROWS],
                                     int64_t length) {
  __m128i reduced[QUANTISE_ROWS];
  for (int r = 0; r < QUANTISE_ROWS; ++r) {
    ints_t most = ints_splat(0);
    int64_t i = 0;
    for (; i + VECTOR_LANES <= length; i += VECTOR_LANES) {
      ints_t bits = floats_as_ints(floats_load_any(x[r] + i));
      most = ints_greatest(most, ints_and(bits, ints_splat(0x7fffffff)));
    }
    if (i < length) {
      ints_t bits = floats_as_ints(floats_load_first(x[r] + i, length - i));
      most = ints_greatest(most, ints_and(bits, ints_splat(0x7fffffff)));
    }
    reduced[r] = greatest_of_lanes(most);
  }
  transpose4(reduced);
  return _mm_max_epu32(_mm_max_epu32(reduced[0], reduced[1]),
                       _mm_max_epu32(reduced[2], reduced[3]));
}

/// Four positive numbers, as float bits, rounded to bfloat16.
static inline __m128i round_scales(__m128i bits) {
  __m128i odd = _mm_and_si128(_mm_srli_epi32(bits, 16), _mm_set1_epi32(1));
  __m128i sum = _mm_add_epi32(_mm_add_epi32(bits, _mm_set1_epi32(0x7fff)), odd);
  return _mm_and_si128(sum, _mm_set1_epi32((int32_t)0xffff0000));
}

/// What values are multiplied by, first `factor`, then `inverse`.
typedef struct multipliers {
  float factor[QUANTISE_ROWS], inverse[QUANTISE_ROWS];
  bool scales; // whether any factor is not 1
} multipliers_t;

static inline multipliers_t scale_multipliers(__m128 scale,
                                              const ams_geometry_t *geometry) {
  const float largest = (float)((1 << (geometry->bits_input - 1)) - 1);
  __m128 tiny = _mm_cmplt_ps(scale, _mm_set1_ps(0x1p-95f));
  __m128 huge = _mm_cmpge_ps(scale, _mm_set1_ps(0x1p97f));
  __m128 factor = _mm_set1_ps(1);
  factor = _mm_blendv_ps(factor, _mm_set1_ps(0x1p64f), tiny);
  factor = _mm_blendv_ps(factor, _mm_set1_ps(0x1p-64f), huge);
  __m128 inverse = _mm_div_ps(_mm_set1_ps(largest), _mm_mul_ps(scale, factor));
  __m128 positive = _mm_cmpgt_ps(scale, _mm_setzero_ps());
  multipliers_t result;
  _mm_storeu_ps(result.factor, factor);
  _mm_storeu_ps(result.inverse, _mm_and_ps(inverse, positive));
  result.scales = _mm_movemask_ps(_mm_or_ps(tiny, huge)) != 0;
  return result;
}

/// Codes of values that are rounded and multiplied by their factor.
static inline ints_t quantise_rounded(floats_t v, floats_t inverse) {
  floats_t t = floats_multiply(v, inverse);
  ints_t bits = ints_add(floats_as_ints(t), ints_splat(16));
  bits = ints_and(bits, ints_splat(~UINT32_C(31)));
  return ints_from_floats(ints_as_floats(bits));
}

static inline ints_t quantise_lanes(floats_t x, floats_t factor,
                                    floats_t inverse) {
  return quantise_rounded(floats_multiply(floats_round_bfloat16(x), factor),
                          inverse);
}

/// Stores `words` words of codes of four rows, `stride` words apart.
static inline void store_rows(const ints_t row[QUANTISE_ROWS], int64_t words,
                              int64_t stride, int32_t *to) {
#if CODES_PER_WORD == 4
  store_rows8(row, words, stride, to);
#else
  store_rows16(row, words, stride, to);
#endif
}

/// Copies `words` words, between any addresses.
static inline void copy_words(int32_t *to, const int32_t *from, int64_t words) {
  for (int64_t i = 0; i < words; i += VECTOR_LANES) {
    const int64_t left = words - i;
    const int64_t count = left < VECTOR_LANES ? left : VECTOR_LANES;
    floats_store_first((float *)to + i, count,
                       floats_load_first((const float *)from + i, count));
  }
}

/// The sum of each of four rows' lanes.
static inline __m128i rows_sums(const ints_t sums[QUANTISE_ROWS]) {
  __m128i reduced[QUANTISE_ROWS];
  for (int r = 0; r < QUANTISE_ROWS; ++r)
    reduced[r] = sum_of_lanes(sums[r]);
  transpose4(reduced);
  return _mm_add_epi32(_mm_add_epi32(reduced[0], reduced[1]),
                       _mm_add_epi32(reduced[2], reduced[3]));
}

/// Codes of one block of four rows, whose words begin `stride` words apart, as
/// far as the elements reach; returns the sums of the codes of each.
static inline __m128i quantise_codes(const float *const x[QUANTISE_ROWS],
                                     int64_t length,
                                     const multipliers_t *multipliers,
                                     int64_t words, int64_t stride,
                                     int32_t *to) {
  const int64_t step = VECTOR_LANES / CODES_PER_WORD;
  ints_t sums[QUANTISE_ROWS];
  for (int r = 0; r < QUANTISE_ROWS; ++r)
    sums[r] = ints_splat(0);
  for (int64_t i = 0, word = 0; i < length; i += VECTOR_LANES, word += step) {
    const int64_t left = length - i, words_left = words - word;
    const int64_t count = left < VECTOR_LANES ? left : VECTOR_LANES;
    ints_t codes[QUANTISE_ROWS];
    for (int r = 0; r < QUANTISE_ROWS; ++r) {
      codes[r] = quantise_lanes(floats_load_first(x[r] + i, count),
                                floats_splat(multipliers->factor[r]),
                                floats_splat(multipliers->inverse[r]));
      sums[r] = ints_add(sums[r], codes[r]);
    }
    store_rows(codes, words_left < step ? words_left : step, stride, to + word);
  }
  return rows_sums(sums);
}

/// What four rows of a block have, a row a lane, beside their codes.
typedef struct block_ends {
  __m128i start; // of dot products
  __m128 scale;
} block_ends_t;

/// Takes back what the weights' bias adds for codes of those sums.
static inline __m128i start_of(const ams_geometry_t *geometry, __m128i sums) {
  const int32_t zero =
      dots_fit_floats(geometry) ? (int32_t)INTEGER_FLOAT_ZERO : 0;
  return _mm_sub_epi32(_mm_set1_epi32(zero),
                       _mm_mullo_epi32(sums, _mm_set1_epi32(WEIGHT_BIAS)));
}

/// Writes them behind the words of the block at `to`.
static inline void write_block_end(block_ends_t ends, char *to, int64_t words,
                                   int64_t first_row) {
  input_block_end_t *end =
      (input_block_end_t *)(to + inputs_block_size(words)) - 1;
  _mm_storeu_si128((__m128i *)(end->start + first_row), ends.start);
  _mm_storeu_ps(end->scale + first_row, ends.scale);
}

/// A group's scales of one block, a row a lane, and what they come to.
typedef struct group_scale {
  __m128 scale;
  multipliers_t multipliers;
} group_scale_t;

/// `greatest` are float bits of the rows' greatest magnitudes.
static inline group_scale_t scale_of(const ams_geometry_t *geometry,
                                     __m128i greatest) {
  const __m128 scale = _mm_castsi128_ps(round_scales(greatest));
  return (group_scale_t){scale, scale_multipliers(scale, geometry)};
}

/// Quantises `length` elements of four rows to one block of codes each.
static inline block_ends_t quantise_block(const ams_geometry_t *geometry,
                                          const group_scale_t *scale,
                                          const float *const x[QUANTISE_ROWS],
                                          int64_t length, int64_t stride,
                                          int32_t *to) {
  const __m128i sums = quantise_codes(x, length, &scale->multipliers,
                                      block_words(geometry), stride, to);
  return (block_ends_t){start_of(geometry, sums), scale->scale};
}

/// Scales of four rows so far, a row a lane.
typedef struct row_scales {
  __m128 least, greatest; // of those that are not 0
  __m128i most;           // float bits
} row_scales_t;

static inline row_scales_t no_scales(void) {
  return (row_scales_t){.least = _mm_set1_ps(INFINITY)};
}

static inline void add_scales(row_scales_t *scales, __m128 scale) {
  const __m128 positive = _mm_cmpgt_ps(scale, _mm_setzero_ps());
  scales->most = _mm_max_epu32(scales->most, _mm_castps_si128(scale));
  scales->greatest = _mm_max_ps(scales->greatest, scale);
  scales->least = _mm_min_ps(
      scales->least, _mm_blendv_ps(_mm_set1_ps(INFINITY), scale, positive));
}

/// The first row that has come by a scale that is NaN or infinite, or -1.
static inline int first_not_finite(const row_scales_t *scales) {
  uint32_t most[QUANTISE_ROWS];
  _mm_storeu_si128((__m128i *)most, scales->most);
  for (int r = 0; r < QUANTISE_ROWS; ++r)
    if (most[r] >= UINT32_C(0x7f800000))
      return r;
  return -1;
}

static inline void widen_range(scale_range_t *range,
                               const row_scales_t *scales) {
  float least[QUANTISE_ROWS], greatest[QUANTISE_ROWS];
  _mm_storeu_ps(least, scales->least);
  _mm_storeu_ps(greatest, scales->greatest);
  for (int r = 0; r < QUANTISE_ROWS; ++r) {
    range->least = least[r] < range->least ? least[r] : range->least;
    range->greatest =
        greatest[r] > range->greatest ? greatest[r] : range->greatest;
  }
}

/// Writes the range of a panel's scales.
static inline void write_range(void *inputs, const row_scales_t *scales) {
  scale_range_t *range = inputs;
  *range = (scale_range_t){.least = INFINITY, .greatest = 0};
  widen_range(range, scales);
}

/// Adds the scales of groups, which follow each other from row `first` on, to
/// those of a panel. Returns the first row with a scale that is NaN or
/// infinite, or -1.
static inline int64_t merge_scales(const row_scales_t own[QUANTISE_GROUPS],
                                   int groups, int64_t first,
                                   row_scales_t *scales) {
  for (int g = 0; g < groups; ++g) {
    const int bad = first_not_finite(&own[g]);
    if (bad >= 0)
      return first + g * QUANTISE_ROWS + bad;
    scales->least = _mm_min_ps(scales->least, own[g].least);
    scales->greatest = _mm_max_ps(scales->greatest, own[g].greatest);
  }
  return -1;
}

/// Quantises groups of rows, which are a panel's from row `first` on.
static inline void
quantise_groups(const ams_geometry_t *geometry,
                const float *const rows[QUANTISE_GROUPS][QUANTISE_ROWS],
                int groups, int64_t tiles, int64_t first, void *inputs,
                row_scales_t scales[QUANTISE_GROUPS]) {
  const int64_t n = geometry->n;
  const int64_t words = block_words(geometry);
  for (int64_t block = 0; block < geometry->blocks; ++block) {
    const int64_t left = geometry->reduction - block * n;
    const int64_t length = left < n ? left : n;
    const float *at[QUANTISE_GROUPS][QUANTISE_ROWS];
    group_scale_t own[QUANTISE_GROUPS];
    for (int g = 0; g < groups; ++g) {
      for (int r = 0; r < QUANTISE_ROWS; ++r)
        at[g][r] = rows[g][r] + block * n;
      own[g] = scale_of(geometry, block_greatest(at[g], length));
    }
    for (int g = 0; g < groups; ++g) {
      const int64_t row = first + g * QUANTISE_ROWS;
      char *to =
          (char *)inputs + inputs_block_offset(geometry, words, tiles,
                                               row / TILE_VECTORS, block);
      const block_ends_t ends =
          quantise_block(geometry, &own[g], at[g], length, words,
                         (int32_t *)to + row % TILE_VECTORS * words);
      add_scales(&scales[g], ends.scale);
      write_block_end(ends, to, words, row % TILE_VECTORS);
    }
  }
}

/// Quantises a panel (kernel.h). Where rows are missing to a group of four, its
/// first row stands in. A conditioner has room for one group.
static int64_t quantise(const ams_geometry_t *geometry,
                        const ams_conditioner_t *conditioner,
                        const float *const *x, int64_t vectors, void *inputs) {
  const int64_t tiles = divide_up(vectors, TILE_VECTORS);
  const int most = conditioner ? 1 : QUANTISE_GROUPS;
  row_scales_t scales = no_scales();
  for (int64_t first = 0; first < vectors; first += most * QUANTISE_ROWS) {
    const float *rows[QUANTISE_GROUPS][QUANTISE_ROWS];
    row_scales_t own[QUANTISE_GROUPS];
    int groups = 0;
    for (int64_t row = first; groups < most && row < vectors;
         row += QUANTISE_ROWS, ++groups) {
      own[groups] = no_scales();
      for (int64_t r = 0; r < QUANTISE_ROWS; ++r) {
        rows[groups][r] =
            row + r < vectors
                ? ams_conditioner_apply(conditioner, x[row + r], row + r, r)
                : rows[groups][0];
        if (!rows[groups][r])
          return row + r;
      }
    }
    quantise_groups(geometry, rows, groups, tiles, first, inputs, own);
    const int64_t bad = merge_scales(own, groups, first, &scales);
    if (bad >= 0)
      return bad;
  }
  write_range(inputs, &scales);
  return -1;
}

#endif // AMS_ARCH_QUANTISE_ROWS_H
