//===-- conditioned_test.c - Conditioned products, however computed *- C
//-*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every kernel and number of threads computes the definition (C1 to C6), with
// means removed, blocks spread, or both; and what is refused.
//
//===----------------------------------------------------------------------===//

#include "check_kernels.h"
#include "kernel.h"
#include "test_data.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

/// On 1 and 3 threads.
static void check_variants(ams_abi_layer_t layer, int64_t vectors,
                           const float *w, const float *x) {
  check_kernels_variants(layer, vectors, w, x, 2, (const int[]){1, 3});
}

/// Every way to condition blocks of `layer`.
static void check_conditions(ams_abi_layer_t layer, int64_t vectors,
                             const float *w, const float *x) {
  int32_t n = layer.device.rows;
  for (int flags = 1; flags < 4; ++flags)
    if (!(flags & AMS_ABI_CONDITION_SPREAD) || (n & (n - 1)) == 0)
      check_variants(test_conditioned(layer, flags & AMS_ABI_CONDITION_MEAN,
                                      flags & AMS_ABI_CONDITION_SPREAD),
                     vectors, w, x);
}

static void matmuls(void **state) {
  (void)state;
  static const struct {
    int64_t vectors, outputs, reduction;
  } shapes[] = {{1, 1, 1}, {13, 70, 130}, {2, 65, 1500}, {101, 3, 27}};
  static const int32_t rows[] = {1, 2, 8, 16, 32, 64, 100, 128, 256, 1024};
  static const int32_t formats[][3] = {{8, 8, 8}, {6, 6, 8}, {7, 10, 11}};
  for (size_t s = 0; s < sizeof shapes / sizeof *shapes; ++s) {
    float *x = test_numbers(shapes[s].vectors * shapes[s].reduction, 30);
    float *w = test_numbers(shapes[s].outputs * shapes[s].reduction, 31);
    for (size_t n = 0; n < sizeof rows / sizeof *rows; ++n)
      for (size_t b = 0; b < sizeof formats / sizeof *formats; ++b) {
        ams_abi_device_t device =
            test_device(rows[n], formats[b][0], formats[b][1], formats[b][2]);
        device.noise_uniform = b == 1 ? 2.5f : 1;
        check_conditions(test_matmul(device, test_gain(rows[n]),
                                     shapes[s].outputs, shapes[s].reduction),
                         shapes[s].vectors, w, x);
      }
    free(x);
    free(w);
  }
}

/// Scales and means from subnormal to where sums still stay finite.
static void extremes(void **state) {
  (void)state;
  enum { vectors = 9, outputs = 66, reduction = 100 };
  float *x = test_numbers(vectors * reduction, 32);
  float *w = test_numbers(outputs * reduction, 33);
  for (int i = 0; i < vectors * reduction; ++i)
    x[i] *= i / reduction % 3 == 0   ? 0x1p-128f
            : i / reduction % 3 == 1 ? 0x1p100f
                                     : 1;
  for (int i = 0; i < outputs * reduction; ++i)
    w[i] *= i / reduction % 3 == 0 ? 0x1p-126f : 0x1p-8f;
  static const int32_t rows[] = {4, 32, 128, 512};
  for (size_t n = 0; n < sizeof rows / sizeof *rows; ++n)
    check_conditions(
        test_matmul(test_device(rows[n], 8, 8, 8), 1, outputs, reduction),
        vectors, w, x);
  free(x);
  free(w);
}

static void convolutions(void **state) {
  (void)state;
  static const int32_t rows[] = {8, 32, 128};
  for (size_t n = 0; n < sizeof rows / sizeof *rows; ++n) {
    ams_abi_device_t device = test_device(rows[n], 6, 6, 8);
    const ams_abi_layer_t layers[] = {
        test_conv(device, 8, 2, 7, 6, 5, 3, 1, 1, 1, 1, 20),   // plain
        test_conv(device, 8, 1, 6, 6, 8, 3, 2, 2, 1, 2, 66),   // groups
        test_conv(device, 8, 2, 5, 5, 70, 3, 1, 1, 1, 70, 70), // depthwise
    };
    for (size_t i = 0; i < sizeof layers / sizeof *layers; ++i) {
      const ams_abi_layer_t *layer = &layers[i];
      float *x = test_numbers(2 * 25 * 70, 34 + i);
      float *w = test_numbers(layer->outputs * layer->reduction, 40 + i);
      check_conditions(*layer, layer->vectors, w, x);
      free(x);
      free(w);
    }
  }
}

