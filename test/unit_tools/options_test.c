//===-- options_test.c - Tests of command lines and numbers -------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "number.h"
#include "options.h"
#include "progress.h"
#include "unit_tools.h"

static const ams_option_t options[] = {
    {"output", "FILE", "where to", 'o'},
    {"seed", "N", "seed", 0},
    {"time", NULL, "time", 't'},
    {"cost", "[=FORMAT]", "cost", 0},
};
static const ams_command_t command = {
    .name = "tool", .options = options, .num_options = 4};

/// Walks a command line of one argument list and writes what was found.
static ams_status_t walk(char **values, int count, char *text) {
  ams_arguments_t arguments = ams_arguments_begin(&command, count, values);
  text[0] = '\0';
  for (;;) {
    int option = AMS_ARGUMENT_END;
    const char *value = NULL;
    AMS_RETURN_IF_ERROR(ams_arguments_next(&arguments, &option, &value));
    if (option == AMS_ARGUMENT_END)
      return AMS_OK;
    sprintf(text + strlen(text), "%d:%s ", option, value ? value : "");
  }
}

#define WALK(text, ...)                                                        \
  walk((char *[]){"tool", __VA_ARGS__},                                        \
       (int)(sizeof((char *[]){"tool", __VA_ARGS__}) / sizeof(char *)), text)

static void test_forms(void **state) {
  (void)state;
  char text[256];
  assert_ok(WALK(text, "a", "--output=b", "--output", "c", "-o", "d", "-oe",
                 "--time", "-t", "-", "--seed=", "--", "--time", "--"));
  assert_string_equal(text,
                      "-2:a 0:b 0:c 0:d 0:e 2: 2: -2:- 1: -2:--time -2:-- ");
  assert_ok(WALK(text, "--help", "-h", "--version"));
  assert_string_equal(text, "-3: -3: -4: ");
  assert_ok(WALK(text, "--cost", "a", "--cost=json"));
  assert_string_equal(text, "3: -2:a 3:json ");
}

static void test_errors(void **state) {
  (void)state;
  char text[256];
  assert_error(WALK(text, "--outputt=x"), "did you mean '--output'?");
  assert_error(WALK(text, "--tmie"), "did you mean '--time'?");
  assert_error(WALK(text, "--xyzzy"), "'tool --help' lists the options");
  assert_error(WALK(text, "-x"), "unknown option '-x'");
  assert_error(WALK(text, "--seed"), "option '--seed' needs a value");
  assert_error(WALK(text, "--output", "--time"), "needs a value");
  assert_error(WALK(text, "--time=1"), "takes no value");
  char longest[200];
  memset(longest, 'x', sizeof longest);
  memcpy(longest, "--", 2);
  longest[sizeof longest - 1] = '\0';
  assert_error(WALK(text, longest), "unknown option");
}

static void test_numbers(void **state) {
  (void)state;
  int64_t number;
  assert_ok(ams_number_parse_int("-3", "x", -5, 5, &number));
  assert_int_equal(number, -3);
  static const char *const wrong[] = {"",
                                      " 1",
                                      "1 ",
                                      "1x",
                                      "+1",
                                      "6",
                                      "-6",
                                      "x",
                                      "0x1",
                                      "-",
                                      "99999999999999999999"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i)
    assert_error(ams_number_parse_int(wrong[i], "x", -5, 5, &number),
                 "is not a whole number from -5 to 5");

  uint64_t seed;
  assert_ok(ams_number_parse_uint64("18446744073709551615", "x", &seed));
  assert_true(seed == UINT64_MAX);
  assert_ok(ams_number_parse_uint64("0xFF", "x", &seed));
  assert_int_equal(seed, 255);
  assert_ok(ams_number_parse_uint64("010", "x", &seed));
  assert_int_equal(seed, 10);
  static const char *const wrong_seeds[] = {
      "", "-1", "1.5", "0x", "0xg", "18446744073709551616"};
  for (size_t i = 0; i < sizeof wrong_seeds / sizeof *wrong_seeds; ++i)
    assert_error(ams_number_parse_uint64(wrong_seeds[i], "x", &seed),
                 "is not a whole number");

  float gain;
  assert_ok(ams_number_parse_positive(".5", "x", &gain));
  assert_true(gain == 0.5f);
  static const char *const wrong_gains[] = {"",    "0",   "-1", "1e99", "inf",
                                            "nan", "1.x", ".",  "1e-99"};
  for (size_t i = 0; i < sizeof wrong_gains / sizeof *wrong_gains; ++i)
    assert_error(ams_number_parse_positive(wrong_gains[i], "x", &gain),
                 "is not a positive number");
}

static void test_time_in_words(void **state) {
  (void)state;
  char text[32];
  ams_progress_format_time(59.4, text, sizeof text);
  assert_string_equal(text, "59 s");
  ams_progress_format_time(200.0, text, sizeof text);
  assert_string_equal(text, "3 min 20 s");
  ams_progress_format_time(7500.0, text, sizeof text);
  assert_string_equal(text, "2 h 5 min");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_forms),
      cmocka_unit_test(test_errors),
      cmocka_unit_test(test_numbers),
      cmocka_unit_test(test_time_in_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
