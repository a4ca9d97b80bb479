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

/// Vectors of a group's draws.
enum { VECTORS = AMS_ADD_NOISE_GROUP / 16 };

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

/// The words of group `group`, in the order of elements (T3). Counters stand in
/// lanes of 64 bits, even ones and odd ones apart; what the upper halves hold
/// is not read.
static inline void draw_vectors(const noise_stream_t *stream, uint32_t group,
                                __m512i words[VECTORS]) {
  const __m512i multiplier0 = splat(NOISE_MULTIPLIER0);
  const __m512i multiplier1 = splat(NOISE_MULTIPLIER1);
  __m512i word0[2], word1[2], word2[2], word3[2];
#pragma GCC unroll 2
  for (int i = 0; i < 2; ++i) {
    const __m512i counters =
        _mm512_add_epi64(_mm512_set1_epi64(16 * (int64_t)group + i),
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
#pragma GCC unroll 2
    for (int i = 0; i < 2; ++i) {
      const __m512i product0 = _mm512_mul_epu32(word0[i], multiplier0);
      const __m512i product1 = _mm512_mul_epu32(word2[i], multiplier1);
      word0[i] = xor3(upper_by_shuffle(product1), word1[i], key0);
      word1[i] = product1;
      word2[i] = xor3(upper_by_shift(product0), word3[i], key1);
      word3[i] = product0;
    }
  }
  const __mmask16 odd = 0xaaaa;
  words[0] = _mm512_mask_shuffle_epi32(word0[0], odd, word0[1], _MM_PERM_CDAB);
  words[1] = _mm512_mask_shuffle_epi32(word1[0], odd, word1[1], _MM_PERM_CDAB);
  words[2] = _mm512_mask_shuffle_epi32(word2[0], odd, word2[1], _MM_PERM_CDAB);
  words[3] = _mm512_mask_shuffle_epi32(word3[0], odd, word3[1], _MM_PERM_CDAB);
}

/// Where draws are in their row: the column, which its bits 5 and 6 pick a
/// quarter of, and the side.
typedef struct place {
  __m512i column;
  __mmask16 bit5, bit6, other;
} place_t;

/// Each draw's number among the 128 at `from`.
static inline void pick128(const float *from, const place_t places[VECTORS],
                           __m512 picked[VECTORS]) {
#pragma GCC unroll 2
  for (int half = 0; half < 2; ++half) {
    const __m512 a = _mm512_loadu_ps(from + 64 * half);
    const __m512 b = _mm512_loadu_ps(from + 64 * half + 16);
    const __m512 c = _mm512_loadu_ps(from + 64 * half + 32);
    const __m512 d = _mm512_loadu_ps(from + 64 * half + 48);
#pragma GCC unroll 4
    for (int i = 0; i < VECTORS; ++i) {
      const __m512i column = places[i].column;
      const __m512 quarters = _mm512_mask_blend_ps(
          places[i].bit5, _mm512_permutex2var_ps(a, column, b),
          _mm512_permutex2var_ps(c, column, d));
      picked[i] =
          half ? _mm512_mask_blend_ps(places[i].bit6, picked[i], quarters)
               : quarters;
    }
  }
}

/// Each draw's number among those of both sides at `from`.
static inline void pick_side(const float *from, const place_t places[VECTORS],
                             __m512 picked[VECTORS]) {
  __m512 other[VECTORS];
  pick128(from, places, picked);
  pick128(from + COLUMNS, places, other);
#pragma GCC unroll 4
  for (int i = 0; i < VECTORS; ++i)
    picked[i] = _mm512_mask_blend_ps(places[i].other, picked[i], other[i]);
}

/// Adds to a group the draws of its words, all from one row (T4).
static inline void add_draws_of_row(const __m512i words[VECTORS],
                                    const ams_abi_noise_row_t *row, float *y) {
  place_t places[VECTORS];
  __m512 inside[VECTORS], picked[VECTORS];
#pragma GCC unroll 4
  for (int i = 0; i < VECTORS; ++i) {
    const __m512i column = _mm512_srli_epi32(words[i], 25);
    places[i].column = column;
    places[i].bit5 = _mm512_test_epi32_mask(column, splat(32));
    places[i].bit6 = _mm512_movepi32_mask(words[i]);
  }
  pick128(row->threshold, places, picked);
#pragma GCC unroll 4
  for (int i = 0; i < VECTORS; ++i) {
    const __m512i fraction =
        _mm512_and_si512(_mm512_srli_epi32(words[i], 1), splat(0xffffff));
    const __m512 position =
        _mm512_mul_ps(_mm512_cvtepi32_ps(fraction), _mm512_set1_ps(0x1p-24f));
    places[i].other = _mm512_cmp_ps_mask(position, picked[i], _CMP_NLT_UQ);
    inside[i] =
        _mm512_mask_sub_ps(position, places[i].other, position, picked[i]);
  }
  pick_side(row->slope[0], places, picked);
#pragma GCC unroll 4
  for (int i = 0; i < VECTORS; ++i)
    inside[i] = _mm512_mul_ps(picked[i], inside[i]);
  pick_side(row->low[0], places, picked);
#pragma GCC unroll 4
  for (int i = 0; i < VECTORS; ++i) {
    const __m512 noise = _mm512_add_ps(picked[i], inside[i]);
    _mm512_storeu_ps(y + 16 * i,
                     _mm512_add_ps(_mm512_loadu_ps(y + 16 * i), noise));
  }
}

void ams_add_noise_avx512(const ams_add_noise_args_t *args) {
  const int64_t whole = args->end - args->end % AMS_ADD_NOISE_GROUP;
  if (args->channels > 1 || args->classes > 1 || whole <= args->begin) {
    ams_add_noise_avx2(args);
    return;
  }
  const noise_stream_t stream = noise_stream_of(args);
  for (int64_t first = args->begin; first < whole;
       first += AMS_ADD_NOISE_GROUP) {
    __m512i words[VECTORS];
    draw_vectors(&stream, (uint32_t)(first / AMS_ADD_NOISE_GROUP), words);
    add_draws_of_row(words, args->rows, args->y + first);
  }
  ams_add_noise_args_t rest = *args;
  rest.begin = whole;
  ams_add_noise_avx2(&rest);
}
