//===-- step_worker.c - A compiled step of training at work -------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every number that a step reads follows from its tensor's name and its place
// in it, so that another program can make the same.
//
//===----------------------------------------------------------------------===//

#include "step_worker.h"

#include "support.h"
#include "timing.h"

#include "ams/runtime.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TENSORS = 256, CLASSES = 10 };

typedef struct step {
  ams_model_t *model;
  ams_run_options_t options;
  void *inputs[MOST_TENSORS], *outputs[MOST_TENSORS];
} step_t;

static uint32_t hash_name(const char *name) { // FNV-1a
  uint32_t hash = 2166136261;
  for (; *name; ++name)
    hash = (hash ^ (unsigned char)*name) * 16777619;
  return hash;
}

static uint32_t mix(uint32_t x) {
  x = (x ^ x >> 15) * 0x2c1b3c6d;
  x = (x ^ x >> 12) * 0x297a2d39;
  return x ^ x >> 15;
}

static int64_t count_elements(const ams_abi_tensor_t *tensor) {
  int64_t count = 1;
  for (uint32_t i = 0; i < tensor->rank; ++i)
    count *= tensor->dims[i];
  return count;
}

/// Largest magnitude of a tensor's numbers: 1 for what is known of a sample,
/// for weights what keeps the spread of what goes through them. Tables of noise
/// are zeros, which take as long as others, so that losses can be compared.
static double bound(const ams_abi_tensor_t *tensor, const char *name,
                    size_t index) {
  static const char noise[] = ".noise";
  size_t length = strlen(name);
  if (index == 0)
    return 1;
  if (length >= strlen(noise) && !strcmp(name + length - strlen(noise), noise))
    return 0;
  int64_t inputs = count_elements(tensor) / tensor->dims[0];
  return inputs == 1 ? 0.1 : sqrt(6.0 / (double)inputs);
}

static void *make_input(const ams_model_t *model, size_t index) {
  const ams_abi_tensor_t *tensor = ams_model_input(model, index);
  const char *name =
      index == 0 ? "input" : ams_model_string(model, tensor->name);
  int64_t count = count_elements(tensor);
  uint32_t start = hash_name(name);
  double limit = bound(tensor, name, index);
  float *values = bench_allocate((size_t)count * 8);
  for (int64_t i = 0; i < count; ++i) {
    uint32_t bits = mix((uint32_t)i * 2654435761U + start) >> 8;
    if (tensor->dtype == AMS_ABI_I64)
      ((int64_t *)values)[i] = bits % CLASSES;
    else
      values[i] = (float)((bits * 0x1p-23 - 1) * limit);
  }
  return values;
}

static void open_step(step_t *step, const char *path, int threads) {
  bench_check(ams_model_load(path, &step->model));
  step->options = ams_run_options_default();
  step->options.threads = threads;
  const ams_abi_manifest_t *manifest = ams_model_manifest(step->model);
  if (manifest->num_inputs > MOST_TENSORS ||
      manifest->num_outputs > MOST_TENSORS) {
    fprintf(stderr, "ams-bench-step: error: %s has too many tensors\n", path);
    exit(1);
  }
  for (size_t i = 0; i < manifest->num_inputs; ++i)
    step->inputs[i] = make_input(step->model, i);
  for (size_t i = 0; i < manifest->num_outputs; ++i)
    step->outputs[i] = bench_allocate(
        (size_t)count_elements(ams_model_output(step->model, i)) *
        sizeof(float));
}

static void close_step(step_t *step) {
  for (size_t i = 0; i < MOST_TENSORS; ++i) {
    free(step->inputs[i]);
    free(step->outputs[i]);
  }
  ams_model_free(step->model);
}

static void take_step(step_t *step) {
  bench_check(ams_model_run(step->model, &step->options, 1,
                            (const void *const *)step->inputs, step->outputs));
}

/// Over all results of which the name says that they are gradients.
static double sum_squares(const step_t *step) {
  double sum = 0;
  const ams_abi_tensor_t *tensor;
  for (size_t o = 0; (tensor = ams_model_output(step->model, o)); ++o) {
    if (!strstr(ams_model_string(step->model, tensor->name), ".gradient"))
      continue;
    const float *values = step->outputs[o];
    for (int64_t i = 0; i < count_elements(tensor); ++i)
      sum += (double)values[i] * values[i];
  }
  return sum;
}

void step_worker(const char *path, int threads) {
  static step_t step;
  open_step(&step, path, threads);
  for (char line[64]; fgets(line, sizeof line, stdin);) {
    double elapsed = INFINITY, seconds = INFINITY;
    for (int i = 0; i < STEP_WARM_UP + STEP_TIMED; ++i) {
      double begin = bench_elapsed(), used = bench_seconds();
      take_step(&step);
      if (i >= STEP_WARM_UP) {
        elapsed = fmin(elapsed, bench_elapsed() - begin);
        seconds = fmin(seconds, bench_seconds() - used);
      }
    }
    printf("%.9f %.9f %.9f %.9g\n", elapsed, seconds,
           (double)*(const float *)step.outputs[0], sum_squares(&step));
    fflush(stdout);
  }
  close_step(&step);
}
