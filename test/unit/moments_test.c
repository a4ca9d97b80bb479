//===-- moments_test.c - Second moments of inputs -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against inputs that are quantised and multiplied here one by one; and the
// same numbers for every kernel and number of threads.
//
//===----------------------------------------------------------------------===//

#include "moments.h"

#include "bfloat16.h"
#include "product.h"
#include "test_data.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

enum { VECTORS = 601, LARGEST = 2047 };

static void run_phase(const ams_abi_layer_t *layer, ams_moments_t *moments,
                      ams_moments_phase_t phase, const char *kernel,
                      int threads, int64_t vectors, const float *x) {
  float *w = test_numbers(layer->outputs * layer->reduction, 5);
  float *y = calloc((size_t)(vectors * layer->outputs), sizeof *y);
  assert_non_null(y);
  test_weights_t weights = test_quantise(layer, w);
  ams_product_options_t options = {.threads = threads, .gain = 8};
  ams_grid_t *grid;
  assert_true(ams_moments_begin(moments, phase));
  assert_ok(ams_grid_make(layer, 0, (ams_watch_t){.moments = moments},
                          weights.codes, weights.scales, weights.sums, kernel,
                          &grid));
  assert_ok(ams_grid_multiply(grid, &options, vectors, x, y));
  ams_grid_free(grid);
  test_weights_free(&weights);
  free(y);
  free(w);
}

static ams_moments_t *gather(const ams_abi_layer_t *layer, const char *kernel,
                             int threads, int64_t vectors, const float *x,
                             ams_layer_moments_t *out_read) {
  ams_moments_t *moments = ams_moments_make(layer);
  assert_non_null(moments);
  run_phase(layer, moments, AMS_MOMENTS_RANGE, kernel, threads, vectors, x);
  run_phase(layer, moments, AMS_MOMENTS_SUMS, kernel, threads, vectors, x);
  assert_ok(ams_moments_read(moments, out_read));
  return moments;
}

/// What column `column` of `vectors` quantised inputs is on the grid.
static double *grid_column(const ams_abi_layer_t *layer, const int8_t *codes,
                           const uint16_t *scales, int64_t column) {
  const int64_t n = layer->device.rows, blocks = (layer->reduction - 1) / n + 1;
  double *numbers = calloc(VECTORS, sizeof *numbers);
  float range = 0;
  for (int64_t i = 0; i < VECTORS * blocks; ++i) {
    const float scale = ams_bfloat16_to_float(scales[i]);
    if (scale > range)
      range = scale;
  }
  for (int64_t v = 0; v < VECTORS; ++v) {
    const int64_t block = v * blocks + column / n;
    const double largest = (1 << (layer->device.bits_input - 1)) - 1;
    const double x = codes[block * n + column % n] *
                     (double)ams_bfloat16_to_float(scales[block]) / largest;
    numbers[v] = rint(x / (double)range * LARGEST);
  }
  return numbers;
}

/// Vectors of very different magnitudes.
static float *make_inputs(int64_t reduction) {
  float *x = test_numbers(VECTORS * reduction, 4);
  for (int64_t v = 0; v < VECTORS; ++v)
    for (int64_t k = 0; k < reduction; ++k)
      x[v * reduction + k] *= ldexpf(1, (int)(v % 7));
  return x;
}

static void check_definition(ams_abi_layer_t layer) {
  const int64_t k = layer.reduction;
  const int32_t n = layer.device.rows;
  float *x = make_inputs(k), *means = NULL;
  const int64_t width = ams_condition_width(&layer.condition, k, n);
  const size_t blocks = (size_t)(VECTORS * ((k - 1) / n + 1));
  float *seen = calloc((size_t)(VECTORS * width), sizeof *seen);
  means = calloc(blocks, sizeof *means);
  int8_t *codes = calloc(blocks, (size_t)n);
  uint16_t *scales = calloc(blocks, sizeof *scales);
  assert_ok(
      ams_condition_inputs(&layer.condition, VECTORS, k, n, x, seen, means));
  assert_ok(ams_quantise(VECTORS, width, width, n, layer.device.bits_input,
                         seen, codes, scales));
  ams_layer_moments_t read;
  ams_moments_t *moments = gather(&layer, NULL, 2, VECTORS, x, &read);
  assert_int_equal(read.groups, 1);
  assert_int_equal(read.columns, width);
  assert_int_equal(read.vectors, VECTORS);
  const int64_t *sums = read.sums;
  for (int64_t first = 0; first < width; first += read.span) {
    const int64_t size = width - first < read.span ? width - first : read.span;
    for (int64_t a = 0; a < size; a += 7)
      for (int64_t b = 0; b < size; b += 5) {
        double *left = grid_column(&layer, codes, scales, first + a);
        double *right = grid_column(&layer, codes, scales, first + b);
        double sum = 0, power = 0;
        for (int64_t v = 0; v < VECTORS; ++v) {
          sum += left[v] * right[v];
          power += fabs(left[v]) + fabs(right[v]);
        }
        // A number between two of the grid may go either way here.
        if (fabs((double)sums[a * size + b] - sum) > 1e-4 * power)
          fail_msg("%lld is not near %g", (long long)sums[a * size + b], sum);
        assert_int_equal(sums[a * size + b], sums[b * size + a]);
        free(left);
        free(right);
      }
    sums += size * size;
  }
  ams_moments_free(moments);
  free(x);
  free(means);
  free(seen);
  free(codes);
  free(scales);
}

