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

enum { PAIRS_PARTS = AMS_ANALOG_STRIP / VECTOR_LANES };

static void dot_pairs(int64_t words, int64_t chunk_words, const int32_t *x,
                      const int32_t *w, double d[AMS_ANALOG_STRIP]) {
  for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
    d[i] = 0;
  const ints_t *columns = (const ints_t *)w;
  for (int64_t begin = 0; begin < words; begin += chunk_words) {
    int64_t left = words - begin;
    int64_t end = left < chunk_words ? words : begin + chunk_words;
    ints_t sum[PAIRS_PARTS];
    for (int i = 0; i < PAIRS_PARTS; ++i)
      sum[i] = ints_splat(0);
    for (int64_t word = begin; word < end; ++word) {
      ints_t pair = ints_splat((uint32_t)x[word]);
      for (int i = 0; i < PAIRS_PARTS; ++i)
        sum[i] = PAIRS_ADD(sum[i], columns[word * PAIRS_PARTS + i], pair);
    }
    _Alignas(64) int32_t sums[AMS_ANALOG_STRIP];
    for (int i = 0; i < PAIRS_PARTS; ++i)
      ints_store(sums + i * VECTOR_LANES, sum[i]);
    for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
      d[i] += sums[i];
  }
}

#endif // AMS_ARCH_PAIRS_H
