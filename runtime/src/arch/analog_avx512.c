//===-- analog_avx512.c - The general product by AVX-512 ----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#define PAIRS_ADD(sum, a, b) ints_add(sum, _mm512_madd_epi16(a, b))

#include "pairs.h"

void ams_multiply_analog_avx512(const ams_multiply_args_t *args) {
  analog_multiply(args, dot_pairs);
}
