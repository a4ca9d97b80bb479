//===-- progress.c - Progress on a terminal -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The line, and the time left: what the steps so far took, times those left.
//
//===----------------------------------------------------------------------===//

#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/// Returns to the line's start and clears it.
#define CLEAR_LINE "\r\033[K"

double ams_clock_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

ams_progress_t ams_progress_begin(const char *tool, int64_t total) {
  return (ams_progress_t){.tool = tool,
                          .total = total,
                          .started = ams_clock_seconds(),
                          .visible = isatty(STDERR_FILENO) == 1};
}

void ams_progress_format_time(double seconds, char *buffer, size_t size) {
  int64_t whole = (int64_t)(seconds + 0.5);
  if (whole < 60)
    snprintf(buffer, size, "%" PRId64 " s", whole);
  else if (whole < 3600)
    snprintf(buffer, size, "%" PRId64 " min %" PRId64 " s", whole / 60,
             whole % 60);
  else
    snprintf(buffer, size, "%" PRId64 " h %" PRId64 " min", whole / 3600,
             whole / 60 % 60);
}

void ams_progress_show(const ams_progress_t *progress, int64_t done,
                       const char *now) {
  if (!progress->visible)
    return;
  fprintf(stderr, CLEAR_LINE "%s: ", progress->tool);
  if (progress->total > 0)
    fprintf(stderr, "%" PRId64 " of %" PRId64 ", ", done, progress->total);
  fprintf(stderr, "%s", now);
  if (done > 0 && progress->total > 0) {
    double elapsed = ams_clock_seconds() - progress->started;
    char left[32];
    ams_progress_format_time(elapsed / (double)done *
                                 (double)(progress->total - done),
                             left, sizeof left);
    fprintf(stderr, ", %s left", left);
  }
  fflush(stderr);
}

void ams_progress_end(const ams_progress_t *progress) {
  if (progress->visible)
    fputs(CLEAR_LINE, stderr);
}
