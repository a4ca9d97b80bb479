//===-- bench_condition.c - What conditioned blocks cost ----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Times one product, 768 x 1024 x 1024 with n = 128 and noise on one thread,
// with plain blocks, means removed, blocks spread, and both, in turn. Prints
// each one's time over that of plain blocks.
//
//===----------------------------------------------------------------------===//

#include "ams/product.h"
#include "support.h"
#include "timing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VECTORS = 768, OUTPUTS = 1024, REDUCTION = 1024, ROWS = 128 };
enum { CONDITIONS = 4, REPEATS = 25 };

static const char *const names[CONDITIONS] = {"plain", "means removed",
                                              "blocks spread", "both"};

static const char usage[] =
    "Usage: ams-bench-condition [--kernel=NAME]\n"
    "\n"
    "Time of a product with conditioned blocks over that with plain ones; one\n"
    "thread.\n";

/// Crossbars of a layer whose conditioning is `flags`.
static ams_grid_t *program(uint32_t flags, const float *w, const char *kernel) {
  ams_abi_layer_t layer = {
      .kind = AMS_ABI_MATMUL,
      .gain = 8,
      .batch = 1,
      .vectors = VECTORS,
      .outputs = OUTPUTS,
      .reduction = REDUCTION,
      .groups = 1,
      .device = {.rows = ROWS,
                 .columns = ROWS,
                 .bits_weight = 8,
                 .bits_input = 8,
                 .bits_output = 8,
                 .noise_uniform = 1},
      .condition = {.flags = flags},
  };
  ams_condition_draw_signs(0, 0, ROWS, &layer.condition);
  size_t blocks = OUTPUTS * (REDUCTION / ROWS);
  float *conditioned = bench_allocate(blocks * ROWS * sizeof *conditioned);
  float *sums = bench_allocate(blocks * sizeof *sums);
  int8_t *codes = bench_allocate(blocks * ROWS);
  uint16_t *scales = bench_allocate(blocks * sizeof *scales);
  ams_grid_t *grid;
  bench_check(ams_condition_weights(&layer.condition, OUTPUTS, REDUCTION, ROWS,
                                    w, conditioned, sums));
  bench_check(ams_quantise(OUTPUTS, REDUCTION, REDUCTION, ROWS, 8, conditioned,
                           codes, scales));
  bench_check(ams_grid_program_conditioned(&layer, 0, codes, scales, sums,
                                           kernel, &grid));
  free(conditioned);
  free(sums);
  free(codes);
  free(scales);
  return grid;
}

int main(int argc, char **argv) {
  const char *kernel = NULL;
  if (argc == 2 && strncmp(argv[1], "--kernel=", 9) == 0) {
    kernel = argv[1] + 9;
  } else if (argc > 1) {
    bool help = argc == 2 && strcmp(argv[1], "--help") == 0;
    fputs(usage, help ? stdout : stderr);
    return help ? 0 : 1;
  }
  bench_pin();
  float *x = bench_numbers(VECTORS * REDUCTION);
  float *w = bench_numbers(OUTPUTS * REDUCTION);
  float *y = bench_allocate(VECTORS * OUTPUTS * sizeof *y);
  ams_grid_t *grids[CONDITIONS];
  for (uint32_t flags = 0; flags < CONDITIONS; ++flags)
    grids[flags] = program(flags, w, kernel);
  static double seconds[CONDITIONS][REPEATS], ratios[CONDITIONS][REPEATS];
  const ams_product_options_t options = {
      .seed = 1, .noise = true, .threads = 1};
  for (int repeat = -1; repeat < REPEATS; ++repeat)
    for (int c = 0; c < CONDITIONS; ++c) {
      double begin = bench_seconds();
      bench_check(ams_grid_multiply(grids[c], &options, VECTORS, x, y));
      if (repeat < 0)
        continue;
      seconds[c][repeat] = bench_seconds() - begin;
      ratios[c][repeat] = seconds[c][repeat] / seconds[0][repeat];
    }
  printf("%s; kernel %s; %d x %d x %d, n = %d, noise on, one thread, median of "
         "%d\n",
         bench_processor(), kernel ? kernel : "default", VECTORS, REDUCTION,
         OUTPUTS, ROWS, REPEATS);
  for (int c = 0; c < CONDITIONS; ++c) {
    printf("%-16s %8.2f ms %6.3f\n", names[c],
           1e3 * bench_median(seconds[c], REPEATS),
           bench_median(ratios[c], REPEATS));
    ams_grid_free(grids[c]);
  }
  free(x);
  free(w);
  free(y);
  return 0;
}
