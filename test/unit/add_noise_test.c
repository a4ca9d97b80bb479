//===-- add_noise_test.c - Differential noise ---------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every kernel and number of threads against T1, T3, T4 and D7 written out for
// one element; draws are apart from those of the device; what is refused.
//
//===----------------------------------------------------------------------===//

#include "add_noise.h"
#include "kernel_select.h"
#include "noise.h"
#include "test_data.h"
#include "unit.h"

#include "ams/product.h"

#include <math.h>
#include <stdlib.h>

enum { COLUMNS = AMS_ABI_NOISE_COLUMNS, MOST_ELEMENTS = 40000, CHANNELS = 5 };

enum { CLASSES = 4 };
static ams_abi_noise_row_t table[CHANNELS * CLASSES];

static int make_table(void **state) {
  (void)state;
  sequence_t sequence = {1};
  float *numbers = &table->bound;
  for (int i = 0; i < CHANNELS * CLASSES * AMS_ABI_NOISE_ROW; ++i)
    numbers[i] = (float)(sequence_uniform(&sequence) - 0.5);
  for (int r = 0; r < CHANNELS * CLASSES; ++r) {
    table[r].bound = (float)(r % CLASSES) * 0.3f;
    for (int c = 0; c < COLUMNS; ++c) {
      double share = sequence_uniform(&sequence) * 0x1p24;
      table[r].threshold[c] = (float)floor(share) * 0x1p-24f;
    }
    table[r].threshold[r] = 0;
    table[r].threshold[r + 1] = 1;
  }
  return 0;
}

/// The result for element `element` of sample `sample`.
static float expected(const ams_added_noise_t *noise, uint64_t sample,
                      uint64_t element, float y) {
  const ams_abi_noise_row_t *row =
      &noise->rows[element % (uint64_t)noise->channels *
                   (uint64_t)noise->classes];
  int64_t range = 0;
  for (int64_t m = 1; m < noise->classes; ++m)
    if (fabsf(y) >= row[m].bound)
      range = m;
  row += range;
  ams_philox_block_t counter = {{(uint32_t)(16 * (element / 64) + element % 16),
                                 (uint32_t)(sample >> 32) << 20,
                                 (uint32_t)sample,
                                 (uint32_t)noise->layer + (4 << 16)}};
  uint32_t w = ams_philox(counter, noise->seed).word[element / 16 % 4];
  uint32_t column = w >> 25;
  float f = (float)((w >> 1) % (1 << 24)) / 0x1p24f;
  float t = row->threshold[column];
  int side = f < t ? 0 : 1;
  float xi = row->slope[side][column] * (side ? f - t : f);
  xi = row->low[side][column] + xi;
  return y + xi;
}

/// What becomes of the sum `v` for element `i` of all (D7).
static float followed(const ams_added_noise_t *noise, int64_t i, float v) {
  const ams_epilogue_t *epilogue = &noise->epilogue;
  if (epilogue->bias)
    v = v + epilogue->bias[i % noise->outputs];
  if (epilogue->residual)
    v = v + epilogue->residual[i];
  if (epilogue->clamps)
    v = v <= epilogue->low ? epilogue->low : v;
  if (epilogue->clamps)
    v = v >= epilogue->high ? epilogue->high : v;
  return v;
}

static void fill(float *y, int64_t count) {
  sequence_t sequence = {2};
  for (int64_t i = 0; i < count; ++i)
    y[i] = (float)(2 * sequence_uniform(&sequence) - 1);
}

static void check_all(const ams_added_noise_t *request) {
  static float y[MOST_ELEMENTS], wanted[MOST_ELEMENTS];
  int64_t count = request->samples * request->elements;
  assert_in_range(count, 1, MOST_ELEMENTS);
  fill(wanted, count);
  for (int64_t i = 0; i < count; ++i) {
    const uint64_t sample = (uint64_t)(i / request->elements);
    const uint64_t element = (uint64_t)(i % request->elements);
    if (request->rows)
      wanted[i] =
          expected(request, request->first_sample + sample, element, wanted[i]);
    wanted[i] = followed(request, i, wanted[i]);
  }
  for (const ams_kernel_t *const *kernel = ams_kernels; *kernel; ++kernel) {
    if (!(*kernel)->supported())
      continue;
    for (int threads = 1; threads <= 3; ++threads) {
      ams_added_noise_t noise = *request;
      noise.threads = threads;
      fill(y, count);
      assert_ok(ams_noise_add(&noise, (*kernel)->name, y));
      if (memcmp(y, wanted, (size_t)count * sizeof *y) != 0)
        fail_msg("kernel %s, %d threads: other bits", (*kernel)->name, threads);
    }
  }
}

