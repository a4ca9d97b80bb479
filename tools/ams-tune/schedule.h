//===-- schedule.h - The learning rate over a run -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_SCHEDULE_H
#define AMS_TUNE_SCHEDULE_H

#include <stdint.h>

typedef enum ams_schedule_kind {
  AMS_SCHEDULE_CONSTANT,
  AMS_SCHEDULE_STEP,     // times `factor` after every `period` epochs
  AMS_SCHEDULE_COSINE,   // down half a cosine to 0
  AMS_SCHEDULE_ONECYCLE, // up to the rate and down again, cosines both
} ams_schedule_kind_t;

typedef struct ams_schedule {
  ams_schedule_kind_t kind;
  float rate;              // the highest of the run, above 0
  float factor;            // of AMS_SCHEDULE_STEP
  int64_t period;          // of AMS_SCHEDULE_STEP, in epochs, at least 1
  int64_t steps_per_epoch; // at least 1
  int64_t steps;           // of the whole run, at least 1
} ams_schedule_t;

/// The learning rate of step `step`, 1 to `schedule->steps`. One cycle (Smith
/// and Topin, "Super-convergence", 2019) starts at rate / 25, is at the rate
/// after 3 tenths of the run, and ends at rate / 250000.
float ams_schedule_rate(const ams_schedule_t *schedule, int64_t step);

#endif // AMS_TUNE_SCHEDULE_H
