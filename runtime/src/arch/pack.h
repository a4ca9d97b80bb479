//===-- pack.h - Weights into the vector kernels' layout ----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_PACK_H
#define AMS_ARCH_PACK_H

#include "bfloat16.h"
#include "layout.h"

#include <math.h>

static inline void scale_range_include(scale_range_t *range, float scale) {
  if (scale == 0)
    return;
  range->least = scale < range->least ? scale : range->least;
  range->greatest = scale > range->greatest ? scale : range->greatest;
}

/// The word of codes first..first + CODES_PER_WORD - 1 of a block's n.
static inline uint32_t weights_word(const int8_t *codes, int64_t first,
                                    int64_t n) {
  const int bits = 32 / CODES_PER_WORD;
  const uint32_t mask = (UINT32_C(1) << bits) - 1;
  uint32_t word = 0;
  for (int c = 0; c < CODES_PER_WORD && first + c < n; ++c)
    word |= (((uint32_t)codes[first + c] + WEIGHT_BIAS) & mask) << (c * bits);
  return word;
}

static inline void pack(const ams_geometry_t *geometry, const int8_t *codes,
                        const uint16_t *scales, void *weights) {
  const int64_t n = geometry->n, blocks = geometry->blocks;
  const int64_t words = block_words(geometry);
  const size_t strip_size = weights_strip_size(geometry, words);
  scale_range_t *range = weights;
  *range = (scale_range_t){.least = INFINITY, .greatest = 0};
  char *strip = (char *)(range + 1);
  for (int64_t first = 0; first < geometry->outputs;
       first += STRIP_OUTPUTS, strip += strip_size) {
    memset(strip, 0, strip_size);
    uint32_t *to = (uint32_t *)strip;
    float *scales_to =
        (float *)(strip + (size_t)blocks * weights_block_size(words));
    for (int64_t i = 0; i < STRIP_OUTPUTS && first + i < geometry->outputs; ++i)
      for (int64_t j = 0; j < blocks; ++j) {
        int64_t row = (first + i) * blocks + j;
        float scale = ams_bfloat16_to_float(scales[row]);
        scales_to[j * STRIP_OUTPUTS + i] = scale;
        scale_range_include(range, scale);
        for (int64_t word = 0; word < words; ++word)
          to[(j * words + word) * STRIP_OUTPUTS + i] =
              weights_word(codes + row * n, word * CODES_PER_WORD, n);
      }
  }
}

#endif // AMS_ARCH_PACK_H
