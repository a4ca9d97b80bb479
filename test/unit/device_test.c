//===-- device_test.c - Ranges, constants, kernels, statuses ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// V1, V3, A1, D1 and the refusals that go with them; how a kernel is chosen;
// statuses.
//
//===----------------------------------------------------------------------===//

#include "device.h"
#include "kernel_select.h"
#include "test_data.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

static void device_ranges(void **state) {
  (void)state;
  ams_abi_device_t good = test_device(128, 8, 8, 8);
  assert_ok(ams_device_check(&good));
  const struct {
    size_t offset;
    int32_t least, most;
    const char *name;
  } fields[] = {
      {offsetof(ams_abi_device_t, rows), 1, 1024, "rows"},
      {offsetof(ams_abi_device_t, columns), 1, INT32_MAX, "columns"},
      {offsetof(ams_abi_device_t, bits_weight), 2, 16, "bits_weight"},
      {offsetof(ams_abi_device_t, bits_input), 2, 16, "bits_input"},
      {offsetof(ams_abi_device_t, bits_output), 2, 16, "bits_output"},
      {offsetof(ams_abi_device_t, partial_format), 0, 1, "partial_format"},
  };
  for (size_t i = 0; i < sizeof fields / sizeof *fields; ++i) {
    ams_abi_device_t device = good;
    int32_t *field = (int32_t *)((char *)&device + fields[i].offset);
    *field = fields[i].least;
    assert_ok(ams_device_check(&device));
    *field = fields[i].most;
    assert_ok(ams_device_check(&device));
    *field = fields[i].least - 1;
    assert_error(ams_device_check(&device), AMS_STATUS_INVALID_ARGUMENT,
                 fields[i].name);
    if (fields[i].most == INT32_MAX)
      continue;
    *field = fields[i].most + 1;
    assert_error(ams_device_check(&device), AMS_STATUS_INVALID_ARGUMENT,
                 fields[i].name);
  }
  const float widths[] = {-1, NAN, INFINITY};
  for (int i = 0; i < 3; ++i) {
    ams_abi_device_t device = good;
    device.noise_uniform = widths[i];
    assert_error(ams_device_check(&device), AMS_STATUS_INVALID_ARGUMENT,
                 "noise_uniform");
  }
}

static void constants(void **state) {
  (void)state;
  ams_abi_device_t device = test_device(128, 8, 8, 8);
  assert_true(ams_alpha(&device, 8) == (float)(8.0 / (128.0 * 127)));
  assert_true(ams_output_scale(&device, 8) == (float)(128 / (8.0 * 127)));
}

static void gains(void **state) {
  (void)state;
  ams_abi_device_t device = test_device(128, 8, 8, 8);
  assert_ok(ams_gain_check(&device, 0.001f));
  const float bad[] = {0, -1, NAN, INFINITY, 0x1p-149f};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i)
    assert_error(ams_gain_check(&device, bad[i]), AMS_STATUS_INVALID_ARGUMENT,
                 "gain");
}

/// Expects programming `layer` to fail with `text`.
static void refuse(ams_abi_layer_t layer, const char *text) {
  int8_t codes[1024] = {0};
  uint16_t scales[64] = {0};
  ams_grid_t *grid;
  assert_error(ams_grid_program(&layer, codes, scales, NULL, &grid),
               AMS_STATUS_INVALID_ARGUMENT, text);
}

static void layers(void **state) {
  (void)state;
  ams_abi_device_t device = test_device(8, 8, 8, 8);
  ams_abi_layer_t matmul = test_matmul(device, 1, 4, 16), layer;
  ams_abi_layer_t conv = test_conv(device, 1, 1, 4, 4, 2, 3, 1, 1, 1, 1, 4);
  layer = matmul, layer.kind = 7;
  refuse(layer, "kind is 7");
  layer = matmul, layer.kind = AMS_ABI_BATCH_MATMUL;
  refuse(layer, "no weights");
  layer = matmul, layer.outputs = 0;
  refuse(layer, "outputs is 0");
  layer = matmul, layer.reduction = -3;
  refuse(layer, "reduction is -3");
  layer = matmul, layer.reduction = INT64_MAX;
  refuse(layer, "reduction is");
  layer = matmul, layer.device.rows = 1, layer.reduction = 1 << 21;
  refuse(layer, "number of blocks");
  layer = matmul, layer.index = 65536;
  refuse(layer, "index is 65536");
  layer = matmul, layer.outputs = (INT64_C(1) << 32) + 1;
  refuse(layer, "outputs is 4294967297");
  layer = matmul, layer.vectors = (INT64_C(1) << 44) + 1;
  refuse(layer, "vectors is 17592186044417");
  layer = matmul, layer.device.sources.repeats = 257;
  refuse(layer, "repeats");
  layer = matmul, layer.groups = 2;
  refuse(layer, "groups is 2");
  layer = matmul, layer.gain = NAN;
  refuse(layer, "gain is nan");
  layer = conv, layer.groups = 4;
  refuse(layer, "4 groups do not divide 2 input channels");
  layer = conv, layer.reduction = 17;
  refuse(layer, "reduction is 17");
  layer = conv, layer.conv.out_w = 5;
  refuse(layer, "output is 5");
  layer = conv, layer.conv.stride_h = 0;
  refuse(layer, "stride 0");
  layer = conv, layer.conv.kernel_w = INT32_MAX, layer.conv.dilation_w = 9;
  refuse(layer, "give 0");
  layer = conv, layer.vectors = 17;
  refuse(layer, "17 input vectors are not images");
}

