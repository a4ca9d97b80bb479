//===-- progress.h - Progress on a terminal -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One line on stderr that says how far a long job is and how long the rest will
// take. Nothing is printed where stderr is not a terminal.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TOOLS_PROGRESS_H
#define AMS_TOOLS_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ams_progress {
  const char *tool;
  int64_t total; // steps of about the same length; 0: not known
  double started;
  bool visible;
} ams_progress_t;

/// Seconds on a clock that only runs forward.
double ams_clock_seconds(void);

ams_progress_t ams_progress_begin(const char *tool, int64_t total);

/// Shows that `done` steps are over and what is being done now.
void ams_progress_show(const ams_progress_t *progress, int64_t done,
                       const char *now);

/// Removes the line.
void ams_progress_end(const ams_progress_t *progress);

/// Writes `seconds` in words: "40 s", "3 min 20 s", "2 h 5 min".
void ams_progress_format_time(double seconds, char *buffer, size_t size);

#endif // AMS_TOOLS_PROGRESS_H
