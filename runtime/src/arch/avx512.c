//===-- avx512.c - Products by AVX-512 without VNNI ---------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// 32 products an instruction: codes are widened to 16 bits, as the instruction
// for 8 bits saturates pairs of products.
//
//===----------------------------------------------------------------------===//

#define CODES_PER_WORD 2
#define WEIGHT_BIAS 0

#include "tile4.h"

#include "depthwise_rows.h"

static bool is_supported(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
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
        sum[r][i] = ints_add(sum[r][i], _mm512_madd_epi16(w[i], x));
    }
  for (int r = 0; r < vectors; ++r)
    for (int i = 0; i < parts; ++i)
      ints_store(&dots[r][i * VECTOR_LANES], sum[r][i]);
}

const ams_depthwise_t ams_depthwise_avx512 = {
    .weights_size = depthwise_weights_size,
    .pack = depthwise_pack,
    .scratch_size = depthwise_scratch_size,
    .multiply = depthwise_multiply,
};

const ams_kernel_t ams_kernel_avx512 = {
    .name = "avx512",
    .supported = is_supported,
    .weights_size = weights_size,
    .pack = pack,
    .condition = ams_condition_avx512,
    .inputs_size = inputs_size,
    .quantise = quantise,
    .round_chunks = round_chunks,
    .quantise_runs = quantise_runs,
    .block_size = block_size,
    .quantise_blocks = quantise_blocks,
    .place_blocks = place_blocks,
    .multiply = multiply,
    .multiply_analog = ams_multiply_analog_avx512,
    .epilogue = ams_epilogue_apply_avx2,
    .add_noise = ams_add_noise_avx512,
    .depthwise = &ams_depthwise_avx512,
};
