//===-- epilogue_avx2.c - What follows a product, by AVX2 -------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "epilogue_loops.h"

void ams_epilogue_apply_avx2(const ams_epilogue_t *epilogue,
                             const ams_epilogue_part_t *part, float *y) {
  apply_epilogue(epilogue, part, y);
}
