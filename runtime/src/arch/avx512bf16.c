//===-- avx512bf16.c - Products by AVX-512 VNNI and BF16 ----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// As avx512vnni.c, with instructions for bfloat16 for the sums of partial sums.
// In which order those add, and how they round, no manual promises: the kernel
// is supported where they agree with float32 arithmetic.
//
//===----------------------------------------------------------------------===//

#include "depthwise.h"
#include "vnni.h"

/// A float of random sign, exponent within 16 of 1's, and significand.
static float random_float(uint64_t *state) {
  *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
  uint32_t bits = (uint32_t)(*state >> 32);
  uint32_t exponent = 111 + (uint32_t)(*state >> 27) % 32;
  return ams_float_from_bits((bits & UINT32_C(0x807fffff)) | exponent << 23);
}

/// Whether pairs are rounded and added as D3 and D4 say.
static bool pairs_agree(void) {
  enum { VECTORS = 256 };
  uint64_t state = 1;
  for (int vector = 0; vector < VECTORS; ++vector) {
    _Alignas(64) float sum[VECTOR_LANES], first[VECTOR_LANES],
        second[VECTOR_LANES];
    for (int i = 0; i < VECTOR_LANES; ++i) {
      sum[i] = random_float(&state);
      first[i] = random_float(&state);
      // Half of the sums cancel, in one order or the other.
      second[i] = i % 2 ? random_float(&state)
                        : -ams_bfloat16_round(i % 4 ? sum[i] : first[i]);
    }
    _Alignas(64) float added[VECTOR_LANES];
    floats_store(added, floats_add_pair(floats_load(sum), floats_load(first),
                                        floats_load(second)));
    for (int i = 0; i < VECTOR_LANES; ++i) {
      float expected = sum[i] + ams_bfloat16_round(first[i]);
      expected += ams_bfloat16_round(second[i]);
      if (ams_float_bits(added[i]) != ams_float_bits(expected))
        return false;
    }
  }
  return true;
}

static bool is_supported(void) {
  return has_vnni() && __builtin_cpu_supports("avx512bf16") && pairs_agree();
}

const ams_kernel_t ams_kernel_avx512bf16 = {
    .name = "avx512bf16",
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
    .multiply_analog = ams_multiply_analog_avx512vnni,
    .epilogue = ams_epilogue_apply_avx2,
    .add_noise = ams_add_noise_avx512,
    .depthwise = &ams_depthwise_avx512vnni,
};
