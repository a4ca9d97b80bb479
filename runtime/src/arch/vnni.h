//===-- vnni.h - Dot products by AVX-512 VNNI ---------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// 64 products of 8-bit codes an instruction: vpdpbusd takes weights as unsigned
// numbers, biased by 128, and inputs as signed ones.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_VNNI_H
#define AMS_ARCH_VNNI_H

#define CODES_PER_WORD 4
#define WEIGHT_BIAS 128

#include "tile4.h"

static inline bool has_vnni(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vnni");
}

static inline __attribute__((always_inline)) void
dot_vectors(int vectors, int width, const dot_operands_t *operands,
            float dots[][STRIP_OUTPUTS]) {
  enum { PARTS = STRIP_OUTPUTS / VECTOR_LANES };
  const int parts = width / VECTOR_LANES;
  const int64_t words = operands->words, stride = operands->stride;
  const int32_t *inputs = operands->inputs;
  const ints_t *w = operands->weights;
  ints_t sum[TILE_VECTORS][PARTS];
  for (int r = 0; r < vectors; ++r)
    for (int i = 0; i < parts; ++i)
      sum[r][i] = ints_splat((uint32_t)operands->start[r]);
#pragma GCC unroll 4
  for (int64_t word = 0; word < words; ++word, w += PARTS)
    for (int r = 0; r < vectors; ++r) {
      ints_t x = ints_splat((uint32_t)inputs[r * stride + word]);
      for (int i = 0; i < parts; ++i)
        sum[r][i] = _mm512_dpbusd_epi32(sum[r][i], w[i], x);
    }
  for (int r = 0; r < vectors; ++r)
    for (int i = 0; i < parts; ++i)
      ints_store(&dots[r][i * VECTOR_LANES], sum[r][i]);
}

#endif // AMS_ARCH_VNNI_H
