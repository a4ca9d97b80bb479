//===-- bench_sources.c - What each source of error costs ---------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Times one product, 128 x 1024 x 1024 with n = 128 on one thread, on devices
// with one source each and with wider converters. Prints each one's time over
// that of the device with uniform noise alone, which goes the fused way.
//
//===----------------------------------------------------------------------===//

#include "ams/product.h"
#include "support.h"
#include "timing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VECTORS = 128, OUTPUTS = 1024, REDUCTION = 1024, ROWS = 128 };
enum { REPEATS = 9 };

typedef struct row {
  const char *name;
  int32_t bits; // of weight and input
  ams_abi_sources_t sources;
  double seconds[REPEATS];
  ams_grid_t *grid;
} row_t;

static row_t rows[] = {
    {.name = "uniform noise, 8 bits", .bits = 8},
    {.name = "uniform noise, 9 bits", .bits = 9},
    {.name = "uniform noise, 12 bits", .bits = 12},
    {.name = "uniform noise, 16 bits", .bits = 16},
    {"normal noise",
     8,
     {.noise_kind = AMS_ABI_NOISE_NORMAL, .noise_deviation = 1},
     {0},
     NULL},
    {"logistic noise",
     8,
     {.noise_kind = AMS_ABI_NOISE_LOGISTIC, .noise_deviation = 1},
     {0},
     NULL},
    {"histogram noise",
     8,
     {.noise_kind = AMS_ABI_NOISE_HISTOGRAM,
      .bins = 2,
      .histogram_low = -1,
      .histogram_high = 1,
      .histogram = {1, 2}},
     {0},
     NULL},
    {"spread over columns", 8, {.noise_spread = 0.3f}, {0}, NULL},
    {"growth with the signal", 8, {.noise_growth = 0.2f}, {0}, NULL},
    {"common noise", 8, {.common_deviation = 1}, {0}, NULL},
    {"column errors",
     8,
     {.column_gain_deviation = 0.1f, .column_offset_deviation = 1},
     {0},
     NULL},
    {"ADC's curve",
     8,
     {.adc_integral = 1, .adc_differential = 0.3f},
     {0},
     NULL},
    {"DAC's curve", 8, {.dac_integral = 1}, {0}, NULL},
    {"DAC noise", 8, {.dac_noise = 0.2f}, {0}, NULL},
    {"programming error", 8, {.programming = {0.02f}}, {0}, NULL},
    {"stuck cells", 8, {.stuck_low = 0.01f}, {0}, NULL},
    {"drift",
     8,
     {.drift_kind = AMS_ABI_DRIFT_COMPENSATED,
      .drift_time_ratio = 1000,
      .drift_exponent = 0.05f},
     {0},
     NULL},
    {"voltage drop", 8, {.ir_drop = 0.02f}, {0}, NULL},
    {"read noise", 8, {.read_noise = 0.02f}, {0}, NULL},
    {"two repeats", 8, {.repeats = 2}, {0}, NULL},
};

enum { NUM_ROWS = sizeof rows / sizeof *rows };

static const char usage[] =
    "Usage: ams-bench-sources [--kernel=NAME]\n"
    "\n"
    "Time of a product with each source of error over that with uniform ADC\n"
    "noise alone; one thread.\n";

static ams_abi_layer_t make_layer(const row_t *row) {
  return (ams_abi_layer_t){
      .kind = AMS_ABI_MATMUL,
      .gain = 8,
      .batch = 1,
      .vectors = VECTORS,
      .outputs = OUTPUTS,
      .reduction = REDUCTION,
      .groups = 1,
      .device = {.rows = ROWS,
                 .columns = ROWS,
                 .bits_weight = row->bits,
                 .bits_input = row->bits,
                 .bits_output = 8,
                 .noise_uniform = row->sources.noise_kind ? 0 : 1,
                 .sources = row->sources},
  };
}

static void program(row_t *row, const float *w, const char *kernel) {
  ams_abi_layer_t layer = make_layer(row);
  size_t blocks = REDUCTION / ROWS;
  void *codes = bench_allocate(OUTPUTS * REDUCTION * sizeof(int16_t));
  uint16_t *scales = bench_allocate(OUTPUTS * blocks * sizeof *scales);
  bench_check(ams_quantise(OUTPUTS, REDUCTION, REDUCTION, ROWS, row->bits, w,
                           codes, scales));
  bench_check(ams_grid_program(&layer, codes, scales, kernel, &row->grid));
  free(codes);
  free(scales);
}

int main(int argc, char **argv) {
  const char *kernel = NULL;
  if (argc == 2 && strncmp(argv[1], "--kernel=", 9) == 0) {
    kernel = argv[1] + 9;
  } else if (argc > 1) {
    fputs(usage, argc == 2 && strcmp(argv[1], "--help") == 0 ? stdout : stderr);
    return argc == 2 && strcmp(argv[1], "--help") == 0 ? 0 : 1;
  }
  bench_pin();
  float *x = bench_numbers(VECTORS * REDUCTION);
  float *w = bench_numbers(OUTPUTS * REDUCTION);
  float *y = bench_allocate(VECTORS * OUTPUTS * sizeof *y);
  for (int i = 0; i < NUM_ROWS; ++i)
    program(&rows[i], w, kernel);
  ams_product_options_t options = {.seed = 1, .noise = true, .threads = 1};
  for (int repeat = -1; repeat < REPEATS; ++repeat)
    for (int i = 0; i < NUM_ROWS; ++i) {
      double begin = bench_seconds();
      bench_check(ams_grid_multiply(rows[i].grid, &options, VECTORS, x, y));
      if (repeat >= 0)
        rows[i].seconds[repeat] = bench_seconds() - begin;
    }
  printf("%s; %d x %d x %d, n = %d, one thread, median of %d\n",
         bench_processor(), VECTORS, REDUCTION, OUTPUTS, ROWS, REPEATS);
  double fused = bench_median(rows[0].seconds, REPEATS);
  for (int i = 0; i < NUM_ROWS; ++i) {
    double seconds = bench_median(rows[i].seconds, REPEATS);
    printf("%-24s %8.2f ms %6.2f\n", rows[i].name, seconds * 1e3,
           seconds / fused);
    ams_grid_free(rows[i].grid);
  }
  free(x);
  free(w);
  free(y);
  return 0;
}
