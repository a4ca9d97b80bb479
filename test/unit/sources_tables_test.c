//===-- sources_tables_test.c - Distributions, draws and ranges ---*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions and tables that the sources draw from, against the C library
// and closed forms, and what a device may not say.
//
//===----------------------------------------------------------------------===//

#include "analog/analog.h"
#include "analog/quantiles.h"
#include "analog/real_math.h"
#include "analog/source.h"
#include "measure.h"
#include "noise.h"
#include "test_data.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

static void functions(void **state) {
  (void)state;
  for (int i = -2000; i <= 2000; ++i) {
    double x = ldexp(1 + (i & 63) / 64.0, i / 10);
    assert_near("log", ams_real_log(x), log(x), 1e-14 * (fabs(log(x)) + 1));
    double y = i * 0.034;
    assert_near("exp", ams_real_exp(y) / exp(y), 1, 1e-13);
  }
  for (int i = 1; i < 65536; i += 17) {
    double p = i / 65536.0, z = ams_normal_quantile(p);
    assert_near("normal distribution", 0.5 * erfc(-z / sqrt(2)), p, 1e-14);
  }
}

static void check_table(const char *what, const float *table, double kurtosis) {
  double *values = malloc(AMS_QUANTILES * sizeof *values);
  assert_non_null(values);
  for (int i = 0; i < AMS_QUANTILES; ++i) {
    values[i] = (double)table[i];
    assert_true(table[i] == -table[(uint16_t)~i]); // symmetric
    if ((int16_t)(uint16_t)i < INT16_MAX)
      assert_true(table[i] < table[(uint16_t)(i + 1)]); // ascending
  }
  moments_t moments = measure_moments(values, AMS_QUANTILES);
  assert_near(what, moments.mean, 0, 1e-9);
  assert_near(what, moments.variance, 1, 1e-6);
  assert_near(what, moments.kurtosis, kurtosis, 0.02);
  free(values);
}

static void tables(void **state) {
  (void)state;
  check_table("normal", ams_quantiles_normal(), 3);
  check_table("logistic", ams_quantiles_logistic(), 4.2);
  int beyond = 0;
  for (int i = 0; i < AMS_QUANTILES; ++i)
    beyond += fabsf(ams_quantiles_logistic()[i]) > 4;
  double tail = 2 / (1 + exp(4 * acos(-1) / sqrt(3)));
  assert_near("logistic tail", beyond * 0x1p-16, tail, 4 * 0x1p-16);
}

/// Bins of every weight, the first and last of them 0.
static void histogram(void **state) {
  (void)state;
  ams_abi_sources_t sources = {.bins = 5,
                               .histogram_low = -3,
                               .histogram_high = 7,
                               .histogram = {0, 1, 0, 3, 0}};
  float *table = malloc(AMS_QUANTILES * sizeof *table);
  assert_non_null(table);
  ams_quantiles_histogram(&sources, table);
  double sum = 0, squares = 0;
  for (int i = 0; i < AMS_QUANTILES; ++i) {
    double value = (double)table[i];
    assert_true((value >= -1 && value <= 1) || (value >= 3 && value <= 5));
    sum += value;
    squares += value * value;
  }
  double mean = sum * 0x1p-16;
  assert_near("mean", mean, 3, 1e-3);
  // A quarter around 0, three quarters around 4, both of width 2.
  assert_near("variance", squares * 0x1p-16 - mean * mean, 3 + 4.0 / 12, 1e-3);
  free(table);
}

/// All ways to a draw are N4 and N5.
static void draws(void **state) {
  (void)state;
  ams_noise_t noise = {.enabled = true, .uniform = 1, .seed = 99, .layer = 7};
  ams_address_t address = {
      .key = 99, .layer = 7, .vector = UINT64_C(0x12345678901), .block = 77};
  uint16_t group[64];
  ams_address_draw_group(&address, 3, group);
  for (uint32_t i = 0; i < 64; ++i) {
    uint32_t row = 3 * 64 + i;
    float unit = ams_noise_draw(&noise, address.vector, address.block, row);
    assert_int_equal(ams_address_draw(&address, row), group[i]);
    assert_true(unit == ((float)(int16_t)group[i] + 0.5f) * 0x1p-16f);
  }
}

static void refuse(ams_abi_sources_t sources, const char *text) {
  ams_abi_device_t device = measure_device(8);
  device.sources = sources;
  assert_error(ams_device_check(&device), AMS_STATUS_INVALID_ARGUMENT, text);
}

static void ranges(void **state) {
  (void)state;
#define REFUSE(text, ...) refuse((ams_abi_sources_t){__VA_ARGS__}, text)
  REFUSE("kind of ADC noise is 4", .noise_kind = 4);
  REFUSE("deviation of the ADC noise", .noise_deviation = NAN);
  REFUSE("growth", .noise_growth = -1);
  REFUSE("deviation of the common noise", .common_deviation = INFINITY);
  REFUSE("gain error", .column_gain = -2);
  REFUSE("rate of stuck cells", .stuck_low = 0.6f, .stuck_high = 0.6f);
  REFUSE("kind of drift", .drift_kind = 3);
  REFUSE("drift's time", .drift_kind = 1, .drift_time_ratio = 0.5f);
  REFUSE("number of repeats is 257", .repeats = 257);
  REFUSE("histogram has 0 bins", .noise_kind = AMS_ABI_NOISE_HISTOGRAM);
  REFUSE("is empty", .noise_kind = AMS_ABI_NOISE_HISTOGRAM, .bins = 1,
         .histogram = {1});
  REFUSE("bin 1", .noise_kind = AMS_ABI_NOISE_HISTOGRAM, .bins = 2,
         .histogram_high = 1, .histogram = {1, -1});
#undef REFUSE
  ams_abi_device_t device = test_device(8, 8, 8, 8);
  device.sources.noise_kind = AMS_ABI_NOISE_NORMAL;
  assert_error(ams_device_check(&device), AMS_STATUS_INVALID_ARGUMENT,
               "uniform noise and another kind");
}

/// Each source alone is enough for the general way, and is named.
static void names(void **state) {
  (void)state;
  const struct {
    const char *name;
    ams_abi_sources_t sources;
  } cases[] = {
      {"programming", {.programming = {0, 0, 0.5f}}},
      {"drift", {.drift_kind = AMS_ABI_DRIFT_LEFT}},
      {"stuck", {.stuck_high = 0.5f}},
      {"ir_drop", {.ir_drop = 0.5f}},
      {"dac", {.dac_integral = -1}},
      {"read_noise", {.read_noise = 1}},
      {"column_error", {.column_offset = -1}},
      {"common", {.common_deviation = 1}},
      {"normal", {.noise_kind = AMS_ABI_NOISE_NORMAL}},
      {"logistic", {.noise_kind = AMS_ABI_NOISE_LOGISTIC}},
      {"histogram", {.noise_kind = AMS_ABI_NOISE_HISTOGRAM}},
      {"adc_spread", {.noise_growth = 1}},
      {"adc_nonlinearity", {.adc_differential = 1}},
      {"repeat", {.repeats = 2}},
  };
  ams_abi_device_t device = test_device(8, 8, 8, 16);
  assert_null(ams_device_general(&device));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    device.sources = cases[i].sources;
    assert_string_equal(ams_device_general(&device), cases[i].name);
  }
  device.bits_input = 9;
  assert_string_equal(ams_device_general(&device),
                      "converters of more than 8 bits");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(functions), cmocka_unit_test(tables),
      cmocka_unit_test(histogram), cmocka_unit_test(draws),
      cmocka_unit_test(ranges),    cmocka_unit_test(names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
