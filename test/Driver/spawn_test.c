//===-- spawn_test.c - Tests of running other programs -----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is there, what fails, what is missing.
//
//===----------------------------------------------------------------------===//

#include "Spawn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_first_program_that_is_there(void **state) {
  (void)state;
  const char *const programs[] = {"/nonexistent/sh", "sh", NULL};
  const char *arguments[] = {NULL, "-c", "exit 0", NULL};
  assert_null(amsSpawn(programs, arguments, NULL, 0));
  assert_string_equal(arguments[0], "sh");
}

static void test_output_of_a_failure(void **state) {
  (void)state;
  const char *const programs[] = {"sh", NULL};
  const char *arguments[] = {NULL, "-c", "echo one; echo two >&2; exit 3",
                             NULL};
  ams_status_t status = amsSpawn(programs, arguments, NULL, 0);
  assert_string_equal(ams_status_message(status), "'sh' failed:\none\ntwo");
  ams_status_free(status);
}

static void test_signal(void **state) {
  (void)state;
  const char *const programs[] = {"sh", NULL};
  const char *arguments[] = {NULL, "-c", "kill -9 $$", NULL};
  ams_status_t status = amsSpawn(programs, arguments, NULL, 0);
  assert_string_equal(ams_status_message(status), "'sh' was ended by signal 9");
  ams_status_free(status);
}

static void test_missing_program(void **state) {
  (void)state;
  const char *const programs[] = {"/nonexistent/ld", "ams-no-such-ld", NULL};
  const char *arguments[] = {NULL, NULL};
  ams_status_t status = amsSpawn(programs, arguments, NULL, 0);
  assert_int_equal(ams_status_code(status), AMS_STATUS_NOT_FOUND);
  assert_non_null(
      strstr(ams_status_message(status),
             "'ams-no-such-ld' is not on this machine: install it"));
  ams_status_free(status);
}

static void test_inherited_descriptor(void **state) {
  (void)state;
  FILE *stream = tmpfile();
  assert_non_null(stream);
  fputs("through a descriptor", stream);
  fflush(stream);
  char script[128];
  snprintf(script, sizeof(script),
           "test \"$(cat /proc/self/fd/%d)\" = 'through a descriptor'",
           fileno(stream));
  const char *const programs[] = {"sh", NULL};
  const char *arguments[] = {NULL, "-c", script, NULL};
  const int descriptors[] = {fileno(stream)};
  assert_null(amsSpawn(programs, arguments, descriptors, 1));
  fclose(stream);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_first_program_that_is_there),
      cmocka_unit_test(test_output_of_a_failure),
      cmocka_unit_test(test_signal),
      cmocka_unit_test(test_missing_program),
      cmocka_unit_test(test_inherited_descriptor),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