static void same_everywhere(void **state) {
  (void)state;
  static const struct {
    int64_t samples, elements, channels, classes, outputs;
  } shapes[] = {{3, 10, 1, 1, 5},        {2, 64, 1, 1, 64},
                {7, 65, 5, 1, 13},       {2, 16384 + 7, 1, 1, 443},
                {2, 17000, 5, 4, 17000}, {5, 1000, 1, 4, 8},
                {1, 1, 1, 2, 1}};
  static float bias[MOST_ELEMENTS], residual[MOST_ELEMENTS];
  fill(residual, MOST_ELEMENTS);
  memcpy(bias, residual + 7, sizeof bias - 7 * sizeof *bias);
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; ++i) {
    ams_added_noise_t noise = {
        .seed = UINT64_C(0x123456789abcdef0) + i,
        .first_sample = i % 2 ? 12 : (UINT64_C(3) << 32) - 1,
        .layer = i % 2 ? 65535 : 3,
        .samples = shapes[i].samples,
        .elements = shapes[i].elements,
        .channels = shapes[i].channels,
        .classes = shapes[i].classes,
        .rows = table,
        .outputs = shapes[i].outputs,
    };
    check_all(&noise);
    noise.epilogue =
        (ams_epilogue_t){bias, i % 2 ? residual : NULL, true, -0.1f, 0.4f};
    check_all(&noise);
    noise.rows = NULL;
    check_all(&noise);
  }
}

/// The grouping of samples into calls does not matter.
static void same_by_calls(void **state) {
  (void)state;
  enum { ELEMENTS = 150, SAMPLES = 6 };
  float whole[SAMPLES * ELEMENTS], parts[SAMPLES * ELEMENTS];
  fill(whole, SAMPLES * ELEMENTS);
  fill(parts, SAMPLES * ELEMENTS);
  ams_added_noise_t noise = {.seed = 5,
                             .first_sample = 100,
                             .layer = 1,
                             .samples = SAMPLES,
                             .elements = ELEMENTS,
                             .channels = 1,
                             .classes = 1,
                             .rows = table,
                             .outputs = 1,
                             .threads = 1};
  assert_ok(ams_noise_add(&noise, NULL, whole));
  noise.samples = 2;
  for (int i = 0; i < SAMPLES; i += 2) {
    noise.first_sample = 100 + (uint64_t)i;
    assert_ok(ams_noise_add(&noise, NULL, parts + (ptrdiff_t)i * ELEMENTS));
  }
  assert_memory_equal(whole, parts, sizeof whole);
}

static void zeros_add_nothing(void **state) {
  (void)state;
  static const ams_abi_noise_row_t none;
  float y[100], before[100];
  fill(y, 100);
  memcpy(before, y, sizeof y);
  ams_added_noise_t noise = {.samples = 1,
                             .elements = 100,
                             .channels = 1,
                             .classes = 1,
                             .rows = &none,
                             .outputs = 1,
                             .threads = 1};
  assert_ok(ams_noise_add(&noise, NULL, y));
  assert_memory_equal(y, before, sizeof y);
}

/// Counters of this source are none of those that products draw from: word 3
/// differs whatever else is equal.
static void apart_from_products(void **state) {
  (void)state;
  ams_noise_t product = {.seed = 1, .layer = 3};
  ams_philox_block_t words = ams_noise_words(&product, 7, 0, 0, 0);
  ams_philox_block_t counter = {{0, 0, 7, 3 | AMS_ADD_NOISE_SOURCE << 16}};
  ams_philox_block_t own = ams_philox(counter, 1);
  assert_memory_not_equal(own.word, words.word, sizeof own.word);
  assert_true(AMS_ADD_NOISE_SOURCE == 4); // T3
}

static void refused(void **state) {
  (void)state;
  float y[64] = {0};
  const ams_added_noise_t good = {.samples = 1,
                                  .elements = 64,
                                  .channels = 1,
                                  .classes = 1,
                                  .rows = table,
                                  .outputs = 1,
                                  .threads = 1};
  ams_added_noise_t bad = good;
  bad.layer = 65536;
  assert_error(ams_noise_add(&bad, NULL, y), AMS_STATUS_INVALID_ARGUMENT,
               "layers are below 2^16");
  bad = good;
  bad.channels = 5;
  assert_error(ams_noise_add(&bad, NULL, y), AMS_STATUS_INVALID_ARGUMENT,
               "channels divide them");
  bad = good;
  bad.outputs = 5;
  assert_error(ams_noise_add(&bad, NULL, y), AMS_STATUS_INVALID_ARGUMENT,
               "in rows of 5");
  bad = good;
  bad.channels = 64;
  bad.classes = INT64_C(1) << 60;
  assert_error(ams_noise_add(&bad, NULL, y), AMS_STATUS_INVALID_ARGUMENT,
               "the table has 1 to");
  bad = good;
  bad.first_sample = UINT64_C(1) << 44;
  assert_error(ams_noise_add(&bad, NULL, y), AMS_STATUS_INVALID_ARGUMENT,
               "past the 2^44");
  assert_error(ams_noise_add(&good, "abacus", y), AMS_STATUS_NOT_FOUND,
               "\"abacus\" is unknown");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(same_everywhere),
      cmocka_unit_test(same_by_calls),
      cmocka_unit_test(zeros_add_nothing),
      cmocka_unit_test(apart_from_products),
      cmocka_unit_test(refused),
  };
  return cmocka_run_group_tests(tests, make_table, NULL);
}
