//===-- curves.h - The course of a run in files -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes what was measured along a run as comma-separated values, and as a page
// of plots that needs no other file.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_CURVES_H
#define AMS_TUNE_CURVES_H

#include <stddef.h>
#include <stdio.h>

typedef struct ams_curve {
  const char *name;  // "training loss"
  const char *panel; // curves of one panel stand next to each other: "loss"
} ams_curve_t;

typedef struct ams_curves {
  const char *title;
  size_t num_curves;
  const ams_curve_t *curves;
  size_t num_rows;
  const double *values; // a row: the step, then each curve's value or NaN
} ams_curves_t;

/// A line of names, then one a row; NaN is an empty field.
void ams_curves_write_csv(const ams_curves_t *curves, FILE *stream);

/// One plot a panel, linear axes, values joined over NaN.
void ams_curves_write_html(const ams_curves_t *curves, FILE *stream);

#endif // AMS_TUNE_CURVES_H
