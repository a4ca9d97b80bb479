//===-- noise_avx512.c - Differential noise by AVX-512 ------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where one row serves all elements, thresholds are picked from registers,
// which takes fewer steps than gathering them.
//
//===----------------------------------------------------------------------===//

#include "noise_groups.h"

#include <immintrin.h>

/// Numbers indices[l] of the 128 at `from`; picking has 5 bits of an index.
static inline __m512 pick128(const float *from, __m512i indices) {
  __m512 parts[4];
  for (int i = 0; i < 4; ++i)
    parts[i] = _mm512_permutex2var_ps(_mm512_loadu_ps(from + 32 * i), indices,
                                      _mm512_loadu_ps(from + 32 * i + 16));
  __mmask16 odd = _mm512_test_epi32_mask(indices, _mm512_set1_epi32(32));
  __mmask16 upper = _mm512_test_epi32_mask(indices, _mm512_set1_epi32(64));
  return _mm512_mask_blend_ps(upper,
                              _mm512_mask_blend_ps(odd, parts[0], parts[1]),
                              _mm512_mask_blend_ps(odd, parts[2], parts[3]));
}

/// Adds to a group the draws of its words, all from one row (T4).
static inline void add_draws_of_row(const uint32_t *words,
                                    const ams_abi_noise_row_t *row, float *y) {
  for (int i = 0; i < AMS_ADD_NOISE_GROUP; i += 16) {
    __m512i word = _mm512_loadu_si512(words + i);
    __m512i columns = _mm512_srli_epi32(word, 25);
    __m512i fraction = _mm512_and_si512(_mm512_srli_epi32(word, 1),
                                        _mm512_set1_epi32(0xffffff));
    __m512 position =
        _mm512_mul_ps(_mm512_cvtepi32_ps(fraction), _mm512_set1_ps(0x1p-24f));
    __m512 threshold = pick128(row->threshold, columns);
    __mmask16 other = _mm512_cmp_ps_mask(position, threshold, _CMP_NLT_UQ);
    __m512 inside = _mm512_mask_sub_ps(position, other, position, threshold);
    __m512i side = _mm512_mask_add_epi32(columns, other, columns,
                                         _mm512_set1_epi32(COLUMNS));
    __m512 low = _mm512_i32gather_ps(side, row->low, sizeof(float));
    __m512 slope = _mm512_i32gather_ps(side, row->slope, sizeof(float));
    __m512 noise = _mm512_add_ps(low, _mm512_mul_ps(slope, inside));
    _mm512_storeu_ps(y + i, _mm512_add_ps(_mm512_loadu_ps(y + i), noise));
  }
}

void ams_add_noise_avx512(const ams_add_noise_args_t *args) {
  if (args->channels > 1 || args->classes > 1) {
    add_noise(args);
    return;
  }
  const int64_t whole = args->end - args->end % AMS_ADD_NOISE_GROUP;
  uint32_t words[AMS_ADD_NOISE_GROUP];
  for (int64_t first = args->begin; first < whole;
       first += AMS_ADD_NOISE_GROUP) {
    draw_words(args, (uint32_t)(first / AMS_ADD_NOISE_GROUP), words);
    add_draws_of_row(words, args->rows, args->y + first);
  }
  ams_add_noise_args_t rest = *args;
  rest.begin = whole > args->begin ? whole : args->begin;
  add_noise(&rest);
}
