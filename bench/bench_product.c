//===-- bench_product.c - The fused product's time over SGEMM's ---*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Times a product on the modelled device, quantisation of the inputs included,
// and SGEMM on the same operands, in turn, on one thread. Prints ratios of
// median times.
//
//===----------------------------------------------------------------------===//

#include "ams/product.h"
#include "support.h"
#include "timing.h"
#include "yardstick.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define REDUCTION 1024
#define OUTPUTS 1024
#define MOST_VECTORS 768
#define MOST_REPEATS 999

static const int rows_of_device[] = {8, 32, 128};
static const float gain_of_device[] = {1, 2, 8};
static const int64_t vectors_of_product[] = {MOST_VECTORS, 8};
/// Calls that one measurement of a product takes the mean of, after one that
/// fills the caches.
static const int calls_of_product[] = {4, 50};
enum { DEVICES = 3, PRODUCTS = 2 };

static const char usage[] =
    "Usage: ams-bench-product [--kernel=NAME] [--core=NAME] [--repeats=N]\n"
    "\n"
    "Time of the device's product over that of OpenBLAS SGEMM, one thread.\n"
    "\n"
    "  --kernel=NAME  scalar, avx2, avx512, avx512vnni, avx512bf16 or\n"
    "                 amx; default: the best\n"
    "  --core=NAME    kernels of OpenBLAS, e.g. HASWELL; default: its choice\n"
    "  --repeats=N    measurements to take the median of, 1 to 999; default 9\n"
    "  --help         this text\n";

typedef struct options {
  const char *kernel, *core;
  int repeats;
} options_t;

typedef struct operands {
  float *x, *w, *y;
  ams_grid_t *grids[DEVICES];
} operands_t;

/// Seconds of every repeat.
typedef struct measurements {
  double sgemm[PRODUCTS][MOST_REPEATS];
  double device[PRODUCTS][DEVICES][2][MOST_REPEATS]; // noise off, on
} measurements_t;

static options_t parse(int argc, char **argv) {
  static const struct option names[] = {{"kernel", required_argument, 0, 'k'},
                                        {"core", required_argument, 0, 'c'},
                                        {"repeats", required_argument, 0, 'r'},
                                        {"help", no_argument, 0, 'h'},
                                        {0}};
  options_t options = {.repeats = 9};
  for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;)
    switch (name) {
    case 'k':
      options.kernel = optarg;
      break;
    case 'c':
      options.core = optarg;
      break;
    case 'r':
      options.repeats = atoi(optarg);
      break;
    case 'h':
      fputs(usage, stdout);
      exit(0);
    default:
      fputs(usage, stderr);
      exit(1);
    }
  if (options.repeats < 1 || options.repeats > MOST_REPEATS || optind < argc) {
    fputs(usage, stderr);
    exit(1);
  }
  return options;
}

static ams_grid_t *program(const float *w, int device, const char *kernel) {
  const int rows = rows_of_device[device];
  ams_abi_layer_t layer = {
      .kind = AMS_ABI_MATMUL,
      .gain = gain_of_device[device],
      .batch = 1,
      .vectors = MOST_VECTORS,
      .outputs = OUTPUTS,
      .reduction = REDUCTION,
      .groups = 1,
      .device = {.rows = rows,
                 .columns = 64,
                 .bits_weight = 8,
                 .bits_input = 8,
                 .bits_output = 8,
                 .partial_format = AMS_ABI_FORMAT_BF16,
                 .noise_uniform = 1},
  };
  int8_t *codes = bench_allocate((size_t)OUTPUTS * REDUCTION);
  uint16_t *scales = bench_allocate(
      (size_t)OUTPUTS * (REDUCTION / (size_t)rows) * sizeof *scales);
  ams_grid_t *grid;
  bench_check(
      ams_quantise(OUTPUTS, REDUCTION, REDUCTION, rows, 8, w, codes, scales));
  bench_check(ams_grid_program(&layer, codes, scales, kernel, &grid));
  free(codes);
  free(scales);
  return grid;
}

