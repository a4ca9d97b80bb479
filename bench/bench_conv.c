//===-- bench_conv.c - Convolutions' time over float32's ----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Times convolutions and products of two activations on the modelled device,
// quantisation included, and float32 ones on the same operands, in turn, on one
// thread; then what a second thread gains, and how long programming takes.
// Prints ratios of median times.
//
//===----------------------------------------------------------------------===//

#include "ams/product.h"
#include "conv_yardstick.h"
#include "support.h"
#include "timing.h"
#include "yardstick.h"

#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_REPEATS 999

/// Least time that one measurement takes, in calls, after one that fills the
/// caches.
#define MEASUREMENT_SECONDS 4e-3

/// Least that a second thread must gain, and most seconds that programming may
/// take.
#define LEAST_TIMES 1.8
#define MOST_PROGRAMMING 0.5

static const char usage[] =
    "Usage: ams-bench-conv [--kernel=NAME] [--core=NAME] [--repeats=N]\n"
    "                      [--rows=N] [--only=TEXT]\n"
    "\n"
    "Time of the device's convolutions and products of two activations over\n"
    "that of float32 ones, one thread: im2col and OpenBLAS SGEMM, for "
    "depthwise\n"
    "convolutions oneDNN.\n"
    "\n"
    "  --kernel=NAME  a kernel; default: the best\n"
    "  --core=NAME    kernels of OpenBLAS, e.g. HASWELL; default: its choice\n"
    "  --repeats=N    measurements to take the median of, 1 to 999; default 9\n"
    "  --rows=N       rows of a crossbar; default 128\n"
    "  --only=TEXT    convolutions whose names contain TEXT\n"
    "  --help         this text\n";

typedef struct options {
  const char *kernel, *core, *only;
  int repeats, rows;
} options_t;

static options_t parse(int argc, char **argv) {
  static const struct option names[] = {{"kernel", required_argument, 0, 'k'},
                                        {"core", required_argument, 0, 'c'},
                                        {"repeats", required_argument, 0, 'r'},
                                        {"rows", required_argument, 0, 'n'},
                                        {"only", required_argument, 0, 'o'},
                                        {"help", no_argument, 0, 'h'},
                                        {0}};
  options_t options = {.repeats = 9, .rows = 128};
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
    case 'n':
      options.rows = atoi(optarg);
      break;
    case 'o':
      options.only = optarg;
      break;
    case 'h':
      fputs(usage, stdout);
      exit(0);
    default:
      fputs(usage, stderr);
      exit(1);
    }
  if (options.repeats < 1 || options.repeats > MOST_REPEATS ||
      options.rows < 1 || options.rows > 1024 || optind < argc) {
    fputs(usage, stderr);
    exit(1);
  }
  return options;
}

//===----------------------------------------------------------------------===//
// Memory that a call takes
//===----------------------------------------------------------------------===//

static size_t allocated;

/// Stands before the C library's, and counts what the runtime asks for.
void *aligned_alloc(size_t alignment, size_t size) {
  __atomic_fetch_add(&allocated, size, __ATOMIC_RELAXED);
  return memalign(alignment, size);
}

//===----------------------------------------------------------------------===//
// What is measured
//===----------------------------------------------------------------------===//

typedef struct shape {
  const char *name;
  int32_t size, channels, outputs, kernel, stride, pad;
  int64_t groups;
  float bar; // most that the ratio with noise may be, 0: none
} shape_t;

