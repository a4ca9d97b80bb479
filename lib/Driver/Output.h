/*===-- Output.h - Files whole or not at all ---------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* An output is written under another name beside its own and renamed when it *|
|* is complete. What lies between phases is a file without a name, which      *|
|* vanishes with its descriptor however the compiler ends.                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_LIB_DRIVER_OUTPUT_H
#define AMS_LIB_DRIVER_OUTPUT_H

#include "ams/status.h"

#include <stdio.h>

typedef struct AmsOutput {
  const char *path; /* "-" is standard output */
  char *temporary;  /* where it is written; NULL: straight to `path` */
  FILE *stream;
} AmsOutput;

/* Says early, before the long work, that `path` cannot be written. */
ams_status_t amsOutputCheck(const char *path);

/* Begins the output at `path`, which must outlive it. */
ams_status_t amsOutputOpen(AmsOutput *output, const char *path);

/* Completes the output; on an error nothing is left. */
ams_status_t amsOutputCommit(AmsOutput *output);

/* Makes the directory `path` unless it is there. */
ams_status_t amsOutputMakeDirectory(const char *path);

/* Opens a file without a name for writing and reading, in the directory of
 * `beside` or, where that is refused, of temporary files. */
ams_status_t amsScratchOpen(const char *beside, FILE **outStream);

/* Says that all has been written, so that others may read. */
ams_status_t amsScratchFinish(FILE *stream, const char *beside);

#endif /* AMS_LIB_DRIVER_OUTPUT_H */
