//===-- noise_test.c - The generator and its noise ----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Philox against Random123, the addresses of draws, and the statistics of
// uniform noise: mean, variance, range, independence between coordinates.
//
//===----------------------------------------------------------------------===//

#include "noise.h"
#include "test_data.h"
#include "unit.h"

#include <Random123/philox.h>

#include <math.h>
#include <stdlib.h>

/// Random123's known answers for philox4x32-10.
static void known_answers(void **state) {
  (void)state;
  static const struct {
    uint32_t counter[4];
    uint64_t key;
    uint32_t expected[4];
  } answers[] = {
      {{0, 0, 0, 0}, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
       UINT64_MAX,
       {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
       UINT64_C(0x299f31d0a4093822),
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
  };
  for (size_t i = 0; i < sizeof answers / sizeof *answers; ++i) {
    ams_philox_block_t counter;
    memcpy(counter.word, answers[i].counter, sizeof counter.word);
    ams_philox_block_t words = ams_philox(counter, answers[i].key);
    assert_memory_equal(words.word, answers[i].expected, sizeof words.word);
  }
}

static void same_as_random123(void **state) {
  (void)state;
  sequence_t sequence = {1};
  for (int i = 0; i < 10000; ++i) {
    philox4x32_ctr_t counter;
    for (int word = 0; word < 4; ++word)
      counter.v[word] = (uint32_t)(sequence_uniform(&sequence) * 0x1p32);
    philox4x32_key_t key = {{(uint32_t)i * 77, ~(uint32_t)i}};
    philox4x32_ctr_t expected = philox4x32_R(10, counter, key);
    ams_philox_block_t own;
    memcpy(own.word, counter.v, sizeof own.word);
    own = ams_philox(own, key.v[0] | (uint64_t)key.v[1] << 32);
    assert_memory_equal(own.word, expected.v, sizeof own.word);
  }
}

static ams_noise_t make_noise(uint64_t seed, uint32_t layer) {
  return (ams_noise_t){
      .enabled = true, .uniform = 1, .seed = seed, .layer = layer};
}

/// A group of 64 rows holds the draws of its rows.
static void groups_are_draws(void **state) {
  (void)state;
  ams_noise_t noise = make_noise(UINT64_C(0x123456789abcdef0), 65535);
  const uint64_t vectors[] = {0, 1, UINT64_C(0xffffffff),
                              UINT64_C(0xfffffffffff)};
  const uint32_t rows[] = {0, 64, UINT32_C(0xffffffc0)};
  float e[AMS_NOISE_GROUP];
  for (size_t v = 0; v < 4; ++v)
    for (size_t r = 0; r < 3; ++r) {
      ams_noise_draw_group(&noise, vectors[v], 1048575,
                           rows[r] / AMS_NOISE_GROUP, e);
      for (uint32_t i = 0; i < AMS_NOISE_GROUP; ++i)
        assert_true(e[i] ==
                    ams_noise_draw(&noise, vectors[v], 1048575, rows[r] + i));
    }
}

static int compare_words(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

/// The rows of a group take 64 different halves of 8 * 4 words (N4, N5): with
/// 16 bits each, rows of many vectors that shared one would always be equal.
static void rows_share_nothing(void **state) {
  (void)state;
  ams_noise_t noise = make_noise(3, 0);
  uint64_t history[AMS_NOISE_GROUP] = {0};
  float e[AMS_NOISE_GROUP];
  for (uint64_t vector = 0; vector < 4; ++vector) {
    ams_noise_draw_group(&noise, vector, 0, 0, e);
    for (int i = 0; i < AMS_NOISE_GROUP; ++i)
      history[i] = history[i] << 16 | (uint16_t)(int16_t)floorf(e[i] * 65536);
  }
  qsort(history, AMS_NOISE_GROUP, sizeof *history, compare_words);
  for (int i = 1; i < AMS_NOISE_GROUP; ++i)
    assert_true(history[i] != history[i - 1]);
}

/// Draws of 2^20 coordinates; bounds below are 5 deviations or more.
#define NUM_DRAWS 1048576

/// Fills `draws` with rows of blocks of vectors: 64 rows, 16 blocks, 1024
/// vectors, shifted by one where asked.
static float *make_draws(uint64_t seed, uint32_t layer, uint32_t row_shift,
                         uint32_t block_shift, uint64_t vector_shift) {
  ams_noise_t noise = make_noise(seed, layer);
  float *draws = malloc(NUM_DRAWS * sizeof *draws);
  assert_non_null(draws);
  float *to = draws;
  for (uint64_t vector = 0; vector < 1024; ++vector)
    for (uint32_t block = 0; block < 16; ++block)
      for (uint32_t row = 0; row < 64; ++row)
        *to++ = ams_noise_draw(&noise, vector + vector_shift,
                               block + block_shift, row + row_shift);
  return draws;
}

static void moments(void **state) {
  (void)state;
  float *draws = make_draws(11, 0, 0, 0, 0);
  double sum = 0, squares = 0, fourths = 0;
  float least = 1, most = -1;
  int tenths[10] = {0};
  for (int i = 0; i < NUM_DRAWS; ++i) {
    double e = draws[i];
    assert_true(e * 131072 == floor(e * 131072)); // on the grid of N6
    assert_true(fmod(fabs(e) * 131072, 2) == 1);  // symmetric about 0
    sum += e;
    squares += e * e;
    fourths += e * e * e * e;
    least = fminf(least, draws[i]);
    most = fmaxf(most, draws[i]);
    ++tenths[(int)((e + 0.5) * 10)];
  }
  double mean = sum / NUM_DRAWS, variance = squares / NUM_DRAWS;
  assert_true(fabs(mean) < 0.0015);
  assert_true(fabs(variance * 12 - 1) < 0.005);
  assert_true(fabs(fourths / NUM_DRAWS * 80 - 1) < 0.01);
  assert_true(least >= -0.5f && least < -0.4999f);
  assert_true(most <= 0.5f && most > 0.4999f);
  for (int i = 0; i < 10; ++i)
    assert_true(abs(tenths[i] - NUM_DRAWS / 10) < 1600);
  free(draws);
}

/// Correlation of two sets of draws whose variance is 1/12, and of their
/// squares, against what independent sets would show by chance.
static void assert_independent(const char *what, const float *a,
                               const float *b) {
  double products = 0, squares = 0;
  for (int i = 0; i < NUM_DRAWS; ++i) {
    double x = a[i], y = b[i];
    products += x * y * 12;
    squares += (x * x * 12 - 1) * (y * y * 12 - 1) / 0.8;
  }
  if (fabs(products / NUM_DRAWS) > 0.005 || fabs(squares / NUM_DRAWS) > 0.005)
    fail_msg("%s: correlation %g, of squares %g", what, products / NUM_DRAWS,
             squares / NUM_DRAWS);
}

static void independence(void **state) {
  (void)state;
  static const struct {
    const char *what;
    uint64_t seed;
    uint32_t layer, row, block;
    uint64_t vector;
  } others[] = {
      {"next row", 11, 0, 1, 0, 0},
      {"same word, other half", 11, 0, 16, 0, 0},
      {"same counter, other word", 11, 0, 32, 0, 0},
      {"next group of rows", 11, 0, 64, 0, 0},
      {"next block", 11, 0, 0, 1, 0},
      {"next vector", 11, 0, 0, 0, 1},
      {"vector 2^32 further", 11, 0, 0, 0, UINT64_C(1) << 32},
      {"next layer", 11, 1, 0, 0, 0},
      {"next seed", 12, 0, 0, 0, 0},
      {"seed with another high half", 11 + (UINT64_C(1) << 32), 0, 0, 0, 0},
  };
  float *draws = make_draws(11, 0, 0, 0, 0);
  for (size_t i = 0; i < sizeof others / sizeof *others; ++i) {
    float *other = make_draws(others[i].seed, others[i].layer, others[i].row,
                              others[i].block, others[i].vector);
    assert_independent(others[i].what, draws, other);
    free(other);
  }
  free(draws);
}

/// Noise as it leaves a product: weights (1, -1) and inputs (1, 1) give the ADC
/// 0, so that the code is the rounded noise, here 999 LSB wide.
static void through_the_product(void **state) {
  (void)state;
  enum { outputs = 192, vectors = 1000 };
  ams_abi_device_t device = test_device(2, 8, 8, 16);
  device.noise_uniform = 999;
  device.partial_format = AMS_ABI_FORMAT_F32;
  ams_abi_layer_t layer = test_matmul(device, 1, outputs, 2);
  float w[2 * outputs], x[2 * vectors];
  for (int i = 0; i < outputs; ++i)
    w[2 * i] = 1, w[2 * i + 1] = -1;
  for (int i = 0; i < 2 * vectors; ++i)
    x[i] = 1;
  test_weights_t weights = test_quantise(&layer, w);
  float *y = malloc(vectors * outputs * sizeof *y);
  float *again = malloc(vectors * outputs * sizeof *again);
  assert_true(y && again);
  ams_product_options_t options = {.seed = 9, .noise = true, .threads = 1};
  test_multiply(&layer, &weights, NULL, options, vectors, x, y);
  options.threads = 2;
  test_multiply(&layer, &weights, NULL, options, vectors, x, again);
  assert_same_bits("the same seed", again, y, vectors * outputs);

  double sum = 0, squares = 0, most = 0;
  for (int i = 0; i < vectors * outputs; ++i) {
    double code = rint((double)y[i] / (2.0 / 32767));
    sum += code;
    squares += code * code;
    most = fmax(most, fabs(code));
  }
  double count = vectors * outputs;
  assert_true(fabs(sum / count) < 3.5);
  // Rounding to whole codes adds 1/12 to the variance of 999^2 / 12.
  assert_true(fabs(squares / count * 12 / (999.0 * 999 + 1) - 1) < 0.011);
  assert_true(most >= 498 && most <= 500);

  options.seed = 10;
  test_multiply(&layer, &weights, NULL, options, vectors, x, again);
  int equal = 0;
  for (int i = 0; i < vectors * outputs; ++i)
    equal += y[i] == again[i];
  assert_true(equal < vectors * outputs / 400);
  free(y);
  free(again);
  test_weights_free(&weights);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_answers),
      cmocka_unit_test(same_as_random123),
      cmocka_unit_test(groups_are_draws),
      cmocka_unit_test(rows_share_nothing),
      cmocka_unit_test(moments),
      cmocka_unit_test(independence),
      cmocka_unit_test(through_the_product),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