static void multiply_sgemm(const operands_t *operands, int product) {
  yardstick_sgemm(vectors_of_product[product], OUTPUTS, REDUCTION, operands->x,
                  operands->w, operands->y, OUTPUTS);
}

static double time_sgemm(const operands_t *operands, int product) {
  multiply_sgemm(operands, product);
  double begin = bench_seconds();
  for (int call = 0; call < calls_of_product[product]; ++call)
    multiply_sgemm(operands, product);
  return (bench_seconds() - begin) / calls_of_product[product];
}

static void multiply_device(const operands_t *operands, int product, int device,
                            bool noise) {
  const ams_product_options_t options = {
      .seed = 1, .noise = noise, .threads = 1};
  bench_check(ams_grid_multiply(operands->grids[device], &options,
                                vectors_of_product[product], operands->x,
                                operands->y));
}

static double time_device(const operands_t *operands, int product, int device,
                          bool noise) {
  multiply_device(operands, product, device, noise);
  double begin = bench_seconds();
  for (int call = 0; call < calls_of_product[product]; ++call)
    multiply_device(operands, product, device, noise);
  return (bench_seconds() - begin) / calls_of_product[product];
}

static void measure(const operands_t *operands, int repeat,
                    measurements_t *to) {
  for (int p = 0; p < PRODUCTS; ++p) {
    to->sgemm[p][repeat] = time_sgemm(operands, p);
    for (int d = 0; d < DEVICES; ++d)
      for (int noise = 0; noise < 2; ++noise)
        to->device[p][d][noise][repeat] = time_device(operands, p, d, noise);
  }
}

static double operations(int product) {
  return 2.0 * (double)vectors_of_product[product] * OUTPUTS * REDUCTION;
}

static void report(measurements_t *m, int repeats) {
  for (int p = 0; p < PRODUCTS; ++p) {
    double sgemm = bench_median(m->sgemm[p], repeats);
    printf("\n%d x %d x %d: SGEMM %.3f ms, %.1f GFLOP/s\n",
           (int)vectors_of_product[p], OUTPUTS, REDUCTION, 1e3 * sgemm,
           1e-9 * operations(p) / sgemm);
    printf("    n      noise off       noise on   (ratio to SGEMM, ms)\n");
    for (int d = 0; d < DEVICES; ++d) {
      double off = bench_median(m->device[p][d][0], repeats);
      double on = bench_median(m->device[p][d][1], repeats);
      printf("%5d  %6.3f %7.3f  %6.3f %7.3f\n", rows_of_device[d], off / sgemm,
             1e3 * off, on / sgemm, 1e3 * on);
    }
  }
}

int main(int argc, char **argv) {
  options_t options = parse(argc, argv);
  yardstick_settle(argv, options.core);
  bench_pin();

  operands_t operands = {
      .x = bench_numbers(MOST_VECTORS * REDUCTION),
      .w = bench_numbers(OUTPUTS * REDUCTION),
      .y = bench_numbers(MOST_VECTORS * OUTPUTS),
  };
  const char *forced = getenv("OPENBLAS_CORETYPE");
  printf("%s; kernel %s; OpenBLAS core %s%s; median of %d\n", bench_processor(),
         options.kernel ? options.kernel : "default", yardstick_core(),
         forced ? " (forced)" : "", options.repeats);
  if (!yardstick_check("ams-bench-product"))
    return 1;

  for (int d = 0; d < DEVICES; ++d)
    operands.grids[d] = program(operands.w, d, options.kernel);
  static measurements_t measurements;
  for (int repeat = 0; repeat < options.repeats; ++repeat)
    measure(&operands, repeat, &measurements);
  report(&measurements, options.repeats);

  for (int d = 0; d < DEVICES; ++d)
    ams_grid_free(operands.grids[d]);
  free(operands.x);
  free(operands.w);
  free(operands.y);
  return 0;
}
