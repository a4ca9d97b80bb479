//===-- course_test.c - Tests of what is measured along a run -----*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which steps have rows, means of losses, the files, and discs that are full.
//
//===----------------------------------------------------------------------===//

#include "course.h"
#include "scratch_file.h"

#include <math.h>
#include <signal.h>
#include <sys/resource.h>

static ams_course_t make(int64_t steps, int64_t every, size_t num_layers) {
  static const char *const layers[] = {"/conv1/Conv", "fc"};
  ams_course_t course;
  assert_ok(
      ams_course_create(steps, every, "top-1", num_layers, layers, &course));
  return course;
}

/// Steps 0, 4, 8 and 10: the last one is out of turn.
static void test_rows(void **state) {
  (void)state;
  ams_course_t course = make(10, 4, 0);
  assert_int_equal(course.num_rows, 4);
  assert_int_equal(course.num_curves, AMS_COURSE_FIXED);
  static const int64_t due[] = {0, 4, 8, 10};
  size_t row = 0;
  for (int64_t step = 0; step <= 10; ++step) {
    const bool expected = row < 4 && due[row] == step;
    assert_int_equal(ams_course_is_due(&course, step), expected);
    if (!expected)
      continue;
    float *values = ams_course_row(&course, step);
    assert_ptr_equal(values, course.values + row++ * AMS_COURSE_FIXED);
    for (int i = 0; i < AMS_COURSE_FIXED; ++i)
      assert_true(isnan(values[i]));
  }
  ams_course_free(&course);
}

/// The last step in turn has one row.
static void test_last_row(void **state) {
  (void)state;
  ams_course_t course = make(8, 4, 0);
  assert_int_equal(course.num_rows, 3);
  assert_ptr_equal(ams_course_row(&course, 8),
                   course.values + (size_t)2 * AMS_COURSE_FIXED);
  ams_course_free(&course);
  course = make(3, 100, 0); // before the first step and at the end
  assert_int_equal(course.num_rows, 2);
  assert_true(ams_course_is_due(&course, 3));
  ams_course_free(&course);
}

static void test_losses(void **state) {
  (void)state;
  ams_course_t course = make(10, 4, 0);
  for (int i = 0; i < 10; ++i)
    course.losses[i] = (float)(1 << i);
  assert_true(isnan(ams_course_mean_loss(&course, 0)));
  assert_true(ams_course_mean_loss(&course, 4) == 15 / 4.0f);
  assert_true(ams_course_mean_loss(&course, 8) == 240 / 4.0f);
  assert_true(ams_course_mean_loss(&course, 10) == 768 / 2.0f);
  ams_course_free(&course);
}

/// A course of ten steps, with a number in every place of two rows.
static ams_course_t make_measured(void) {
  ams_course_t course = make(10, 8, 2);
  for (size_t i = 0; i < 2 * course.num_curves; ++i)
    course.values[i] = (float)i;
  return course;
}

static void check_text(const char *path, const char *expected) {
  size_t size;
  char *text = (char *)scratch_read(path, &size);
  text[size] = '\0';
  assert_string_equal(text, expected);
  free(text);
}

static const char measured[] =
    "step,training loss,on the device,in float32,learning rate,"
    "noise of /conv1/Conv,noise of fc\n"
    "0,0,1,2,3,4,5\n"
    "8,6,7,8,9,10,11\n";

static void test_csv(void **state) {
  (void)state;
  ams_course_t course = make_measured();
  char *path = scratch_path("course.csv");
  assert_ok(ams_course_write(&course, 0, "m", path, NULL));
  size_t size;
  free(scratch_read(path, &size));
  assert_int_equal(size, strstr(measured, "8,6") - measured);
  assert_ok(ams_course_write(&course, 8, "m", path, NULL));
  check_text(path, measured);
  scratch_remove(path);
  ams_course_free(&course);
}

/// Both files, and a place that is not there.
static void test_files(void **state) {
  (void)state;
  ams_course_t course = make_measured();
  assert_ok(ams_course_write(&course, 8, "m", NULL, NULL));
  char *path = scratch_path("course.html");
  assert_ok(ams_course_write(&course, 8, "a model", NULL, path));
  size_t size;
  char *text = (char *)scratch_read(path, &size);
  text[size] = '\0';
  assert_non_null(strstr(text, "<title>a model</title>"));
  assert_non_null(strstr(text, "<title>noise of /conv1/Conv</title>"));
  free(text);
  assert_error(ams_course_write(&course, 8, "m", "/nowhere/c.csv", path),
               "/nowhere/c.csv");
  assert_error(ams_course_write(&course, 8, "m", NULL, "/nowhere/c.html"),
               "/nowhere/c.html");
  scratch_remove(path);
  ams_course_free(&course);
}

/// Files that may not grow: the error names the file, what was there stays, and
/// nothing stands beside it (scratch_remove).
static void test_full_disc(void **state) {
  (void)state;
  ams_course_t course = make_measured();
  char *path = scratch_path("course.csv");
  assert_ok(ams_course_write(&course, 8, "m", path, NULL));
  struct rlimit before, little;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  signal(SIGXFSZ, SIG_IGN);
  // Nothing at all, and all but a byte.
  const rlim_t limits[] = {0, sizeof measured - 2};
  for (size_t i = 0; i < sizeof limits / sizeof *limits; ++i) {
    little = before;
    little.rlim_cur = limits[i];
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    ams_status_t csv = ams_course_write(&course, 8, "m", path, NULL);
    ams_status_t html = ams_course_write(&course, 8, "m", NULL, path);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_error(csv, "course.csv': File too large");
    assert_error(html, "course.csv': File too large");
    check_text(path, measured);
  }
  signal(SIGXFSZ, SIG_DFL);
  scratch_remove(path);
  ams_course_free(&course);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rows),   cmocka_unit_test(test_last_row),
      cmocka_unit_test(test_losses), cmocka_unit_test(test_csv),
      cmocka_unit_test(test_files),  cmocka_unit_test(test_full_disc),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
