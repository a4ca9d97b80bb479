//===-- quantise.h - Quantising vectors ---------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The quantiser (Q1 to Q4) of one vector, in portable C: what ams_quantise, the
// scalar kernel and the general way share.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_QUANTISE_H
#define AMS_QUANTISE_H

#include <stdint.h>

/// Quantises x[0..k-1] in blocks of `n` to codes of at most `largest`: codes
/// [T][n] and bfloat16 scales [T]. Returns -1, or the first element that is NaN
/// or infinite after rounding to bfloat16.
int64_t ams_quantise_vector(const float *x, int64_t k, int32_t n,
                            int32_t largest, int8_t *codes, uint16_t *scales);

/// The same to codes of up to 16 bits.
int64_t ams_quantise_vector_wide(const float *x, int64_t k, int32_t n,
                                 int32_t largest, int16_t *codes,
                                 uint16_t *scales);

#endif // AMS_QUANTISE_H
