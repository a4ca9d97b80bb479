//===-- portable.c - The general product for any processor --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "multiply.h"

static void dot(int64_t words, int64_t chunk_words, const int32_t *x,
                const int32_t *w, double d[AMS_ANALOG_STRIP]) {
  memset(d, 0, AMS_ANALOG_STRIP * sizeof *d);
  const int16_t *pairs = (const int16_t *)x, *columns = (const int16_t *)w;
  for (int64_t begin = 0; begin < words; begin += chunk_words) {
    int64_t left = words - begin;
    int64_t end = left < chunk_words ? words : begin + chunk_words;
    int32_t sums[AMS_ANALOG_STRIP] = {0};
    for (int64_t word = begin; word < end; ++word) {
      const int16_t *column = columns + word * 2 * AMS_ANALOG_STRIP;
      int32_t even = pairs[2 * word], odd = pairs[2 * word + 1];
      for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
        sums[i] += column[2 * i] * even + column[2 * i + 1] * odd;
    }
    for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
      d[i] += sums[i];
  }
}

void ams_multiply_analog_portable(const ams_multiply_args_t *args) {
  analog_multiply(args, dot);
}
