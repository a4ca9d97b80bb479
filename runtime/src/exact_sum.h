//===-- exact_sum.h - Sums that do not depend on their order ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A fixed-point number as wide as all doubles: adding to it loses nothing, so
// threads may add in any order.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_EXACT_SUM_H
#define AMS_EXACT_SUM_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/// Digits of 32 bits: 2046 positions of a significand of 53 bits, and room for
/// what 2^32 additions carry out.
#define AMS_EXACT_DIGITS 67

/// Zeros: the sum 0. Digit i counts units of 2^(32 i - 1074).
typedef struct ams_exact_sum {
  uint64_t digits[AMS_EXACT_DIGITS];
} ams_exact_sum_t;

/// Adds a finite double that is not negative; at most 2^31 times before the
/// next ams_exact_sum_carry.
static inline void ams_exact_sum_add(ams_exact_sum_t *sum, double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  uint64_t exponent = bits >> 52;
  uint64_t significand = bits & ((UINT64_C(1) << 52) - 1);
  if (exponent > 0) {
    significand |= UINT64_C(1) << 52;
    --exponent;
  }
  uint64_t *digits = &sum->digits[exponent / 32];
  unsigned shift = (unsigned)(exponent % 32);
  uint64_t low = significand << shift;
  digits[0] += (uint32_t)low;
  digits[1] += low >> 32;
  digits[2] += shift ? significand >> (64 - shift) : 0;
}

/// Moves what exceeds 32 bits of a digit into the next one.
static inline void ams_exact_sum_carry(ams_exact_sum_t *sum) {
  for (int i = 0; i + 1 < AMS_EXACT_DIGITS; ++i) {
    sum->digits[i + 1] += sum->digits[i] >> 32;
    sum->digits[i] = (uint32_t)sum->digits[i];
  }
}

/// Adds `other`, to which less than 2^31 numbers have been added.
static inline void ams_exact_sum_merge(ams_exact_sum_t *sum,
                                       const ams_exact_sum_t *other) {
  for (int i = 0; i < AMS_EXACT_DIGITS; ++i)
    sum->digits[i] += other->digits[i];
  ams_exact_sum_carry(sum);
}

/// The sum, within a few units in the last place.
static inline double ams_exact_sum_read(const ams_exact_sum_t *sum) {
  double value = 0;
  for (int i = AMS_EXACT_DIGITS - 1; i >= 0; --i)
    value += ldexp((double)sum->digits[i], 32 * i - 1074);
  return value;
}

#endif // AMS_EXACT_SUM_H
