//===-- sources_noise_test.c - Noise from draw to draw ------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each dynamic source against its closed form, as it leaves a product: mean,
// variance, shape, independence of coordinates, and the same over all of them.
// Bounds are five deviations of an estimate or more.
//
//===----------------------------------------------------------------------===//

#include "measure.h"
#include "test_data.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

enum { OUTPUTS = 128, VECTORS = 2048, COUNT = OUTPUTS * VECTORS, ROWS = 4 };

/// Inputs and weights whose product is 0, and those whose product is full.
static const float ones[ROWS] = {1, 1, 1, 1};
static const float signs[ROWS] = {1, -1, 1, -1};

/// Noise on, at vector `first`, of run seed `seed`.
static ams_product_options_t make_run(uint64_t seed, uint64_t first) {
  return (ams_product_options_t){
      .seed = seed, .first_vector = first, .noise = true, .threads = 2};
}

static ams_abi_layer_t make_layer(ams_abi_sources_t sources, float gain) {
  ams_abi_device_t device = measure_device(ROWS);
  device.sources = sources;
  return test_matmul(device, gain, OUTPUTS, ROWS);
}

static double *measure(const ams_abi_layer_t *layer, const float *w,
                       const float *x) {
  ams_product_options_t options = make_run(1, 0);
  return measure_codes(layer, 0, &options, VECTORS, w, x);
}

/// Expects `count` independent numbers of this mean, deviation and kurtosis
/// (0: any), and the same of each eighth of them.
static void check_sample(const char *what, const double *values, int64_t count,
                         double mean, double deviation, double kurtosis) {
  moments_t all = measure_moments(values, count);
  double root = sqrt((double)count);
  assert_near(what, all.mean, mean, 5 * deviation / root);
  assert_near(what, sqrt(all.variance), deviation, 5 * deviation / root + 0.05);
  if (kurtosis > 0)
    assert_near(what, all.kurtosis, kurtosis, 60 / root);
  for (int64_t part = 0; part < 8; ++part) {
    moments_t some = measure_moments(values + part * (count / 8), count / 8);
    assert_near(what, some.mean, mean, 15 * deviation / root);
    assert_near(what, sqrt(some.variance), deviation,
                15 * deviation / root + 0.05);
  }
}

/// Expects noise that differs and is uncorrelated wherever one coordinate is
/// another: rows, vectors, layers, seeds; and that follows the vector's address
/// alone. `shared` noise is the same in all rows.
static void check_coordinates(ams_abi_layer_t layer, bool shared) {
  double *first = measure(&layer, signs, ones);
  ams_product_options_t options = make_run(1, 1);
  double *shifted = measure_codes(&layer, 0, &options, VECTORS, signs, ones);
  assert_memory_equal(shifted, first + OUTPUTS,
                      (COUNT - OUTPUTS) * sizeof *first);
  double bound = 6 / sqrt(shared ? VECTORS : COUNT);
  assert_near("vectors", measure_correlation(first, shifted, COUNT), 0, bound);
  free(shifted);
  options = make_run(2, 0);
  double *other = measure_codes(&layer, 0, &options, VECTORS, signs, ones);
  assert_near("seeds", measure_correlation(first, other, COUNT), 0, bound);
  free(other);
  ++layer.index;
  other = measure(&layer, signs, ones);
  assert_near("layers", measure_correlation(first, other, COUNT), 0, bound);
  free(other);
  for (int64_t step = 1; step <= 64 && !shared; step *= 4)
    assert_near("rows", measure_correlation(first, first + step, COUNT - step),
                0, bound);
  --layer.index;
  options = make_run(1, 0);
  other = measure_codes(&layer, 9, &options, VECTORS, signs, ones);
  assert_memory_equal(other, first, COUNT * sizeof *first); // the device's seed
  free(other);
  free(first);
}

