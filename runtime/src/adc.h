//===-- adc.h - One analog dot product's conversion ---------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From an exact dot product of codes to the ADC's code, and from there to a
// partial sum (A1, A2, D1 to D3), one at a time.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ADC_H
#define AMS_ADC_H

#include "rounding.h"

#include <stdint.h>

/// The code for dot product `d` without noise (A1, A2).
static inline int32_t ams_adc_code(int32_t d, float alpha, int32_t largest) {
  return ams_round_clamped((float)d * alpha, largest);
}

/// The code for dot product `d` with noise `e`.
static inline int32_t ams_adc_code_noisy(int32_t d, float alpha, float e,
                                         int32_t largest) {
  return ams_round_clamped((float)d * alpha + e, largest);
}

/// The partial sum before its rounding to the partial format (D2, D3).
static inline float ams_adc_partial(int32_t code, float k, float weight_scale,
                                    float input_scale) {
  float r = k * weight_scale * input_scale;
  return (float)code * r;
}

#endif // AMS_ADC_H
