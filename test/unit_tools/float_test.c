//===-- float_test.c - Tests of libams_float ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every kind of layer against sums in float64, and the same bits for any number
// of threads. Each case is a digital model of one layer, made in memory.
//
//===----------------------------------------------------------------------===//

#include "one_layer.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static float *weights;
static ams_abi_layer_kind_t kind;

static void run(ams_call_t *call, const void *const *inputs,
                void *const *outputs) {
  if (kind == AMS_ABI_MATMUL)
    ams_rt_f32_matmul(call, 0, inputs[0], weights, NULL, NULL, outputs[0]);
  else if (kind == AMS_ABI_CONV)
    ams_rt_f32_conv(call, 0, inputs[0], weights, NULL, NULL, outputs[0]);
  else
    ams_rt_f32_batch_matmul(call, 0, inputs[0], inputs[1], NULL, NULL,
                            outputs[0]);
}

static float *run_model(ams_model_t *model, int threads, int64_t samples,
                        const float *left, const float *right, int64_t result) {
  ams_run_options_t options = ams_run_options_default();
  options.threads = threads;
  float *y = malloc((size_t)result * sizeof *y);
  const void *inputs[] = {left, right};
  void *outputs[] = {y};
  assert_ok(ams_model_run(model, &options, samples, inputs, outputs));
  return y;
}

/// Sum over one output of the layer in float64.
static double expected_at(const ams_abi_layer_t *layer, const float *left,
                          const float *right, int64_t index) {
  int64_t n = index % layer->outputs, vector = index / layer->outputs;
  const ams_abi_conv_t *c = &layer->conv;
  double sum = 0;
  if (layer->kind != AMS_ABI_CONV) {
    int64_t batch = vector / layer->vectors;
    for (int64_t k = 0; k < layer->reduction; ++k)
      sum += (double)left[vector * layer->reduction + k] *
             (double)right[(batch * layer->outputs + n) * layer->reduction + k];
    return sum;
  }
  int64_t image = vector / (c->out_h * c->out_w);
  int64_t row = vector / c->out_w % c->out_h, column = vector % c->out_w;
  int64_t channels = c->in_c / layer->groups;
  int64_t group = n / (layer->outputs / layer->groups);
  for (int64_t kh = 0; kh < c->kernel_h; ++kh)
    for (int64_t kw = 0; kw < c->kernel_w; ++kw)
      for (int64_t ch = 0; ch < channels; ++ch) {
        int64_t y = row * c->stride_h + kh * c->dilation_h - c->pad_top;
        int64_t x = column * c->stride_w + kw * c->dilation_w - c->pad_left;
        if (y < 0 || y >= c->in_h || x < 0 || x >= c->in_w)
          continue;
        sum +=
            (double)left[((image * c->in_h + y) * c->in_w + x) * c->in_c +
                         group * channels + ch] *
            (double)
                right[((n * c->kernel_h + kh) * c->kernel_w + kw) * channels +
                      ch];
      }
  return sum;
}

/// Runs `layer` on one and on five batches with 1, 2, 3 and 7 threads.
static void check_layer(const ams_abi_layer_t *layer, int64_t batch) {
  enum { BATCHES = 5 };
  const ams_abi_conv_t *c = &layer->conv;
  bool pair = layer->kind == AMS_ABI_BATCH_MATMUL;
  int64_t result = layer->batch * layer->vectors * layer->outputs;
  int64_t left =
      layer->kind == AMS_ABI_CONV
          ? layer->vectors / (c->out_h * c->out_w) * c->in_h * c->in_w * c->in_c
          : layer->batch * layer->vectors * layer->reduction;
  int64_t right = layer->batch * layer->outputs * layer->reduction;
  float *x = random_floats(left * BATCHES);
  float *w = random_floats(pair ? right * BATCHES : right);
  weights = w;

  one_layer_t memory;
  ams_abi_model_t table;
  kind = (ams_abi_layer_kind_t)layer->kind;
  ams_model_t *model = open_layer(&memory, &table, layer, batch, left,
                                  pair ? right : 0, result, run);
  float *first = run_model(model, 1, batch * BATCHES, x, w, result * BATCHES);
  for (int64_t i = 0; i < result; ++i) {
    double expected = expected_at(layer, x, w, i);
    if (fabs((double)first[i] - expected) > 1e-5 * (double)layer->reduction)
      fail_msg("element %lld is %g, expected %g", (long long)i,
               (double)first[i], expected);
  }
  static const int thread_counts[] = {2, 3, 7};
  for (size_t t = 0; t < 3; ++t)
    for (int64_t batches = 1; batches <= BATCHES; batches += 2) {
      float *again = run_model(model, thread_counts[t], batch * batches, x, w,
                               result * batches);
      assert_memory_equal(first, again,
                          (size_t)(result * batches) * sizeof *again);
      free(again);
    }
  ams_model_free(model);
  free(first);
  free(x);
  free(w);
}

