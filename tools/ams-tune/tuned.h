//===-- tuned.h - A copy of the model's file with other weights ---*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_TUNED_H
#define AMS_TUNE_TUNED_H

#include "parameters.h"

typedef struct AmsModelWeights ams_tuned_t;

ams_status_t ams_tuned_open(const char *path, ams_tuned_t **out_tuned);
void ams_tuned_close(ams_tuned_t *tuned);

/// CRC-32 of the file.
uint32_t ams_tuned_checksum(const ams_tuned_t *tuned);

/// Fills the weights of `parameters` from the file at `path`, as it was opened.
ams_status_t ams_tuned_load(const ams_tuned_t *tuned, const char *path,
                            ams_parameters_t *parameters);

/// Writes the file to `path` with the weights of `parameters`, or the best ones
/// of them.
ams_status_t ams_tuned_write(ams_tuned_t *tuned,
                             const ams_parameters_t *parameters, bool best,
                             const char *path);

#endif // AMS_TUNE_TUNED_H
