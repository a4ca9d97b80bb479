//===-- condition_rows.h - Conditioned blocks, by vectors ---------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conditioning (C1 to C4) for the vector kernels: ams_condition_portable's
// bits.
//
// Elements of a block lie in a buffer, followed by zeros. Of the rows from 2^f
// to 2^(f + 1), the first holds element f; the others hold elements that follow
// each other: row r holds element log2(n) + r - f - 1. So a vector of rows is a
// vector of elements, but for its first lane where it begins with a power of
// two, and but for the first vector, which holds the lowest powers.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_CONDITION_ROWS_H
#define AMS_ARCH_CONDITION_ROWS_H

#include "bfloat16.h"
#include "condition.h"
#include "vector.h"

/// Fewest rows for vectors to pay.
#define LEAST_SPREAD_ROWS 16

/// Vectors of rows that are transformed in registers.
#define TRANSFORM_VECTORS 8

typedef struct elements {
  /// With room for loads of a whole vector from any of the elements or of the
  /// zeros that fill the rows.
  _Alignas(64) float value[AMS_ABI_MAX_ROWS + 2 * VECTOR_LANES];
} elements_t;

/// Rounds a block's elements to bfloat16, with zeros up to `end`. Returns the
/// greatest magnitudes' bits before rounding, and sums in 16 lanes (C2).
static inline ints_t load_elements(const float *x, int64_t length, int64_t end,
                                   elements_t *to,
                                   floats_t sums[16 / VECTOR_LANES]) {
  ints_t most = ints_splat(0);
  for (int s = 0; s < 16 / VECTOR_LANES; ++s)
    sums[s] = floats_splat(0);
  for (int64_t i = 0; i < end; i += 16)
    for (int s = 0; s < 16 / VECTOR_LANES; ++s) {
      const int64_t at = i + s * VECTOR_LANES, left = length - at;
      floats_t v = left >= VECTOR_LANES ? floats_load_any(x + at)
                   : left > 0           ? floats_load_first(x + at, left)
                                        : floats_splat(0);
      most = ints_greatest(most,
                           ints_and(floats_as_ints(v), ints_splat(0x7fffffff)));
      floats_t rounded = floats_round_bfloat16(v);
      floats_store(to->value + at, rounded);
      sums[s] = floats_add(sums[s], rounded);
    }
  return most;
}

/// Takes the mean from a block's elements.
static inline void remove_mean(float mean, int64_t length, elements_t *elements,
                               bool rounds) {
  const floats_t mu = floats_splat(mean);
  for (int64_t i = 0; i < length; i += VECTOR_LANES) {
    const int64_t left = length - i;
    floats_t v = floats_subtract(floats_load(elements->value + i), mu);
    if (rounds)
      v = floats_round_bfloat16(v);
    if (left >= VECTOR_LANES)
      floats_store(elements->value + i, v);
    else
      floats_store_first(elements->value + i, left, v);
  }
}

/// Vector `m` of the rows, with signs.
static inline floats_t load_rows(const ams_condition_t *condition, int log2_n,
                                 int64_t m, const elements_t *elements) {
  const int64_t row = m * VECTOR_LANES;
  floats_t v;
  if (m == 0) {
    v = floats_spread_first(floats_load(elements->value),
                            floats_load_any(elements->value + log2_n));
  } else {
    const int f = 63 - __builtin_clzll((unsigned long long)row);
    v = floats_load_any(elements->value + log2_n + row - f - 1);
    if ((m & (m - 1)) == 0)
      v = floats_replace_first(v, elements->value[f]);
  }
  return ints_as_floats(
      ints_xor(floats_as_ints(v), ints_load(condition->signs + row)));
}

/// Stages of the transform within vectors, then those among `count` vectors, a
/// constant power of two.
static inline __attribute__((always_inline)) void
transform_vectors(int count, floats_t v[TRANSFORM_VECTORS]) {
  for (int i = 0; i < count; ++i)
    v[i] = floats_transform(v[i]);
  for (int h = 1; h < count; h *= 2)
    for (int i = 0; i < count; ++i)
      if ((i & h) == 0) {
        floats_t a = v[i], b = v[i + h];
        v[i] = floats_add(a, b);
        v[i + h] = floats_subtract(a, b);
      }
}

