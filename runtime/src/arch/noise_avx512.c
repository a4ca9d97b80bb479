//===-- noise_avx512.c - Differential noise by AVX-512 ------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where one row serves all elements, its numbers are picked from registers,
// which takes less time than gathering them: much less on processors that
// guard gathers against being spied on.
//
//===----------------------------------------------------------------------===//

#include "noise_groups.h"

#include <immintrin.h>

/// Vectors of a group's draws, and groups drawn at a time: their rounds wait
/// for each other less.
enum { VECTORS = AMS_ADD_NOISE_GROUP / 16, GROUPS = 2 };

static inline __m512i splat(uint32_t value) {
  return _mm512_set1_epi32((int32_t)value);
}

static inline __m512i xor3(__m512i a, __m512i b, __m512i c) {
  return _mm512_ternarylogic_epi32(a, b, c, 0x96);
}

/// The upper halves of 64 bits moved to the lower ones. Two ways, as processors
/// run them on different ports.
static inline __m512i upper_by_shift(__m512i a) {
  return _mm512_srli_epi64(a, 32);
}
static inline __m512i upper_by_shuffle(__m512i a) {
  return _mm512_shuffle_epi32(a, _MM_PERM_DDBB);
}

/// The words of groups from `group` on, in the order of elements (T3). Counters
/// stand in lanes of 64 bits, even ones and odd ones apart; what the upper
/// halves hold is not read.
static inline void draw_vectors(const noise_stream_t *stream, int64_t group,
                                __m512i words[GROUPS][VECTORS]) {
  enum { CHAINS = 2 * GROUPS };
  const __m512i multiplier0 = splat(NOISE_MULTIPLIER0);
  const __m512i multiplier1 = splat(NOISE_MULTIPLIER1);
  __m512i word0[CHAINS], word1[CHAINS], word2[CHAINS], word3[CHAINS];
#pragma GCC unroll 4
  for (int i = 0; i < CHAINS; ++i) {
    const __m512i counters =
        _mm512_add_epi64(_mm512_set1_epi64(16 * (group + i / 2) + i % 2),
                         _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14));
    const __m512i product0 = _mm512_mul_epu32(counters, multiplier0);
    const __m512i product1 = _mm512_mul_epu32(
        _mm512_xor_si512(upper_by_shift(product0), splat(stream->first_word2)),
        multiplier1);
    word0[i] =
        _mm512_xor_si512(upper_by_shuffle(product1), splat(stream->word0));
    word1[i] = product1;
    word2[i] = _mm512_xor_si512(product0, splat(stream->word2));
    word3[i] = splat(stream->word3);
  }
#pragma GCC unroll 8
  for (int round = 2; round < NOISE_ROUNDS; ++round) {
    const __m512i key0 = splat(stream->key0[round]);
    const __m512i key1 = splat(stream->key1[round]);
#pragma GCC unroll 4
    for (int i = 0; i < CHAINS; ++i) {
      const __m512i product0 = _mm512_mul_epu32(word0[i], multiplier0);
      const __m512i product1 = _mm512_mul_epu32(word2[i], multiplier1);
      word0[i] = xor3(upper_by_shuffle(product1), word1[i], key0);
      word1[i] = product1;
      word2[i] = xor3(upper_by_shift(product0), word3[i], key1);
      word3[i] = product0;
    }
  }
  const __mmask16 odd = 0xaaaa;
#pragma GCC unroll 2
  for (int g = 0; g < GROUPS; ++g) {
    const __m512i *const all[VECTORS] = {word0, word1, word2, word3};
#pragma GCC unroll 4
    for (int v = 0; v < VECTORS; ++v)
      words[g][v] = _mm512_mask_shuffle_epi32(all[v][2 * g], odd,
                                              all[v][2 * g + 1], _MM_PERM_CDAB);
  }
}

/// A row whose parts do not reach over lines of the cache that they need not.
typedef struct aligned_row {
  _Alignas(64) float threshold[COLUMNS];
  float low[2][COLUMNS], slope[2][COLUMNS];
} aligned_row_t;

static inline aligned_row_t align_row(const ams_abi_noise_row_t *row) {
  aligned_row_t aligned;
  memcpy(aligned.threshold, row->threshold, sizeof aligned.threshold);
  memcpy(aligned.low, row->low, sizeof aligned.low);
  memcpy(aligned.slope, row->slope, sizeof aligned.slope);
  return aligned;
}

/// Each draw's number among the 128 at `from`: of 32 by its column's lower
/// bits, of these by bits 5 and 6. One operand of each permutation stays in
/// memory.
static inline __m512 pick(const float *from, __m512i column, __mmask16 bit5,
                          __mmask16 bit6) {
  __m512 quarter[4];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i)
    quarter[i] =
        _mm512_permutex2var_ps(_mm512_load_ps(from + (ptrdiff_t)32 * i), column,
                               _mm512_load_ps(from + (ptrdiff_t)32 * i + 16));
  return _mm512_mask_blend_ps(
      bit6, _mm512_mask_blend_ps(bit5, quarter[0], quarter[1]),
      _mm512_mask_blend_ps(bit5, quarter[2], quarter[3]));
}

/// 16 draws from one row (T4).
static inline __m512 draws_of_row(__m512i words, const aligned_row_t *row) {
  const __m512i column = _mm512_srli_epi32(words, 25);
  const __mmask16 bit5 = _mm512_test_epi32_mask(column, splat(32));
  const __mmask16 bit6 = _mm512_movepi32_mask(words);
  const __m512i fraction =
      _mm512_and_si512(_mm512_srli_epi32(words, 1), splat(0xffffff));
  const __m512 position =
      _mm512_mul_ps(_mm512_cvtepi32_ps(fraction), _mm512_set1_ps(0x1p-24f));
  const __m512 threshold = pick(row->threshold, column, bit5, bit6);
  const __mmask16 other = _mm512_cmp_ps_mask(position, threshold, _CMP_NLT_UQ);
  const __m512 inside =
      _mm512_mask_sub_ps(position, other, position, threshold);
  const __m512 slope =
      _mm512_mask_blend_ps(other, pick(row->slope[0], column, bit5, bit6),
                           pick(row->slope[1], column, bit5, bit6));
  const __m512 low =
      _mm512_mask_blend_ps(other, pick(row->low[0], column, bit5, bit6),
                           pick(row->low[1], column, bit5, bit6));
  return _mm512_add_ps(low, _mm512_mul_ps(slope, inside));
}

void ams_add_noise_avx512(const ams_add_noise_args_t *args) {
  enum { STEP = GROUPS * AMS_ADD_NOISE_GROUP };
  const int64_t whole = args->end - (args->end - args->begin) % STEP;
  if (args->channels > 1 || args->classes > 1 || whole <= args->begin) {
    ams_add_noise_avx2(args);
    return;
  }
  const noise_stream_t stream = noise_stream_of(args);
  const aligned_row_t row = align_row(args->rows);
  for (int64_t first = args->begin; first < whole; first += STEP) {
    __m512i words[GROUPS][VECTORS];
    draw_vectors(&stream, first / AMS_ADD_NOISE_GROUP, words);
#pragma GCC unroll 8
    for (int i = 0; i < GROUPS * VECTORS; ++i) {
      float *y = args->y + first + (ptrdiff_t)16 * i;
      _mm512_storeu_ps(
          y,
          _mm512_add_ps(_mm512_loadu_ps(y),
                        draws_of_row(words[i / VECTORS][i % VECTORS], &row)));
    }
  }
  ams_add_noise_args_t rest = *args;
  rest.begin = whole;
  ams_add_noise_avx2(&rest);
}
