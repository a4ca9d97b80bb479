//===-- profile_test.c - What a profile says of each gain ---------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against products that are run at each gain; and the same to the bit for every
// kernel and number of threads.
//
//===----------------------------------------------------------------------===//

#include "kernel.h"
#include "product.h"
#include "profile.h"
#include "statistics.h"
#include "test_data.h"
#include "unit.h"

#include <stdlib.h>

static const float gains[] = {1, 2, 4, 8, 16, 32};
enum { NUM_GAINS = sizeof gains / sizeof *gains };

static ams_profile_t *make_profile(const ams_abi_layer_t *layer) {
  ams_profile_t *profile = ams_profile_make(layer);
  assert_non_null(profile);
  assert_true(
      ams_profile_begin(profile, &layer->device, gains, NUM_GAINS, true));
  return profile;
}

static float *multiply(const ams_abi_layer_t *layer,
                       const test_weights_t *weights, ams_watch_t watch,
                       const char *kernel, float gain, int threads,
                       int64_t vectors, const float *x) {
  float *y = calloc((size_t)(vectors * layer->outputs), sizeof *y);
  assert_non_null(y);
  ams_product_options_t options = {
      .seed = 3, .noise = true, .threads = threads, .gain = gain};
  ams_grid_t *grid;
  assert_ok(ams_grid_make(layer, 6, watch, weights->codes, weights->scales,
                          weights->sums, kernel, &grid));
  assert_ok(ams_grid_multiply(grid, &options, vectors, x, y));
  ams_grid_free(grid);
  return y;
}

static void assert_near(double actual, double expected, double tolerance) {
  if (fabs(actual - expected) > tolerance * fabs(expected))
    fail_msg("%.17g is not near %.17g", actual, expected);
}

/// The tiles of each block (P2) add up to what the block has.
static void check_tiles(const ams_abi_layer_t *layer,
                        const ams_layer_profile_t *read, int g) {
  int64_t of_group =
      (layer->outputs / layer->groups - 1) / layer->device.columns + 1;
  assert_int_equal(read->tiles, layer->groups * of_group * read->blocks);
  for (int64_t j = 0; j < read->blocks; ++j) {
    uint64_t saturated = 0;
    double error = 0;
    for (int64_t t = j; t < read->tiles; t += read->blocks) {
      saturated += read->tile[t * NUM_GAINS + g].saturated;
      error += read->tile[t * NUM_GAINS + g].error;
    }
    assert_int_equal(saturated, read->block[j * NUM_GAINS + g].saturated);
    assert_near(error, read->block[j * NUM_GAINS + g].error, 1e-12);
  }
}

/// The profile of one pass at gain 8 and what runs at each gain say.
static void check_gains(ams_abi_layer_t layer, int64_t vectors,
                        int64_t elements) {
  layer.device.partial_format = AMS_ABI_FORMAT_F32;
  float *x = test_numbers(elements, 1);
  float *w = test_numbers(layer.outputs * layer.reduction, 2);
  test_weights_t weights = test_quantise(&layer, w);
  ams_profile_t *profile = make_profile(&layer);
  free(multiply(&layer, &weights, (ams_watch_t){.profile = profile}, NULL, 8, 2,
                vectors, x));
  ams_layer_profile_t read = ams_profile_read(profile);
  assert_int_equal(read.vectors, vectors);
  assert_int_equal(read.num_gains, NUM_GAINS);
  float *exact = multiply(&layer, &weights, (ams_watch_t){.ideal = true}, NULL,
                          1, 1, vectors, x);
  double signal = 0;
  for (int64_t i = 0; i < vectors * layer.outputs; ++i)
    signal += (double)exact[i] * (double)exact[i];
  assert_near(read.signal, signal, 1e-5);
  for (int g = 0; g < NUM_GAINS; ++g) {
    ams_statistics_t *codes = ams_statistics_make(127);
    float *y = multiply(&layer, &weights, (ams_watch_t){.statistics = codes},
                        NULL, gains[g], 1, vectors, x);
    double error = 0;
    for (int64_t i = 0; i < vectors * layer.outputs; ++i)
      error +=
          ((double)y[i] - (double)exact[i]) * ((double)y[i] - (double)exact[i]);
    ams_layer_statistics_t counts = ams_statistics_read(codes);
    assert_near(read.layer[g].error, error, 1e-4);
    assert_int_equal(read.layer[g].saturated,
                     counts.codes[0] + counts.codes[254]);
    uint64_t saturated = 0;
    for (int64_t j = 0; j < read.blocks; ++j)
      saturated += read.block[j * NUM_GAINS + g].saturated;
    assert_int_equal(saturated, read.layer[g].saturated);
    if (read.blocks == 1)
      assert_near(read.block[g].error, error, 1e-4);
    check_tiles(&layer, &read, g);
    ams_statistics_free(codes);
    free(y);
  }
  ams_profile_free(profile);
  test_weights_free(&weights);
  free(exact);
  free(x);
  free(w);
}

