//===-- bench_product.c - The fused product's time over SGEMM's ---*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Times products on the modelled device, quantisation of the inputs included,
// and SGEMM on the same operands, in turn, on one thread. Prints one table of
// ratios of median times: every kernel that the processor has, wider
// converters, and, from a process of its own, the AVX2 kernel beside OpenBLAS's
// AVX2 kernels.
//
//===----------------------------------------------------------------------===//

#include "ams/product.h"
#include "support.h"
#include "timing.h"
#include "yardstick.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define REDUCTION 1024
#define OUTPUTS 1024
#define MOST_VECTORS 768
#define MOST_REPEATS 99

static const int rows_of_device[] = {8, 32, 128};
static const float gain_of_device[] = {1, 2, 8};
static const int64_t vectors_of_product[] = {MOST_VECTORS, 8};
/// Calls that one measurement of a product takes the mean of, after one that
/// fills the caches; where that one takes longer than `slow_seconds`, one.
static const int calls_of_product[] = {4, 50};
static const double slow_seconds = 0.1;
enum { DEVICES = 3, PRODUCTS = 2 };

static const char usage[] =
    "Usage: ams-bench-product [--kernel=NAME] [--core=NAME] [--repeats=N]\n"
    "\n"
    "Time of the device's product over that of OpenBLAS SGEMM, one thread.\n"
    "\n"
    "  --kernel=NAME  scalar, avx2, avx512, avx512vnni, avx512bf16 or\n"
    "                 amx; default: all that the processor has\n"
    "  --core=NAME    kernels of OpenBLAS, e.g. HASWELL; default: its choice\n"
    "  --repeats=N    measurements to take the median of, 1 to 99; default 9\n"
    "  --help         this text\n";

typedef struct options {
  const char *kernel, *core;
  int repeats;
} options_t;

/// One line of the table for each product.
typedef struct row {
  const char *name, *kernel; // kernel NULL: the runtime's choice
  int bits;                  // of weights and inputs
  ams_grid_t *grids[DEVICES];
  double seconds[PRODUCTS][DEVICES][2][MOST_REPEATS]; // noise off, on
} row_t;

static row_t rows[] = {
    {.name = "amx", .kernel = "amx", .bits = 8},
    {.name = "avx512bf16", .kernel = "avx512bf16", .bits = 8},
    {.name = "avx512vnni", .kernel = "avx512vnni", .bits = 8},
    {.name = "avx512", .kernel = "avx512", .bits = 8},
    {.name = "avx2", .kernel = "avx2", .bits = 8},
    {.name = "scalar", .kernel = "scalar", .bits = 8},
    {.name = "9 bits", .bits = 9},
    {.name = "12 bits", .bits = 12},
    {.name = "16 bits", .bits = 16},
};

enum { ROWS = sizeof rows / sizeof *rows };

typedef struct operands {
  float *x, *w, *y;
} operands_t;

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

