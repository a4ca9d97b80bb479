//===-- vector512.h - Vectors of 512 bits -------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// vector.h's operations for AVX-512 F, BW, DQ and VL.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_VECTOR512_H
#define AMS_ARCH_VECTOR512_H

#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

/// 32-bit lanes of a vector.
#define VECTOR_LANES 16

/// Philox blocks that are worth computing side by side: their registers fit.
#define VECTOR_STREAMS 4

/// Pairs of vectors that are worth converting side by side.
#define VECTOR_PAIRS 2

typedef __m512 floats_t;
typedef __m512i ints_t;

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

static inline floats_t floats_load(const float *from) {
  return _mm512_load_ps(from);
}
static inline floats_t floats_load_any(const float *from) {
  return _mm512_loadu_ps(from);
}
static inline void floats_store(float *to, floats_t a) {
  _mm512_store_ps(to, a);
}
static inline void floats_store_any(float *to, floats_t a) {
  _mm512_storeu_ps(to, a);
}
static inline floats_t floats_splat(float value) {
  return _mm512_set1_ps(value);
}
static inline ints_t ints_load(const void *from) {
  return _mm512_load_si512(from);
}
static inline void ints_store(void *to, ints_t a) { _mm512_store_si512(to, a); }
static inline ints_t ints_splat(uint32_t value) {
  return _mm512_set1_epi32((int32_t)value);
}

static inline __mmask16 first_lanes(int64_t count) {
  return (__mmask16)((1u << count) - 1);
}

/// The first `count` lanes, 0 to VECTOR_LANES, from any address; others are 0.
static inline floats_t floats_load_first(const float *from, int64_t count) {
  return _mm512_maskz_loadu_ps(first_lanes(count), from);
}
static inline void floats_store_first(float *to, int64_t count, floats_t a) {
  _mm512_mask_storeu_ps(to, first_lanes(count), a);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

static inline floats_t floats_add(floats_t a, floats_t b) {
  return _mm512_add_ps(a, b);
}
static inline floats_t floats_subtract(floats_t a, floats_t b) {
  return _mm512_sub_ps(a, b);
}
static inline floats_t floats_multiply(floats_t a, floats_t b) {
  return _mm512_mul_ps(a, b);
}

/// a * b + c, rounded once.
static inline floats_t floats_fused(floats_t a, floats_t b, floats_t c) {
  return _mm512_fmadd_ps(a, b, c);
}

/// The lesser magnitude of `a` and `limit`, with a's sign.
static inline floats_t floats_clamp(floats_t a, floats_t limit) {
  return _mm512_range_ps(a, limit, 0x2);
}

/// The greater magnitude of each lane, where neither is NaN.
static inline floats_t floats_greatest_magnitude(floats_t a, floats_t b) {
  return _mm512_range_ps(a, b, 0xb);
}

/// a / b, rounded once, for a whole number `a` below 2^7 and lanes of 8
/// significant bits from 2^-95 to below 2^97; smaller ones count as 2^-95. The
/// first reciprocal is within 2^-14; two corrections leave an error far below
/// what separates such a quotient from where rounding changes.
static inline floats_t floats_quotient(float a, floats_t b) {
  const floats_t numerator = floats_splat(a);
  b = _mm512_max_ps(b, floats_splat(0x1p-95f));
  floats_t inverse = _mm512_rcp14_ps(b);
  floats_t error = _mm512_fnmadd_ps(b, inverse, floats_splat(1));
  inverse = _mm512_fmadd_ps(inverse, error, inverse);
  floats_t quotient = _mm512_mul_ps(numerator, inverse);
  error = _mm512_fnmadd_ps(b, quotient, numerator);
  return _mm512_fmadd_ps(error, inverse, quotient);
}

#if defined(__AVX512BF16__)
/// (sum + bf16(first)) + bf16(second), where nothing is subnormal: the dot
/// product of two pairs with ones adds the upper element, then the lower one.
static inline floats_t floats_add_pair(floats_t sum, floats_t first,
                                       floats_t second) {
  const __m512i pairs = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11,
                                         26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21,
                                         5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  const __m512i ones = _mm512_set1_epi16(0x3f80);
  __m512i both = (__m512i)_mm512_cvtne2ps_pbh(first, second);
  return _mm512_dpbf16_ps(sum, (__m512bh)_mm512_permutexvar_epi16(pairs, both),
                          (__m512bh)ones);
}
#endif

static inline floats_t floats_from_ints(ints_t a) {
  return _mm512_cvtepi32_ps(a);
}
static inline ints_t ints_from_floats(floats_t a) {
  return _mm512_cvtps_epi32(a);
}
static inline floats_t ints_as_floats(ints_t a) {
  return _mm512_castsi512_ps(a);
}
static inline ints_t floats_as_ints(floats_t a) {
  return _mm512_castps_si512(a);
}

static inline ints_t ints_add(ints_t a, ints_t b) {
  return _mm512_add_epi32(a, b);
}
static inline ints_t ints_and(ints_t a, ints_t b) {
  return _mm512_and_si512(a, b);
}
static inline ints_t ints_or(ints_t a, ints_t b) {
  return _mm512_or_si512(a, b);
}
static inline ints_t ints_xor(ints_t a, ints_t b) {
  return _mm512_xor_si512(a, b);
}
static inline ints_t ints_xor3(ints_t a, ints_t b, ints_t c) {
  return _mm512_ternarylogic_epi32(a, b, c, 0x96);
}

/// sum + a * b, where a's upper halves are 0 and lower ones signed, as b's are.
static inline ints_t ints_add_products(ints_t sum, ints_t a, ints_t b) {
#if defined(__AVX512VNNI__)
  return _mm512_dpwssd_epi32(sum, a, b);
#else
  return _mm512_add_epi32(sum, _mm512_madd_epi16(a, b));
#endif
}

static inline ints_t ints_least(ints_t a, ints_t b) {
  return _mm512_min_epu32(a, b);
}
static inline ints_t ints_greatest(ints_t a, ints_t b) {
  return _mm512_max_epu32(a, b);
}
static inline ints_t ints_shift_right(ints_t a, int count) {
  return _mm512_srli_epi32(a, (unsigned)count);
}

//===----------------------------------------------------------------------===//
// Rows of conditioned blocks
//===----------------------------------------------------------------------===//

/// The sum of 16 lanes: halves onto each other, down to one (C2).
static inline float floats_sum16(const floats_t *sums) {
  __m256 eight = _mm256_add_ps(_mm512_castps512_ps256(*sums),
                               _mm512_extractf32x8_ps(*sums, 1));
  __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight),
                           _mm256_extractf128_ps(eight, 1));
  __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

