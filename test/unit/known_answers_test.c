//===-- known_answers_test.c - The known answers, to the bit ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every case in test/vectors, every array of it, on every kernel.
//
//===----------------------------------------------------------------------===//

#include "adc.h"
#include "case_file.h"
#include "condition.h"
#include "device.h"
#include "kernel.h"
#include "npy.h"
#include "test_data.h"
#include "unit.h"

#include <dirent.h>
#include <stdlib.h>

#define NUM_CASES 26

static npy_t read_array(const char *directory, const char *name) {
  npy_t array = npy_read(directory, name);
  if (!array.data)
    fail_msg("%s/%s.npy cannot be read", directory, name);
  return array;
}

/// Expects quantising `values` [vectors, K] to give the stored codes and
/// scales, called SIDE_codes and SIDE_scales.
static void check_quantiser(const char *directory, const char *side,
                            const npy_t *values, int32_t n, int32_t bits) {
  char name[32];
  snprintf(name, sizeof name, "%s_codes", side);
  npy_t codes = read_array(directory, name);
  snprintf(name, sizeof name, "%s_scales", side);
  npy_t scales = read_array(directory, name);
  void *actual_codes = malloc((size_t)codes.size * ams_code_size(bits));
  uint16_t *actual_scales = malloc((size_t)scales.size * sizeof *actual_scales);
  assert_true(actual_codes && actual_scales);
  assert_ok(ams_quantise(values->shape[0], values->shape[1], values->shape[1],
                         n, bits, values->data, actual_codes, actual_scales));
  for (int64_t i = 0; i < codes.size; ++i)
    if (ams_code_at(actual_codes, bits, i) != npy_integer(&codes, i))
      fail_msg("%s: code %lld of %s is %d, expected %d", directory,
               (long long)i, side, ams_code_at(actual_codes, bits, i),
               npy_integer(&codes, i));
  for (int64_t i = 0; i < scales.size; ++i)
    assert_true(ams_bfloat16_to_float(actual_scales[i]) ==
                ((const float *)scales.data)[i]);
  free(actual_codes);
  free(actual_scales);
  npy_free(&codes);
  npy_free(&scales);
}

/// Expects the stored ADC codes [T, M, N] from the stored codes of both sides.
static void check_adc(const char *directory, const case_file_t *settings) {
  npy_t x = read_array(directory, "x_codes");
  npy_t w = read_array(directory, "w_codes");
  npy_t adc = read_array(directory, "adc_codes");
  int64_t vectors = x.shape[0], outputs = w.shape[0];
  int64_t blocks = x.shape[1], n = x.shape[2];
  float alpha = ams_alpha(&settings->device, settings->gain);
  int32_t largest = ams_largest_code(settings->device.bits_output);
  for (int64_t j = 0; j < blocks; ++j)
    for (int64_t v = 0; v < vectors; ++v)
      for (int64_t i = 0; i < outputs; ++i) {
        int32_t d = 0;
        for (int64_t e = 0; e < n; ++e)
          d += npy_integer(&x, (v * blocks + j) * n + e) *
               npy_integer(&w, (i * blocks + j) * n + e);
        int32_t expected = npy_integer(&adc, (j * vectors + v) * outputs + i);
        int32_t actual = ams_adc_code(d, alpha, largest);
        if (actual != expected)
          fail_msg("%s: ADC code of block %lld, vector %lld, output %lld is "
                   "%d, expected %d",
                   directory, (long long)j, (long long)v, (long long)i, actual,
                   expected);
      }
  npy_free(&x);
  npy_free(&w);
  npy_free(&adc);
}

/// Expects `actual` to be the stored array called `name`.
static void check_floats(const char *directory, const char *name,
                         const float *actual) {
  npy_t expected = read_array(directory, name);
  char what[512];
  snprintf(what, sizeof what, "%s/%s", directory, name);
  assert_same_bits(what, actual, expected.data, expected.size);
  npy_free(&expected);
}

/// The conditioning of a case, with its signs.
static ams_abi_condition_t read_condition(const char *directory,
                                          const case_file_t *settings) {
  ams_abi_condition_t condition = {
      .flags = (settings->mean ? AMS_ABI_CONDITION_MEAN : 0u) |
               (settings->spread ? AMS_ABI_CONDITION_SPREAD : 0u)};
  if (!settings->spread)
    return condition;
  npy_t signs = read_array(directory, "signs");
  assert_int_equal(signs.size, settings->device.rows);
  for (int64_t k = 0; k < signs.size; ++k)
    condition.signs[k / 32] |= (((const float *)signs.data)[k] < 0 ? 1u : 0u)
                               << (k % 32);
  npy_free(&signs);
  return condition;
}

/// Expects conditioning and then quantising x, by every kernel's function, and
/// w to give the stored codes, scales, means and sums.
static void check_conditioned(const char *directory, const npy_t *w,
                              const npy_t *x,
                              const ams_abi_condition_t *condition,
                              const ams_abi_device_t *device) {
  int64_t k = x->shape[1], vectors = x->shape[0], outputs = w->shape[0];
  int64_t width = ams_condition_width(condition, k, device->rows);
  int64_t blocks = (k - 1) / device->rows + 1;
  int64_t most = vectors > outputs ? vectors : outputs;
  npy_t values = {.rank = 2, .shape = {vectors, width}};
  float *conditioned = malloc((size_t)(most * width) * sizeof *conditioned);
  float *more = malloc((size_t)(most * blocks) * sizeof *more);
  assert_true(conditioned && more);
  values.data = conditioned;
  ams_condition_t made = ams_condition_make(condition, k, device->rows);
  for (const ams_kernel_t *const *kernel = ams_kernels; *kernel; ++kernel) {
    if (!(*kernel)->supported())
      continue;
    for (int64_t v = 0; v < vectors; ++v)
      assert_true((*kernel)->condition(&made, (const float *)x->data + v * k,
                                       conditioned + v * width,
                                       more + v * blocks));
    check_quantiser(directory, "x", &values, device->rows, device->bits_input);
    if (made.mean)
      check_floats(directory, "x_means", more);
  }
  assert_ok(ams_condition_weights(condition, outputs, k, device->rows, w->data,
                                  conditioned, more));
  values.shape[0] = outputs;
  check_quantiser(directory, "w", &values, device->rows, device->bits_weight);
  if (made.mean)
    check_floats(directory, "w_sums", more);
  free(conditioned);
  free(more);
}

