//===-- gradients_test.c - Tests of gradients and varying weights -*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every kind of layer whose operands all vary against sums in float64 over the
// terms of the product, and the same bits for any number of threads.
//
//===----------------------------------------------------------------------===//

#include "one_layer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void run(ams_call_t *call, const void *const *inputs,
                void *const *outputs) {
  ams_rt_f32_varying(call, 0, inputs[0], inputs[1], outputs[0]);
}

/// Places in x, w and y of the factors and the sum of one term.
typedef void (*visitor_t)(int64_t x, int64_t w, int64_t y, void *data);

static void visit_matmul(const ams_abi_layer_t *l, visitor_t visit,
                         void *data) {
  for (int64_t vector = 0; vector < l->batch * l->vectors; ++vector)
    for (int64_t n = 0; n < l->outputs; ++n)
      for (int64_t k = 0; k < l->reduction; ++k)
        visit(vector * l->reduction + k,
              (vector / l->vectors * l->outputs + n) * l->reduction + k,
              vector * l->outputs + n, data);
}

static void visit_conv(const ams_abi_layer_t *l, visitor_t visit, void *data) {
  const ams_abi_conv_t *c = &l->conv;
  int64_t channels = c->in_c / l->groups, filters = l->outputs / l->groups;
  for (int64_t v = 0; v < l->vectors; ++v)
    for (int64_t n = 0; n < l->outputs; ++n)
      for (int64_t k = 0; k < l->reduction; ++k) {
        int64_t channel = k % channels, kw = k / channels % c->kernel_w;
        int64_t kh = k / channels / c->kernel_w;
        int64_t row = v / c->out_w % c->out_h * c->stride_h +
                      kh * c->dilation_h - c->pad_top;
        int64_t column =
            v % c->out_w * c->stride_w + kw * c->dilation_w - c->pad_left;
        if (row < 0 || row >= c->in_h || column < 0 || column >= c->in_w)
          continue;
        int64_t image = v / c->out_w / c->out_h;
        visit(((image * c->in_h + row) * c->in_w + column) * c->in_c +
                  n / filters * channels + channel,
              n * l->reduction + k, v * l->outputs + n, data);
      }
}

/// Sums of the terms into one of the three.
typedef struct sums {
  uint32_t kind;
  const float *a, *b;
  double *y;
} sums_t;

static void add_term(int64_t x, int64_t w, int64_t y, void *data) {
  sums_t *sums = data;
  if (sums->kind == AMS_ABI_MATMUL_INPUT_GRADIENT ||
      sums->kind == AMS_ABI_CONV_INPUT_GRADIENT)
    sums->y[x] += (double)sums->a[y] * (double)sums->b[w];
  else if (sums->kind == AMS_ABI_MATMUL_WEIGHT_GRADIENT ||
           sums->kind == AMS_ABI_CONV_WEIGHT_GRADIENT)
    sums->y[w] += (double)sums->a[y] * (double)sums->b[x];
  else
    sums->y[y] += (double)sums->a[x] * (double)sums->b[w];
}

static void run_model(ams_model_t *model, int threads, const float *a,
                      const float *b, float *y) {
  ams_run_options_t options = ams_run_options_default();
  options.threads = threads;
  assert_ok(
      ams_model_run(model, &options, 1, (const void *[]){a, b}, (void *[]){y}));
}

/// Runs `layer` on two sets of operands, with 1, 2, 3 and 7 threads.
static void check(const ams_abi_layer_t *layer, const int64_t counts[3]) {
  one_layer_t memory;
  ams_abi_model_t table;
  ams_model_t *model = open_layer(&memory, &table, layer, 1, counts[0],
                                  counts[1], counts[2], run);
  size_t size = (size_t)counts[2];
  for (int set = 0; set < 2; ++set) {
    float *a = random_floats(counts[0]), *b = random_floats(counts[1]);
    float *y = malloc(size * sizeof *y), *again = malloc(size * sizeof *y);
    double *expected = calloc(size, sizeof *expected);
    sums_t sums = {layer->kind, a, b, expected};
    if (layer->conv.kernel_h)
      visit_conv(layer, add_term, &sums);
    else
      visit_matmul(layer, add_term, &sums);
    run_model(model, 1, a, b, y);
    for (size_t i = 0; i < size; ++i)
      if (fabs((double)y[i] - expected[i]) > 1e-3)
        fail_msg("kind %u, element %zu is %g, expected %g", layer->kind, i,
                 (double)y[i], expected[i]);
    static const int threads[] = {2, 3, 7};
    for (size_t t = 0; t < 3; ++t) {
      run_model(model, threads[t], a, b, again);
      assert_memory_equal(y, again, size * sizeof *y);
    }
    free(a);
    free(b);
    free(y);
    free(again);
    free(expected);
  }
  ams_model_free(model);
}

