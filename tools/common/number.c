//===-- number.c - Numbers on the command line --------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C library's parsers, made strict: no leading space, nothing left over.
//
//===----------------------------------------------------------------------===//

#include "number.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

ams_status_t ams_number_parse_int(const char *text, const char *what,
                                  int64_t least, int64_t most,
                                  int64_t *out_value) {
  char *end = NULL;
  errno = 0;
  long long value = 0;
  bool begins = is_digit(text[0]) || (text[0] == '-' && is_digit(text[1]));
  if (begins)
    value = strtoll(text, &end, 10);
  if (!begins || *end != '\0' || errno == ERANGE || value < least ||
      value > most)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "%s: '%s' is not a whole number from %" PRId64
                           " to %" PRId64,
                           what, text, least, most);
  *out_value = value;
  return AMS_OK;
}

ams_status_t ams_number_parse_uint64(const char *text, const char *what,
                                     uint64_t *out_value) {
  bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  char *end = NULL;
  errno = 0;
  unsigned long long value = 0;
  if (is_digit(text[0]))
    value = strtoull(text, &end, hexadecimal ? 16 : 10);
  if (!end || *end != '\0' || errno == ERANGE)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "%s: '%s' is not a whole number from 0 to %" PRIu64,
                           what, text, UINT64_MAX);
  *out_value = value;
  return AMS_OK;
}

ams_status_t ams_number_parse_positive(const char *text, const char *what,
                                       float *out_value) {
  char *end = NULL;
  float value = 0.0f;
  if (is_digit(text[0]) || text[0] == '.')
    value = strtof(text, &end);
  if (!end || end == text || *end != '\0' || !isfinite(value) || value <= 0.0f)
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "%s: '%s' is not a positive number that float32 can hold", what, text);
  *out_value = value;
  return AMS_OK;
}

ams_status_t ams_number_parse_part(const char *text, const char *what,
                                   float *out_value) {
  char *end = NULL;
  float value = 1.0f;
  if (is_digit(text[0]) || text[0] == '.')
    value = strtof(text, &end);
  if (!end || end == text || *end != '\0' || !(value >= 0.0f && value < 1.0f))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "%s: '%s' is not a number from 0 to below 1", what,
                           text);
  *out_value = value;
  return AMS_OK;
}
