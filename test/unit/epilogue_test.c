//===-- epilogue_test.c - Results as they are written -------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A product with an epilogue against the same product with D7 after it, for
// every kernel, kind of layer and number of threads, to the bit.
//
//===----------------------------------------------------------------------===//

#include "epilogue.h"
#include "kernel.h"
#include "test_data.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

static float *make_numbers(int64_t count, uint64_t seed) {
  float *numbers = test_numbers(count, seed);
  assert_non_null(numbers);
  return numbers;
}

/// D7, an element at a time.
static void apply_apart(const ams_epilogue_t *epilogue, int64_t vectors,
                        int64_t outputs, float *y) {
  for (int64_t e = 0; e < vectors * outputs; ++e) {
    if (epilogue->bias)
      y[e] += epilogue->bias[e % outputs];
    if (epilogue->residual)
      y[e] += epilogue->residual[e];
    if (epilogue->clamps && !(y[e] > epilogue->low) && !isnan(y[e]))
      y[e] = epilogue->low;
    if (epilogue->clamps && !(y[e] < epilogue->high) && !isnan(y[e]))
      y[e] = epilogue->high;
  }
}

/// `multiply` a layer on `threads` threads with the kernel of that name.
typedef void multiply_t(const ams_abi_layer_t *layer, const char *kernel,
                        ams_product_options_t options, const float *x,
                        const float *w, float *y);

static void multiply_programmed(const ams_abi_layer_t *layer,
                                const char *kernel,
                                ams_product_options_t options, const float *x,
                                const float *w, float *y) {
  test_weights_t weights = test_quantise(layer, w);
  test_multiply(layer, &weights, kernel, options, layer->vectors, x, y);
  test_weights_free(&weights);
}

static void multiply_batch(const ams_abi_layer_t *layer, const char *kernel,
                           ams_product_options_t options, const float *x,
                           const float *w, float *y) {
  assert_ok(ams_batch_multiply(layer, &options, kernel, x, w, y));
}

static void check(const ams_abi_layer_t *layer, multiply_t *multiply,
                  int64_t inputs, int64_t weights) {
  int64_t vectors = layer->batch * layer->vectors,
          count = vectors * layer->outputs;
  float *x = make_numbers(inputs, 1), *w = make_numbers(weights, 2);
  float *bias = make_numbers(layer->outputs, 3);
  float *residual = make_numbers(count, 4);
  float *expected = make_numbers(count, 5), *actual = make_numbers(count, 6);
  residual[count / 2] = NAN;
  residual[count / 3] = INFINITY;
  const ams_epilogue_t epilogues[] = {
      {.bias = bias},
      {.residual = residual},
      {.clamps = true, .low = 0, .high = INFINITY},
      {bias, residual, true, -0.5f, 6},
      {NULL, residual, true, -INFINITY, -0.0f},
  };
  for (const ams_kernel_t *const *k = ams_kernels; *k; ++k)
    for (size_t e = 0; e < sizeof epilogues / sizeof *epilogues; ++e)
      for (int threads = 1; threads <= 7 && (*k)->supported(); threads += 3) {
        ams_product_options_t options = {
            .seed = 9, .noise = true, .threads = threads, .first_vector = 5};
        multiply(layer, (*k)->name, options, x, w, expected);
        apply_apart(&epilogues[e], vectors, layer->outputs, expected);
        options.epilogue = epilogues[e];
        multiply(layer, (*k)->name, options, x, w, actual);
        assert_same_bits((*k)->name, actual, expected, count);
      }
  free(x), free(w), free(bias), free(residual), free(expected), free(actual);
}

static void programmed(void **state) {
  (void)state;
  ams_abi_device_t device = test_device(32, 8, 8, 8);
  ams_abi_layer_t matmul = test_matmul(device, 2, 70, 50);
  matmul.vectors = 110;
  matmul.batch = 1;
  check(&matmul, multiply_programmed, 110 * 50, 70 * 50);
  matmul.vectors = 1; // threads share the outputs
  matmul.outputs = 200;
  check(&matmul, multiply_programmed, 50, 200 * 50);
  const ams_abi_layer_t convolutions[] = {
      test_conv(device, 2, 2, 7, 6, 5, 3, 1, 1, 1, 1, 20),   // plain
      test_conv(device, 1, 1, 6, 6, 8, 3, 1, 1, 1, 2, 66),   // groups
      test_conv(device, 1, 2, 5, 5, 70, 3, 1, 1, 1, 70, 70), // depthwise
  };
  for (size_t i = 0; i < sizeof convolutions / sizeof *convolutions; ++i) {
    ams_abi_layer_t layer = convolutions[i];
    layer.batch = 1;
    check(&layer, multiply_programmed, 2 * 42 * 70,
          layer.outputs * layer.reduction);
  }
}

/// A device with sources of error has a product of its own.
static void general(void **state) {
  (void)state;
  ams_abi_device_t device = test_device(32, 8, 8, 8);
  device.sources.read_noise = 0.01f;
  ams_abi_layer_t matmul = test_matmul(device, 2, 70, 50);
  matmul.vectors = 20;
  matmul.batch = 1;
  check(&matmul, multiply_programmed, 20 * 50, 70 * 50);
}

static void batches(void **state) {
  (void)state;
  ams_abi_layer_t layer = test_matmul(test_device(32, 8, 8, 8), 2, 37, 50);
  layer.kind = AMS_ABI_BATCH_MATMUL;
  layer.batch = 5;
  layer.vectors = 11;
  check(&layer, multiply_batch, 5 * 11 * 50, 5 * 37 * 50);
}

static void bad_models(void **state) {
  (void)state;
  ams_abi_epilogue_t epilogue = {.flags = 8};
  assert_error(ams_epilogue_check(&epilogue), AMS_STATUS_INVALID_ARGUMENT,
               "unknown flags 0x8");
  epilogue = (ams_abi_epilogue_t){
      .flags = AMS_ABI_EPILOGUE_CLAMP, .low = NAN, .high = 1};
  assert_error(ams_epilogue_check(&epilogue), AMS_STATUS_INVALID_ARGUMENT,
               "clamps to the range from nan to 1");
  ams_abi_layer_t layer = test_matmul(test_device(32, 8, 8, 8), 2, 37, 50);
  layer.epilogue.flags = AMS_ABI_EPILOGUE_RESIDUAL;
  ams_epilogue_t made;
  float bias[37];
  assert_error(ams_epilogue_make(&layer.epilogue, bias, NULL, &made),
               AMS_STATUS_INVALID_DATA, "passes no residual");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(programmed),
      cmocka_unit_test(general),
      cmocka_unit_test(batches),
      cmocka_unit_test(bad_models),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