/// A product and both of its gradients.
static void check_all(ams_abi_layer_t layer, const uint32_t kinds[3], int64_t x,
                      int64_t w, int64_t y) {
  const int64_t counts[3][3] = {{x, w, y}, {y, w, x}, {y, x, w}};
  for (int i = 0; i < 3; ++i) {
    layer.kind = kinds[i];
    check(&layer, counts[i]);
  }
}

static void check_matmul(uint32_t kind, int64_t batch, int64_t m, int64_t n,
                         int64_t k) {
  ams_abi_layer_t layer = {
      .batch = batch, .vectors = m, .outputs = n, .reduction = k, .groups = 1};
  check_all(layer,
            (const uint32_t[]){kind, AMS_ABI_MATMUL_INPUT_GRADIENT,
                               AMS_ABI_MATMUL_WEIGHT_GRADIENT},
            batch * m * k, batch * n * k, batch * m * n);
}

static void test_matmul(void **state) {
  (void)state;
  check_matmul(AMS_ABI_MATMUL, 1, 1, 1, 1);
  check_matmul(AMS_ABI_MATMUL, 1, 64, 10, 300);
  check_matmul(AMS_ABI_MATMUL, 1, 33, 129, 17);
  check_matmul(AMS_ABI_MATMUL, 1, 600, 5, 7);
}

static void test_batch_matmul(void **state) {
  (void)state;
  check_matmul(AMS_ABI_BATCH_MATMUL, 6, 17, 33, 40);
  check_matmul(AMS_ABI_BATCH_MATMUL, 2, 1, 3, 5);
}

static void check_conv(shape_t s) {
  ams_abi_layer_t layer = shape_layer(s);
  check_all(layer,
            (const uint32_t[]){AMS_ABI_CONV, AMS_ABI_CONV_INPUT_GRADIENT,
                               AMS_ABI_CONV_WEIGHT_GRADIENT},
            (int64_t)s.images * s.size * (s.size + 3) * s.channels,
            s.filters * layer.reduction, layer.vectors * s.filters);
}

static void test_conv(void **state) {
  (void)state;
  check_conv((shape_t){9, 1, 16, 3, 1, 1, 1, 1, 1, 4});
  check_conv((shape_t){12, 3, 20, 7, 2, 1, 3, 3, 1, 2});
  check_conv((shape_t){7, 32, 32, 3, 1, 1, 1, 1, 1, 2});
  check_conv((shape_t){8, 32, 16, 1, 2, 1, 0, 0, 1, 3});
  check_conv((shape_t){13, 16, 17, 3, 2, 1, 0, 1, 1, 1});
  check_conv((shape_t){9, 16, 16, 3, 1, 2, 2, 2, 1, 2});
}

/// Batches whose images are cut into pieces of one size and of two.
static void test_pieces(void **state) {
  (void)state;
  check_conv((shape_t){5, 4, 16, 3, 1, 1, 1, 1, 1, 16});
  check_conv((shape_t){5, 4, 16, 3, 1, 1, 1, 1, 1, 19});
  check_conv((shape_t){4, 3, 5, 3, 2, 1, 1, 1, 1, 67});
  check_conv((shape_t){4, 16, 16, 3, 1, 1, 1, 1, 16, 67});
}

static void test_grouped_conv(void **state) {
  (void)state;
  check_conv((shape_t){9, 32, 32, 3, 1, 1, 1, 1, 32, 2}); // depthwise
  check_conv((shape_t){9, 16, 32, 3, 2, 1, 1, 1, 16, 1}); // two a channel
  check_conv((shape_t){9, 12, 18, 3, 2, 1, 1, 1, 3, 2});
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_matmul),       cmocka_unit_test(test_batch_matmul),
      cmocka_unit_test(test_conv),         cmocka_unit_test(test_pieces),
      cmocka_unit_test(test_grouped_conv),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