static const shape_t shapes[] = {
    {"ResNet-50 first, 7 x 7, 224 x 3 -> 64, stride 2", 224, 3, 64, 7, 2, 3, 1,
     0},
    {"1 x 1, 56 x 64 -> 64", 56, 64, 64, 1, 1, 0, 1, 0},
    {"3 x 3, 56 x 64 -> 64", 56, 64, 64, 3, 1, 1, 1, 0.50f},
    {"1 x 1, 56 x 64 -> 256", 56, 64, 256, 1, 1, 0, 1, 0},
    {"1 x 1, 56 x 256 -> 64", 56, 256, 64, 1, 1, 0, 1, 0},
    {"1 x 1, 56 x 256 -> 128", 56, 256, 128, 1, 1, 0, 1, 0},
    {"3 x 3, 56 x 128 -> 128, stride 2", 56, 128, 128, 3, 2, 1, 1, 0},
    {"1 x 1, 56 x 256 -> 512, stride 2", 56, 256, 512, 1, 2, 0, 1, 0},
    {"3 x 3, 28 x 128 -> 128", 28, 128, 128, 3, 1, 1, 1, 0},
    {"1 x 1, 28 x 128 -> 512", 28, 128, 512, 1, 1, 0, 1, 0},
    {"1 x 1, 28 x 512 -> 128", 28, 512, 128, 1, 1, 0, 1, 0},
    {"1 x 1, 28 x 512 -> 256", 28, 512, 256, 1, 1, 0, 1, 0},
    {"3 x 3, 28 x 256 -> 256, stride 2", 28, 256, 256, 3, 2, 1, 1, 0},
    {"1 x 1, 28 x 512 -> 1024, stride 2", 28, 512, 1024, 1, 2, 0, 1, 0},
    {"3 x 3, 14 x 256 -> 256", 14, 256, 256, 3, 1, 1, 1, 0.34f},
    {"1 x 1, 14 x 256 -> 1024", 14, 256, 1024, 1, 1, 0, 1, 0},
    {"1 x 1, 14 x 1024 -> 256", 14, 1024, 256, 1, 1, 0, 1, 0},
    {"1 x 1, 14 x 1024 -> 512", 14, 1024, 512, 1, 1, 0, 1, 0},
    {"3 x 3, 14 x 512 -> 512, stride 2", 14, 512, 512, 3, 2, 1, 1, 0},
    {"1 x 1, 14 x 1024 -> 2048, stride 2", 14, 1024, 2048, 1, 2, 0, 1, 0},
    {"3 x 3, 7 x 512 -> 512", 7, 512, 512, 3, 1, 1, 1, 0},
    {"1 x 1, 7 x 512 -> 2048", 7, 512, 2048, 1, 1, 0, 1, 0},
    {"1 x 1, 7 x 2048 -> 512", 7, 2048, 512, 1, 1, 0, 1, 0},
    {"grouped 3 x 3, 56 x 128 -> 128, 32 groups", 56, 128, 128, 3, 1, 1, 32, 0},
    {"grouped 3 x 3, 28 x 256 -> 256, 2 groups", 28, 256, 256, 3, 1, 1, 2, 0},
    {"depthwise 3 x 3, 56 x 144", 56, 144, 144, 3, 1, 1, 144, 4},
    {"depthwise 3 x 3, 56 x 144, stride 2", 56, 144, 144, 3, 2, 1, 144, 0},
    {"depthwise 3 x 3, 14 x 576", 14, 576, 576, 3, 1, 1, 576, 0},
};
#define SHAPES (sizeof shapes / sizeof *shapes)

/// Products of two activations: attention of 12 heads over 384 tokens.
static const struct {
  const char *name;
  int64_t batch, vectors, outputs, reduction;
} batches[] = {
    {"activations 12 x 384 x 384 x 64", 12, 384, 384, 64},
    {"activations 12 x 384 x 64 x 384", 12, 384, 64, 384},
};
#define BATCHES (sizeof batches / sizeof *batches)

static ams_abi_device_t device_of(int rows) {
  return (ams_abi_device_t){.rows = rows,
                            .columns = 64,
                            .bits_weight = 8,
                            .bits_input = 8,
                            .bits_output = 8,
                            .partial_format = AMS_ABI_FORMAT_BF16,
                            .noise_uniform = 1};
}

static float gain_of(int rows) { return rows < 16 ? 1 : (float)(rows / 16); }

