//===-- rounding.h - Rounding to an integer code ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rounding that the quantiser (Q3) and the ADC (A2) share.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ROUNDING_H
#define AMS_ROUNDING_H

#include "bfloat16.h"

/// clamp(rne(value), -limit, +limit) for 0 <= limit < 2^22. Clamping before
/// rounding gives the same, as limits are integers. In the binade of 1.5 * 2^23
/// neighbouring floats differ by 1, so that the addition does the rounding.
static inline int32_t ams_round_clamped(float value, int32_t limit) {
  float bound = (float)limit;
  float clamped = value > bound ? bound : value < -bound ? -bound : value;
  return (int32_t)(ams_float_bits(clamped + 0x1.8p23f) - UINT32_C(0x4b400000));
}

#endif // AMS_ROUNDING_H