static void adc_noise(void **state) {
  (void)state;
  ams_abi_layer_t layer =
      make_layer((ams_abi_sources_t){.noise_kind = AMS_ABI_NOISE_NORMAL,
                                     .noise_deviation = 100},
                 1);
  double *codes = measure(&layer, signs, ones);
  check_sample("normal", codes, COUNT, 0, 100, 3);
  free(codes);
  check_coordinates(layer, false);

  layer.device.sources.noise_kind = AMS_ABI_NOISE_LOGISTIC;
  codes = measure(&layer, signs, ones);
  check_sample("logistic", codes, COUNT, 0, 100, 4.2);
  free(codes);

  layer.device.sources = (ams_abi_sources_t){
      .noise_kind = AMS_ABI_NOISE_HISTOGRAM,
      .bins = 2,
      .histogram_low = -100,
      .histogram_high = 300,
      .histogram = {1, 3},
  };
  codes = measure(&layer, signs, ones);
  // A quarter around 0, three quarters around 200, both of width 200.
  check_sample("histogram", codes, COUNT, 150,
               sqrt(200 * 200 / 12.0 + 0.25 * 0.75 * 200 * 200), 0);
  free(codes);
}

/// Uniform noise keeps its draws when it goes the general way.
static void uniform_either_way(void **state) {
  (void)state;
  ams_abi_layer_t layer = make_layer((ams_abi_sources_t){0}, 1);
  layer.device.noise_uniform = 300;
  double *fused = measure(&layer, signs, ones);
  layer.device.sources.column_offset = 1000;
  double *general = measure(&layer, signs, ones);
  for (int i = 0; i < COUNT; ++i)
    assert_near("offset", general[i] - fused[i], 1000, 1.01);
  free(fused);
  free(general);
}

/// At half the range noise has grown by half of `growth`; the sign of the
/// signal does not matter, and beyond the range it grows no more.
static void growth(void **state) {
  (void)state;
  ams_abi_layer_t layer =
      make_layer((ams_abi_sources_t){.noise_kind = AMS_ABI_NOISE_NORMAL,
                                     .noise_deviation = 100,
                                     .noise_growth = 0.8f},
                 0.5f);
  const float minus[ROWS] = {-1, -1, -1, -1};
  double *codes = measure(&layer, ones, ones);
  check_sample("growth", codes, COUNT, 32767 / 2.0, 140, 3);
  free(codes);
  codes = measure(&layer, minus, ones);
  check_sample("growth", codes, COUNT, -32767 / 2.0, 140, 3);
  free(codes);
  codes = measure(&layer, signs, ones);
  check_sample("growth", codes, COUNT, 0, 100, 3);
  free(codes);
}

static void common(void **state) {
  (void)state;
  ams_abi_layer_t layer =
      make_layer((ams_abi_sources_t){.common_deviation = 100}, 1);
  double *codes = measure(&layer, signs, ones);
  double each[VECTORS];
  for (int v = 0; v < VECTORS; ++v) {
    each[v] = codes[v * OUTPUTS];
    for (int i = 0; i < OUTPUTS; ++i)
      assert_true(codes[v * OUTPUTS + i] == each[v]);
  }
  check_sample("common", each, VECTORS, 0, 100, 3);
  free(codes);
  check_coordinates(layer, true);
}

/// a deviates by G L_Y / (n L_X) * deviation * sqrt(sum of x^2).
static void read_noise(void **state) {
  (void)state;
  ams_abi_layer_t layer =
      make_layer((ams_abi_sources_t){.read_noise = 0.01f}, 1);
  double *codes = measure(&layer, signs, ones);
  check_sample("full inputs", codes, COUNT, 0, 32767 * 0.01 * sqrt(4) / 4, 3);
  free(codes);
  const float one[ROWS] = {0, 1, 0, 0}, nothing[ROWS] = {0};
  codes = measure(&layer, nothing, one);
  check_sample("one input", codes, COUNT, 0, 0, 0);
  free(codes);
  const float weight[ROWS] = {1, 0, 0, 0};
  codes = measure(&layer, weight, one);
  check_sample("one input", codes, COUNT, 0, 32767 * 0.01 / 4, 3);
  free(codes);
  check_coordinates(layer, false);
}

