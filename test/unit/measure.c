//===-- measure.c - Measuring a device's sources ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "measure.h"

#include "test_data.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

moments_t measure_moments(const double *values, int64_t count) {
  double sum = 0, squares = 0, fourths = 0;
  for (int64_t i = 0; i < count; ++i)
    sum += values[i];
  double mean = sum / (double)count;
  for (int64_t i = 0; i < count; ++i) {
    double square = (values[i] - mean) * (values[i] - mean);
    squares += square;
    fourths += square * square;
  }
  double variance = squares / (double)count;
  return (moments_t){mean, variance,
                     fourths / (double)count / (variance * variance)};
}

double measure_correlation(const double *a, const double *b, int64_t count) {
  moments_t of_a = measure_moments(a, count), of_b = measure_moments(b, count);
  double products = 0;
  for (int64_t i = 0; i < count; ++i)
    products += (a[i] - of_a.mean) * (b[i] - of_b.mean);
  return products / (double)count / sqrt(of_a.variance * of_b.variance);
}

void assert_near(const char *what, double actual, double expected,
                 double tolerance) {
  if (!(fabs(actual - expected) <= tolerance))
    fail_msg("%s is %g, expected %g within %g", what, actual, expected,
             tolerance);
}

ams_abi_device_t measure_device(int32_t rows) {
  ams_abi_device_t device = test_device(rows, 8, 8, 16);
  device.noise_uniform = 0;
  device.partial_format = AMS_ABI_FORMAT_F32;
  return device;
}

static float *repeat_row(const float *row, int64_t length, int64_t count) {
  float *rows = malloc((size_t)(length * count) * sizeof *rows);
  assert_non_null(rows);
  for (int64_t i = 0; i < count; ++i)
    memcpy(rows + i * length, row, (size_t)length * sizeof *rows);
  return rows;
}

double *measure_codes(const ams_abi_layer_t *layer, uint64_t device_seed,
                      const ams_product_options_t *options, int64_t vectors,
                      const float *w, const float *x) {
  int64_t n = layer->reduction, count = vectors * layer->outputs;
  assert_int_equal(n, layer->device.rows);
  float *all_w = repeat_row(w, n, layer->outputs);
  float *all_x = repeat_row(x, n, vectors);
  float *y = malloc((size_t)count * sizeof *y);
  double *codes = malloc((size_t)count * sizeof *codes);
  assert_true(y && codes);
  test_weights_t weights = test_quantise(layer, all_w);
  ams_grid_t *grid;
  assert_ok(ams_grid_program_device(layer, device_seed, weights.codes,
                                    weights.scales, NULL, &grid));
  assert_ok(ams_grid_multiply(grid, options, vectors, all_x, y));
  double unit = (double)ams_output_scale(&layer->device, layer->gain);
  for (int64_t i = 0; i < count; ++i)
    codes[i] = (double)y[i] / unit;
  ams_grid_free(grid);
  test_weights_free(&weights);
  free(all_w);
  free(all_x);
  free(y);
  return codes;
}
