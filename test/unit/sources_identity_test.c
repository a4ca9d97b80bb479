//===-- sources_identity_test.c - The same bits with every source -*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels, threads, grouping into calls, strips that do not begin at a group of
// draws, and gathering statistics change nothing.
//
//===----------------------------------------------------------------------===//

#include "kernel.h"
#include "product.h"
#include "statistics.h"
#include "test_data.h"
#include "unit.h"

#include <stdlib.h>

/// Every source at once.
static ams_abi_sources_t every_source(void) {
  return (ams_abi_sources_t){.noise_kind = AMS_ABI_NOISE_LOGISTIC,
                             .noise_deviation = 1.5f,
                             .noise_spread = 0.3f,
                             .noise_growth = 0.2f,
                             .common_deviation = 0.7f,
                             .column_gain = -0.1f,
                             .column_gain_deviation = 0.05f,
                             .column_offset = 0.2f,
                             .column_offset_deviation = 0.5f,
                             .adc_integral = 1,
                             .adc_differential = 0.3f,
                             .dac_noise = 0.2f,
                             .dac_integral = 0.4f,
                             .programming = {0.01f, 0.08f, -0.05f},
                             .stuck_low = 0.01f,
                             .stuck_high = 0.01f,
                             .read_noise = 0.02f,
                             .drift_time_ratio = 4000,
                             .drift_exponent = 0.05f,
                             .drift_deviation = 0.01f,
                             .drift_kind = AMS_ABI_DRIFT_COMPENSATED,
                             .ir_drop = 0.03f,
                             .repeats = 3};
}

static float *make_output(int64_t count) {
  float *y = calloc((size_t)count, sizeof *y);
  assert_non_null(y);
  return y;
}

static void multiply(const ams_abi_layer_t *layer,
                     const test_weights_t *weights, const char *kernel,
                     ams_statistics_t *statistics,
                     ams_product_options_t options, int64_t vectors,
                     const float *x, float *y) {
  ams_grid_t *grid;
  assert_ok(ams_grid_make(layer, 6, (ams_watch_t){.statistics = statistics},
                          weights->codes, weights->scales, weights->sums,
                          kernel, &grid));
  assert_ok(ams_grid_multiply(grid, &options, vectors, x, y));
  ams_grid_free(grid);
}

static void check_layer(const ams_abi_layer_t *layer, int64_t vectors,
                        const float *w, const float *x) {
  int64_t count = vectors * layer->outputs;
  float *expected = make_output(count), *actual = make_output(count);
  test_weights_t weights = test_quantise(layer, w);
  for (int noise = 0; noise < 2; ++noise) {
    ams_product_options_t options = {.seed = 11,
                                     .first_vector = UINT64_C(0xfffffff0),
                                     .noise = noise,
                                     .threads = 1};
    multiply(layer, &weights, "scalar", NULL, options, vectors, x, expected);
    for (const ams_kernel_t *const *k = ams_kernels; *k; ++k)
      for (options.threads = 1; options.threads < 9 && (*k)->supported();
           options.threads += 3) {
        multiply(layer, &weights, (*k)->name, NULL, options, vectors, x,
                 actual);
        assert_same_bits((*k)->name, actual, expected, count);
      }
  }
  free(expected);
  free(actual);
  test_weights_free(&weights);
}

static void kernels_and_threads(void **state) {
  (void)state;
  static const int32_t devices[][4] = {{1, 8, 8, 8},     {3, 2, 2, 4},
                                       {32, 6, 6, 8},    {100, 8, 12, 10},
                                       {128, 7, 10, 11}, {1024, 16, 16, 16}};
  float *x = test_numbers(20 * 300, 1), *w = test_numbers(70 * 300, 2);
  for (size_t i = 0; i < sizeof devices / sizeof *devices; ++i) {
    const int32_t *d = devices[i];
    ams_abi_device_t device = test_device(d[0], d[1], d[2], d[3]);
    device.noise_uniform = 0;
    device.sources = every_source();
    ams_abi_layer_t layer = test_matmul(device, 2, 70, 300);
    check_layer(&layer, 20, w, x);
    layer.device.partial_format = AMS_ABI_FORMAT_F32;
    layer.device.sources.repeats = 0;
    check_layer(&layer, 20, w, x);
  }
  free(x);
  free(w);
}

/// Spread blocks drive every row: idle ones there are not.
static void conditioned(void **state) {
  (void)state;
  float *x = test_numbers(20 * 300, 7), *w = test_numbers(70 * 300, 8);
  ams_abi_device_t device = test_device(128, 7, 10, 11);
  device.noise_uniform = 0;
  device.sources = every_source();
  for (int flags = 1; flags < 4; ++flags) {
    ams_abi_layer_t layer = test_conditioned(test_matmul(device, 8, 70, 300),
                                             flags & AMS_ABI_CONDITION_MEAN,
                                             flags & AMS_ABI_CONDITION_SPREAD);
    check_layer(&layer, 20, w, x);
  }
  free(x);
  free(w);
}

/// Groups of 11 outputs begin inside groups of draws.
static void grouped_convolution(void **state) {
  (void)state;
  ams_abi_device_t device = test_device(32, 7, 10, 11);
  device.noise_uniform = 0;
  device.sources = every_source();
  ams_abi_layer_t layer =
      test_conv(device, 2, 2, 5, 5, 12, 3, 1, 1, 1, 12, 132);
  float *x = test_numbers(2 * 25 * 12, 3);
  float *w = test_numbers(layer.outputs * layer.reduction, 4);
  check_layer(&layer, layer.vectors, w, x);
  free(x);
  free(w);
}