/// Expects the stored y from programmed weights, on every kernel.
static void check_grid(const char *directory, const ams_abi_layer_t *layer,
                       const npy_t *w, const npy_t *x, const npy_t *y,
                       int64_t vectors) {
  assert_int_equal(y->size, vectors * layer->outputs);
  test_weights_t weights = test_quantise(layer, w->data);
  float *actual = malloc((size_t)y->size * sizeof *actual);
  assert_non_null(actual);
  for (const ams_kernel_t *const *k = ams_kernels; *k; ++k) {
    if (!(*k)->supported())
      continue;
    test_multiply(layer, &weights, (*k)->name,
                  (ams_product_options_t){.threads = 2}, vectors, x->data,
                  actual);
    char what[512];
    snprintf(what, sizeof what, "%s, kernel %s", directory, (*k)->name);
    assert_same_bits(what, actual, y->data, y->size);
  }
  free(actual);
  test_weights_free(&weights);
}

static void check_matmul(const char *directory, const case_file_t *settings) {
  npy_t x = read_array(directory, "x"), w = read_array(directory, "w");
  npy_t y = read_array(directory, "y");
  ams_abi_layer_t layer =
      test_matmul(settings->device, settings->gain, w.shape[0], w.shape[1]);
  layer.condition = read_condition(directory, settings);
  if (layer.condition.flags) {
    check_conditioned(directory, &w, &x, &layer.condition, &settings->device);
  } else {
    check_quantiser(directory, "x", &x, settings->device.rows,
                    settings->device.bits_input);
    check_quantiser(directory, "w", &w, settings->device.rows,
                    settings->device.bits_weight);
    check_adc(directory, settings);
  }
  check_grid(directory, &layer, &w, &x, &y, x.shape[0]);
  npy_free(&x);
  npy_free(&w);
  npy_free(&y);
}

static void check_conv(const char *directory, const case_file_t *settings) {
  npy_t x = read_array(directory, "x"), w = read_array(directory, "w");
  npy_t y = read_array(directory, "y");
  assert_int_equal(w.shape[1], w.shape[2]);
  ams_abi_layer_t layer =
      test_conv(settings->device, settings->gain, x.shape[0],
                (int32_t)x.shape[1], (int32_t)x.shape[2], (int32_t)x.shape[3],
                (int32_t)w.shape[1], settings->stride, settings->pad,
                settings->dilation, settings->groups, w.shape[0]);
  check_grid(directory, &layer, &w, &x, &y, layer.vectors);
  npy_free(&x);
  npy_free(&w);
  npy_free(&y);
}

static void check_batch(const char *directory, const case_file_t *settings) {
  npy_t a = read_array(directory, "a"), b = read_array(directory, "b");
  npy_t y = read_array(directory, "y");
  ams_abi_layer_t layer =
      test_matmul(settings->device, settings->gain, b.shape[1], b.shape[2]);
  layer.kind = AMS_ABI_BATCH_MATMUL;
  layer.batch = a.shape[0];
  layer.vectors = a.shape[1];
  float *actual = malloc((size_t)y.size * sizeof *actual);
  assert_non_null(actual);
  for (const ams_kernel_t *const *k = ams_kernels; *k; ++k)
    for (int threads = 1; threads <= 7 && (*k)->supported(); threads += 3) {
      ams_product_options_t options = {.threads = threads};
      assert_ok(ams_batch_multiply(&layer, &options, (*k)->name, a.data, b.data,
                                   actual));
      assert_same_bits((*k)->name, actual, y.data, y.size);
    }
  free(actual);
  npy_free(&a);
  npy_free(&b);
  npy_free(&y);
}

static void check_case(const char *name) {
  char directory[512];
  snprintf(directory, sizeof directory, "%s/%s", AMS_TEST_VECTORS, name);
  case_file_t settings = case_file_read(directory);
  if (strcmp(settings.op, "matmul") == 0) {
    check_matmul(directory, &settings);
  } else if (strcmp(settings.op, "conv2d") == 0) {
    check_conv(directory, &settings);
  } else if (strcmp(settings.op, "batch_matmul_nt") == 0) {
    check_batch(directory, &settings);
  } else {
    fail_msg("%s: operation \"%s\" is unknown", directory, settings.op);
  }
}

static void all_cases(void **state) {
  (void)state;
  DIR *folder = opendir(AMS_TEST_VECTORS);
  assert_non_null(folder);
  size_t checked = 0;
  for (struct dirent *entry; (entry = readdir(folder));)
    if (entry->d_name[0] != '.' && !strchr(entry->d_name, '.'))
      check_case(entry->d_name), ++checked;
  closedir(folder);
  assert_int_equal(checked, NUM_CASES);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(all_cases)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