/// A grid for `row`, or NULL where the processor lacks its kernel and nobody
/// asked for it by name.
static ams_grid_t *program(const row_t *row, int device, const float *w,
                           bool required) {
  const int n = rows_of_device[device];
  ams_abi_layer_t layer = {
      .kind = AMS_ABI_MATMUL,
      .gain = gain_of_device[device],
      .batch = 1,
      .vectors = MOST_VECTORS,
      .outputs = OUTPUTS,
      .reduction = REDUCTION,
      .groups = 1,
      .device = {.rows = n,
                 .columns = 64,
                 .bits_weight = row->bits,
                 .bits_input = row->bits,
                 .bits_output = 8,
                 .partial_format = AMS_ABI_FORMAT_BF16,
                 .noise_uniform = 1},
  };
  void *codes = bench_allocate((size_t)OUTPUTS * REDUCTION * sizeof(int16_t));
  uint16_t *scales = bench_allocate((size_t)OUTPUTS * (REDUCTION / (size_t)n) *
                                    sizeof *scales);
  ams_grid_t *grid = NULL;
  bench_check(ams_quantise(OUTPUTS, REDUCTION, REDUCTION, n, row->bits, w,
                           codes, scales));
  ams_status_t status =
      ams_grid_program(&layer, codes, scales, row->kernel, &grid);
  if (status && !required && ams_status_code(status) == AMS_STATUS_UNSUPPORTED)
    ams_status_free(status);
  else
    bench_check(status);
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

static void multiply_device(const operands_t *operands, const ams_grid_t *grid,
                            int product, bool noise) {
  const ams_product_options_t options = {
      .seed = 1, .noise = noise, .threads = 1};
  bench_check(ams_grid_multiply(grid, &options, vectors_of_product[product],
                                operands->x, operands->y));
}

static double time_device(const operands_t *operands, const ams_grid_t *grid,
                          int product, bool noise) {
  double begin = bench_seconds();
  multiply_device(operands, grid, product, noise);
  double first = bench_seconds() - begin;
  const int calls = first > slow_seconds ? 1 : calls_of_product[product];
  begin = bench_seconds();
  for (int call = 0; call < calls; ++call)
    multiply_device(operands, grid, product, noise);
  return (bench_seconds() - begin) / calls;
}

/// One line a row that has been measured.
static void report(int product, double sgemm, int repeats) {
  printf("\n%d x %d x %d: SGEMM %.3f ms, %.1f GFLOP/s; times over SGEMM's\n",
         (int)vectors_of_product[product], OUTPUTS, REDUCTION, 1e3 * sgemm,
         2e-9 * (double)vectors_of_product[product] * OUTPUTS * REDUCTION /
             sgemm);
  printf("%-12s", "");
  for (int d = 0; d < DEVICES; ++d)
    printf("   n = %-3d off      on", rows_of_device[d]);
  putchar('\n');
  for (row_t *row = rows; row < rows + ROWS; ++row) {
    if (!row->grids[0])
      continue;
    printf("%-12s", row->name);
    for (int d = 0; d < DEVICES; ++d)
      printf("    %8.3f %7.3f",
             bench_median(row->seconds[product][d][0], repeats) / sgemm,
             bench_median(row->seconds[product][d][1], repeats) / sgemm);
    putchar('\n');
  }
}

static void measure(const operands_t *operands, int product, int repeats) {
  static double sgemm[MOST_REPEATS];
  for (int repeat = 0; repeat < repeats; ++repeat) {
    sgemm[repeat] = time_sgemm(operands, product);
    for (row_t *row = rows; row < rows + ROWS; ++row)
      for (int d = 0; d < DEVICES && row->grids[0]; ++d)
        for (int noise = 0; noise < 2; ++noise)
          row->seconds[product][d][noise][repeat] =
              time_device(operands, row->grids[d], product, noise);
  }
  report(product, bench_median(sgemm, repeats), repeats);
}

/// Runs this program once more for the AVX2 kernel beside kernels of its kind.
static int run_avx2(int repeats) {
  char option[32];
  snprintf(option, sizeof option, "--repeats=%d", repeats);
  putchar('\n');
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    execl("/proc/self/exe", "ams-bench-product", "--kernel=avx2",
          "--core=HASWELL", option, (char *)NULL);
    _exit(1);
  }
  int state = 1;
  if (child < 0 || waitpid(child, &state, 0) < 0 || !WIFEXITED(state))
    return 1;
  return WEXITSTATUS(state);
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
  printf("%s; OpenBLAS core %s%s; one thread, median of %d\n",
         bench_processor(), yardstick_core(), forced ? " (forced)" : "",
         options.repeats);
  if (!yardstick_check("ams-bench-product"))
    return 1;

  const bool all = !options.kernel;
  for (row_t *row = rows; row < rows + ROWS; ++row)
    if (all || (row->kernel && strcmp(row->kernel, options.kernel) == 0))
      for (int d = 0; d < DEVICES; ++d)
        row->grids[d] = program(row, d, operands.w, !all);
  for (int product = 0; product < PRODUCTS; ++product)
    measure(&operands, product, options.repeats);

  for (row_t *row = rows; row < rows + ROWS; ++row)
    for (int d = 0; d < DEVICES; ++d)
      ams_grid_free(row->grids[d]);
  free(operands.x);
  free(operands.w);
  free(operands.y);
  return all && !options.core && __builtin_cpu_supports("avx2")
             ? run_avx2(options.repeats)
             : 0;
}
