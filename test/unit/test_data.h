//===-- test_data.h - Layers and numbers for tests ----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TEST_DATA_H
#define AMS_TEST_DATA_H

#include "ams/product.h"

/// A fixed sequence of numbers for each starting state.
typedef struct sequence {
  uint64_t state;
} sequence_t;

double sequence_uniform(sequence_t *sequence); // in (0, 1)
double sequence_normal(sequence_t *sequence);
double sequence_laplace(sequence_t *sequence);

/// `count` normal float32 numbers; every 13th is 0, every 31st much larger.
/// Freed with free().
float *test_numbers(int64_t count, uint64_t seed);

/// A device with noise of one LSB and bfloat16 partial sums.
ams_abi_device_t test_device(int32_t rows, int32_t bits_weight,
                             int32_t bits_input, int32_t bits_output);

/// A gain that uses the ADC's range for normal numbers without always
/// saturating.
float test_gain(int32_t n);

/// A layer [outputs][reduction] of index 5.
ams_abi_layer_t test_matmul(ams_abi_device_t device, float gain,
                            int64_t outputs, int64_t reduction);

/// A square convolution on `batch` images; sizes follow from the arguments.
ams_abi_layer_t test_conv(ams_abi_device_t device, float gain, int64_t batch,
                          int32_t height, int32_t width, int32_t channels,
                          int32_t kernel, int32_t stride, int32_t pad,
                          int32_t dilation, int64_t groups, int64_t outputs);

/// The layer with means removed, elements spread over random signs, or both.
ams_abi_layer_t test_conditioned(ams_abi_layer_t layer, bool mean, bool spread);

/// A layer's weights, conditioned and quantised: codes [N][T][n], scales and
/// sums [N][T]; freed with test_weights_free.
typedef struct test_weights {
  void *codes; // int8 up to 8 bits of weight, else int16
  uint16_t *scales;
  float *sums;
} test_weights_t;

test_weights_t test_quantise(const ams_abi_layer_t *layer, const float *w);
void test_weights_free(test_weights_t *weights);

/// Programs `weights` for `kernel` (NULL: the best) and multiplies once; fails
/// the program's assertions on an error.
void test_multiply(const ams_abi_layer_t *layer, const test_weights_t *weights,
                   const char *kernel, ams_product_options_t options,
                   int64_t vectors, const float *x, float *y);

#endif // AMS_TEST_DATA_H
