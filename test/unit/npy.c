//===-- npy.c - Reading .npy files --------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// As much of the format as the known answers need.
//
//===----------------------------------------------------------------------===//

#include "npy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Fills type, shape and size from a header such as
/// {'descr': '<f4', 'fortran_order': False, 'shape': (4, 256), }.
static bool parse_header(npy_t *array, const char *header) {
  const char *type = strstr(header, "'descr': '");
  const char *shape = strstr(header, "'shape': (");
  if (!type || !shape || !strstr(header, "'fortran_order': False"))
    return false;
  memcpy(array->type, type + strlen("'descr': '"), 3);
  shape += strlen("'shape': (");
  array->size = 1;
  while (*shape != ')' && array->rank < NPY_MAX_RANK) {
    char *end;
    int64_t dimension = strtoll(shape, &end, 10);
    if (end == shape)
      return false;
    array->shape[array->rank++] = dimension;
    array->size *= dimension;
    shape = end + strspn(end, ", ");
  }
  return *shape == ')';
}

static void read_stream(npy_t *array, FILE *file) {
  unsigned char start[10];
  if (fread(start, 1, sizeof start, file) != sizeof start ||
      memcmp(start, "\x93NUMPY\x01", 7) != 0)
    return;
  char header[65536] = {0};
  size_t length = start[8] + 256u * start[9];
  if (length >= sizeof header || fread(header, 1, length, file) != length ||
      !parse_header(array, header))
    return;
  size_t bytes = (size_t)array->size * (size_t)(array->type[2] - '0');
  array->data = malloc(bytes);
  if (array->data && fread(array->data, 1, bytes, file) != bytes)
    npy_free(array);
}

npy_t npy_read(const char *directory, const char *name) {
  npy_t array = {0};
  char path[1024];
  snprintf(path, sizeof path, "%s/%s.npy", directory, name);
  FILE *file = fopen(path, "rb");
  if (!file)
    return array;
  read_stream(&array, file);
  fclose(file);
  return array;
}

void npy_free(npy_t *array) {
  free(array->data);
  array->data = NULL;
}

int32_t npy_integer(const npy_t *array, int64_t index) {
  return strcmp(array->type, "<i2") == 0 ? ((int16_t *)array->data)[index]
                                         : ((int32_t *)array->data)[index];
}
