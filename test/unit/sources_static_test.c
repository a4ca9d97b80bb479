//===-- sources_static_test.c - Errors drawn once -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each static source against its closed form: columns and the ADC's curve as
// they leave a product, cells as they are programmed; and that they change with
// the device's seed alone.
//
//===----------------------------------------------------------------------===//

#include "analog/analog.h"
#include "measure.h"
#include "test_data.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

enum { OUTPUTS = 4096, ROWS = 4 };

static const float ones[ROWS] = {1, 1, 1, 1};
static const float signs[ROWS] = {1, -1, 1, -1};

/// The codes of `vectors` vectors without noise.
static double *measure(const ams_abi_layer_t *layer, uint64_t device_seed,
                       uint64_t seed, int64_t vectors, const float *w) {
  ams_product_options_t options = {.seed = seed, .threads = 2};
  return measure_codes(layer, device_seed, &options, vectors, w, ones);
}

static ams_abi_layer_t make_layer(ams_abi_sources_t sources, float gain) {
  ams_abi_device_t device = measure_device(ROWS);
  device.sources = sources;
  return test_matmul(device, gain, OUTPUTS, ROWS);
}

static void check_moments(const char *what, const double *values, double mean,
                          double deviation) {
  moments_t moments = measure_moments(values, OUTPUTS);
  double error = 6 * deviation / sqrt(OUTPUTS);
  assert_near(what, moments.mean, mean, error);
  assert_near(what, sqrt(moments.variance), deviation, error);
  assert_near(what, moments.kurtosis, 3, 0.5);
}

/// Expects errors that vectors and the run's seed do not change, and that are
/// independent between devices, layers and neighbours.
static void check_static(ams_abi_layer_t layer, const double *errors) {
  double *again = measure(&layer, 1, 99, 3, signs);
  for (int v = 0; v < 3; ++v)
    assert_memory_equal(again + v * OUTPUTS, errors, OUTPUTS * sizeof *errors);
  free(again);
  double bound = 6 / sqrt(OUTPUTS);
  double *other = measure(&layer, 2, 1, 1, signs);
  assert_near("device", measure_correlation(errors, other, OUTPUTS), 0, bound);
  free(other);
  ++layer.index;
  other = measure(&layer, 1, 1, 1, signs);
  assert_near("layer", measure_correlation(errors, other, OUTPUTS), 0, bound);
  free(other);
  for (int step = 1; step <= 64; step *= 8)
    assert_near("neighbours",
                measure_correlation(errors, errors + step, OUTPUTS - step), 0,
                bound);
}

static void columns(void **state) {
  (void)state;
  ams_abi_layer_t layer =
      make_layer((ams_abi_sources_t){.column_gain = -0.25f,
                                     .column_gain_deviation = 0.125f,
                                     .column_offset = 50,
                                     .column_offset_deviation = 500},
                 0.5f);
  double *offsets = measure(&layer, 1, 1, 1, signs);
  check_moments("offset", offsets, 50, 500);
  check_static(layer, offsets);
  double *full = measure(&layer, 1, 1, 1, ones);
  for (int i = 0; i < OUTPUTS; ++i)
    full[i] = (full[i] - offsets[i]) / (32767 * 0.5);
  check_moments("gain", full, 0.75, 0.125);
  assert_near("gain and offset", measure_correlation(full, offsets, OUTPUTS), 0,
              6 / sqrt(OUTPUTS));
  free(full);
  free(offsets);
}

/// The deviation of each column over many vectors.
static void spread(void **state) {
  (void)state;
  enum { VECTORS = 512 };
  ams_abi_layer_t layer =
      make_layer((ams_abi_sources_t){.noise_kind = AMS_ABI_NOISE_NORMAL,
                                     .noise_deviation = 100,
                                     .noise_spread = 0.25f},
                 1);
  ams_product_options_t options = {.seed = 3, .noise = true, .threads = 2};
  double *deviations[2];
  for (int run = 0; run < 2; ++run, ++options.seed) {
    double *codes = measure_codes(&layer, 1, &options, VECTORS, signs, ones);
    deviations[run] = malloc(OUTPUTS * sizeof *deviations[run]);
    assert_non_null(deviations[run]);
    for (int i = 0; i < OUTPUTS; ++i) {
      double squares = 0;
      for (int v = 0; v < VECTORS; ++v)
        squares += codes[v * OUTPUTS + i] * codes[v * OUTPUTS + i];
      deviations[run][i] = sqrt(squares / VECTORS);
    }
    free(codes);
  }
  // An estimate from 512 numbers adds a deviation of 1 / sqrt(2 * 512).
  check_moments("spread", deviations[0], 100,
                100 * sqrt(0.25 * 0.25 + 1 / (2.0 * VECTORS)));
  assert_true(measure_correlation(deviations[0], deviations[1], OUTPUTS) >
              0.95);
  free(deviations[0]);
  free(deviations[1]);
}

