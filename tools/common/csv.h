//===-- csv.h - Fields of comma-separated values ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TOOLS_CSV_H
#define AMS_TOOLS_CSV_H

#include <stdio.h>

/// Prints `text` as a field in quotes, its own quotes doubled.
static inline void ams_csv_print_quoted(const char *text, FILE *stream) {
  fputc('"', stream);
  for (; *text; ++text) {
    if (*text == '"')
      fputc('"', stream);
    fputc(*text, stream);
  }
  fputc('"', stream);
}

#endif // AMS_TOOLS_CSV_H