static void test_every_gain(void **state) {
  (void)state;
  check_gains(test_matmul(test_device(32, 8, 8, 8), 8, 70, 31), 40, 40 * 31);
  ams_abi_device_t device = test_device(32, 6, 6, 8);
  device.columns = 20;
  check_gains(test_matmul(device, 8, 130, 100), 11, 11 * 100);
  device = test_device(8, 8, 8, 8);
  device.columns = 3;
  check_gains(test_conv(device, 8, 2, 6, 5, 6, 3, 1, 1, 1, 2, 10), 2 * 6 * 5,
              2 * 6 * 5 * 6);
}

/// Sources that act before, at and after the gain.
static ams_abi_device_t noisy_device(void) {
  ams_abi_device_t device = test_device(16, 8, 8, 8);
  device.columns = 33;
  device.noise_uniform = 0;
  device.sources = (ams_abi_sources_t){.noise_kind = AMS_ABI_NOISE_NORMAL,
                                       .noise_deviation = 1,
                                       .common_deviation = 0.5f,
                                       .column_gain_deviation = 0.05f,
                                       .column_offset_deviation = 0.5f,
                                       .adc_integral = 1,
                                       .dac_noise = 0.2f,
                                       .programming = {0.01f, 0.05f, 0},
                                       .read_noise = 0.02f,
                                       .repeats = 2};
  return device;
}

static void check_independence(const ams_abi_layer_t *layer) {
  enum { vectors = 101 };
  float *x = test_numbers(vectors * layer->reduction, 4);
  float *w = test_numbers(layer->outputs * layer->reduction, 5);
  test_weights_t weights = test_quantise(layer, w);
  ams_profile_t *expected = make_profile(layer);
  float *plain =
      multiply(layer, &weights, (ams_watch_t){0}, "scalar", 0, 1, vectors, x);
  float *watched = multiply(layer, &weights, (ams_watch_t){.profile = expected},
                            "scalar", 0, 1, vectors, x);
  assert_same_bits("profiled", watched, plain, vectors * layer->outputs);
  ams_layer_profile_t want = ams_profile_read(expected);
  for (const ams_kernel_t *const *k = ams_kernels; *k; ++k)
    for (int threads = 1; threads < 9 && (*k)->supported(); threads += 3) {
      ams_profile_t *profile = make_profile(layer);
      free(multiply(layer, &weights, (ams_watch_t){.profile = profile},
                    (*k)->name, 0, threads, vectors, x));
      ams_layer_profile_t got = ams_profile_read(profile);
      assert_memory_equal(&got.signal, &want.signal, sizeof want.signal);
      assert_int_equal(got.vectors, vectors);
      assert_memory_equal(got.layer, want.layer,
                          NUM_GAINS * sizeof *want.layer);
      assert_memory_equal(got.block, want.block,
                          (size_t)want.blocks * NUM_GAINS * sizeof *want.block);
      assert_memory_equal(got.tile, want.tile,
                          (size_t)want.tiles * NUM_GAINS * sizeof *want.tile);
      ams_profile_free(profile);
    }
  ams_profile_free(expected);
  test_weights_free(&weights);
  free(watched);
  free(plain);
  free(x);
  free(w);
}