static ams_analog_t *make_analog(const ams_abi_layer_t *layer, uint64_t seed) {
  ams_analog_t *analog;
  assert_ok(ams_analog_make(layer, seed, (ams_watch_t){0}, &analog));
  return analog;
}

static void adc_curve(void **state) {
  (void)state;
  ams_abi_layer_t layer =
      make_layer((ams_abi_sources_t){.adc_differential = 0.5f}, 1);
  ams_analog_t *analog = make_analog(&layer, 1);
  double steps[32767];
  for (int i = 0; i < 32767; ++i)
    steps[i] =
        (double)analog->adc_curve[2 * i + 1] - (double)analog->adc_curve[2 * i];
  moments_t moments = measure_moments(steps, 32767);
  assert_near("steps", moments.mean, 0, 0.015);
  assert_near("steps", sqrt(moments.variance), 0.5, 0.015);
  ams_analog_t *other = make_analog(&layer, 2);
  assert_memory_not_equal(analog->adc_curve, other->adc_curve, 4096);
  ams_analog_free(other);
  ams_analog_free(analog);

  layer.device.sources =
      (ams_abi_sources_t){.adc_integral = 40, .adc_differential = 0};
  float least = 0, most = 0;
  analog = make_analog(&layer, 1);
  for (int i = 0; i < 65535; ++i) {
    least = fminf(least, analog->adc_curve[i]);
    most = fmaxf(most, analog->adc_curve[i]);
  }
  assert_near("bow", (double)most, 40, 1e-3);
  assert_near("bow", (double)least, -40, 1e-3);
  assert_true(analog->adc_curve[0] == 0 && analog->adc_curve[32767] == 0 &&
              analog->adc_curve[65534] == 0);
  ams_analog_free(analog);
  // Through the product: a is half of the range.
  layer.gain = 0.5f;
  double *codes = measure(&layer, 1, 1, 1, ones);
  assert_near("half", codes[0], 16383.5 - 40 * 1.5 * sqrt(3) * (0.5 - 0.125),
              0.51);
  free(codes);
}

//===----------------------------------------------------------------------===//
// Cells
//===----------------------------------------------------------------------===//

enum { CELLS = 1024, COLUMNS = 64 };

/// Programs columns whose cells all are to hold `code`, in units of a code.
static double *program(ams_abi_sources_t sources, int16_t code, uint64_t seed) {
  ams_abi_device_t device = measure_device(CELLS);
  device.sources = sources;
  ams_abi_layer_t layer = test_matmul(device, 1, COLUMNS, CELLS);
  ams_analog_t *analog = make_analog(&layer, seed);
  assert_int_equal(analog->weight_fraction, 7);
  int16_t codes[CELLS], cells[CELLS];
  for (int k = 0; k < CELLS; ++k)
    codes[k] = code;
  double *values = malloc(sizeof *values * CELLS * COLUMNS);
  assert_non_null(values);
  for (int i = 0; i < COLUMNS; ++i) {
    ams_cells_program(analog, i, 0, CELLS, codes, cells);
    for (int k = 0; k < CELLS; ++k)
      values[i * CELLS + k] = cells[k] * 0x1p-7;
  }
  ams_analog_free(analog);
  return values;
}

static void check_cells(const char *what, ams_abi_sources_t sources,
                        int16_t code, double mean, double deviation) {
  double *values = program(sources, code, 1);
  moments_t moments = measure_moments(values, CELLS * COLUMNS);
  double error = 6 * deviation / sqrt(CELLS * COLUMNS) + 1e-4;
  assert_near(what, moments.mean, mean, error);
  assert_near(what, sqrt(moments.variance), deviation, error);
  free(values);
}