static void check_matmul(int64_t m, int64_t n, int64_t k) {
  ams_abi_layer_t layer = {.kind = AMS_ABI_MATMUL,
                           .batch = 1,
                           .vectors = m,
                           .outputs = n,
                           .reduction = k,
                           .groups = 1};
  check_layer(&layer, m);
}

static void test_matmul(void **state) {
  (void)state;
  check_matmul(1, 10, 784);
  check_matmul(1, 1, 1);
  check_matmul(1, 16, 20000);
  check_matmul(2, 33, 4097);
  check_matmul(64, 64, 64);
  check_matmul(64, 10, 3136);
  check_matmul(100, 129, 513);
}

static void test_batch_matmul(void **state) {
  (void)state;
  ams_abi_layer_t layer = {.kind = AMS_ABI_BATCH_MATMUL,
                           .batch = 6,
                           .vectors = 17,
                           .outputs = 33,
                           .reduction = 64,
                           .groups = 1};
  check_layer(&layer, 2);
  layer.batch = 1;
  check_layer(&layer, 1);
}

static void check_conv(shape_t shape) {
  ams_abi_layer_t layer = shape_layer(shape);
  check_layer(&layer, shape.images);
}

static void test_conv(void **state) {
  (void)state;
  check_conv((shape_t){28, 1, 16, 3, 1, 1, 1, 1, 1, 4});
  check_conv((shape_t){32, 3, 20, 7, 2, 1, 3, 3, 1, 2});
  check_conv((shape_t){14, 64, 64, 3, 1, 1, 1, 1, 1, 2});
  check_conv((shape_t){14, 32, 64, 1, 2, 1, 0, 0, 1, 3});
  check_conv((shape_t){13, 16, 17, 3, 2, 1, 0, 1, 1, 1});
  check_conv((shape_t){15, 16, 16, 3, 1, 2, 2, 2, 1, 2});
  check_conv((shape_t){7, 5, 9, 7, 1, 1, 0, 0, 1, 1});
}

static void test_grouped_conv(void **state) {
  (void)state;
  check_conv((shape_t){14, 32, 32, 3, 1, 1, 1, 1, 32, 2}); // depthwise
  check_conv((shape_t){14, 30, 30, 5, 2, 1, 2, 2, 30, 1});
  check_conv((shape_t){14, 32, 32, 3, 1, 2, 2, 2, 32, 1});
  check_conv((shape_t){14, 16, 32, 3, 1, 1, 1, 1, 16, 2}); // two a channel
  check_conv((shape_t){14, 64, 64, 3, 1, 1, 1, 1, 4, 2});
  check_conv((shape_t){9, 12, 18, 3, 2, 1, 1, 1, 3, 2});
}

/// Code and manifest that disagree are an error of the run.
static void test_wrong_kind(void **state) {
  (void)state;
  ams_abi_layer_t layer = {.kind = AMS_ABI_MATMUL,
                           .batch = 1,
                           .vectors = 1,
                           .outputs = 2,
                           .reduction = 2,
                           .groups = 1};
  one_layer_t memory;
  ams_abi_model_t table;
  ams_model_t *model = open_layer(&memory, &table, &layer, 1, 2, 0, 2, run);
  kind = AMS_ABI_CONV;
  float x[2] = {1, 2}, y[2];
  ams_run_options_t options = ams_run_options_default();
  assert_error(
      ams_model_run(model, &options, 1, (const void *[]){x}, (void *[]){y}),
      "layer 0");
  ams_model_free(model);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_matmul),     cmocka_unit_test(test_batch_matmul),
      cmocka_unit_test(test_conv),       cmocka_unit_test(test_grouped_conv),
      cmocka_unit_test(test_wrong_kind),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
