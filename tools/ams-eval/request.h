//===-- request.h - What ams-eval is asked to do ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_EVAL_REQUEST_H
#define AMS_EVAL_REQUEST_H

#include "options.h"
#include "sweep.h"

#include <stdbool.h>
#include <stdint.h>

/// The command line, understood. Texts are the command line's own.
typedef struct ams_eval_request {
  const char *model, *inputs, *labels;
  const char *csv;                // NULL: none
  const char *calibrate, *budget; // NULL: none
  const char *per;                // what has a gain of its own; NULL: layers
  int64_t calibrate_samples;      // 0: all
  ams_sweep_t sweep;
  int64_t seeds, limit, threads;
  bool help, version; // nothing else counts then
} ams_eval_request_t;

extern const ams_command_t ams_eval_command;

ams_status_t ams_eval_request_parse(int argc, char **argv,
                                    ams_eval_request_t *out_request);

#endif // AMS_EVAL_REQUEST_H
