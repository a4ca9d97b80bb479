//===-- histogram_test.c - Tests of recorded noise's tables -------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The shares of alias tables against the counts that they are made of, which
// elements go to which row, and what is refused.
//
//===----------------------------------------------------------------------===//

#include "histogram.h"
#include "unit_tools.h"

#include "ams/product.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { BINS = AMS_HISTOGRAM_BINS, COLUMNS = AMS_ABI_NOISE_COLUMNS };

/// The bin that side `side` of a column leads to, found by its lower edge.
static int find_bin(const ams_abi_noise_row_t *row, int side, int column,
                    double low, double width) {
  double bin = ((double)row->low[side][column] - low) / width;
  assert_true(fabs(bin - rint(bin)) < 1e-3);
  return (int)rint(bin);
}

/// The probability of every bin, added up over all columns; exact.
static void add_up(const ams_abi_noise_row_t *row, double low, double high,
                   double *probabilities) {
  const double width = (high - low) / BINS;
  memset(probabilities, 0, BINS * sizeof *probabilities);
  for (int c = 0; c < COLUMNS; ++c) {
    const double threshold = (double)row->threshold[c];
    assert_true(threshold >= 0 && threshold <= 1);
    assert_true(threshold * 0x1p24 == rint(threshold * 0x1p24));
    const double parts[2] = {threshold, 1 - threshold};
    for (int side = 0; side < 2; ++side) {
      if (parts[side] == 0)
        continue;
      int bin = find_bin(row, side, c, low, width);
      assert_in_range(bin, 0, BINS - 1);
      probabilities[bin] += parts[side] / COLUMNS;
      // The whole bin is covered, whatever the share.
      assert_true(fabs((double)row->slope[side][c] * parts[side] - width) <=
                  1e-6 * width);
    }
  }
}

static void check_counts(const int64_t *counts, double low, double high) {
  ams_abi_noise_row_t row = {.bound = 7};
  ams_histogram_alias(counts, low, high, &row);
  assert_true(row.bound == 7);
  double probabilities[BINS], sum = 0, total = 0;
  add_up(&row, low, high, probabilities);
  for (int b = 0; b < BINS; ++b) {
    sum += probabilities[b];
    total += (double)counts[b] + 0.5;
  }
  assert_true(sum == 1); // multiples of 2^-31: added up without rounding
  for (int b = 0; b < BINS; ++b)
    if (fabs(probabilities[b] - ((double)counts[b] + 0.5) / total) > 0x1p-31)
      fail_msg("bin %d has probability %.12g of %.12g", b, probabilities[b],
               ((double)counts[b] + 0.5) / total);
}

static void test_alias(void **state) {
  (void)state;
  int64_t counts[BINS] = {0};
  check_counts(counts, -1, 1); // all alike
  counts[42] = 1000000000;     // nearly all in one bin
  check_counts(counts, 0, 100);
  for (int b = 0; b < BINS; ++b)
    counts[b] = (int64_t)(1e6 * exp(-0.01 * (b - 50) * (b - 50)));
  check_counts(counts, -3, 4);
  for (int b = 0; b < BINS; ++b)
    counts[b] = (int64_t)b * 7919 % 101;
  check_counts(counts, -0x1p-20, 0x1p-20);
  for (int b = 0; b < BINS; ++b) // one bin more or less than full columns
    counts[b] = b < 64 ? 1000 : 0;
  check_counts(counts, 10, 11);
}

/// A record of every bin's middle, `repeats` + b times.
static void test_counts_of_record(void **state) {
  (void)state;
  enum { MOST = 64 * BINS };
  static float noise[MOST];
  int64_t counts[BINS], count = 0;
  for (int b = 0; b < BINS; ++b) {
    counts[b] = 1 + b % 60;
    for (int64_t i = 0; i < counts[b]; ++i)
      noise[count++] = (float)b + 0.5f;
  }
  noise[count++] = 0;    // the ends of the histogram
  noise[count++] = BINS; // belongs to the last bin
  ++counts[0], ++counts[BINS - 1];
  ams_noise_record_t record = {"fc", noise, NULL, count, 1};
  ams_abi_noise_row_t row, expected = {0};
  assert_ok(ams_histogram_table(&record, 1, 1, &row));
  ams_histogram_alias(counts, 0, BINS, &expected);
  assert_memory_equal(&row, &expected, sizeof row);
}