/// `a` with another first lane.
static inline floats_t floats_replace_first(floats_t a, float first) {
  return _mm512_mask_mov_ps(a, 1, _mm512_set1_ps(first));
}

/// Lanes 1, 2, 4, 8 are the first of `powers`, in order; the others are the
/// first of `others`.
static inline floats_t floats_spread_first(floats_t powers, floats_t others) {
  const __m512i order = _mm512_setr_epi32(16, 0, 1, 17, 2, 18, 19, 20, 3, 21,
                                          22, 23, 24, 25, 26, 27);
  return _mm512_permutex2var_ps(powers, order, others);
}

/// The Walsh-Hadamard transform of the lanes, neighbours first (C4). Each
/// product is exact.
static inline floats_t floats_transform(floats_t a) {
  const floats_t one = _mm512_set1_ps(1), minus = _mm512_set1_ps(-1);
  const floats_t sign1 = _mm512_mask_blend_ps(0xaaaa, one, minus);
  const floats_t sign2 = _mm512_mask_blend_ps(0xcccc, one, minus);
  const floats_t sign4 = _mm512_mask_blend_ps(0xf0f0, one, minus);
  const floats_t sign8 = _mm512_mask_blend_ps(0xff00, one, minus);
  a = _mm512_fmadd_ps(a, sign1, _mm512_permute_ps(a, 0xb1));
  a = _mm512_fmadd_ps(a, sign2, _mm512_permute_ps(a, 0x4e));
  a = _mm512_fmadd_ps(a, sign4, _mm512_shuffle_f32x4(a, a, 0xb1));
  return _mm512_fmadd_ps(a, sign8, _mm512_shuffle_f32x4(a, a, 0x4e));
}

