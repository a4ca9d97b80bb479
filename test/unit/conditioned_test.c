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

#include "kernel.h"
#include "reference.h"
#include "test_data.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

/// A gain that uses the ADC's range for normal numbers.
static float fitting_gain(int32_t n) { return n < 16 ? 1 : (float)(n / 16); }

/// Expects every kernel to give on 1 and 3 threads what the definition gives.
static void check_layer(const ams_abi_layer_t *layer, int64_t vectors,
                        const float *w, const float *x, bool noise) {
  int64_t count = vectors * layer->outputs;
  float *expected = malloc((size_t)count * sizeof *expected);
  float *actual = malloc((size_t)count * sizeof *actual);
  assert_true(expected && actual);
  test_weights_t weights = test_quantise(layer, w);
  ams_product_options_t options = {.seed = UINT64_C(0x1234567800000007),
                                   .first_vector = 1000,
                                   .noise = noise};
  reference_multiply(layer, &weights, &options, vectors, x, expected);
  for (const ams_kernel_t *const *k = ams_kernels; *k; ++k)
    for (options.threads = 1; options.threads < 4 && (*k)->supported();
         options.threads += 2) {
      test_multiply(layer, &weights, (*k)->name, options, vectors, x, actual);
      char what[160];
      snprintf(what, sizeof what,
               "%s, %d threads, n = %d, bits %d/%d/%d, format %d, noise %d, "
               "%lld vectors, N = %lld, K = %lld, %lld groups, condition %u",
               (*k)->name, options.threads, layer->device.rows,
               layer->device.bits_weight, layer->device.bits_input,
               layer->device.bits_output, layer->device.partial_format, noise,
               (long long)vectors, (long long)layer->outputs,
               (long long)layer->reduction, (long long)layer->groups,
               layer->condition.flags);
      assert_same_bits(what, actual, expected, count);
    }
  free(expected);
  free(actual);
  test_weights_free(&weights);
}

/// Both formats, noise on and off.
static void check_variants(ams_abi_layer_t layer, int64_t vectors,
                           const float *w, const float *x) {
  for (int format = 0; format < 2; ++format)
    for (int noise = 0; noise < 2; ++noise) {
      layer.device.partial_format = format;
      check_layer(&layer, vectors, w, x, noise);
    }
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
        check_conditions(test_matmul(device, fitting_gain(rows[n]),
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
