//===-- input_file.h - Reading files ------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A regular file whose size is known, read with errors that name it.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TOOLS_INPUT_FILE_H
#define AMS_TOOLS_INPUT_FILE_H

#include "ams/status.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct ams_input_file {
  const char *path;
  FILE *stream;
  int64_t size;
  int64_t position;
} ams_input_file_t;

/// Opens the regular file at `path`, which must outlive `out_file`.
ams_status_t ams_input_file_open(const char *path, ams_input_file_t *out_file);

void ams_input_file_close(ams_input_file_t *file);

/// Bytes that are still to be read.
int64_t ams_input_file_left(const ams_input_file_t *file);

/// Reads exactly `size` bytes; `what` says in the message where the file ended.
ams_status_t ams_input_file_read(ams_input_file_t *file, void *buffer,
                                 size_t size, const char *what);

#endif // AMS_TOOLS_INPUT_FILE_H
