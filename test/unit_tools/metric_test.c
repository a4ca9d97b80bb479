//===-- metric_test.c - Tests of how results are measured ---------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each loss's metric on scores whose right answers are counted by hand, and
// which of two metrics is the better one.
//
//===----------------------------------------------------------------------===//

#include "metric.h"
#include "unit_tools.h"

#include <math.h>

/// Classes: the highest score, the lowest class of equal ones.
static void test_classes(void **state) {
  (void)state;
  const float scores[] = {1, 2, 3, 5, 5, 4, -3, -2, -1, 0, 0, 0};
  const int64_t labels[] = {2, 0, 1, 0};
  const ams_tune_loss_t loss = AMS_TUNE_SOFTMAX_CROSS_ENTROPY;
  assert_true(ams_metric_measure(loss, scores, labels, 4, 3, 3) == 75);
  // Two samples of two positions each have a label for each position.
  assert_true(ams_metric_measure(loss, scores, labels, 2, 6, 3) == 75);
  // NaN is higher than nothing.
  const float spoiled[] = {0, NAN, 1};
  assert_true(ams_metric_measure(loss, spoiled, labels, 1, 3, 3) == 100);
  assert_string_equal(ams_metric_name(loss), "top-1 in %");
}

/// Sides: above 0 for labels above a half.
static void test_sides(void **state) {
  (void)state;
  const float scores[] = {0.1f, -0.1f, 0, 2};
  const float labels[] = {1, 1, 0, 0.6f};
  const ams_tune_loss_t loss = AMS_TUNE_BINARY_CROSS_ENTROPY;
  assert_true(ams_metric_measure(loss, scores, labels, 2, 2, 2) == 75);
  assert_string_equal(ams_metric_name(loss), "accuracy in %");
}

static void test_squares(void **state) {
  (void)state;
  const float scores[] = {1, 2, 3, 4}, labels[] = {1, 0, 3, 8};
  assert_true(ams_metric_measure(AMS_TUNE_L2, scores, labels, 4, 1, 1) == 5);
  const float spoiled[] = {1, NAN, 3, 4};
  assert_true(isnan(ams_metric_measure(AMS_TUNE_L2, spoiled, labels, 4, 1, 1)));
  assert_string_equal(ams_metric_name(AMS_TUNE_L2), "mean squared error");
}

/// More is better, but for errors; any number is better than NaN; the same is
/// not better.
static void test_better(void **state) {
  (void)state;
  static const ams_tune_loss_t losses[] = {AMS_TUNE_SOFTMAX_CROSS_ENTROPY,
                                           AMS_TUNE_BINARY_CROSS_ENTROPY,
                                           AMS_TUNE_L2};
  for (size_t i = 0; i < sizeof losses / sizeof *losses; ++i) {
    const bool less = losses[i] == AMS_TUNE_L2;
    assert_true(ams_metric_better(losses[i], 2, 1) == !less);
    assert_true(ams_metric_better(losses[i], 1, 2) == less);
    assert_false(ams_metric_better(losses[i], 1, 1));
    assert_true(ams_metric_better(losses[i], 1, NAN));
    assert_false(ams_metric_better(losses[i], NAN, 1));
    assert_false(ams_metric_better(losses[i], NAN, NAN));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_classes),
      cmocka_unit_test(test_sides),
      cmocka_unit_test(test_squares),
      cmocka_unit_test(test_better),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
