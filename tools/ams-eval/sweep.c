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

static ams_status_t add_condition(ams_sweep_t *sweep, const char *value) {
  static const char *const names[AMS_SWEEP_CONDITIONS] = {
      "none", "mean", "spread", "both", "auto"};
  for (size_t i = 0; i < sweep->num_conditions; ++i)
    if (strcmp(sweep->conditions[i], value) == 0)
      return given_twice("condition", value);
  for (size_t i = 0; i < AMS_SWEEP_CONDITIONS; ++i)
    if (strcmp(names[i], value) == 0) {
      sweep->conditions[sweep->num_conditions++] = names[i];
      return AMS_OK;
    }
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "option '--sweep': condition '%s' is none of none, "
                         "mean, spread, both, auto",
                         value);
}

static ams_status_t add_rounding(ams_sweep_t *sweep, const char *value) {
  bool feedback = strcmp(value, "feedback") == 0;
  if (!feedback && strcmp(value, "nearest") != 0)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "option '--sweep': rounding '%s' is neither nearest "
                           "nor feedback",
                           value);
  for (size_t i = 0; i < sweep->num_roundings; ++i)
    if (sweep->feedback[i] == feedback)
      return given_twice("rounding", value);
  sweep->feedback[sweep->num_roundings++] = feedback;
  return AMS_OK;
}

static const struct {
  const char *name;
  ams_status_t (*add)(ams_sweep_t *sweep, const char *value);
  const char *default_value;
} keys[] = {{"n", add_rows, "128"},
            {"gain", add_gain, "8"},
            {"bits", add_bits, "8/8/8"},
            {"condition", add_condition, "none"},
            {"rounding", add_rounding, "nearest"}};

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
                         "bits=..., condition=..., rounding=..., as in "
                         "'n=8,32 gain=1,2,4 bits=8/8/8'",
                         (int)(length < VALUE_SIZE ? length : VALUE_SIZE),
                         text);
}

/// Calibration alone chooses conditioning, and measures what weights are
/// rounded by.
static ams_status_t check_calibrated(const ams_sweep_t *sweep) {
  bool needs = false, fixed = false;
  for (size_t i = 0; i < sweep->num_conditions; ++i)
    needs |= strcmp(sweep->conditions[i], "auto") == 0;
  for (size_t i = 0; i < sweep->num_roundings; ++i)
    needs |= sweep->feedback[i];
  for (size_t i = 0; i < sweep->num_gains; ++i)
    fixed |= sweep->gains[i] != AMS_SWEEP_CALIBRATED;
  if (!needs || !fixed)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "option '--sweep': condition=auto and "
                         "rounding=feedback are calibration's: let "
                         "gain=calibrated be the only gain");
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
  AMS_RETURN_IF_ERROR(check_calibrated(&sweep));
  *out_sweep = sweep;
  return AMS_OK;
}

size_t ams_sweep_num_rows(const ams_sweep_t *sweep) {
  return sweep->num_rows * sweep->num_conditions * sweep->num_roundings;
}

ams_sweep_row_t ams_sweep_row(const ams_sweep_t *sweep, size_t index) {
  const size_t way = index / sweep->num_roundings;
  return (ams_sweep_row_t){
      .rows = sweep->rows[way / sweep->num_conditions],
      .condition = sweep->conditions[way % sweep->num_conditions],
      .feedback = sweep->feedback[index % sweep->num_roundings],
  };
}

bool ams_sweep_has_ways(const ams_sweep_t *sweep) {
  return sweep->num_conditions > 1 || sweep->num_roundings > 1 ||
         strcmp(sweep->conditions[0], "none") != 0 || sweep->feedback[0];
}
