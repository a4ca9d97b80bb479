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
#include "float_state.h"
#include "rounding.h"

/// Least magnitude, as float32 bits, that bfloat16 rounds to infinity; infinity
/// and NaN have larger ones.
#define FIRST_NOT_FINITE UINT32_C(0x7f7f8000)

static uint32_t magnitude_bits(float value) {
  return ams_float_bits(value) & UINT32_C(0x7fffffff);
}

/// What quantising a block takes: codes are value * multiplier / divisor.
typedef struct block_scale {
  uint16_t scale;
  float multiplier, divisor;
} block_scale_t;

/// Finds the scale of x[0..k-1]; false where an element is not finite. The
/// product v * L has at most 23 significant bits and is exact unless it
/// overflows, which scaling by a power of two prevents. With v = a and s = b
/// times powers of two, a and b below 256, a quotient that is no tie is at
/// least 1 / (2 * 255) times the same powers away from one, where float32 errs
/// by at most 2^-10 for codes of 16 bits: its rounding decides every tie
/// rightly.
static bool find_scale(const float *x, int64_t k, int32_t largest,
                       block_scale_t *out_scale) {
  uint32_t most = 0;
  for (int64_t i = 0; i < k; ++i) {
    uint32_t magnitude = magnitude_bits(x[i]);
    most = magnitude > most ? magnitude : most;
  }
  if (most >= FIRST_NOT_FINITE)
    return false;
  uint16_t scale = ams_bfloat16_from_float(ams_float_from_bits(most));
  float value = ams_bfloat16_to_float(scale);
  float factor = value >= 0x1p112f ? 0x1p-16f : 1.0f;
  *out_scale = (block_scale_t){scale, (float)largest * factor, value * factor};
  return true;
}

static int32_t quantise_element(const block_scale_t *scale, float x,
                                int32_t largest) {
  float value = ams_bfloat16_round(x);
  return ams_round_clamped(value * scale->multiplier / scale->divisor, largest);
}

static int64_t first_not_finite(const float *x) {
  int64_t i = 0;
  while (magnitude_bits(x[i]) < FIRST_NOT_FINITE)
    ++i;
  return i;
}

/// One block to `codes8` or, where that is NULL, to `codes16`.
static bool quantise_block(const float *x, int64_t k, int32_t n,
                           int32_t largest, int8_t *codes8, int16_t *codes16,
                           uint16_t *out_scale) {
  block_scale_t scale;
  if (!find_scale(x, k, largest, &scale))
    return false;
  *out_scale = scale.scale;
  int64_t length = scale.scale ? k : 0;
  if (codes8) {
    memset(codes8 + length, 0, (size_t)(n - length));
    for (int64_t i = 0; i < length; ++i)
      codes8[i] = (int8_t)quantise_element(&scale, x[i], largest);
  } else if (codes16) {
    memset(codes16 + length, 0, (size_t)(n - length) * sizeof *codes16);
    for (int64_t i = 0; i < length; ++i)
      codes16[i] = (int16_t)quantise_element(&scale, x[i], largest);
  }
  return true;
}

static int64_t quantise_blocks(const float *x, int64_t k, int32_t n,
                               int32_t largest, int8_t *codes8,
                               int16_t *codes16, uint16_t *scales) {
  for (int64_t begin = 0; begin < k; begin += n, ++scales) {
    int64_t length = k - begin < n ? k - begin : n;
    if (!quantise_block(x + begin, length, n, largest,
                        codes8 ? codes8 + begin : NULL,
                        codes16 ? codes16 + begin : NULL, scales))
      return begin + first_not_finite(x + begin);
  }
  return -1;
}

int64_t ams_quantise_vector(const float *x, int64_t k, int32_t n,
                            int32_t largest, int8_t *codes, uint16_t *scales) {
  return quantise_blocks(x, k, n, largest, codes, NULL, scales);
}

int64_t ams_quantise_vector_wide(const float *x, int64_t k, int32_t n,
                                 int32_t largest, int16_t *codes,
                                 uint16_t *scales) {
  return quantise_blocks(x, k, n, largest, NULL, codes, scales);
}

ams_status_t ams_quantise(int64_t vectors, int64_t k, int64_t stride, int32_t n,
                          int32_t bits, const float *x, void *codes,
                          uint16_t *scales) {
  if (vectors < 0 || k < 1 || stride < 0 || n < 1 || n > 1024 || bits < 2 ||
      bits > 16)
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "quantise: %lld vectors of %lld elements, %lld apart, in blocks of %d "
        "to %d bits; vectors must have at least 1 element, blocks 1 to 1024, "
        "codes 2 to 16 bits",
        (long long)vectors, (long long)k, (long long)stride, n, bits);
  int64_t blocks = (k - 1) / n + 1;
  int64_t bad = -1, element = -1;
  ams_float_state_t state = ams_float_enter();
  for (int64_t v = 0; v < vectors && element < 0; ++v) {
    int64_t at = v * blocks * n;
    element = quantise_blocks(x + v * stride, k, n, ams_largest_code(bits),
                              bits > 8 ? NULL : (int8_t *)codes + at,
                              bits > 8 ? (int16_t *)codes + at : NULL,
                              scales + v * blocks);
    bad = v;
  }
  ams_float_leave(state);
  if (element < 0)
    return AMS_OK;
  return ams_status_make(
      AMS_STATUS_INVALID_DATA,
      "quantise: element %lld of vector %lld is NaN or infinite as "
      "bfloat16; every element must be finite",
      (long long)element, (long long)bad);
}