static ams_abi_layer_t conditioned(ams_abi_layer_t layer, uint32_t flags) {
  layer.condition.flags = flags;
  ams_condition_draw_signs(0, 0, layer.device.rows, &layer.condition);
  return layer;
}

static void test_definition(void **state) {
  (void)state;
  ams_abi_layer_t layer = test_matmul(test_device(32, 8, 8, 8), 8, 5, 70);
  check_definition(layer);
  check_definition(conditioned(layer, AMS_ABI_CONDITION_MEAN));
  check_definition(conditioned(layer, AMS_ABI_CONDITION_SPREAD));
  check_definition(
      conditioned(layer, AMS_ABI_CONDITION_MEAN | AMS_ABI_CONDITION_SPREAD));
  // More than one span: 10 blocks of 100 and one of 30.
  check_definition(test_matmul(test_device(100, 6, 6, 8), 8, 3, 1030));
}

/// Each group has the moments of its own channels.
static void test_groups(void **state) {
  (void)state;
  ams_abi_layer_t layer =
      test_conv(test_device(8, 8, 8, 8), 8, 1, 20, 20, 2, 1, 1, 0, 1, 2, 4);
  float *x = test_numbers(20 * 20 * 2, 9);
  float most = 0;
  for (int64_t i = 0; i < 20 * 20; ++i)
    most = fmaxf(most, fabsf(x[2 * i]));
  for (int64_t i = 0; i < 20 * 20; ++i)
    x[2 * i + 1] = most;
  ams_layer_moments_t read;
  ams_moments_t *moments = gather(&layer, NULL, 1, 400, x, &read);
  assert_int_equal(read.groups, 2);
  assert_int_equal(read.columns, 1);
  assert_int_equal(read.vectors, 400);
  assert_true(read.sums[1] == INT64_C(400) * LARGEST * LARGEST);
  assert_true(read.sums[0] > 0 && read.sums[0] < read.sums[1]);
  ams_moments_free(moments);
  free(x);
}

static void test_independence(void **state) {
  (void)state;
  ams_abi_layer_t layer =
      conditioned(test_matmul(test_device(32, 8, 8, 8), 8, 5, 70),
                  AMS_ABI_CONDITION_MEAN | AMS_ABI_CONDITION_SPREAD);
  float *x = make_inputs(layer.reduction);
  ams_layer_moments_t want, got;
  ams_moments_t *expected = gather(&layer, "scalar", 1, VECTORS, x, &want);
  size_t count;
  assert_true(ams_moments_count(1, want.columns, want.span, &count));
  for (const ams_kernel_t *const *k = ams_kernels; *k; ++k)
    for (int threads = 1; threads < 9 && (*k)->supported(); threads += 3) {
      ams_moments_t *moments =
          gather(&layer, (*k)->name, threads, VECTORS, x, &got);
      assert_memory_equal(got.sums, want.sums, count * sizeof *want.sums);
      ams_moments_free(moments);
    }
  ams_moments_free(expected);
  free(x);
}

/// No moments before they are summed, and zeros of inputs that are zero.
static void test_nothing(void **state) {
  (void)state;
  ams_abi_layer_t layer = test_matmul(test_device(32, 8, 8, 8), 8, 5, 3);
  ams_moments_t *moments = ams_moments_make(&layer);
  ams_layer_moments_t read;
  ams_status_t status = ams_moments_read(moments, &read);
  assert_int_equal(ams_status_code(status), AMS_STATUS_INVALID_ARGUMENT);
  ams_status_free(status);
  ams_moments_free(moments);
  float *x = calloc(10 * 3, sizeof *x);
  moments = gather(&layer, NULL, 1, 10, x, &read);
  for (int i = 0; i < 9; ++i)
    assert_int_equal(read.sums[i], 0);
  ams_moments_free(moments);
  free(x);
}

static void test_count(void **state) {
  (void)state;
  size_t count;
  assert_true(ams_moments_count(3, 1030, 1000, &count));
  assert_int_equal(count, 3 * (1000 * 1000 + 30 * 30));
  assert_false(ams_moments_count(INT64_C(1) << 40, 1024, 1024, &count));
  assert_false(
      ams_moments_count(1, INT64_C(1) << 62, INT64_C(1) << 62, &count));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_definition),   cmocka_unit_test(test_groups),
      cmocka_unit_test(test_independence), cmocka_unit_test(test_nothing),
      cmocka_unit_test(test_count),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
