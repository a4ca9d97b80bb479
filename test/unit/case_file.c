//===-- case_file.c - Settings of a known answer ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds keys in JSON that holds one flat object whose strings hold no keys.
//
//===----------------------------------------------------------------------===//

#include "case_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// What follows "key": in `text`, or NULL.
static const char *find(const char *text, const char *key) {
  char quoted[64];
  snprintf(quoted, sizeof quoted, "\"%s\":", key);
  const char *found = strstr(text, quoted);
  return found ? found + strlen(quoted) : NULL;
}

static double number(const char *text, const char *key, double otherwise) {
  const char *found = find(text, key);
  return found ? strtod(found, NULL) : otherwise;
}

static bool has(const char *text, const char *key, const char *value) {
  const char *found = find(text, key);
  if (!found)
    return false;
  found += strspn(found, " ");
  return strncmp(found, value, strlen(value)) == 0;
}

case_file_t case_file_read(const char *directory) {
  case_file_t result = {0};
  char path[1024], text[4096] = {0};
  snprintf(path, sizeof path, "%s/case.json", directory);
  FILE *file = fopen(path, "rb");
  if (!file)
    return result;
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  const char *op = find(text, "op"), *bits = find(text, "bits");
  if (length == 0 || !op || !bits ||
      sscanf(op, " \"%31[^\"]\"", result.op) != 1 ||
      sscanf(bits, " [ %d , %d , %d ]", &result.device.bits_weight,
             &result.device.bits_input, &result.device.bits_output) != 3)
    return (case_file_t){0};
  result.device.rows = (int32_t)number(text, "n", 0);
  result.device.columns = 1;
  result.device.partial_format = has(text, "partials", "\"f32\"")
                                     ? AMS_ABI_FORMAT_F32
                                     : AMS_ABI_FORMAT_BF16;
  result.gain = (float)number(text, "gain", 0);
  result.stride = (int32_t)number(text, "stride", 1);
  result.pad = (int32_t)number(text, "pad", 0);
  result.dilation = (int32_t)number(text, "dilation", 1);
  result.groups = (int32_t)number(text, "groups", 1);
  result.mean = has(text, "mean", "true");
  result.spread = has(text, "spread", "true");
  return result;
}
