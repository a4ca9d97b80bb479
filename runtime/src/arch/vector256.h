//===-- vector256.h - Vectors of 256 bits -------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// vector.h's operations for AVX2 and FMA. vector512.h says what they do.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_VECTOR256_H
#define AMS_ARCH_VECTOR256_H

#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

#define VECTOR_LANES 8
#define VECTOR_STREAMS 2
#define VECTOR_PAIRS 1

typedef __m256 floats_t;
typedef __m256i ints_t;

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

static inline floats_t floats_load(const float *from) {
  return _mm256_load_ps(from);
}
static inline floats_t floats_load_any(const float *from) {
  return _mm256_loadu_ps(from);
}
static inline void floats_store(float *to, floats_t a) {
  _mm256_store_ps(to, a);
}
static inline void floats_store_any(float *to, floats_t a) {
  _mm256_storeu_ps(to, a);
}
static inline floats_t floats_splat(float value) {
  return _mm256_set1_ps(value);
}
static inline ints_t ints_load(const void *from) {
  return _mm256_load_si256(from);
}
static inline void ints_store(void *to, ints_t a) { _mm256_store_si256(to, a); }
static inline ints_t ints_splat(uint32_t value) {
  return _mm256_set1_epi32((int32_t)value);
}

static inline __m256i first_lanes(int64_t count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int32_t)count),
                            _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