/// `count` vectors of rows from number `first` on, a constant.
static inline __attribute__((always_inline)) void
spread_vectors(int count, const ams_condition_t *condition, int log2_n,
               int64_t first, const elements_t *elements, float *y) {
  floats_t v[TRANSFORM_VECTORS];
#pragma GCC unroll 8
  for (int i = 0; i < count; ++i)
    v[i] = load_rows(condition, log2_n, first + i, elements);
  transform_vectors(count, v);
#pragma GCC unroll 8
  for (int i = 0; i < count; ++i)
    floats_store_any(y + (first + i) * VECTOR_LANES, v[i]);
}

/// The remaining stages, among vectors that are `half` or more apart.
static inline void transform_rows(int64_t half, int64_t vectors, float *y) {
  for (int64_t h = half; h < vectors; h *= 2)
    for (int64_t group = 0; group < vectors; group += 2 * h)
      for (int64_t i = group; i < group + h; ++i) {
        float *low = y + i * VECTOR_LANES, *high = low + h * VECTOR_LANES;
        floats_t a = floats_load_any(low), b = floats_load_any(high);
        floats_store_any(low, floats_add(a, b));
        floats_store_any(high, floats_subtract(a, b));
      }
}

/// C3 and C4 for one block.
static inline void spread_block(const ams_condition_t *condition, int log2_n,
                                const elements_t *elements, float *y) {
  const int64_t vectors = condition->n / VECTOR_LANES;
  switch (vectors) {
  case 1:
    spread_vectors(1, condition, log2_n, 0, elements, y);
    break;
  case 2:
    spread_vectors(2, condition, log2_n, 0, elements, y);
    break;
  case 4:
    spread_vectors(4, condition, log2_n, 0, elements, y);
    break;
  default:
    for (int64_t first = 0; first < vectors; first += TRANSFORM_VECTORS)
      spread_vectors(TRANSFORM_VECTORS, condition, log2_n, first, elements, y);
    transform_rows(TRANSFORM_VECTORS, vectors, y);
  }
}

static inline void copy_elements(const elements_t *elements, int64_t length,
                                 float *y) {
  for (int64_t i = 0; i < length; i += VECTOR_LANES) {
    const int64_t left = length - i;
    floats_store_first(y + i, left < VECTOR_LANES ? left : VECTOR_LANES,
                       floats_load(elements->value + i));
  }
}

/// Whether float bits of magnitudes stand for numbers that bfloat16 keeps
/// finite.
static inline bool are_finite(ints_t magnitudes) {
  uint32_t four[4];
  _mm_storeu_si128((__m128i *)four, greatest_of_lanes(magnitudes));
  bool finite = true;
  for (int i = 0; i < 4; ++i)
    finite &= four[i] < UINT32_C(0x7f7f8000);
  return finite;
}

/// ams_condition_function_t.
static inline __attribute__((always_inline)) bool
condition_vector(const ams_condition_t *condition, const float *x, float *y,
                 float *means) {
  if (condition->spread && condition->n < LEAST_SPREAD_ROWS)
    return ams_condition_portable(condition, x, y, means);
  const int log2_n = 31 - __builtin_clz((unsigned)condition->n);
  elements_t elements;
  ints_t most = ints_splat(0);
  for (int64_t j = 0; j < condition->blocks; ++j) {
    const int64_t length = ams_condition_length(condition, j);
    float *to = y + j * condition->n;
    floats_t sums[16 / VECTOR_LANES];
    most = ints_greatest(
        most, load_elements(x + j * condition->piece, length,
                            condition->spread ? condition->n : length,
                            &elements, sums));
    if (condition->mean) {
      float mean = ams_bfloat16_round(floats_sum16(sums) * (1 / (float)length));
      remove_mean(mean, length, &elements, condition->spread);
      means[j] = mean;
    }
    if (condition->spread)
      spread_block(condition, log2_n, &elements, to);
    else
      copy_elements(&elements, length, to);
  }
  return are_finite(most);
}

#endif // AMS_ARCH_CONDITION_ROWS_H
