//===-- quantise.c - Quantising vectors ---------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The quantiser, Q1 to Q4, exact for every pair of value and scale.
//
//===----------------------------------------------------------------------===//

#include "quantise.h"

#include "device.h"
#include "rounding.h"

/// Least magnitude, as float32 bits, that bfloat16 rounds to infinity; infinity
/// and NaN have larger ones.
#define FIRST_NOT_FINITE UINT32_C(0x7f7f8000)

static uint32_t magnitude_bits(float value) {
  return ams_float_bits(value) & UINT32_C(0x7fffffff);
}

/// Codes of x[0..k-1] for a scale above 0. The product v * L has at most 15
/// significant bits and is exact unless it overflows, which scaling by a power
/// of two prevents. A quotient that is no tie is at least 1 / (255 * 127) of
/// itself away from one, so float32's rounding of it decides every tie rightly.
static void quantise_block(const float *x, int64_t k, float scale,
                           int32_t largest, int8_t *codes) {
  float factor = scale >= 0x1p120f ? 0x1p-8f : 1.0f;
  float divisor = scale * factor;
  float multiplier = (float)largest * factor;
  for (int64_t i = 0; i < k; ++i) {
    float value = ams_bfloat16_round(x[i]);
    codes[i] = (int8_t)ams_round_clamped(value * multiplier / divisor, largest);
  }
}

int64_t ams_quantise_vector(const float *x, int64_t k, int32_t n,
                            int32_t largest, int8_t *codes, uint16_t *scales) {
  for (int64_t begin = 0; begin < k; begin += n, codes += n, ++scales) {
    int64_t length = k - begin < n ? k - begin : n;
    const float *block = x + begin;
    uint32_t most = 0;
    for (int64_t i = 0; i < length; ++i) {
      uint32_t magnitude = magnitude_bits(block[i]);
      most = magnitude > most ? magnitude : most;
    }
    if (most >= FIRST_NOT_FINITE)
      for (int64_t i = 0; i < length; ++i)
        if (magnitude_bits(block[i]) >= FIRST_NOT_FINITE)
          return begin + i;

    *scales = ams_bfloat16_from_float(ams_float_from_bits(most));
    memset(codes, 0, (size_t)n);
    if (*scales)
      quantise_block(block, length, ams_bfloat16_to_float(*scales), largest,
                     codes);
  }
  return -1;
}

ams_status_t ams_quantise(int64_t vectors, int64_t k, int64_t stride, int32_t n,
                          int32_t bits, const float *x, int8_t *codes,
                          uint16_t *scales) {
  if (vectors < 0 || k < 1 || stride < 0 || n < 1 || n > 1024 || bits < 2 ||
      bits > 8)
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "quantise: %lld vectors of %lld elements, %lld apart, in blocks of %d "
        "to %d bits; vectors must have at least 1 element, blocks 1 to 1024, "
        "codes 2 to 8 bits",
        (long long)vectors, (long long)k, (long long)stride, n, bits);
  int64_t blocks = (k - 1) / n + 1;
  for (int64_t v = 0; v < vectors; ++v) {
    int64_t element =
        ams_quantise_vector(x + v * stride, k, n, ams_largest_code(bits),
                            codes + v * blocks * n, scales + v * blocks);
    if (element >= 0)
      return ams_status_make(
          AMS_STATUS_INVALID_DATA,
          "quantise: element %lld of vector %lld is NaN or infinite as "
          "bfloat16; every element must be finite",
          (long long)element, (long long)v);
  }
  return AMS_OK;
}
