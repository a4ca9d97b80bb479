//===-- calibrate.h - Calibration from files ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_COMPILE_CALIBRATE_H
#define AMS_COMPILE_CALIBRATE_H

#include "ams-c/Compile.h"

#include <stdbool.h>
#include <stddef.h>

/// What the command line says of calibration. Texts are the command line's own.
typedef struct ams_calibrate_request {
  const char **files; // one an input of the model
  size_t num_files;
  int64_t limit; // most samples; 0: all
  const char *budget, *profile, *moments;
  const char *per; // what has a gain of its own; NULL: layers
  bool error_feedback;
  int64_t keep_digital; // so many layers stay digital
  uint64_t seed;
} ams_calibrate_request_t;

/// Compiles with gains from calibration, and prints what was chosen.
ams_status_t ams_compile_calibrated(const AmsCompileOptions *options,
                                    const ams_calibrate_request_t *request);

#endif // AMS_COMPILE_CALIBRATE_H