/// Codes beyond the device's bits and scales that are no magnitudes.
static void weights(void **state) {
  (void)state;
  int8_t codes[8] = {0};
  uint16_t scale = 0x3f80;
  ams_grid_t *grid;
  ams_abi_layer_t layer = test_matmul(test_device(8, 4, 8, 8), 1, 1, 8);
  codes[3] = -8;
  assert_error(ams_grid_program(&layer, codes, &scale, NULL, &grid),
               AMS_STATUS_INVALID_DATA, "largest code is 8");
  codes[3] = -7;
  scale = 0x7f80;
  assert_error(ams_grid_program(&layer, codes, &scale, NULL, &grid),
               AMS_STATUS_INVALID_DATA, "scale");
}

static void products(void **state) {
  (void)state;
  int8_t codes[18] = {0};
  uint16_t scale = 0x3f80;
  float x[32] = {0}, y[32];
  ams_grid_t *grid;
  ams_abi_device_t device = test_device(18, 8, 8, 8);
  ams_abi_layer_t conv = test_conv(device, 1, 1, 4, 4, 2, 3, 1, 1, 1, 1, 1);
  assert_ok(ams_grid_program(&conv, codes, &scale, NULL, &grid));
  ams_product_options_t options = {.threads = 1};
  assert_ok(ams_grid_multiply(grid, &options, 0, x, y));
  assert_error(ams_grid_multiply(grid, &options, 17, x, y),
               AMS_STATUS_INVALID_ARGUMENT, "17 vectors are not whole images");
  options.threads = 0;
  assert_error(ams_grid_multiply(grid, &options, 16, x, y),
               AMS_STATUS_INVALID_ARGUMENT, "0 threads");
  options = (ams_product_options_t){.threads = 1, .gain = -2};
  assert_error(ams_grid_multiply(grid, &options, 16, x, y),
               AMS_STATUS_INVALID_ARGUMENT, "gain is -2");
  options = (ams_product_options_t){.threads = 1,
                                    .first_vector = (UINT64_C(1) << 44) - 15};
  assert_error(ams_grid_multiply(grid, &options, 16, x, y),
               AMS_STATUS_INVALID_ARGUMENT, "2^44");
  options.first_vector -= 1;
  assert_ok(ams_grid_multiply(grid, &options, 16, x, y));
  x[30] = NAN; // pixel (3, 3): first seen by the patch around (2, 2)
  options.threads = 7;
  assert_error(ams_grid_multiply(grid, &options, 16, x, y),
               AMS_STATUS_INVALID_DATA, "vector 10:");
  ams_grid_free(grid);
}

static void kernel_choice(void **state) {
  (void)state;
  const ams_kernel_t *best, *kernel;
  assert_ok(ams_kernel_find(NULL, &best));
  assert_ok(ams_kernel_find("scalar", &kernel));
  assert_ptr_equal(kernel, &ams_kernel_scalar);
  assert_error(ams_kernel_find("abacus", &kernel), AMS_STATUS_NOT_FOUND,
               "abacus");
  assert_int_equal(setenv("AMS_KERNEL", "scalar", 1), 0);
  assert_ok(ams_kernel_default(&kernel));
  assert_ptr_equal(kernel, &ams_kernel_scalar);
  assert_int_equal(setenv("AMS_KERNEL", "abacus", 1), 0);
  assert_error(ams_kernel_default(&kernel), AMS_STATUS_NOT_FOUND, "abacus");
  assert_int_equal(unsetenv("AMS_KERNEL"), 0);
  assert_ok(ams_kernel_default(&kernel));
  assert_ptr_equal(kernel, best);
}

static void statuses(void **state) {
  (void)state;
  assert_int_equal(ams_status_code(AMS_OK), AMS_STATUS_OK);
  assert_string_equal(ams_status_message(AMS_OK), "");
  ams_status_free(AMS_OK);
  ams_status_t status =
      ams_status_make(AMS_STATUS_IO, "%s has %d bytes", "a.npy", 3);
  assert_int_equal(ams_status_code(status), AMS_STATUS_IO);
  assert_string_equal(ams_status_message(status), "a.npy has 3 bytes");
  ams_status_free(status);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(device_ranges), cmocka_unit_test(constants),
      cmocka_unit_test(gains),         cmocka_unit_test(layers),
      cmocka_unit_test(weights),       cmocka_unit_test(products),
      cmocka_unit_test(kernel_choice), cmocka_unit_test(statuses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
