//===-- measure.h - Measuring a device's sources ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TEST_MEASURE_H
#define AMS_TEST_MEASURE_H

#include "ams/product.h"

/// What a sample of numbers looks like.
typedef struct moments {
  double mean, variance, kurtosis;
} moments_t;

moments_t measure_moments(const double *values, int64_t count);

/// The correlation of two samples.
double measure_correlation(const double *a, const double *b, int64_t count);

/// Fails unless `actual` is within `tolerance` of `expected`.
void assert_near(const char *what, double actual, double expected,
                 double tolerance);

/// A device of n rows whose ADC of 16 bits and float32 sums show a value to one
/// LSB of 32767, without any source.
ams_abi_device_t measure_device(int32_t rows);

/// The ADC's codes (averages of them, with repeats) [vectors][outputs] of a
/// product of one block: every output has the weights w [n], every vector the
/// inputs x [n], of which the largest magnitude is 1. Freed with free().
double *measure_codes(const ams_abi_layer_t *layer, uint64_t device_seed,
                      const ams_product_options_t *options, int64_t vectors,
                      const float *w, const float *x);

#endif // AMS_TEST_MEASURE_H
