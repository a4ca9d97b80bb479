//===-- sweep.h - Which cells a table has -------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A sweep such as "n=8,32,128 gain=1,2,4,8,16 bits=8/8/8,6/6/8".
//
//===----------------------------------------------------------------------===//

#ifndef AMS_EVAL_SWEEP_H
#define AMS_EVAL_SWEEP_H

#include "ams/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Most values of one key.
#define AMS_SWEEP_VALUES 64

/// Bits of weight, input and output.
typedef struct ams_bits {
  int32_t weight, input, output;
} ams_bits_t;

/// Stands among gains for each layer's own, from calibration.
#define AMS_SWEEP_CALIBRATED 0.0f

/// Ways to condition blocks, and to round weights.
enum { AMS_SWEEP_CONDITIONS = 5, AMS_SWEEP_ROUNDINGS = 2 };

typedef struct ams_sweep {
  size_t num_rows, num_gains, num_bits, num_conditions, num_roundings;
  int32_t rows[AMS_SWEEP_VALUES]; // n
  float gains[AMS_SWEEP_VALUES];
  ams_bits_t bits[AMS_SWEEP_VALUES];
  const char
      *conditions[AMS_SWEEP_CONDITIONS]; // none, mean, spread, both, auto
  bool feedback[AMS_SWEEP_ROUNDINGS];    // weights rounded by error feedback
} ams_sweep_t;

/// A row of the table.
typedef struct ams_sweep_row {
  int32_t rows;
  const char *condition;
  bool feedback;
} ams_sweep_row_t;

/// Parses a sweep. A key that is left out has the values n=128, gain=8,
/// bits=8/8/8, condition=none or rounding=nearest. What calibration alone can
/// give, condition=auto and rounding=feedback, goes with gain=calibrated alone.
ams_status_t ams_sweep_parse(const char *text, ams_sweep_t *out_sweep);

/// How many rows there are, and row number `index`: for each n every
/// conditioning, for each of these every rounding.
size_t ams_sweep_num_rows(const ams_sweep_t *sweep);
ams_sweep_row_t ams_sweep_row(const ams_sweep_t *sweep, size_t index);

/// Whether rows differ in more than n.
bool ams_sweep_has_ways(const ams_sweep_t *sweep);

#endif // AMS_EVAL_SWEEP_H
