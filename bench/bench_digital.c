//===-- bench_digital.c - Digital operations over C loops ---------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs models that are one digital operation each, compiled for this processor,
// and the same as C loops, in turn, on one thread. Prints ratios of median
// times, the largest difference between the two, and what more threads give.
//
//===----------------------------------------------------------------------===//

#include "digital_peer.h"
#include "support.h"
#include "timing.h"

#include "ams/runtime.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REPEATS 31

/// Least time that one measurement takes, in calls.
#define MEASUREMENT_SECONDS 2e-3

typedef struct operation {
  const char *name, *model;
  int64_t samples; // the model's first dimension
  size_t rows, columns;
  peer_t peer;
  double bar; // most that the ratio may be, 0: none
} operation_t;

static const operation_t operations[] = {
    {"bias + GELU 512 x 3072", "gelu", 1, 512, 3072, peer_gelu, 1},
    {"  over tanh by expf", "gelu", 1, 512, 3072, peer_gelu_tanh, 0},
    {"layer norm 512 x 768", "layer_norm", 1, 512, 768, peer_layer_norm, 1.7},
    {"softmax 12 x 512 x 512", "softmax", 12, 6144, 512, peer_softmax, 1.3},
    {"softmax 12 x 197 x 197", "softmax_197", 12, 2364, 197, peer_softmax, 0},
    {"softmax 1 x 10", "softmax_10", 1, 1, 10, peer_softmax, 0},
};

/// One operation at work.
typedef struct work {
  const operation_t *operation;
  ams_model_t *model;
  ams_run_options_t options;
  float *x, *factor, *offset, *y, *expected;
} work_t;

static void run_model(work_t *work) {
  const void *inputs[] = {work->x};
  void *outputs[] = {work->y};
  bench_check(ams_model_run(work->model, &work->options,
                            work->operation->samples, inputs, outputs));
}

static void run_peer(work_t *work) {
  const operation_t *operation = work->operation;
  operation->peer(operation->rows, operation->columns, work->x, work->factor,
                  work->offset, work->expected);
}

/// Seconds a call, by the processor's time.
static double measure(work_t *work, void (*run)(work_t *), int calls) {
  double begin = bench_seconds();
  for (int i = 0; i < calls; ++i)
    run(work);
  return (bench_seconds() - begin) / calls;
}

/// Calls that one measurement takes.
static int count_calls(work_t *work, void (*run)(work_t *)) {
  run(work);
  double seconds = measure(work, run, 1);
  return seconds > MEASUREMENT_SECONDS
             ? 1
             : (int)(MEASUREMENT_SECONDS / (seconds + 1e-9)) + 1;
}

static double largest_difference(const work_t *work) {
  double largest = 0;
  for (size_t i = 0; i < work->operation->rows * work->operation->columns; ++i)
    largest = fmax(largest, fabs((double)work->y[i] - work->expected[i]));
  return largest;
}

/// The median time of a run on `threads` threads, by the clock.
static double elapsed(work_t *work, int threads) {
  double seconds[REPEATS];
  work->options.threads = threads;
  for (int i = 0; i < REPEATS; ++i) {
    double begin = bench_elapsed();
    run_model(work);
    seconds[i] = bench_elapsed() - begin;
  }
  work->options.threads = 1;
  return bench_median(seconds, REPEATS);
}

static void compare(const operation_t *operation) {
  work_t work = {.operation = operation, .options = ams_run_options_default()};
  size_t elements = operation->rows * operation->columns;
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.so", AMS_BENCH_MODELS, operation->model);
  bench_check(ams_model_load(path, &work.model));
  work.options.threads = 1;
  work.x = bench_numbers((int64_t)elements);
  work.y = bench_allocate(elements * sizeof(float));
  work.expected = bench_allocate(elements * sizeof(float));
  work.factor = bench_allocate(operation->columns * sizeof(float));
  work.offset = bench_allocate(operation->columns * sizeof(float));
  for (size_t i = 0; i < operation->columns; ++i) { // as digital_models.py
    work.factor[i] = 0.5F + (float)(i % 17) / 17;
    work.offset[i] = -0.5F + (float)(i % 13) / 13;
  }

  double ours[REPEATS], theirs[REPEATS];
  int our_calls = count_calls(&work, run_model);
  int their_calls = count_calls(&work, run_peer);
  for (int i = 0; i < REPEATS; ++i) {
    ours[i] = measure(&work, run_model, our_calls);
    theirs[i] = measure(&work, run_peer, their_calls);
  }
  double our_time = bench_median(ours, REPEATS);
  double their_time = bench_median(theirs, REPEATS);
  printf("%-24s %9.4f ms %9.4f ms %6.2f", operation->name, our_time * 1e3,
         their_time * 1e3, our_time / their_time);
  if (operation->bar > 0)
    printf(" (bar %.1f)", operation->bar);
  else
    printf("%10s", "");
  printf("  difference %.1e, 2 threads %.2f\n", largest_difference(&work),
         elapsed(&work, 2) / elapsed(&work, 1));
  ams_model_free(work.model);
  free(work.x);
  free(work.y);
  free(work.expected);
  free(work.factor);
  free(work.offset);
}

int main(int argc, char **argv) {
  if (argc > 1) {
    fputs("Usage: ams-bench-digital\n\n"
          "Time of digital operations, as they are compiled for this "
          "processor,\nover that of C loops; one thread. The last column is "
          "the time with two\nthreads over that with one.\n",
          strcmp(argv[1], "--help") == 0 ? stdout : stderr);
    return strcmp(argv[1], "--help") == 0 ? 0 : 1;
  }
  printf("%s; compiled, C loops, ratio; one thread, median of %d\n",
         bench_processor(), REPEATS);
  for (size_t i = 0; i < sizeof operations / sizeof *operations; ++i)
    compare(&operations[i]);
  return 0;
}