static void one_at_a_time(void **state) {
  (void)state;
  enum { vectors = 20, outputs = 70, reduction = 200 };
  float *x = test_numbers(vectors * reduction, 5);
  float *w = test_numbers(outputs * reduction, 6);
  float *together = make_output(vectors * outputs);
  float *alone = make_output(vectors * outputs);
  ams_abi_device_t device = test_device(64, 8, 8, 8);
  device.noise_uniform = 0;
  device.sources = every_source();
  ams_abi_layer_t layer = test_matmul(device, 4, outputs, reduction);
  test_weights_t weights = test_quantise(&layer, w);
  ams_product_options_t options = {
      .seed = 7, .first_vector = 77, .noise = true, .threads = 2};
  multiply(&layer, &weights, NULL, NULL, options, vectors, x, together);
  for (int v = 0; v < vectors; ++v, ++options.first_vector)
    multiply(&layer, &weights, NULL, NULL, options, 1, x + v * reduction,
             alone + v * outputs);
  assert_same_bits("one at a time", alone, together, vectors * outputs);
  free(x);
  free(w);
  free(together);
  free(alone);
  test_weights_free(&weights);
}

/// A device of the fused way and one of the general way.
static void statistics(void **state) {
  (void)state;
  enum { vectors = 30, outputs = 70, reduction = 300, blocks = 5 };
  float *x = test_numbers(vectors * reduction, 7);
  float *w = test_numbers(outputs * reduction, 8);
  float *plain = make_output(vectors * outputs);
  float *counted = make_output(vectors * outputs);
  double least_error = 0;
  for (int general = 0; general < 2; ++general) {
    ams_abi_device_t device = test_device(64, 8, 8, 8);
    if (general) {
      device.noise_uniform = 0;
      device.sources = every_source();
    }
    ams_abi_layer_t layer = test_matmul(device, 4, outputs, reduction);
    test_weights_t weights = test_quantise(&layer, w);
    ams_product_options_t options = {.seed = 7, .noise = true, .threads = 3};
    ams_statistics_t *gathered = ams_statistics_make(127);
    assert_non_null(gathered);
    multiply(&layer, &weights, NULL, NULL, options, vectors, x, plain);
    multiply(&layer, &weights, NULL, gathered, options, vectors, x, counted);
    assert_same_bits("statistics", counted, plain, vectors * outputs);

    ams_layer_statistics_t found = ams_statistics_read(gathered);
    uint64_t count = 0;
    for (int code = 0; code <= 2 * 127; ++code)
      count += found.codes[code];
    assert_int_equal(count, (general ? 3 : 1) * blocks * vectors * outputs);
    double signal = 0; // nearly: float32 products of the numbers themselves
    for (int v = 0; v < vectors; ++v)
      for (int i = 0; i < outputs; ++i) {
        double sum = 0;
        for (int k = 0; k < reduction; ++k)
          sum += (double)x[v * reduction + k] * (double)w[i * reduction + k];
        signal += sum * sum;
      }
    assert_true(found.signal > 0.98 * signal && found.signal < 1.02 * signal);
    assert_true(found.error > least_error); // the fused device has fewer
    least_error = found.error;
    ams_statistics_free(gathered);
    test_weights_free(&weights);
  }
  free(x);
  free(w);
  free(plain);
  free(counted);
}

/// Products of activations: one address a matrix and vector, cells of the
/// device's seed, whatever the threads.
static void batches(void **state) {
  (void)state;
  enum { batch = 5, vectors = 11, outputs = 37, reduction = 50 };
  float *a = test_numbers(batch * vectors * reduction, 10);
  float *b = test_numbers(batch * outputs * reduction, 11);
  float *expected = make_output(batch * vectors * outputs);
  float *actual = make_output(batch * vectors * outputs);
  ams_abi_device_t device = test_device(32, 9, 10, 11);
  device.noise_uniform = 0;
  device.sources = every_source();
  ams_abi_layer_t layer = test_matmul(device, 2, outputs, reduction);
  layer.device.sources.drift_kind = AMS_ABI_DRIFT_NONE; // written just now
  ams_product_options_t options = {
      .seed = 3, .device_seed = 6, .noise = true, .threads = 1};
  for (int i = 0; i < batch; ++i) {
    test_weights_t weights = test_quantise(&layer, b + i * outputs * reduction);
    options.first_vector = 40 + (uint64_t)i * vectors;
    multiply(&layer, &weights, NULL, NULL, options, vectors,
             a + i * vectors * reduction, expected + i * vectors * outputs);
    test_weights_free(&weights);
  }
  layer.kind = AMS_ABI_BATCH_MATMUL;
  layer.batch = batch;
  layer.vectors = vectors;
  layer.device.sources.drift_kind = AMS_ABI_DRIFT_COMPENSATED;
  options.first_vector = 40;
  for (options.threads = 1; options.threads <= 7; options.threads += 3) {
    assert_ok(ams_batch_multiply(&layer, &options, NULL, a, b, actual));
    assert_same_bits("batch", actual, expected, batch * vectors * outputs);
  }
  free(a);
  free(b);
  free(expected);
  free(actual);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(kernels_and_threads), cmocka_unit_test(conditioned),
      cmocka_unit_test(grouped_convolution), cmocka_unit_test(one_at_a_time),
      cmocka_unit_test(statistics),          cmocka_unit_test(batches),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