static ams_abi_layer_t layer_of(const shape_t *shape, int rows) {
  const int32_t out =
      (shape->size + 2 * shape->pad - shape->kernel) / shape->stride + 1;
  return (ams_abi_layer_t){
      .kind = AMS_ABI_CONV,
      .gain = gain_of(rows),
      .batch = 1,
      .vectors = (int64_t)out * out,
      .outputs = shape->outputs,
      .reduction = (int64_t)shape->kernel * shape->kernel *
                   (shape->channels / shape->groups),
      .groups = shape->groups,
      .device = device_of(rows),
      .conv = {.in_h = shape->size,
               .in_w = shape->size,
               .in_c = shape->channels,
               .kernel_h = shape->kernel,
               .kernel_w = shape->kernel,
               .stride_h = shape->stride,
               .stride_w = shape->stride,
               .dilation_h = 1,
               .dilation_w = 1,
               .pad_top = shape->pad,
               .pad_left = shape->pad,
               .pad_bottom = shape->pad,
               .pad_right = shape->pad,
               .out_h = out,
               .out_w = out},
  };
}

static ams_grid_t *program(const ams_abi_layer_t *layer, const float *w,
                           const char *kernel) {
  const int32_t n = layer->device.rows;
  const size_t blocks =
      (size_t)layer->outputs * (size_t)((layer->reduction + n - 1) / n);
  int8_t *codes = bench_allocate(blocks * (size_t)n);
  uint16_t *scales = bench_allocate(blocks * sizeof *scales);
  ams_grid_t *grid;
  bench_check(ams_quantise(layer->outputs, layer->reduction, layer->reduction,
                           n, 8, w, codes, scales));
  bench_check(ams_grid_program(layer, codes, scales, kernel, &grid));
  free(codes);
  free(scales);
  return grid;
}

//===----------------------------------------------------------------------===//
// One row of the table
//===----------------------------------------------------------------------===//

typedef enum way { WAY_FLOAT, WAY_QUIET, WAY_NOISY, WAYS } way_t;

/// The operands of one row and how to compute it.
typedef struct row {
  const options_t *options;
  ams_abi_layer_t layer;
  ams_grid_t *grid;         // NULL: a product of two activations
  conv_yardstick_t *onednn; // NULL: SGEMM
  float *x, *w, *matrix, *y;
} row_t;

static void compute_float(const row_t *row) {
  const ams_abi_layer_t *layer = &row->layer;
  if (row->onednn) {
    bench_check(conv_yardstick_run(row->onednn, row->x, row->y));
    return;
  }
  if (row->grid) {
    conv_yardstick_sgemm(layer, row->x, row->w, row->matrix, row->y);
    return;
  }
  for (int64_t i = 0; i < layer->batch; ++i)
    yardstick_sgemm(layer->vectors, layer->outputs, layer->reduction,
                    row->x + i * layer->vectors * layer->reduction,
                    row->w + i * layer->outputs * layer->reduction,
                    row->y + i * layer->vectors * layer->outputs,
                    layer->outputs);
}

static void compute_device(const row_t *row, bool noise, int threads) {
  const ams_product_options_t options = {
      .seed = 1, .noise = noise, .threads = threads};
  if (row->grid)
    bench_check(ams_grid_multiply(row->grid, &options, row->layer.vectors,
                                  row->x, row->y));
  else
    bench_check(ams_batch_multiply(&row->layer, &options, row->options->kernel,
                                   row->x, row->w, row->y));
}

static void compute(const row_t *row, way_t way) {
  if (way == WAY_FLOAT)
    compute_float(row);
  else
    compute_device(row, way == WAY_NOISY, 1);
}

/// Seconds a call, from as many as make a measurement.
static double measure(const row_t *row, way_t way) {
  compute(row, way);
  const double begin = bench_seconds();
  int calls = 0;
  double end;
  do {
    compute(row, way);
    ++calls;
    end = bench_seconds();
  } while (end - begin < MEASUREMENT_SECONDS);
  return (end - begin) / calls;
}

