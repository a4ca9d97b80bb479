/*===-- Patterns.h - Patterns of layers' names --------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Lists of patterns, apart by commas, as names of files are matched.         *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_PATTERNS_H
#define AMS_SUPPORT_PATTERNS_H

#include <stdbool.h>

/* Moves `*text` behind its first pattern, which is returned as a new string;
 * NULL at the end. */
char *amsPatternsNext(const char **text);

/* Whether some pattern of `text` matches `name`. */
bool amsPatternsMatch(const char *text, const char *name);

#endif /* AMS_SUPPORT_PATTERNS_H */
