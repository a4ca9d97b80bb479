//===-- output_test.c - Tests of outputs whole or not at all -----*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is in the directory before, after and instead of an output.
//
//===----------------------------------------------------------------------===//

#include "directory.h"
#include "output_file.h"
#include "scratch_file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/ams-output-XXXXXX";

static int enter(void **state) {
  (void)state;
  return mkdtemp(directory) ? chdir(directory) : -1;
}

static int leave(void **state) {
  (void)state;
  return chdir("/") == 0 ? rmdir(directory) : -1;
}

static int count_files(void) {
  DIR *stream = opendir(".");
  int count = -2; // "." and ".."
  while (readdir(stream))
    ++count;
  closedir(stream);
  return count;
}

static void test_appears_when_complete(void **state) {
  (void)state;
  ams_output_file_t output;
  assert_null(ams_output_file_probe("out"));
  assert_null(ams_output_file_open("out", &output));
  fputs("text", output.stream);
  assert_int_not_equal(access("out", F_OK), 0);
  assert_null(ams_output_file_commit(&output));
  struct stat info;
  assert_int_equal(stat("out", &info), 0);
  assert_int_equal(info.st_size, 4);
  assert_int_equal(count_files(), 1);
  unlink("out");
}

static void test_nothing_stays_of_a_failure(void **state) {
  (void)state;
  ams_output_file_t output;
  assert_null(ams_output_file_open("out", &output));
  assert_int_equal(mkdir("out", 0777), 0); // the rename will fail
  ams_status_t status = ams_output_file_commit(&output);
  assert_int_equal(ams_status_code(status), AMS_STATUS_IO);
  ams_status_free(status);
  assert_int_equal(count_files(), 1);
  rmdir("out");
}

static void test_device_is_written_in_place(void **state) {
  (void)state;
  ams_output_file_t output;
  assert_null(ams_output_file_probe("/dev/null"));
  assert_null(ams_output_file_open("/dev/null", &output));
  assert_null(output.temporary);
  assert_null(ams_output_file_commit(&output));
  assert_null(ams_output_file_open("/dev/full", &output));
  fputs("text", output.stream);
  ams_status_t status = ams_output_file_commit(&output);
  assert_int_equal(ams_status_code(status), AMS_STATUS_IO);
  ams_status_free(status);
}

static void test_refused_early(void **state) {
  (void)state;
  const char *const paths[] = {"", ".", "none/out", "/dev/null/out"};
  for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); ++i) {
    ams_status_t status = ams_output_file_probe(paths[i]);
    assert_non_null(status);
    ams_status_free(status);
  }
  ams_output_file_t output;
  ams_status_t status = ams_output_file_open("", &output);
  assert_string_equal(ams_status_message(status),
                      "the output file has no name");
  ams_status_free(status);
  assert_int_equal(count_files(), 0);
}

static void test_standard_output_stays_open(void **state) {
  (void)state;
  ams_output_file_t output;
  assert_null(ams_output_file_probe("-"));
  for (int i = 0; i < 2; ++i) {
    assert_null(ams_output_file_open("-", &output));
    assert_ptr_equal(output.stream, stdout);
    assert_null(ams_output_file_commit(&output));
  }
  assert_int_equal(count_files(), 0);
}

static void test_scratch_has_no_name(void **state) {
  (void)state;
  FILE *stream;
  assert_null(ams_scratch_open("out", &stream));
  assert_int_equal(count_files(), 0);
  fputs("text", stream);
  assert_null(ams_scratch_finish(stream, "out"));
  char text[5] = "";
  assert_int_equal(pread(fileno(stream), text, 4, 0), 4);
  assert_string_equal(text, "text");
  fclose(stream);
  assert_null(ams_scratch_open("none/out", &stream));
  fclose(stream);
}

static void test_directories(void **state) {
  (void)state;
  assert_null(ams_directory_make("dump"));
  assert_null(ams_directory_make("dump"));
  rmdir("dump");
  ams_status_t status = ams_directory_make("/dev/null");
  assert_int_equal(ams_status_code(status), AMS_STATUS_IO);
  ams_status_free(status);
  status = ams_directory_make("none/dump");
  assert_string_equal(ams_status_message(status),
                      "cannot make the directory 'none/dump': No such file or "
                      "directory");
  ams_status_free(status);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_appears_when_complete),
      cmocka_unit_test(test_nothing_stays_of_a_failure),
      cmocka_unit_test(test_device_is_written_in_place),
      cmocka_unit_test(test_refused_early),
      cmocka_unit_test(test_standard_output_stays_open),
      cmocka_unit_test(test_scratch_has_no_name),
      cmocka_unit_test(test_directories),
  };
  return cmocka_run_group_tests(tests, enter, leave);
}
