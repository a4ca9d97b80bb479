//===-- analog_avx2.c - The general product by AVX2 ---------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#define PAIRS_ADD(sum, a, b) ints_add(sum, _mm256_madd_epi16(a, b))

#include "pairs.h"

void ams_multiply_analog_avx2(const ams_multiply_args_t *args) {
  analog_multiply(args, dot_pairs);
}
