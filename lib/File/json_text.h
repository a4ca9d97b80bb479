//===-- json_text.h - Text in JSON files --------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_FILE_JSON_TEXT_H
#define AMS_FILE_JSON_TEXT_H

#include <stdio.h>

/// Prints `text` as a JSON string; control characters cannot stand in one.
static inline void ams_json_print_text(const char *text, FILE *stream) {
  fputc('"', stream);
  for (; *text; ++text) {
    if ((unsigned char)*text < ' ')
      fprintf(stream, "\\u%04x", (unsigned)(unsigned char)*text);
    else
      fprintf(stream, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
  }
  fputc('"', stream);
}

#endif // AMS_FILE_JSON_TEXT_H