static void report(const row_t *row, const char *name, float bar) {
  static double seconds[WAYS][MOST_REPEATS];
  const int repeats = row->options->repeats;
  for (int repeat = 0; repeat < repeats; ++repeat)
    for (int way = 0; way < WAYS; ++way)
      seconds[way][repeat] = measure(row, (way_t)way);
  allocated = 0;
  compute(row, WAY_NOISY);
  double median[WAYS];
  for (int way = 0; way < WAYS; ++way)
    median[way] = bench_median(seconds[way], repeats);
  printf("%-48s %8.3f %8.3f %6.3f %8.3f %6.3f", name, 1e3 * median[WAY_FLOAT],
         1e3 * median[WAY_QUIET], median[WAY_QUIET] / median[WAY_FLOAT],
         1e3 * median[WAY_NOISY], median[WAY_NOISY] / median[WAY_FLOAT]);
  if (bar > 0)
    printf(" %6.2f", (double)bar);
  else
    printf("       ");
  printf(" %7.2f\n", (double)allocated * 0x1p-20);
}

static row_t make_conv(const shape_t *shape, const options_t *options) {
  row_t row = {.options = options, .layer = layer_of(shape, options->rows)};
  const ams_abi_layer_t *layer = &row.layer;
  row.x = bench_numbers((int64_t)shape->size * shape->size * shape->channels);
  row.w = bench_numbers(layer->outputs * layer->reduction);
  row.y = bench_numbers(layer->outputs * layer->vectors);
  row.matrix = bench_numbers(layer->reduction * layer->vectors);
  row.grid = program(layer, row.w, options->kernel);
  if (shape->groups == shape->channels)
    bench_check(conv_yardstick_create(layer, row.w, &row.onednn));
  return row;
}

static row_t make_batch(size_t index, const options_t *options) {
  row_t row = {.options = options};
  row.layer = (ams_abi_layer_t){.kind = AMS_ABI_BATCH_MATMUL,
                                .gain = gain_of(options->rows),
                                .batch = batches[index].batch,
                                .vectors = batches[index].vectors,
                                .outputs = batches[index].outputs,
                                .reduction = batches[index].reduction,
                                .groups = 1,
                                .device = device_of(options->rows)};
  const ams_abi_layer_t *layer = &row.layer;
  row.x = bench_numbers(layer->batch * layer->vectors * layer->reduction);
  row.w = bench_numbers(layer->batch * layer->outputs * layer->reduction);
  row.y = bench_numbers(layer->batch * layer->vectors * layer->outputs);
  return row;
}

static row_t make_matmul(const options_t *options) {
  row_t row = {.options = options};
  row.layer = (ams_abi_layer_t){.kind = AMS_ABI_MATMUL,
                                .gain = gain_of(options->rows),
                                .batch = 1,
                                .vectors = 768,
                                .outputs = 1024,
                                .reduction = 1024,
                                .groups = 1,
                                .device = device_of(options->rows)};
  const ams_abi_layer_t *layer = &row.layer;
  row.x = bench_numbers(layer->vectors * layer->reduction);
  row.w = bench_numbers(layer->outputs * layer->reduction);
  row.y = bench_numbers(layer->vectors * layer->outputs);
  row.grid = program(layer, row.w, options->kernel);
  return row;
}

static void free_row(row_t *row) {
  ams_grid_free(row->grid);
  if (row->onednn)
    conv_yardstick_free(row->onednn);
  free(row->x);
  free(row->w);
  free(row->matrix);
  free(row->y);
}

//===----------------------------------------------------------------------===//
// Two threads
//===----------------------------------------------------------------------===//

/// Seconds that pass, a call on `threads` threads.
static double measure_elapsed(const row_t *row, int threads) {
  compute_device(row, true, threads);
  const double begin = bench_elapsed();
  int calls = 0;
  double end;
  do {
    compute_device(row, true, threads);
    ++calls;
    end = bench_elapsed();
  } while (end - begin < MEASUREMENT_SECONDS);
  return (end - begin) / calls;
}

