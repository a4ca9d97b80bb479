//===-- identity_test.c - The same bits, however computed ---------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels, threads, and how vectors are grouped into calls must not change a
// bit; and the scalar kernel computes the definition.
//
//===----------------------------------------------------------------------===//

#include "check_kernels.h"
#include "kernel.h"
#include "reference.h"
#include "test_data.h"
#include "unit.h"

#include <stdlib.h>

static const int32_t widths[] = {1, 3, 8, 32, 100, 128, 1024};
#define NUM_WIDTHS (sizeof widths / sizeof *widths)

static const int32_t bits[][3] = {{8, 8, 8},   {6, 6, 8}, {4, 4, 6},
                                  {8, 8, 16},  {2, 2, 4}, {8, 2, 8},
                                  {7, 10, 11}, {9, 8, 8}, {16, 16, 16}};
#define NUM_BITS (sizeof bits / sizeof *bits)

static float *make_output(int64_t count) {
  float *y = calloc((size_t)count, sizeof *y);
  assert_non_null(y);
  return y;
}

/// On 1, 2 and 7 threads.
static void check_variants(ams_abi_layer_t layer, int64_t vectors,
                           const float *w, const float *x) {
  check_kernels_variants(layer, vectors, w, x, 3, (const int[]){1, 2, 7});
}

static void matmuls(void **state) {
  (void)state;
  static const struct {
    int64_t vectors, outputs, reduction;
  } shapes[] = {{1, 1, 1}, {13, 70, 130}, {5, 17, 257}, {3, 200, 64}};
  for (size_t s = 0; s < sizeof shapes / sizeof *shapes; ++s) {
    float *x = test_numbers(shapes[s].vectors * shapes[s].reduction, 1);
    float *w = test_numbers(shapes[s].outputs * shapes[s].reduction, 2);
    for (size_t n = 0; n < NUM_WIDTHS; ++n)
      for (size_t b = 0; b < NUM_BITS; ++b) {
        ams_abi_device_t device =
            test_device(widths[n], bits[b][0], bits[b][1], bits[b][2]);
        check_variants(test_matmul(device, test_gain(widths[n]),
                                   shapes[s].outputs, shapes[s].reduction),
                       shapes[s].vectors, w, x);
      }
    free(x);
    free(w);
  }
}

/// More than one panel, in whole and part panels.
static void many_vectors(void **state) {
  (void)state;
  enum { vectors = 301, outputs = 33, reduction = 70 };
  float *x = test_numbers(vectors * reduction, 3);
  float *w = test_numbers(outputs * reduction, 4);
  ams_abi_device_t device = test_device(32, 8, 8, 8);
  for (int64_t some = 95; some <= vectors; some += 103)
    check_variants(test_matmul(device, 2.8284271f, outputs, reduction), some, w,
                   x);
  free(x);
  free(w);
}

/// Scales from subnormal to the largest in one product, wide noise, and results
/// that are subnormal, huge or infinite.
static void extremes(void **state) {
  (void)state;
  enum { vectors = 9, outputs = 66, reduction = 100 };
  float *x = test_numbers(vectors * reduction, 5);
  float *w = test_numbers(outputs * reduction, 6);
  for (int i = 0; i < vectors * reduction; ++i)
    x[i] *= i / reduction % 3 == 0   ? 0x1p-126f
            : i / reduction % 3 == 1 ? 0x1p120f
                                     : 1;
  for (int i = 0; i < outputs * reduction; ++i)
    w[i] *= i / reduction % 3 == 0   ? 0x1p-130f
            : i / reduction % 3 == 1 ? 0x1p100f
                                     : 0x1p-8f;
  for (size_t n = 0; n < NUM_WIDTHS; ++n) {
    ams_abi_device_t device = test_device(widths[n], 8, 8, 8);
    device.noise_uniform = 3.7f;
    check_variants(test_matmul(device, 1, outputs, reduction), vectors, w, x);
  }
  free(x);
  free(w);
}

static void convolutions(void **state) {
  (void)state;
  for (size_t n = 0; n < NUM_WIDTHS; ++n) {
    ams_abi_device_t device = test_device(widths[n], 8, 8, 8);
    float gain = test_gain(widths[n]);
    const ams_abi_layer_t layers[] = {
        test_conv(device, gain, 2, 7, 6, 5, 3, 1, 1, 1, 1, 20),    // plain
        test_conv(device, gain, 1, 9, 8, 4, 3, 2, 1, 1, 1, 65),    // stride
        test_conv(device, gain, 2, 7, 7, 6, 3, 1, 2, 2, 1, 3),     // dilation
        test_conv(device, gain, 1, 6, 6, 8, 3, 1, 1, 1, 2, 66),    // groups
        test_conv(device, gain, 2, 5, 5, 70, 3, 1, 1, 1, 70, 70),  // depthwise
        test_conv(device, gain, 1, 9, 11, 66, 3, 2, 1, 1, 66, 66), // stride 2,
        test_conv(device, gain, 1, 9, 9, 20, 3, 3, 1, 1, 20, 20),  // stride 3,
        test_conv(device, gain, 1, 8, 9, 70, 3, 1, 2, 2, 70, 70),  // dilation,
        test_conv(device, gain, 1, 6, 7, 9, 5, 2, 2, 1, 9, 9),     // 5 x 5
        test_conv(device, gain, 2, 5, 4, 9, 1, 2, 0, 1, 1, 7),     // 1 x 1
        test_conv(device, gain, 1, 2, 2, 3, 5, 1, 3, 1, 1, 4), // small image
    };
    for (size_t i = 0; i < sizeof layers / sizeof *layers; ++i) {
      const ams_abi_layer_t *layer = &layers[i];
      float *x = test_numbers(2 * 81 * 70, 7 + i);
      float *w = test_numbers(layer->outputs * layer->reduction, 20 + i);
      check_variants(*layer, layer->vectors, w, x);
      free(x);
      free(w);
    }
  }
}

