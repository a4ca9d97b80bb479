//===-- bfloat16.h - The bfloat16 format --------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Conversions between float32 and bfloat16, which is the upper half of a
// float32 (V2).
//
//===----------------------------------------------------------------------===//

#ifndef AMS_BFLOAT16_H
#define AMS_BFLOAT16_H

#include <stdint.h>
#include <string.h>

static inline uint32_t ams_float_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static inline float ams_float_from_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/// bf16(value): round to nearest, ties to even; a NaN stays one.
static inline uint16_t ams_bfloat16_from_float(float value) {
  uint32_t bits = ams_float_bits(value);
  uint32_t rounded = bits + UINT32_C(0x7fff) + ((bits >> 16) & 1);
  uint32_t quiet = bits | UINT32_C(0x00400000);
  return (uint16_t)((value == value ? rounded : quiet) >> 16);
}

static inline float ams_bfloat16_to_float(uint16_t value) {
  return ams_float_from_bits((uint32_t)value << 16);
}

/// bf16(value), held in a float32.
static inline float ams_bfloat16_round(float value) {
  return ams_bfloat16_to_float(ams_bfloat16_from_float(value));
}

#endif // AMS_BFLOAT16_H
