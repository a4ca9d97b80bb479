//===-- course.h - What is measured along a run -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_COURSE_H
#define AMS_TUNE_COURSE_H

#include "ams/status.h"
#include "curves.h"

#include <stdbool.h>
#include <stdint.h>

/// The curves that every run has; those of layers follow.
enum {
  AMS_COURSE_LOSS,
  AMS_COURSE_DEVICE,
  AMS_COURSE_FLOAT32,
  AMS_COURSE_RATE,
  AMS_COURSE_FIXED,
};

typedef struct ams_course {
  int64_t steps, every; // of the run, and between two rows
  size_t num_curves, num_rows;
  ams_curve_t *curves;
  char **names;  // of the curves of layers
  float *values; // [num_rows][num_curves], NaN where nothing was measured
  float *losses; // [steps]
} ams_course_t;

/// A course of `steps` steps, measured before the first one, every `every` and
/// at the end, with a curve for the noise of each of `layers` beside the fixed
/// ones. `metric` is what the metric is called; it must outlive the course.
ams_status_t ams_course_create(int64_t steps, int64_t every, const char *metric,
                               size_t num_layers, const char *const *layers,
                               ams_course_t *out_course);
void ams_course_free(ams_course_t *course);

/// Whether the run is measured after `step` steps, and the row for it.
bool ams_course_is_due(const ams_course_t *course, int64_t step);
float *ams_course_row(const ams_course_t *course, int64_t step);

/// Mean of the losses from the row before `step` to `step`; NaN for step 0.
float ams_course_mean_loss(const ams_course_t *course, int64_t step);

/// Writes the rows up to `step` to files; a path may be NULL.
ams_status_t ams_course_write(const ams_course_t *course, int64_t step,
                              const char *title, const char *csv,
                              const char *html);

#endif // AMS_TUNE_COURSE_H