/// Every kernel finds the vector that holds a NaN, an infinity, or what becomes
/// one.
static void not_finite(void **state) {
  (void)state;
  enum { vectors = 30, outputs = 3, reduction = 150, bad = 17 };
  static const uint32_t values[] = {0x7fffffff, 0xffc00000, 0x7f800000,
                                    0x7f7fffff, 0x7f7f0000};
  float *x = test_numbers(vectors * reduction, 50);
  float *w = test_numbers(outputs * reduction, 51);
  float y[vectors * outputs];
  for (int flags = 1; flags < 4; ++flags) {
    ams_abi_layer_t layer = test_conditioned(
        test_matmul(test_device(128, 8, 8, 8), 8, outputs, reduction),
        flags & AMS_ABI_CONDITION_MEAN, flags & AMS_ABI_CONDITION_SPREAD);
    test_weights_t weights = test_quantise(&layer, w);
    for (size_t v = 0; v < sizeof values / sizeof *values; ++v)
      for (const ams_kernel_t *const *k = ams_kernels; *k; ++k) {
        if (!(*k)->supported())
          continue;
        // The largest bfloat16 number alone stays finite, two of them do not.
        float *at = x + bad * reduction + 140, saved[2] = {at[0], at[1]};
        memcpy(&at[0], &values[v], sizeof *at);
        memcpy(&at[1], &values[v], sizeof *at);
        ams_grid_t *grid;
        ams_product_options_t options = {.threads = 1};
        assert_ok(ams_grid_program_conditioned(&layer, 0, weights.codes,
                                               weights.scales, weights.sums,
                                               (*k)->name, &grid));
        ams_status_t status = ams_grid_multiply(grid, &options, vectors, x, y);
        assert_non_null(status);
        assert_non_null(strstr(ams_status_message(status), "vector 17"));
        ams_status_free(status);
        ams_grid_free(grid);
        memcpy(at, saved, sizeof saved);
      }
    test_weights_free(&weights);
  }
  free(x);
  free(w);
}

static void refusals(void **state) {
  (void)state;
  float w[3 * 150] = {1};
  ams_abi_layer_t layer = test_conditioned(
      test_matmul(test_device(128, 8, 8, 8), 8, 3, 150), true, true);
  test_weights_t weights = test_quantise(&layer, w);
  ams_grid_t *grid;
  ams_status_t status =
      ams_grid_program(&layer, weights.codes, weights.scales, NULL, &grid);
  assert_non_null(status);
  assert_non_null(strstr(ams_status_message(status), "sums of the weights"));
  ams_status_free(status);
  weights.sums[2] = INFINITY;
  status = ams_grid_program_conditioned(
      &layer, 0, weights.codes, weights.scales, weights.sums, NULL, &grid);
  assert_non_null(status);
  assert_non_null(strstr(ams_status_message(status), "not finite"));
  ams_status_free(status);
  weights.sums[2] = 1;
  layer.device.rows = 100;
  status = ams_grid_program_conditioned(
      &layer, 0, weights.codes, weights.scales, weights.sums, NULL, &grid);
  assert_non_null(status);
  assert_non_null(strstr(ams_status_message(status), "power of two"));
  ams_status_free(status);
  layer.device.rows = 128;
  layer.condition.flags = 4;
  status = ams_grid_program_conditioned(
      &layer, 0, weights.codes, weights.scales, weights.sums, NULL, &grid);
  assert_non_null(status);
  assert_non_null(strstr(ams_status_message(status), "conditioning 4"));
  ams_status_free(status);
  layer.condition.flags = AMS_ABI_CONDITION_MEAN;
  layer.kind = AMS_ABI_BATCH_MATMUL;
  ams_product_options_t options = {.threads = 1};
  float y[3];
  status = ams_batch_multiply(&layer, &options, NULL, w, w, y);
  assert_non_null(status);
  assert_non_null(strstr(ams_status_message(status), "two activations"));
  ams_status_free(status);
  test_weights_free(&weights);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(matmuls),      cmocka_unit_test(extremes),
      cmocka_unit_test(convolutions), cmocka_unit_test(not_finite),
      cmocka_unit_test(refusals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