/// Other work on the machine only lengthens what passes: the least counts.
static void report_threads(row_t row, const char *name) {
  double least[2] = {1e9, 1e9};
  for (int repeat = 0; repeat < 5 * row.options->repeats; ++repeat)
    for (int threads = 1; threads <= 2; ++threads) {
      double seconds = measure_elapsed(&row, threads);
      if (seconds < least[threads - 1])
        least[threads - 1] = seconds;
    }
  printf("%-48s %8.3f %8.3f %6.2f %6.2f\n", name, 1e3 * least[0],
         1e3 * least[1], least[0] / least[1], LEAST_TIMES);
  free_row(&row);
}

//===----------------------------------------------------------------------===//
// Programming
//===----------------------------------------------------------------------===//

static void report_programming(const options_t *options) {
  enum { OUTPUTS = 5000, REDUCTION = 5000 };
  ams_abi_layer_t layer = {.kind = AMS_ABI_MATMUL,
                           .gain = gain_of(options->rows),
                           .batch = 1,
                           .vectors = 1,
                           .outputs = OUTPUTS,
                           .reduction = REDUCTION,
                           .groups = 1,
                           .device = device_of(options->rows)};
  const size_t n = (size_t)options->rows;
  const size_t blocks = OUTPUTS * ((REDUCTION + n - 1) / n);
  float *w = bench_numbers((int64_t)OUTPUTS * REDUCTION);
  int8_t *codes = bench_allocate(blocks * n);
  uint16_t *scales = bench_allocate(blocks * sizeof *scales);
  double quantise[5], pack[5];
  for (int i = 0; i < 5; ++i) {
    ams_grid_t *grid;
    double begin = bench_seconds();
    bench_check(ams_quantise(OUTPUTS, REDUCTION, REDUCTION, (int32_t)n, 8, w,
                             codes, scales));
    double middle = bench_seconds();
    bench_check(
        ams_grid_program(&layer, codes, scales, options->kernel, &grid));
    quantise[i] = middle - begin;
    pack[i] = bench_seconds() - middle;
    ams_grid_free(grid);
  }
  const double quantised = bench_median(quantise, 5);
  const double packed = bench_median(pack, 5);
  printf("\n%-48s %8s %8s %6s %6s\n%-48s %8.3f %8.3f %6.3f %6.2f\n",
         "programming, one thread; s", "quantise", "pack", "both", "bar",
         "25 million weights", quantised, packed, quantised + packed,
         MOST_PROGRAMMING);
  free(w);
  free(codes);
  free(scales);
}

int main(int argc, char **argv) {
  const options_t options = parse(argc, argv);
  yardstick_settle(argv, options.core);
  const char *forced = getenv("OPENBLAS_CORETYPE");
  printf("%s; kernel %s; n = %d; OpenBLAS core %s%s; median of %d\n",
         bench_processor(), options.kernel ? options.kernel : "default",
         options.rows, yardstick_core(), forced ? " (forced)" : "",
         options.repeats);
  if (!yardstick_check("ams-bench-conv"))
    return 1;

  printf("\n%-48s %8s %8s %6s %8s %6s %6s %7s\n", "one thread; ms and ratios",
         "float32", "quiet", "ratio", "noisy", "ratio", "bar", "MB");
  for (size_t i = 0; i < SHAPES; ++i) {
    if (options.only && !strstr(shapes[i].name, options.only))
      continue;
    row_t row = make_conv(&shapes[i], &options);
    report(&row, shapes[i].name, shapes[i].bar);
    free_row(&row);
  }
  for (size_t i = 0; i < BATCHES; ++i) {
    if (options.only && !strstr(batches[i].name, options.only))
      continue;
    row_t row = make_batch(i, &options);
    report(&row, batches[i].name, 0);
    free_row(&row);
  }

  printf("\n%-48s %8s %8s %6s %6s\n", "noisy; one and two threads, ms", "one",
         "two", "times", "bar");
  if (!options.only)
    report_threads(make_matmul(&options), "768 x 1024 x 1024");
  for (size_t i = 0; i < SHAPES; ++i)
    if (shapes[i].bar > 0 &&
        (!options.only || strstr(shapes[i].name, options.only)))
      report_threads(make_conv(&shapes[i], &options), shapes[i].name);
  if (!options.only)
    report_programming(&options);
  return 0;
}
