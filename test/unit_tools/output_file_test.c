//===-- output_file_test.c - Tests of files written whole ---------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "output_file.h"
#include "scratch_file.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static void write_text(const char *path, const char *text) {
  ams_output_file_t file;
  assert_ok(ams_output_file_open(path, &file));
  assert_ok(ams_output_file_write(&file, text, strlen(text)));
  assert_ok(ams_output_file_commit(&file));
}

static void check_text(const char *path, const char *text) {
  size_t size;
  unsigned char *bytes = scratch_read(path, &size);
  assert_int_equal(size, strlen(text));
  assert_memory_equal(bytes, text, size);
  free(bytes);
}

static void test_commit(void **state) {
  (void)state;
  char *path = scratch_path("a");
  mode_t mask = umask(027);
  write_text(path, "one");
  umask(mask);
  check_text(path, "one");
  struct stat information;
  assert_int_equal(stat(path, &information), 0);
  assert_int_equal(information.st_mode & 0777, 0640);
  write_text(path, "two");
  check_text(path, "two");
  scratch_remove(path); // its directory is empty then
}

static void test_discard(void **state) {
  (void)state;
  char *path = scratch_path("a");
  ams_output_file_t file;
  assert_ok(ams_output_file_open(path, &file));
  assert_ok(ams_output_file_write(&file, "half", 4));
  assert_int_not_equal(access(path, F_OK), 0);
  ams_output_file_discard(&file);
  assert_ok(ams_output_file_probe(path));
  assert_int_not_equal(access(path, F_OK), 0);
  write_text(path, "old");
  assert_ok(ams_output_file_open(path, &file));
  ams_output_file_discard(&file);
  check_text(path, "old");
  scratch_remove(path);
}

static void test_refusals(void **state) {
  (void)state;
  assert_error(ams_output_file_probe("/nowhere/a"),
               "cannot write '/nowhere/a'");
  assert_error(ams_output_file_probe("/"), "cannot write '/'");
  ams_output_file_t file;
  assert_error(ams_output_file_open("/", &file), "cannot write '/'");
}

static void test_not_regular(void **state) {
  (void)state;
  assert_ok(ams_output_file_probe("/dev/null"));
  write_text("/dev/null", "gone");
  struct stat information;
  assert_int_equal(stat("/dev/null", &information), 0);
  assert_true(S_ISCHR(information.st_mode));
}

/// A link stays a link to the file that changes.
static void test_link(void **state) {
  (void)state;
  char *target = scratch_path("target"), *link = scratch_path("link");
  write_text(target, "old");
  assert_int_equal(symlink(target, link), 0);
  write_text(link, "new");
  check_text(target, "new");
  struct stat information;
  assert_int_equal(lstat(link, &information), 0);
  assert_true(S_ISLNK(information.st_mode));
  scratch_remove(link);
  scratch_remove(target);
}

/// A write that failed is not forgotten where later ones succeed.
static void test_earlier_error(void **state) {
  (void)state;
  enum { SIZE = 1 << 16 };
  static char data[SIZE];
  char *path = scratch_path("output");
  ams_output_file_t file;
  assert_ok(ams_output_file_open(path, &file));
  struct rlimit before, none;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  none = before;
  none.rlim_cur = 0;
  signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
  ams_status_t status = ams_output_file_write(&file, data, SIZE);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  signal(SIGXFSZ, SIG_DFL);
  assert_error(status, "output': File too large");
  errno = 0;
  assert_error(ams_output_file_commit(&file), "output': Input/output error");
  assert_int_not_equal(access(path, F_OK), 0);
  scratch_remove(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_commit),   cmocka_unit_test(test_discard),
      cmocka_unit_test(test_refusals), cmocka_unit_test(test_not_regular),
      cmocka_unit_test(test_link),     cmocka_unit_test(test_earlier_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
