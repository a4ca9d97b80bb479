//===-- quantise_test.c - The quantiser against exact arithmetic --*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Q1 to Q4 for every pair of bfloat16 significands, in integers: through the
// portable quantiser and through each kernel's own.
//
//===----------------------------------------------------------------------===//

#include "device.h"
#include "kernel.h"
#include "quantise.h"
#include "test_data.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

/// Room for a block: its scale, and every significand with both signs.
#define MOST_VALUES 512

/// rne(value * largest / scale) for value = m * 2^-gap and positive integers.
static int32_t exact_code(int64_t m, int64_t scale, int gap, int64_t largest) {
  int64_t numerator = m * largest, denominator = scale << gap;
  int64_t quotient = numerator / denominator;
  int64_t twice_rest = 2 * (numerator % denominator);
  if (twice_rest > denominator ||
      (twice_rest == denominator && quotient % 2 != 0))
    ++quotient;
  return (int32_t)quotient;
}

/// Fills x with the scale, `scale` * 2^exponent, and with +-m * 2^(exponent -
/// gap) for all m of bfloat16 that are no larger; `codes` is what is expected.
/// Values that bfloat16 cannot hold are left out. Returns how many there are.
static int32_t make_block(int64_t scale, int exponent, int gap, int64_t largest,
                          float *x, int32_t *codes) {
  int32_t count = 0;
  x[count] = ldexpf((float)scale, exponent);
  codes[count++] = (int32_t)largest;
  for (int64_t m = 1; m <= 255; ++m) {
    float value = ldexpf((float)m, exponent - gap);
    bool normal = m >= 128 || exponent - gap == -133;
    if (!normal || m > scale << gap || ams_bfloat16_round(value) != value ||
        ldexpf(value, gap - exponent) != (float)m)
      continue;
    int32_t code = exact_code(m, scale, gap, largest);
    x[count] = value;
    codes[count++] = code;
    x[count] = -value;
    codes[count++] = -code;
  }
  return count;
}

static void check_blocks(int exponent, int most_gap, int32_t bits) {
  float x[MOST_VALUES];
  int32_t expected[MOST_VALUES];
  int16_t codes[MOST_VALUES];
  uint16_t scale_bits;
  int64_t least = exponent == -133 ? 1 : 128;
  int32_t largest = ams_largest_code(bits);
  for (int64_t scale = least; scale <= 255; ++scale)
    for (int gap = 0; gap <= most_gap; ++gap) {
      int32_t count = make_block(scale, exponent, gap, largest, x, expected);
      assert_int_equal(ams_quantise_vector_wide(x, count, count, largest, codes,
                                                &scale_bits),
                       -1);
      assert_true(ams_bfloat16_to_float(scale_bits) == x[0]);
      for (int32_t i = 0; i < count; ++i)
        if (codes[i] != expected[i])
          fail_msg("%a / %a, %d bits: code %d, expected %d", (double)x[i],
                   (double)x[0], bits, codes[i], expected[i]);
    }
}

static void every_pair(void **state) {
  (void)state;
  for (int32_t bits = 2; bits <= 16; ++bits)
    check_blocks(0, 22, bits);
}

/// From subnormal scales to the largest, where v * L overflows.
static void both_ends_of_the_range(void **state) {
  (void)state;
  static const int exponents[] = {-133, -132, -131, -126, -120, -60, 60, 111,
                                  112,  113,  114,  117,  118,  119, 120};
  for (size_t i = 0; i < sizeof exponents / sizeof *exponents; ++i)
    for (int32_t bits = 2; bits <= 16; bits += 7)
      check_blocks(exponents[i], 17, bits);
}