static void test_constant_noise(void **state) {
  (void)state;
  const float noise[4] = {0.25f, 0.25f, 0.25f, 0.25f};
  ams_noise_record_t record = {"fc", noise, NULL, 4, 2};
  ams_abi_noise_row_t row;
  assert_ok(ams_histogram_table(&record, 1, 1, &row));
  for (int c = 0; c < COLUMNS; ++c)
    for (int side = 0; side < 2; ++side) {
      assert_true(row.slope[side][c] == 0);
      bool used = side ? row.threshold[c] < 1 : row.threshold[c] > 0;
      assert_true(row.low[side][c] == (used ? 0.25f : 0));
    }
  const float output[4] = {1, 2, 1, 2};
  record.output = output;
  assert_true(ams_histogram_deviation(&record) == 0);
}

/// Channels have noise of their own; a table of channels tells them apart.
static void test_channels(void **state) {
  (void)state;
  enum { COUNT = 600, CHANNELS = 3 };
  static float noise[COUNT], own[CHANNELS][COUNT / CHANNELS];
  for (int i = 0; i < COUNT; ++i) {
    noise[i] = (float)(i % CHANNELS * 100 + i * 31 % 97);
    own[i % CHANNELS][i / CHANNELS] = noise[i];
  }
  ams_noise_record_t record = {"conv", noise, NULL, COUNT, CHANNELS};
  ams_abi_noise_row_t rows[CHANNELS], expected;
  assert_ok(ams_histogram_table(&record, CHANNELS, 1, rows));
  for (int c = 0; c < CHANNELS; ++c) {
    ams_noise_record_t alone = {"conv", own[c], NULL, COUNT / CHANNELS, 1};
    assert_ok(ams_histogram_table(&alone, 1, 1, &expected));
    assert_memory_equal(&rows[c], &expected, sizeof expected);
  }
}

/// Larger outputs have larger noise; classes tell them apart.
static void test_classes(void **state) {
  (void)state;
  enum { COUNT = 4000, CLASSES = 4 };
  static float noise[COUNT], output[COUNT], own[CLASSES][COUNT / CLASSES];
  int filled[CLASSES] = {0};
  for (int i = 0; i < COUNT; ++i) {
    int rank = i * 7 % COUNT; // 7 and COUNT have no common divisor
    output[i] = (float)(i % 2 ? rank : -rank);
    int class = rank / (COUNT / CLASSES);
    noise[i] = (float)(class * 1000 + i % 89);
    own[class][filled[class]++] = noise[i];
  }
  ams_noise_record_t record = {"fc", noise, output, COUNT, 1};
  ams_abi_noise_row_t rows[CLASSES], expected;
  assert_ok(ams_histogram_table(&record, 1, CLASSES, rows));
  for (int c = 0; c < CLASSES; ++c) {
    int least = c * (COUNT / CLASSES);
    assert_true(rows[c].bound == (float)least);
    ams_noise_record_t alone = {"fc", own[c], NULL, filled[c], 1};
    assert_ok(ams_histogram_table(&alone, 1, 1, &expected));
    expected.bound = rows[c].bound;
    assert_memory_equal(&rows[c], &expected, sizeof expected);
  }
}

/// Outputs that are all alike leave every range but the last empty.
static void test_empty_class(void **state) {
  (void)state;
  const float noise[4] = {1, 2, 3, 4}, output[4] = {0, 0, 0, 0};
  ams_noise_record_t record = {"fc", noise, output, 4, 1};
  ams_abi_noise_row_t rows[3], none = {0}, expected;
  assert_ok(ams_histogram_table(&record, 1, 3, rows));
  assert_ok(ams_histogram_table(&record, 1, 1, &expected));
  assert_memory_equal(&rows[0], &none, sizeof none);
  assert_memory_equal(&rows[1], &none, sizeof none);
  assert_memory_equal(&rows[2], &expected, sizeof expected);
}