/// Outputs of equal weights share their inputs' noise: a deviates by
/// G L_Y / (n L_X) * noise * sqrt(sum of (w / L_W)^2).
static void dac_noise(void **state) {
  (void)state;
  ams_abi_layer_t layer = make_layer((ams_abi_sources_t){.dac_noise = 2}, 1);
  double *codes = measure(&layer, signs, ones);
  double each[VECTORS];
  for (int v = 0; v < VECTORS; ++v) {
    each[v] = codes[v * OUTPUTS];
    for (int i = 0; i < OUTPUTS; ++i)
      assert_true(codes[v * OUTPUTS + i] == each[v]);
  }
  check_sample("dac", each, VECTORS, 0, 32767 / (4 * 127.0) * 2 * sqrt(4), 3);
  free(codes);
  check_coordinates(layer, true);
}

static void dac_bow(void **state) {
  (void)state;
  ams_abi_layer_t layer = make_layer((ams_abi_sources_t){.dac_integral = 3}, 1);
  const float last[ROWS] = {0, 0, 0, 1};
  for (int code = -127; code <= 127; code += 2) {
    const float x[ROWS] = {1, 0, 0, (float)code / 127};
    ams_product_options_t options = make_run(1, 0);
    double *codes = measure_codes(&layer, 0, &options, 1, last, x);
    double t = code / 127.0;
    double expected = code + 3 * 1.5 * sqrt(3) * (t - t * t * t);
    // The last bit of the input's fixed point is 2^-7 of a code.
    assert_near("dac", codes[0], expected * 32767 / (4 * 127),
                0.5 + 64 * 0x1p-7);
    free(codes);
  }
}

static void repeats(void **state) {
  (void)state;
  ams_abi_layer_t layer =
      make_layer((ams_abi_sources_t){.noise_kind = AMS_ABI_NOISE_NORMAL,
                                     .noise_deviation = 100,
                                     .repeats = 4},
                 1);
  double *codes = measure(&layer, signs, ones);
  check_sample("repeats", codes, COUNT, 0, 50, 3);
  for (int i = 0; i < COUNT; ++i)
    assert_near("quarters of codes", 4 * codes[i], rint(4 * codes[i]), 1e-3);
  free(codes);
  check_coordinates(layer, false);

  // All that is drawn is drawn again: variances fall fourfold.
  layer.device.sources = (ams_abi_sources_t){.common_deviation = 100,
                                             .dac_noise = 2,
                                             .read_noise = 0.01f,
                                             .repeats = 4};
  codes = measure(&layer, signs, ones);
  double expected = 0,
         variance[3] = {100, 32767 * 0.01 / 2, 32767 / (4 * 127.0) * 4};
  for (int i = 0; i < 3; ++i)
    expected += variance[i] * variance[i] / 4;
  moments_t moments = measure_moments(codes, COUNT);
  assert_near("repeats", moments.variance / expected, 1, 8 / sqrt(VECTORS));
  free(codes);
}

/// Without noise nothing dynamic is left.
static void off(void **state) {
  (void)state;
  ams_abi_layer_t layer =
      make_layer((ams_abi_sources_t){.noise_kind = AMS_ABI_NOISE_LOGISTIC,
                                     .noise_deviation = 100,
                                     .common_deviation = 100,
                                     .dac_noise = 2,
                                     .read_noise = 0.1f},
                 1);
  ams_product_options_t options = {.seed = 1, .threads = 1};
  double *codes = measure_codes(&layer, 0, &options, VECTORS, signs, ones);
  for (int i = 0; i < COUNT; ++i)
    assert_true(codes[i] == 0);
  free(codes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(adc_noise),  cmocka_unit_test(uniform_either_way),
      cmocka_unit_test(growth),     cmocka_unit_test(common),
      cmocka_unit_test(read_noise), cmocka_unit_test(dac_noise),
      cmocka_unit_test(dac_bow),    cmocka_unit_test(repeats),
      cmocka_unit_test(off),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