static void programming(void **state) {
  (void)state;
  ams_abi_sources_t sources = {.programming = {0.02f, 0.08f, -0.05f}};
  check_cells("at 0", sources, 0, 0, 127 * 0.02);
  check_cells("at full", sources, 127, 127, 127 * 0.05);
  check_cells("negative", sources, -127, -127, 127 * 0.05);
  double t = 64 / 127.0;
  check_cells("half", sources, 64, 64, 127 * (0.02 + 0.08 * t - 0.05 * t * t));
  sources.programming[0] = -1; // never below 0
  check_cells("none", sources, 64, 64, 0);

  sources.programming[0] = 0.02f;
  double *one = program(sources, 50, 1), *two = program(sources, 50, 2);
  double bound = 6 / sqrt(CELLS * COLUMNS);
  assert_near("devices", measure_correlation(one, two, CELLS * COLUMNS), 0,
              bound);
  assert_near("cells", measure_correlation(one, one + 1, CELLS * COLUMNS - 1),
              0, bound);
  assert_near("columns",
              measure_correlation(one, one + CELLS, CELLS * (COLUMNS - 1)), 0,
              bound);
  free(one);
  free(two);
}

static void stuck(void **state) {
  (void)state;
  ams_abi_sources_t sources = {.stuck_low = 0.01f, .stuck_high = 0.05f};
  double *values = program(sources, 50, 1);
  int low = 0, high = 0, full = 0;
  for (int i = 0; i < CELLS * COLUMNS; ++i) {
    low += values[i] == 0;
    high += values[i] == -127;
    full += values[i] == 127;
    assert_true(values[i] == 0 || fabs(values[i]) == 127 || values[i] == 50);
  }
  double count = CELLS * COLUMNS;
  assert_near("low", low / count, 0.01, 6 * sqrt(0.01 / count));
  assert_near("high", high / count, 0.025, 6 * sqrt(0.025 / count));
  assert_near("high", full / count, 0.025, 6 * sqrt(0.025 / count));
  free(values);
}

static void drift(void **state) {
  (void)state;
  ams_abi_sources_t sources = {.drift_kind = AMS_ABI_DRIFT_LEFT,
                               .drift_time_ratio = 10000,
                               .drift_exponent = 0.06f};
  check_cells("exact", sources, 100, rint(12800 * pow(10000, -0.06)) / 128, 0);
  // exp(-v ln t) of a normal v is log-normal.
  sources.drift_deviation = 0.01f;
  double s = 0.01 * log(10000), mean = 100 * pow(10000, -0.06) * exp(s * s / 2);
  check_cells("spread", sources, 100, mean, mean * sqrt(exp(s * s) - 1));

  ams_abi_layer_t layer = test_matmul(measure_device(8), 1, 1, 8);
  layer.device.sources = sources;
  layer.device.sources.drift_kind = AMS_ABI_DRIFT_COMPENSATED;
  ams_analog_t *analog = make_analog(&layer, 1);
  assert_near("compensation", (double)analog->tables.output_factor * mean / 100,
              1, 1e-3);
  ams_analog_free(analog);
}

/// Codes of full columns, and of columns whose far half is empty.
static void voltage_drop(void **state) {
  (void)state;
  ams_abi_sources_t sources = {.ir_drop = 0.25f};
  double *values = program(sources, 127, 1);
  for (int k = 0; k < CELLS; ++k) {
    double drop = 0; // sum of min(k, m), both from 1
    for (int m = 1; m <= CELLS; ++m)
      drop += m < k + 1 ? m : k + 1;
    double loss = 0.25 * drop / (CELLS * (CELLS + 1) / 2.0);
    assert_near("full column", values[k], 127 * (1 - loss), 0.5 / 128 + 1e-5);
  }
  assert_near("farthest", values[CELLS - 1], 127 * 0.75, 0.5 / 128 + 1e-5);
  free(values);
  values = program(sources, 64, 1);
  assert_near("half a column", values[CELLS - 1], 64 * (1 - 0.25 * 64 / 127),
              0.5 / 128 + 1e-5);
  free(values);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns),      cmocka_unit_test(spread),
      cmocka_unit_test(adc_curve),    cmocka_unit_test(programming),
      cmocka_unit_test(stuck),        cmocka_unit_test(drift),
      cmocka_unit_test(voltage_drop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