/// Of the noise over that of the result; neither mean counts.
static void test_deviation(void **state) {
  (void)state;
  float noise[4] = {11, 13, 11, 13}, output[4] = {-4, 4, 4, -4};
  ams_noise_record_t record = {"fc", noise, output, 4, 1};
  assert_true(ams_histogram_deviation(&record) == 0.25);
  output[0] = output[3] = 4;
  assert_true(isinf(ams_histogram_deviation(&record)));
  for (int i = 0; i < 4; ++i)
    noise[i] = 3;
  assert_true(ams_histogram_deviation(&record) == 0);
  noise[1] = NAN;
  assert_true(isnan(ams_histogram_deviation(&record)));
  noise[1] = -INFINITY;
  assert_true(isnan(ams_histogram_deviation(&record)));
}

/// Draws of a table against the histogram that it was made from: chi-square
/// over its bins, and the mean place within them.
static void test_draws(void **state) {
  (void)state;
  enum { SAMPLES = 16, ELEMENTS = 1 << 16, DRAWS = SAMPLES * ELEMENTS };
  static float y[DRAWS];
  int64_t counts[BINS], total = 0;
  for (int b = 0; b < BINS; ++b) {
    counts[b] = 1000 + (int64_t)(1e5 * exp(-0.004 * (b - 40) * (b - 40)));
    total += 2 * counts[b] + 1;
  }
  ams_abi_noise_row_t row = {0};
  ams_histogram_alias(counts, 0, BINS, &row);
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    memset(y, 0, sizeof y);
    ams_added_noise_t noise = {.seed = seed,
                               .samples = SAMPLES,
                               .elements = ELEMENTS,
                               .channels = 1,
                               .classes = 1,
                               .outputs = 1,
                               .rows = &row,
                               .threads = 1};
    assert_ok(ams_noise_add(&noise, NULL, y));
    int64_t drawn[BINS] = {0};
    double place = 0, chi_square = 0;
    for (int i = 0; i < DRAWS; ++i) {
      int bin = (int)floorf(y[i]);
      assert_in_range(bin, 0, BINS - 1);
      ++drawn[bin];
      place += (double)y[i] - bin;
    }
    for (int b = 0; b < BINS; ++b) {
      double expected =
          (double)DRAWS * (double)(2 * counts[b] + 1) / (double)total;
      double difference = (double)drawn[b] - expected;
      chi_square += difference * difference / expected;
    }
    // 99 degrees of freedom: 5 deviations of 14.07 to either side.
    assert_true(fabs(chi_square - (BINS - 1)) < 70);
    // Uniform in the bin: 5 deviations of the mean.
    assert_true(fabs(place / DRAWS - 0.5) < 5 * sqrt(1.0 / 12 / DRAWS));
  }
}

static void test_refused(void **state) {
  (void)state;
  float noise[4] = {1, 2, NAN, 4}, output[4] = {0, 1, 2, INFINITY};
  ams_noise_record_t record = {"conv1", noise, output, 4, 2};
  ams_abi_noise_row_t rows[AMS_HISTOGRAM_MAX_CLASSES + 1];
  assert_error(ams_histogram_table(&record, 1, 1, rows),
               "layer \"conv1\": element 2 of its noise is no finite number");
  noise[2] = 3;
  assert_error(ams_histogram_table(&record, 1, 2, rows),
               "element 3 of its result is no finite number");
  assert_error(ams_histogram_table(&record, 3, 1, rows),
               "there can be those of 1 channel or of 2");
  assert_error(
      ams_histogram_table(&record, 1, AMS_HISTOGRAM_MAX_CLASSES + 1, rows),
      "1 to 16 ranges");
  record.count = 0;
  assert_error(ams_histogram_table(&record, 1, 1, rows),
               "record at least one sample");
  record.count = 3;
  assert_error(ams_histogram_table(&record, 1, 1, rows),
               "3 recorded elements of 2 channels");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_alias),
      cmocka_unit_test(test_counts_of_record),
      cmocka_unit_test(test_constant_noise),
      cmocka_unit_test(test_channels),
      cmocka_unit_test(test_classes),
      cmocka_unit_test(test_empty_class),
      cmocka_unit_test(test_deviation),
      cmocka_unit_test(test_draws),
      cmocka_unit_test(test_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
