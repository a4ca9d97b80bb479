//===-- scratch_file.h - Files without a name ---------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What lies between phases: a file that vanishes with its descriptor however
// the program ends.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_FILE_SCRATCH_FILE_H
#define AMS_FILE_SCRATCH_FILE_H

#include "ams/status.h"

#include <stdio.h>

/// Opens a file without a name for writing and reading, in the directory of
/// `beside` or, where that is refused, of temporary files.
ams_status_t ams_scratch_open(const char *beside, FILE **out_stream);

/// Says that all has been written, so that others may read.
ams_status_t ams_scratch_finish(FILE *stream, const char *beside);

#endif // AMS_FILE_SCRATCH_FILE_H
