//===-- condition_avx2.c - Conditioned blocks by AVX2 --*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "condition_rows.h"

bool ams_condition_avx2(const ams_condition_t *condition, const float *x,
                        float *y, float *means) {
  return condition_vector(condition, x, y, means);
}
