//===-- run.h - What a run of training consists of ----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_RUN_H
#define AMS_TUNE_RUN_H

#include "course.h"
#include "noise.h"
#include "request.h"
#include "samples.h"
#include "step.h"
#include "tuned.h"

typedef struct ams_tune_run {
  const ams_tune_request_t *request;
  const char *directory; // for files in between
  ams_tuned_t *tuned;
  ams_samples_t train, valid;
  ams_step_t step;
  ams_parameters_t parameters;
  ams_noise_t noise; // of the model as it is; of no layers without a device
  ams_schedule_t schedule;
  ams_course_t course;
  char *text;   // what must be the same to go on from a checkpoint
  int64_t done; // steps
  double best;  // metric
} ams_tune_run_t;

/// Reads, compiles and checks all that `request` needs, and goes on from its
/// checkpoint if it is to. Free `out_run` in any case.
ams_status_t ams_tune_run_open(const ams_tune_request_t *request,
                               const char *directory, ams_tune_run_t *out_run);
void ams_tune_run_free(ams_tune_run_t *run);

/// Writes the model with the weights of now to a file in between; free its
/// path.
ams_status_t ams_tune_run_write(const ams_tune_run_t *run, char **out_path);

/// Writes where the run stands, if it keeps a checkpoint.
ams_status_t ams_tune_run_keep(const ams_tune_run_t *run);

#endif // AMS_TUNE_RUN_H