static void test_independence(void **state) {
  (void)state;
  ams_abi_layer_t layer = test_matmul(test_device(32, 8, 8, 8), 8, 140, 70);
  check_independence(&layer);
  layer = test_matmul(noisy_device(), 4, 70, 40);
  check_independence(&layer);
}

/// A layer whose ADCs would saturate is exact with ideal ones.
static void test_ideal(void **state) {
  (void)state;
  ams_abi_layer_t layer = test_matmul(test_device(8, 8, 8, 8), 64, 3, 8);
  layer.device.partial_format = AMS_ABI_FORMAT_F32;
  float x[8], w[24];
  for (int i = 0; i < 8; ++i)
    x[i] = 1;
  for (int i = 0; i < 24; ++i)
    w[i] = (float)(1 << i / 8);
  test_weights_t weights = test_quantise(&layer, w);
  float *y = multiply(&layer, &weights, (ams_watch_t){.ideal = true}, NULL, 0,
                      1, 1, x);
  for (int i = 0; i < 3; ++i)
    assert_near((double)y[i], 8 << i, 1e-6);
  free(y);
  test_weights_free(&weights);
}

static void test_exact_sum(void **state) {
  (void)state;
  const double values[] = {0x1p-1074, 1e300, 3, 0x1.fffffffffffffp-20, 0,
                           1e-300,    1,     7, 0x1.fffffffffffffp1023};
  enum { COUNT = sizeof values / sizeof *values };
  ams_exact_sum_t up = {0}, down = {0}, parts = {0};
  for (int i = 0; i < COUNT; ++i) {
    ams_exact_sum_add(&up, values[i]);
    ams_exact_sum_add(&down, values[COUNT - 1 - i]);
    ams_exact_sum_t one = {0};
    ams_exact_sum_add(&one, values[i]);
    ams_exact_sum_merge(&parts, &one);
  }
  ams_exact_sum_carry(&up);
  ams_exact_sum_carry(&down);
  assert_memory_equal(&up, &down, sizeof up);
  assert_memory_equal(&up, &parts, sizeof up);
  ams_exact_sum_t many = {0};
  for (int i = 0; i < 1000; ++i)
    ams_exact_sum_add(&many, 0.1);
  assert_near(ams_exact_sum_read(&many), 100, 1e-15);
  ams_exact_sum_t least = {0};
  ams_exact_sum_add(&least, 0x1p-1074);
  assert_true(ams_exact_sum_read(&least) == 0x1p-1074);
}

static void test_fingerprint(void **state) {
  (void)state;
  ams_abi_layer_t layer = test_matmul(test_device(8, 8, 8, 8), 4, 2, 3);
  float w[6] = {1, 2, 3, 4, 5, 6};
  test_weights_t weights = test_quantise(&layer, w);
  uint64_t first = ams_layer_fingerprint(&layer, weights.codes, weights.scales);
  ams_abi_layer_t same = layer;
  same.gain = 8;
  same.index = 3;
  same.vectors = 77;
  assert_true(first ==
              ams_layer_fingerprint(&same, weights.codes, weights.scales));
  ams_abi_layer_t other = layer;
  other.device.bits_output = 7;
  assert_true(first !=
              ams_layer_fingerprint(&other, weights.codes, weights.scales));
  ((int8_t *)weights.codes)[1] ^= 1;
  assert_true(first !=
              ams_layer_fingerprint(&layer, weights.codes, weights.scales));
  ((int8_t *)weights.codes)[1] ^= 1;
  weights.scales[1] ^= 1;
  assert_true(first !=
              ams_layer_fingerprint(&layer, weights.codes, weights.scales));
  test_weights_free(&weights);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_gain),  cmocka_unit_test(test_independence),
      cmocka_unit_test(test_ideal),       cmocka_unit_test(test_exact_sum),
      cmocka_unit_test(test_fingerprint),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
