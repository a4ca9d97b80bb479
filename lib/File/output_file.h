//===-- output_file.h - Writing files whole or not at all ---------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A file is written beside its final place and renamed when it is complete, so
// that no reader ever sees half of it and a failure leaves nothing behind. A
// path that is not a regular file (a terminal, a pipe) is written directly, and
// "-" is standard output.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_FILE_OUTPUT_FILE_H
#define AMS_FILE_OUTPUT_FILE_H

#include "ams/status.h"

#include <stddef.h>
#include <stdio.h>

typedef struct ams_output_file {
  FILE *stream;
  char *path;      // where it goes, links followed
  char *temporary; // where it is written; NULL: directly
} ams_output_file_t;

/// Fails early, before long work, if `path` could not be written.
ams_status_t ams_output_file_probe(const char *path);

ams_status_t ams_output_file_open(const char *path,
                                  ams_output_file_t *out_file);

ams_status_t ams_output_file_write(ams_output_file_t *file, const void *data,
                                   size_t size);

/// Puts the finished file in its place. Frees `file` in any case; on an error
/// nothing is left.
ams_status_t ams_output_file_commit(ams_output_file_t *file);

/// Drops what was written; a file of zeros is allowed.
void ams_output_file_discard(ams_output_file_t *file);

#endif // AMS_FILE_OUTPUT_FILE_H