/// Images whose pixels are subnormal, huge and plain, a channel a group and all
/// channels in one.
static void extreme_images(void **state) {
  (void)state;
  enum { pixels = 9 * 8, channels = 66 };
  float *x = test_numbers(pixels * channels, 12);
  float *w = test_numbers((int64_t)channels * 9 * channels, 13);
  for (int i = 0; i < pixels * channels; ++i)
    x[i] *= i / channels % 7 == 0   ? 0x1p-126f
            : i / channels % 7 == 3 ? 0x1p120f
                                    : 1;
  ams_abi_device_t device = test_device(128, 8, 8, 8);
  for (int groups = 1; groups <= channels; groups += channels - 1) {
    ams_abi_layer_t layer =
        test_conv(device, 8, 1, 9, 8, channels, 3, 1, 1, 1, groups, channels);
    check_variants(layer, layer.vectors, w, x);
  }
  free(x);
  free(w);
}

/// 64 vectors at once, and each alone at its own address.
static void one_at_a_time(void **state) {
  (void)state;
  enum { vectors = 64, outputs = 70, reduction = 200 };
  float *x = test_numbers(vectors * reduction, 8);
  float *w = test_numbers(outputs * reduction, 9);
  float *together = make_output(vectors * outputs);
  float *alone = make_output(vectors * outputs);
  ams_abi_layer_t layer =
      test_matmul(test_device(128, 8, 8, 8), 8, outputs, reduction);
  test_weights_t weights = test_quantise(&layer, w);
  for (const ams_kernel_t *const *k = ams_kernels; *k; ++k) {
    if (!(*k)->supported())
      continue;
    ams_product_options_t options = {
        .seed = 7, .first_vector = 77, .noise = true, .threads = 2};
    test_multiply(&layer, &weights, (*k)->name, options, vectors, x, together);
    for (int v = 0; v < vectors; ++v, ++options.first_vector)
      test_multiply(&layer, &weights, (*k)->name, options, 1, x + v * reduction,
                    alone + v * outputs);
    assert_same_bits((*k)->name, alone, together, vectors * outputs);
  }
  free(x);
  free(w);
  free(together);
  free(alone);
  test_weights_free(&weights);
}

/// Products of activations: every kernel and number of threads as one product
/// a matrix with programmed weights.
static void batches(void **state) {
  (void)state;
  enum { batch = 5, vectors = 11, outputs = 37, reduction = 50 };
  float *a = test_numbers(batch * vectors * reduction, 10);
  float *b = test_numbers(batch * outputs * reduction, 11);
  float *expected = make_output(batch * vectors * outputs);
  float *actual = make_output(batch * vectors * outputs);
  ams_abi_layer_t layer =
      test_matmul(test_device(32, 6, 8, 8), 2, outputs, reduction);
  ams_product_options_t options = {.seed = 3, .noise = true, .threads = 1};
  for (int i = 0; i < batch; ++i) {
    test_weights_t weights = test_quantise(&layer, b + i * outputs * reduction);
    options.first_vector = 40 + (uint64_t)i * vectors;
    reference_multiply(&layer, &weights, &options, vectors,
                       a + i * vectors * reduction,
                       expected + i * vectors * outputs);
    test_weights_free(&weights);
  }
  layer.kind = AMS_ABI_BATCH_MATMUL;
  layer.batch = batch;
  layer.vectors = vectors;
  options.first_vector = 40;
  for (const ams_kernel_t *const *k = ams_kernels; *k; ++k)
    for (int threads = 1; threads <= 7 && (*k)->supported(); ++threads) {
      options.threads = threads;
      assert_ok(ams_batch_multiply(&layer, &options, (*k)->name, a, b, actual));
      assert_same_bits((*k)->name, actual, expected, batch * vectors * outputs);
    }
  free(a);
  free(b);
  free(expected);
  free(actual);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(matmuls),        cmocka_unit_test(many_vectors),
      cmocka_unit_test(extremes),       cmocka_unit_test(convolutions),
      cmocka_unit_test(one_at_a_time),  cmocka_unit_test(batches),
      cmocka_unit_test(extreme_images),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