static inline floats_t floats_load_first(const float *from, int64_t count) {
  return _mm256_maskload_ps(from, first_lanes(count));
}
static inline void floats_store_first(float *to, int64_t count, floats_t a) {
  _mm256_maskstore_ps(to, first_lanes(count), a);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

static inline floats_t floats_add(floats_t a, floats_t b) {
  return _mm256_add_ps(a, b);
}
static inline floats_t floats_subtract(floats_t a, floats_t b) {
  return _mm256_sub_ps(a, b);
}
static inline floats_t floats_multiply(floats_t a, floats_t b) {
  return _mm256_mul_ps(a, b);
}
static inline floats_t floats_fused(floats_t a, floats_t b, floats_t c) {
  return _mm256_fmadd_ps(a, b, c);
}
static inline floats_t floats_clamp(floats_t a, floats_t limit) {
  floats_t negative = _mm256_xor_ps(limit, _mm256_set1_ps(-0.0f));
  return _mm256_max_ps(_mm256_min_ps(a, limit), negative);
}

static inline floats_t floats_greatest_magnitude(floats_t a, floats_t b) {
  const __m256 sign = _mm256_set1_ps(-0.0f);
  return _mm256_max_ps(_mm256_andnot_ps(sign, a), _mm256_andnot_ps(sign, b));
}

static inline floats_t floats_quotient(float a, floats_t b) {
  return _mm256_div_ps(floats_splat(a),
                       _mm256_max_ps(b, floats_splat(0x1p-95f)));
}

static inline floats_t floats_from_ints(ints_t a) {
  return _mm256_cvtepi32_ps(a);
}
static inline ints_t ints_from_floats(floats_t a) {
  return _mm256_cvtps_epi32(a);
}
static inline floats_t ints_as_floats(ints_t a) {
  return _mm256_castsi256_ps(a);
}
static inline ints_t floats_as_ints(floats_t a) {
  return _mm256_castps_si256(a);
}

static inline ints_t ints_add(ints_t a, ints_t b) {
  return _mm256_add_epi32(a, b);
}
static inline ints_t ints_and(ints_t a, ints_t b) {
  return _mm256_and_si256(a, b);
}
static inline ints_t ints_or(ints_t a, ints_t b) {
  return _mm256_or_si256(a, b);
}
static inline ints_t ints_xor(ints_t a, ints_t b) {
  return _mm256_xor_si256(a, b);
}
static inline ints_t ints_xor3(ints_t a, ints_t b, ints_t c) {
  return ints_xor(ints_xor(a, b), c);
}
static inline ints_t ints_add_products(ints_t sum, ints_t a, ints_t b) {
  return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
}
static inline ints_t ints_least(ints_t a, ints_t b) {
  return _mm256_min_epu32(a, b);
}
static inline ints_t ints_greatest(ints_t a, ints_t b) {
  return _mm256_max_epu32(a, b);
}
static inline ints_t ints_shift_right(ints_t a, int count) {
  return _mm256_srli_epi32(a, count);
}

//===----------------------------------------------------------------------===//
// Rows of conditioned blocks
//===----------------------------------------------------------------------===//

static inline float floats_sum16(const floats_t *sums) {
  __m256 eight = _mm256_add_ps(sums[0], sums[1]);
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight),
                           _mm256_extractf128_ps(eight, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
static inline floats_t floats_replace_first(floats_t a, float first) {
  return _mm256_blend_ps(a, _mm256_set1_ps(first), 1);
}

/// Lanes 1, 2, 4.
static inline floats_t floats_spread_first(floats_t powers, floats_t others) {
  __m256 a = _mm256_permutevar8x32_ps(
      powers, _mm256_setr_epi32(0, 0, 1, 0, 2, 0, 0, 0));
  __m256 b = _mm256_permutevar8x32_ps(
      others, _mm256_setr_epi32(0, 0, 0, 1, 0, 2, 3, 4));
  return _mm256_blend_ps(b, a, 0x16);
}
static inline floats_t floats_transform(floats_t a) {
  a = _mm256_fmadd_ps(a, _mm256_setr_ps(1, -1, 1, -1, 1, -1, 1, -1),
                      _mm256_permute_ps(a, 0xb1));
  a = _mm256_fmadd_ps(a, _mm256_setr_ps(1, 1, -1, -1, 1, 1, -1, -1),
                      _mm256_permute_ps(a, 0x4e));
  return _mm256_fmadd_ps(a, _mm256_setr_ps(1, 1, 1, 1, -1, -1, -1, -1),
                         _mm256_permute2f128_ps(a, a, 1));
}

//===----------------------------------------------------------------------===//
// Lanes of 64 bits
//===----------------------------------------------------------------------===//

static inline ints_t wides_multiply(ints_t a, ints_t b) {
  return _mm256_mul_epu32(a, b);
}
static inline ints_t wides_upper_by_shift(ints_t a) {
  return _mm256_srli_epi64(a, 32);
}
static inline ints_t wides_upper_by_shuffle(ints_t a) {
  return _mm256_shuffle_epi32(a, 0xf5);
}
static inline ints_t wides_swap_halves(ints_t a) {
  return _mm256_shuffle_epi32(a, 0xb1);
}
static inline ints_t wides_xor3_upper(ints_t a, ints_t b, ints_t c) {
  return _mm256_blend_epi32(a, ints_xor3(a, b, c), 0xaa);
}
static inline ints_t wides_count(uint32_t first) {
  return _mm256_add_epi64(_mm256_set1_epi64x(first),
                          _mm256_setr_epi64x(0, 1, 2, 3));
}

//===----------------------------------------------------------------------===//
// Halves of 16 bits
//===----------------------------------------------------------------------===//

#define HALVES_UNIT 0x1p16f
static inline ints_t halves_lower(ints_t a) {
  return _mm256_or_si256(_mm256_slli_epi32(a, 16), ints_splat(0x8000));
}
static inline ints_t halves_upper(ints_t a) {
  return _mm256_blend_epi16(ints_splat(0x8000), a, 0xaa);
}

//===----------------------------------------------------------------------===//
// Four vectors to four numbers
//===----------------------------------------------------------------------===//

static inline __m128i greatest_of_lanes(ints_t a) {
  return _mm_max_epu32(_mm256_castsi256_si128(a),
                       _mm256_extracti128_si256(a, 1));
}

static inline __m128i sum_of_lanes(ints_t a) {
  return _mm_add_epi32(_mm256_castsi256_si128(a),
                       _mm256_extracti128_si256(a, 1));
}

//===----------------------------------------------------------------------===//
// Four rows of codes
//===----------------------------------------------------------------------===//

/// Stores the low 16 bits of the lanes of four rows as words of two codes, up
/// to 4 of each row, `stride` words apart.
static inline void store_rows16(const ints_t row[4], int64_t words,
                                int64_t stride, int32_t *to) {
  const __m128i mask = _mm_cmpgt_epi32(_mm_set1_epi32((int32_t)words),
                                       _mm_setr_epi32(0, 1, 2, 3));
  for (int r = 0; r < 4; ++r)
    _mm_maskstore_epi32(to + r * stride, mask,
                        _mm_packs_epi32(_mm256_castsi256_si128(row[r]),
                                        _mm256_extracti128_si256(row[r], 1)));
}

#endif // AMS_ARCH_VECTOR256_H
