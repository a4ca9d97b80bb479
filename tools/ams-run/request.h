//===-- request.h - What ams-run is asked to do -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_RUN_REQUEST_H
#define AMS_RUN_REQUEST_H

#include "ams/runtime.h"
#include "options.h"

#include <stdbool.h>
#include <stdint.h>

/// A gain for one layer, or for every layer.
typedef struct ams_gain_request {
  char *layer; // NULL: every layer
  float gain;
} ams_gain_request_t;

/// The command line, understood. Texts are the command line's own.
typedef struct ams_run_request {
  const char *model; // NULL: the embedded one
  const char **inputs, **outputs;
  size_t num_inputs, num_outputs;
  ams_gain_request_t *gains; // in the order given: later ones prevail
  size_t num_gains;
  ams_run_options_t options;
  uint64_t device_seed;
  int64_t repeat;
  bool time, info, statistics;
  const char *statistics_path; // NULL: standard output
  bool help, version;          // nothing else counts then
} ams_run_request_t;

/// The command's description; `embedded` programs take no model's path.
ams_command_t ams_run_command(const char *name, bool embedded);

ams_status_t ams_run_request_parse(const ams_command_t *command, bool embedded,
                                   int argc, char **argv,
                                   ams_run_request_t *out_request);

void ams_run_request_free(ams_run_request_t *request);

#endif // AMS_RUN_REQUEST_H
