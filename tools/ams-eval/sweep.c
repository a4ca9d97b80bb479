//===-- sweep.c - Which cells a table has -------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keys separated by spaces, values by commas; each key and each value once.
//
//===----------------------------------------------------------------------===//

#include "sweep.h"

#include "number.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/// Longest value, with its zero byte.
#define VALUE_SIZE 32

static bool same_bits(ams_bits_t a, ams_bits_t b) {
  return a.weight == b.weight && a.input == b.input && a.output == b.output;
}

static ams_status_t given_twice(const char *key, const char *value) {
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "option '--sweep': %s=%s is given twice", key, value);
}

static ams_status_t add_rows(ams_sweep_t *sweep, const char *value) {
  int64_t rows = 0;
  AMS_RETURN_IF_ERROR(
      ams_number_parse_int(value, "option '--sweep', n", 1, 1024, &rows));
  for (size_t i = 0; i < sweep->num_rows; ++i)
    if (sweep->rows[i] == rows)
      return given_twice("n", value);
  sweep->rows[sweep->num_rows++] = (int32_t)rows;
  return AMS_OK;
}

static ams_status_t add_gain(ams_sweep_t *sweep, const char *value) {
  float gain = AMS_SWEEP_CALIBRATED;
  if (strcmp(value, "calibrated") != 0)
    AMS_RETURN_IF_ERROR(
        ams_number_parse_positive(value, "option '--sweep', gain", &gain));
  for (size_t i = 0; i < sweep->num_gains; ++i)
    if (sweep->gains[i] == gain)
      return given_twice("gain", value);
  sweep->gains[sweep->num_gains++] = gain;
  return AMS_OK;
}

/// Three numbers, as "8/8/8".
static ams_status_t add_bits(ams_sweep_t *sweep, const char *value) {
  static const struct {
    const char *what;
    int64_t most;
  } parts[] = {{"option '--sweep', bits of weight", 8},
               {"option '--sweep', bits of input", 8},
               {"option '--sweep', bits of output", 16}};
  int64_t numbers[3];
  const char *at = value;
  for (int i = 0; i < 3; ++i) {
    size_t length = strcspn(at, "/");
    bool last = i == 2;
    if (last != (at[length] == '\0'))
      return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                             "option '--sweep': bits '%s' are not of the form "
                             "WEIGHT/INPUT/OUTPUT, as 8/8/8",
                             value);
    char part[VALUE_SIZE];
    snprintf(part, sizeof part, "%.*s", (int)length, at);
    AMS_RETURN_IF_ERROR(ams_number_parse_int(part, parts[i].what, 2,
                                             parts[i].most, &numbers[i]));
    at += length + !last;
  }
  ams_bits_t bits = {(int32_t)numbers[0], (int32_t)numbers[1],
                     (int32_t)numbers[2]};
  for (size_t i = 0; i < sweep->num_bits; ++i)
    if (same_bits(sweep->bits[i], bits))
      return given_twice("bits", value);
  sweep->bits[sweep->num_bits++] = bits;
  return AMS_OK;
}

static const struct {
  const char *name;
  ams_status_t (*add)(ams_sweep_t *sweep, const char *value);
  const char *default_value;
} keys[] = {{"n", add_rows, "128"},
            {"gain", add_gain, "8"},
            {"bits", add_bits, "8/8/8"}};

enum { NUM_KEYS = sizeof keys / sizeof *keys };

/// Adds the values in `text` of `length` characters to key number `key`.
static ams_status_t add_values(ams_sweep_t *sweep, int key, const char *text,
                               size_t length) {
  const char *end = text + length;
  for (size_t count = 0;; ++count) {
    size_t size = strcspn(text, ", ");
    if (size > (size_t)(end - text))
      size = (size_t)(end - text);
    if (size == 0 || size >= VALUE_SIZE || count == AMS_SWEEP_VALUES)
      return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                             "option '--sweep': %s needs 1 to %d values, "
                             "separated by single commas",
                             keys[key].name, AMS_SWEEP_VALUES);
    char value[VALUE_SIZE];
    memcpy(value, text, size);
    value[size] = '\0';
    AMS_RETURN_IF_ERROR(keys[key].add(sweep, value));
    text += size;
    if (text == end)
      return AMS_OK;
    ++text;
  }
}

/// Parses "key=values" of `length` characters.
static ams_status_t parse_key(ams_sweep_t *sweep, const char *text,
                              size_t length, bool seen[NUM_KEYS]) {
  for (int key = 0; key < NUM_KEYS; ++key) {
    size_t name = strlen(keys[key].name);
    if (length <= name || text[name] != '=' ||
        memcmp(text, keys[key].name, name) != 0)
      continue;
    if (seen[key])
      return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                             "option '--sweep': '%s' is given twice",
                             keys[key].name);
    seen[key] = true;
    return add_values(sweep, key, text + name + 1, length - name - 1);
  }
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "option '--sweep': '%.*s' is none of n=..., gain=..., "
                         "bits=..., as in 'n=8,32 gain=1,2,4 bits=8/8/8'",
                         (int)(length < VALUE_SIZE ? length : VALUE_SIZE),
                         text);
}

ams_status_t ams_sweep_parse(const char *text, ams_sweep_t *out_sweep) {
  ams_sweep_t sweep = {0};
  bool seen[NUM_KEYS] = {false};
  for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
    size_t length = strcspn(text, " ");
    AMS_RETURN_IF_ERROR(parse_key(&sweep, text, length, seen));
    text += length;
  }
  for (int key = 0; key < NUM_KEYS; ++key)
    if (!seen[key])
      AMS_RETURN_IF_ERROR(keys[key].add(&sweep, keys[key].default_value));
  *out_sweep = sweep;
  return AMS_OK;
}