//===----------------------------------------------------------------------===//
// Lanes of 64 bits
//===----------------------------------------------------------------------===//

/// Products of the lower halves.
static inline ints_t wides_multiply(ints_t a, ints_t b) {
  return _mm512_mul_epu32(a, b);
}

/// The upper half moved to the lower one; what the upper one holds then is not
/// said. Two ways, as processors run them on different ports.
static inline ints_t wides_upper_by_shift(ints_t a) {
  return _mm512_srli_epi64(a, 32);
}
static inline ints_t wides_upper_by_shuffle(ints_t a) {
  return _mm512_shuffle_epi32(a, _MM_PERM_DDBB);
}

static inline ints_t wides_swap_halves(ints_t a) {
  return _mm512_shuffle_epi32(a, _MM_PERM_CDAB);
}

/// a ^ b ^ c in the upper halves, a in the lower ones.
static inline ints_t wides_xor3_upper(ints_t a, ints_t b, ints_t c) {
  return _mm512_mask_ternarylogic_epi32(a, 0xaaaa, b, c, 0x96);
}

/// Lane i is first + i.
static inline ints_t wides_count(uint32_t first) {
  return _mm512_add_epi64(_mm512_set1_epi64(first),
                          _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7));
}

//===----------------------------------------------------------------------===//
// Halves of 16 bits
//===----------------------------------------------------------------------===//

/// Each lane's lower or upper half, read as a signed number w, as
/// HALVES_UNIT * (w + 1/2).
#if defined(__AVX512VNNI__)
#define HALVES_UNIT 0x1p1f
static inline ints_t halves_lower(ints_t a) {
  return _mm512_dpwssd_epi32(ints_splat(1), a, ints_splat(2));
}
static inline ints_t halves_upper(ints_t a) {
  return _mm512_dpwssd_epi32(ints_splat(1), a, ints_splat(2 << 16));
}
#else
#define HALVES_UNIT 0x1p16f
static inline ints_t halves_lower(ints_t a) {
  return _mm512_or_si512(_mm512_slli_epi32(a, 16), ints_splat(0x8000));
}
static inline ints_t halves_upper(ints_t a) {
  return _mm512_ternarylogic_epi32(a, ints_splat(0xffff0000),
                                   ints_splat(0x8000), 0xea);
}
#endif

//===----------------------------------------------------------------------===//
// Four vectors to four numbers
//===----------------------------------------------------------------------===//

static inline __m128i greatest_of_lanes(ints_t a) {
  __m256i b = _mm256_max_epu32(_mm512_castsi512_si256(a),
                               _mm512_extracti64x4_epi64(a, 1));
  return _mm_max_epu32(_mm256_castsi256_si128(b),
                       _mm256_extracti128_si256(b, 1));
}

static inline __m128i sum_of_lanes(ints_t a) {
  __m256i b = _mm256_add_epi32(_mm512_castsi512_si256(a),
                               _mm512_extracti64x4_epi64(a, 1));
  return _mm_add_epi32(_mm256_castsi256_si128(b),
                       _mm256_extracti128_si256(b, 1));
}

//===----------------------------------------------------------------------===//
// Four rows of codes
//===----------------------------------------------------------------------===//

/// Stores the low 8 bits of the lanes of four rows as words of four codes, up
/// to 4 of each row, `stride` words apart.
static inline void store_rows8(const ints_t row[4], int64_t words,
                               int64_t stride, int32_t *to) {
  for (int r = 0; r < 4; ++r)
    _mm512_mask_cvtepi32_storeu_epi8(to + r * stride, first_lanes(4 * words),
                                     row[r]);
}

/// The same with 16 bits and words of two codes, up to 8 words.
static inline void store_rows16(const ints_t row[4], int64_t words,
                                int64_t stride, int32_t *to) {
  for (int r = 0; r < 4; ++r)
    _mm512_mask_cvtepi32_storeu_epi16(to + r * stride, first_lanes(2 * words),
                                      row[r]);
}

#endif // AMS_ARCH_VECTOR512_H
