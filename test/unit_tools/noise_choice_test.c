//===-- noise_choice_test.c - Tests of layers chosen by noise -----*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is read, and which layers reach a deviation or are among the largest:
// ties, layers that are no candidates, NaN.
//
//===----------------------------------------------------------------------===//

#include "choice.h"
#include "unit_tools.h"

#include <math.h>

enum { LAYERS = 5 };

static const double deviations[LAYERS] = {0.02, 0.3, 0.02, 0, 0.1};
static const bool all[LAYERS] = {true, true, true, true, true};

/// Reads `text`, and expects the layers whose places hold 'x'.
static void check(const char *text, const double *values,
                  const bool *candidates, const char *expected) {
  ams_choice_t choice;
  assert_ok(ams_choice_parse(text, "option", &choice));
  bool chosen[LAYERS];
  size_t number = ams_choice_apply(&choice, LAYERS, values, candidates, chosen);
  char marks[LAYERS + 1] = "";
  size_t counted = 0;
  for (int i = 0; i < LAYERS; ++i) {
    marks[i] = chosen[i] ? 'x' : '-';
    counted += chosen[i];
  }
  assert_string_equal(marks, expected);
  assert_int_equal(number, counted);
}

static void test_least(void **state) {
  (void)state;
  check("0.1", deviations, all, "-x--x");
  check("0.01", deviations, all, "xxx-x");
  check("1e-30", deviations, all, "xxx-x");
  check("0.4", deviations, all, "-----");
}

static void test_top(void **state) {
  (void)state;
  check("top:1", deviations, all, "-x---");
  check("top:2", deviations, all, "-x--x");
  check("top:3", deviations, all, "xx--x"); // the first of equal ones
  check("top:4", deviations, all, "xxx-x");
  check("top:9", deviations, all, "xxxxx");
}

/// Layers that are no candidates take no place.
static void test_candidates(void **state) {
  (void)state;
  static const bool some[LAYERS] = {true, false, true, true, false};
  check("top:1", deviations, some, "x----");
  check("top:2", deviations, some, "x-x--");
  check("0.01", deviations, some, "x-x--");
  static const bool none[LAYERS] = {false};
  check("top:2", deviations, none, "-----");
}

/// What was spoiled is not left out unseen.
static void test_nan(void **state) {
  (void)state;
  static const double spoiled[LAYERS] = {0.02, 0.3, NAN, 0, INFINITY};
  check("top:1", spoiled, all, "--x--");
  check("top:2", spoiled, all, "--x-x");
  check("0.1", spoiled, all, "-xx-x");
}

/// Without a choice all candidates are taken.
static void test_none(void **state) {
  (void)state;
  const ams_choice_t choice = {0};
  bool chosen[LAYERS];
  assert_int_equal(ams_choice_apply(&choice, LAYERS, deviations, all, chosen),
                   LAYERS);
}

static void test_refused(void **state) {
  (void)state;
  ams_choice_t choice;
  assert_error(ams_choice_parse("top:0", "option '--x'", &choice),
               "option '--x'");
  assert_error(ams_choice_parse("top:", "option '--x'", &choice),
               "option '--x'");
  static const char *const texts[] = {"", "0", "-1", "nan", "inf", "top", "1%"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i)
    assert_error(ams_choice_parse(texts[i], "option '--x'", &choice),
                 "is neither a deviation above 0 nor top:N");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_least),      cmocka_unit_test(test_top),
      cmocka_unit_test(test_candidates), cmocka_unit_test(test_nan),
      cmocka_unit_test(test_none),       cmocka_unit_test(test_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
