//===-- analog_avx512vnni.c - The general product by AVX-512 VNNI -*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#define PAIRS_ADD(sum, a, b) _mm512_dpwssd_epi32(sum, a, b)

#include "pairs.h"

void ams_multiply_analog_avx512vnni(const ams_multiply_args_t *args) {
  analog_multiply(args, dot_pairs);
}
