/*===-- Patterns.c - Patterns of layers' names --------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Patterns.h"

#include "Build.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

char *amsPatternsNext(const char **text) {
  if (!**text)
    return NULL;
  size_t length = strcspn(*text, ",");
  char *pattern = amsCopyString(mlirStringRefCreate(*text, length));
  *text += length + ((*text)[length] == ',');
  return pattern;
}

bool amsPatternsMatch(const char *text, const char *name) {
  bool matches = false;
  for (char *pattern; !matches && (pattern = amsPatternsNext(&text));) {
    matches = fnmatch(pattern, name, 0) == 0;
    free(pattern);
  }
  return matches;
}