/// A kernel's codes are its own; weights of one code a row bring them out. With
/// 16 bits of output and this gain the ADC returns the input's code itself.
static void check_kernel(const ams_kernel_t *kernel, int exponent, int most_gap,
                         int32_t bits) {
  const int32_t n = MOST_VALUES;
  int32_t largest = ams_largest_code(bits);
  ams_abi_device_t device = test_device(n, 8, bits, 16);
  device.partial_format = AMS_ABI_FORMAT_F32;
  float gain = (float)largest * (float)n / 32767.0f;
  ams_abi_layer_t layer = test_matmul(device, gain, n, n);
  // Scales that keep the results away from both ends of float32's range.
  float weight_scale = exponent < 0 ? 0x1p64f : 0x1p-64f;
  float k = ams_output_scale(&device, gain);

  int8_t *codes = calloc((size_t)n * (size_t)n, 1);
  uint16_t *scales = calloc((size_t)n, sizeof *scales);
  assert_true(codes && scales);
  for (int32_t i = 0; i < n; ++i) {
    codes[i * n + i] = 127;
    scales[i] = ams_bfloat16_from_float(weight_scale);
  }
  ams_grid_t *grid;
  assert_ok(ams_grid_program(&layer, codes, scales, kernel->name, &grid));

  int64_t vectors = most_gap + 1;
  float *x = calloc((size_t)(vectors * n), sizeof *x);
  float *y = calloc((size_t)(vectors * n), sizeof *y);
  float *expected = calloc((size_t)(vectors * n), sizeof *expected);
  int32_t expected_codes[MOST_VALUES];
  assert_true(x && y && expected);
  for (int64_t scale = exponent == -133 ? 1 : 128; scale <= 255; ++scale) {
    memset(x, 0, (size_t)(vectors * n) * sizeof *x);
    memset(expected, 0, (size_t)(vectors * n) * sizeof *expected);
    for (int64_t v = 0; v < vectors; ++v) {
      int32_t count = make_block(scale, exponent, (int)v, largest, x + v * n,
                                 expected_codes);
      float r = k * weight_scale * x[v * n];
      for (int32_t i = 0; i < count; ++i)
        expected[v * n + i] = (float)expected_codes[i] * r;
    }
    ams_product_options_t options = {.threads = 1};
    assert_ok(ams_grid_multiply(grid, &options, vectors, x, y));
    assert_same_bits(kernel->name, y, expected, vectors * n);
  }
  ams_grid_free(grid);
  free(codes);
  free(scales);
  free(x);
  free(y);
  free(expected);
}

static void every_kernel(void **state) {
  (void)state;
  static const int exponents[] = {-133, -120, 0, 112, 120};
  for (const ams_kernel_t *const *k = ams_kernels; *k; ++k)
    for (size_t i = 0; i < sizeof exponents / sizeof *exponents; ++i)
      if ((*k)->supported()) {
        check_kernel(*k, exponents[i], 9, 8);
        check_kernel(*k, exponents[i], 3, 6);
        check_kernel(*k, exponents[i], 3, 2);
      }
}

/// Q1: values round to bfloat16, ties to even, before anything else.
static void rounding_comes_first(void **state) {
  (void)state;
  const float x[] = {0x1.01p0f, 0x1.03p0f, 0x1.010002p0f, -0x1.04p0f};
  const float rounded[] = {0x1.00p0f, 0x1.04p0f, 0x1.02p0f, -0x1.04p0f};
  int8_t codes[4], expected[4];
  uint16_t scale, expected_scale;
  assert_ok(ams_quantise(1, 4, 4, 4, 8, x, codes, &scale));
  assert_ok(ams_quantise(1, 4, 4, 4, 8, rounded, expected, &expected_scale));
  assert_memory_equal(codes, expected, 4);
  assert_int_equal(scale, expected_scale);
}

/// Q4 and zero scales; -0 counts as 0.
static void padding_and_zeros(void **state) {
  (void)state;
  const float x[] = {0, -0.0f, 0, 2, -1};
  const int8_t expected[] = {0, 0, 0, 127, -64, 0};
  int8_t codes[6] = {9, 9, 9, 9, 9, 9};
  uint16_t scales[2];
  assert_ok(ams_quantise(1, 5, 5, 3, 8, x, codes, scales));
  assert_memory_equal(codes, expected, 6);
  assert_int_equal(scales[0], 0);
  assert_int_equal(scales[1], 0x4000);
}

static void not_finite(void **state) {
  (void)state;
  // The last one is finite in float32, but not in bfloat16.
  const float bad[] = {NAN,
                       -NAN,
                       INFINITY,
                       -INFINITY,
                       0x1.ffp127f,
                       ams_float_from_bits(UINT32_C(0x7fffffff)),
                       ams_float_from_bits(UINT32_C(0x7f800001))};
  int8_t codes[16];
  uint16_t scales[8];
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    float x[10] = {0};
    x[7] = bad[i];
    assert_error(ams_quantise(2, 5, 5, 2, 8, x, codes, scales),
                 AMS_STATUS_INVALID_DATA, "element 2 of vector 1");
  }
}

static void arguments(void **state) {
  (void)state;
  float x = 0;
  int8_t code;
  uint16_t scale;
  assert_error(ams_quantise(1, 1, 1, 0, 8, &x, &code, &scale),
               AMS_STATUS_INVALID_ARGUMENT, "blocks of 0");
  assert_error(ams_quantise(1, 1, 1, 1, 17, &x, &code, &scale),
               AMS_STATUS_INVALID_ARGUMENT, "17 bits");
  assert_error(ams_quantise(1, 0, 1, 1, 8, &x, &code, &scale),
               AMS_STATUS_INVALID_ARGUMENT, "of 0 elements");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_pair),
      cmocka_unit_test(both_ends_of_the_range),
      cmocka_unit_test(every_kernel),
      cmocka_unit_test(rounding_comes_first),
      cmocka_unit_test(padding_and_zeros),
      cmocka_unit_test(not_finite),
      cmocka_unit_test(arguments),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
