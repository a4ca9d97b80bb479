//===-- float_state_test.c - Threads in another mode --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products and models give the same bits on threads that flush subnormal
// numbers to zero or round upwards, and leave these threads as they were.
//
//===----------------------------------------------------------------------===//

#include "ams/runtime.h"
#include "float_state.h"
#include "hand_model.h"
#include "kernel.h"
#include "test_data.h"
#include "unit.h"

#include <omp.h>
#include <stdlib.h>

#if defined(__x86_64__)
#define FLUSHES UINT64_C(0x8040)
#define ROUNDS_UP UINT64_C(0x4000)
#elif defined(__aarch64__)
#define FLUSHES (UINT64_C(1) << 24)
#define ROUNDS_UP (UINT64_C(1) << 22)
#else
#error "say how this processor flushes subnormal numbers"
#endif

enum { THREADS = 3 };

static const uint64_t modes[] = {
    AMS_FLOAT_DEFAULT | FLUSHES,
    AMS_FLOAT_DEFAULT | ROUNDS_UP,
    AMS_FLOAT_DEFAULT | FLUSHES | ROUNDS_UP,
};
#define NUM_MODES (sizeof modes / sizeof *modes)

/// Puts this thread and those that it will share work with into a mode.
static void set_mode(uint64_t control) {
#pragma omp parallel num_threads(THREADS)
  ams_float_set_control(control);
  // Some OpenMP runtimes undo this thread's change at the region's end.
  ams_float_set_control(control);
}

static uint64_t mode(void) { return ams_float_control() & ~AMS_FLOAT_IGNORED; }

/// What is at hand for one product.
typedef struct task {
  ams_abi_layer_t layer;
  const char *kernel;
  int threads;
  int64_t vectors;
  const float *w, *x;
} task_t;

/// Quantises, programs and multiplies.
static void compute(const task_t *task, float *y) {
  ams_product_options_t options = {
      .seed = 5, .noise = true, .threads = task->threads};
  if (task->layer.kind == AMS_ABI_BATCH_MATMUL) {
    assert_ok(ams_batch_multiply(&task->layer, &options, task->kernel, task->x,
                                 task->w, y));
    return;
  }
  test_weights_t weights = test_quantise(&task->layer, task->w);
  test_multiply(&task->layer, &weights, task->kernel, options, task->vectors,
                task->x, y);
  test_weights_free(&weights);
}

static int64_t count_subnormal(const float *y, int64_t count) {
  int64_t found = 0;
  for (int64_t i = 0; i < count; ++i) {
    uint32_t magnitude = ams_float_bits(y[i]) & UINT32_C(0x7fffffff);
    found += magnitude != 0 && magnitude < UINT32_C(0x00800000);
  }
  return found;
}

/// Expects every mode to give what the default one gives.
static void check_modes(const task_t *task) {
  int64_t count = task->layer.batch * task->vectors * task->layer.outputs;
  float *expected = calloc((size_t)count, sizeof *expected);
  float *actual = calloc((size_t)count, sizeof *actual);
  assert_true(expected && actual);
  compute(task, expected);
  assert_true(count_subnormal(expected, count) > count / 4);
  for (size_t m = 0; m < NUM_MODES; ++m) {
    set_mode(modes[m]);
    compute(task, actual);
    uint64_t left = mode();
    set_mode(AMS_FLOAT_DEFAULT);
    assert_int_equal(left, modes[m]);
    assert_same_bits(task->kernel, actual, expected, count);
  }
  free(expected);
  free(actual);
}

static float *scaled_numbers(int64_t count, uint64_t seed, float scale) {
  float *numbers = test_numbers(count, seed);
  for (int64_t i = 0; i < count; ++i)
    numbers[i] *= scale;
  return numbers;
}

/// Products whose inputs are subnormal, or whose results are.
static void products(void **state) {
  (void)state;
  enum { vectors = 13, outputs = 70, reduction = 100, channels = 70 };
  ams_abi_device_t plain = test_device(32, 8, 8, 8), general = plain;
  general.noise_uniform = 0;
  general.sources.noise_kind = AMS_ABI_NOISE_NORMAL;
  general.sources.noise_deviation = 1;
  general.sources.programming[0] = 0.01f;
  ams_abi_layer_t batch = test_matmul(plain, 2, outputs, reduction);
  batch.kind = AMS_ABI_BATCH_MATMUL;
  batch.vectors = vectors;
  batch.batch = 4;
  ams_abi_layer_t depthwise =
      test_conv(plain, 1, 1, 5, 5, channels, 3, 1, 1, 1, channels, channels);
  const ams_abi_layer_t layers[] = {test_matmul(plain, 2, outputs, reduction),
                                    test_matmul(general, 2, outputs, reduction),
                                    batch, depthwise};
  const float scales[][2] = {
      {1, 0x1p-133f}, {0x1p-133f, 1}, {0x1p-70f, 0x1p-63f}};
  for (size_t s = 0; s < sizeof scales / sizeof *scales; ++s) {
    float *w = scaled_numbers(4 * outputs * reduction, 1, scales[s][0]);
    float *x = scaled_numbers(4 * vectors * reduction, 2, scales[s][1]);
    for (size_t i = 0; i < sizeof layers / sizeof *layers; ++i)
      for (const ams_kernel_t *const *k = ams_kernels; *k; ++k)
        for (int threads = 1; threads <= THREADS && (*k)->supported();
             threads += THREADS - 1) {
          task_t task = {.layer = layers[i],
                         .kernel = (*k)->name,
                         .threads = threads,
                         .vectors = layers[i].vectors == 1 ? vectors
                                                           : layers[i].vectors,
                         .w = w,
                         .x = x};
          check_modes(&task);
        }
    free(w);
    free(x);
  }
}

static void models(void **state) {
  (void)state;
  enum { samples = 9 };
  float *images = scaled_numbers(samples * HAND_INPUT, 3, 0x1p-65f);
  float expected[samples * HAND_OUTPUT], actual[samples * HAND_OUTPUT];
  const void *inputs[] = {images};
  void *to_expected[] = {expected}, *to_actual[] = {actual};
  ams_run_options_t options = ams_run_options_default();
  options.threads = 1;
  ams_model_t *model;
  assert_ok(ams_model_open(&ams_model, "by hand", &model));
  assert_ok(ams_model_run(model, &options, samples, inputs, to_expected));
  ams_model_free(model);
  assert_true(count_subnormal(expected, samples * HAND_OUTPUT) > 0);
  for (size_t m = 0; m < NUM_MODES; ++m)
    for (options.threads = 1; options.threads <= THREADS; ++options.threads) {
      set_mode(modes[m]);
      assert_ok(ams_model_open(&ams_model, "by hand", &model));
      assert_ok(ams_model_run(model, &options, samples, inputs, to_actual));
      ams_model_free(model);
      uint64_t left = mode();
      set_mode(AMS_FLOAT_DEFAULT);
      assert_int_equal(left, modes[m]);
      assert_same_bits("model", actual, expected, samples * HAND_OUTPUT);
    }
  free(images);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(products),
      cmocka_unit_test(models),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
