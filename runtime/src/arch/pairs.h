//===-- pairs.h - Exact dot products of 16-bit codes --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the vector kernels of the general product share. A file defines
// PAIRS_ADD(sum, a, b), the sum plus products of pairs of 16-bit numbers.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_PAIRS_H
#define AMS_ARCH_PAIRS_H

#include "analog/multiply.h"
#include "vector.h"

enum {
  PAIRS_PARTS = AMS_ANALOG_STRIP / VECTOR_LANES,
  /// Sums of each output side by side: as many as keep the units busy.
  PAIRS_STREAMS = VECTOR_LANES / 8,
};

/// Adds the products of one word of the inputs with 64 columns.
static inline void add_word(const int32_t *x, const ints_t *columns,
                            int64_t word, ints_t sum[PAIRS_PARTS]) {
  ints_t pair = ints_splat((uint32_t)x[word]);
  for (int i = 0; i < PAIRS_PARTS; ++i)
    sum[i] = PAIRS_ADD(sum[i], columns[word * PAIRS_PARTS + i], pair);
}

static void dot_pairs(int64_t words, int64_t chunk_words, const int32_t *x,
                      const int32_t *w, double d[AMS_ANALOG_STRIP]) {
  for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
    d[i] = 0;
  const ints_t *columns = (const ints_t *)w;
  for (int64_t begin = 0; begin < words; begin += chunk_words) {
    int64_t left = words - begin;
    int64_t end = left < chunk_words ? words : begin + chunk_words;
    ints_t sum[PAIRS_STREAMS][PAIRS_PARTS];
    for (int s = 0; s < PAIRS_STREAMS; ++s)
      for (int i = 0; i < PAIRS_PARTS; ++i)
        sum[s][i] = ints_splat(0);
    int64_t word = begin;
    for (; word + PAIRS_STREAMS <= end; word += PAIRS_STREAMS)
      for (int s = 0; s < PAIRS_STREAMS; ++s)
        add_word(x, columns, word + s, sum[s]);
    for (; word < end; ++word)
      add_word(x, columns, word, sum[0]);
    for (int s = 1; s < PAIRS_STREAMS; ++s)
      for (int i = 0; i < PAIRS_PARTS; ++i)
        sum[0][i] = ints_add(sum[0][i], sum[s][i]);
    _Alignas(64) int32_t sums[AMS_ANALOG_STRIP];
    for (int i = 0; i < PAIRS_PARTS; ++i)
      ints_store(sums + i * VECTOR_LANES, sum[0][i]);
    for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
      d[i] += sums[i];
  }
}

#endif // AMS_ARCH_PAIRS_H
