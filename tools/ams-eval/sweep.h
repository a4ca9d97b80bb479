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

typedef struct ams_sweep {
  size_t num_rows, num_gains, num_bits;
  int32_t rows[AMS_SWEEP_VALUES]; // n
  float gains[AMS_SWEEP_VALUES];
  ams_bits_t bits[AMS_SWEEP_VALUES];
} ams_sweep_t;

/// Parses a sweep. A key that is left out has the values n=128, gain=8 or
/// bits=8/8/8.
ams_status_t ams_sweep_parse(const char *text, ams_sweep_t *out_sweep);

#endif // AMS_EVAL_SWEEP_H
