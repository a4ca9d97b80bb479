//===-- schedule.c - The learning rate over a run -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "schedule.h"

#include <math.h>

/// From `from` to `to` along half a cosine, `part` (0 to 1) of the way.
static double anneal(double from, double to, double part) {
  return to + (from - to) * 0.5 * (1 + cos(3.14159265358979323846 * part));
}

static double one_cycle(double rate, double part) {
  const double rise = 0.3;
  if (part < rise)
    return anneal(rate / 25, rate, part / rise);
  return anneal(rate, rate / 250000, (part - rise) / (1 - rise));
}

float ams_schedule_rate(const ams_schedule_t *schedule, int64_t step) {
  const double rate = (double)schedule->rate;
  const int64_t done = step - 1;
  const double part = (double)done / (double)schedule->steps;
  const int64_t periods = done / schedule->steps_per_epoch / schedule->period;
  switch (schedule->kind) {
  case AMS_SCHEDULE_CONSTANT:
    break;
  case AMS_SCHEDULE_STEP:
    return (float)(rate * pow((double)schedule->factor, (double)periods));
  case AMS_SCHEDULE_COSINE:
    return (float)anneal(rate, 0, part);
  case AMS_SCHEDULE_ONECYCLE:
    return (float)one_cycle(rate, part);
  }
  return schedule->rate;
}
