//===-- scratch_file.h - Small files for tests --------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One file in the temporary directory, rewritten by each case.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TEST_SCRATCH_FILE_H
#define AMS_TEST_SCRATCH_FILE_H

#include "unit_tools.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/// Makes a new directory and gives the path of `name` in it; free it with
/// scratch_remove.
static inline char *scratch_path(const char *name) {
  const char *parent = getenv("TMPDIR");
  char directory[256], path[512];
  snprintf(directory, sizeof directory, "%s/ams-test.XXXXXX",
           parent ? parent : "/tmp");
  assert_non_null(mkdtemp(directory));
  snprintf(path, sizeof path, "%s/%s", directory, name);
  return strdup(path);
}

/// Removes the file, if it is there, and its directory, which must be empty.
static inline void scratch_remove(char *path) {
  unlink(path);
  *strrchr(path, '/') = '\0';
  assert_int_equal(rmdir(path), 0);
  free(path);
}

static inline void scratch_write(const char *path, const void *data,
                                 size_t size) {
  FILE *stream = fopen(path, "wb");
  assert_non_null(stream);
  assert_int_equal(fwrite(data, 1, size, stream), size);
  assert_int_equal(fclose(stream), 0);
}

/// Reads a whole file; free it.
static inline unsigned char *scratch_read(const char *path, size_t *out_size) {
  FILE *stream = fopen(path, "rb");
  assert_non_null(stream);
  fseek(stream, 0, SEEK_END);
  *out_size = (size_t)ftell(stream);
  rewind(stream);
  unsigned char *data = malloc(*out_size + 1);
  assert_int_equal(fread(data, 1, *out_size, stream), *out_size);
  fclose(stream);
  return data;
}

#endif // AMS_TEST_SCRATCH_FILE_H
