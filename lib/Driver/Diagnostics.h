/*===-- Diagnostics.h - The compiler's messages as text ----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Takes a context's diagnostics: errors are kept for the status that         *|
|* amsCompile returns, warnings and remarks go to the caller at once. One     *|
|* diagnostic is one line, `location: error: text`; its notes follow it.      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_LIB_DRIVER_DIAGNOSTICS_H
#define AMS_LIB_DRIVER_DIAGNOSTICS_H

#include "ams-c/Compile.h"

#include "mlir-c/Diagnostics.h"
#include "mlir-c/IR.h"

#include <stdio.h>

typedef struct AmsDiagnostics {
  const AmsCompileOptions *options; /* who hears warnings and remarks */
  FILE *errors;                     /* writes into `text` */
  char *text;
  size_t size;
} AmsDiagnostics;

ams_status_t amsDiagnosticsOpen(AmsDiagnostics *diagnostics,
                                const AmsCompileOptions *options);

/* Takes the diagnostics of `context` from now on; `diagnostics` must outlive
 * it. */
void amsDiagnosticsAttach(AmsDiagnostics *diagnostics, MlirContext context);

/* The status of a failed step: `what` went wrong, then every error so far. */
ams_status_t amsDiagnosticsStatus(AmsDiagnostics *diagnostics,
                                  ams_status_code_t code, const char *what);

void amsDiagnosticsClose(AmsDiagnostics *diagnostics);

/* An MlirStringCallback that writes to the FILE in `stream`. */
void amsPrintToStream(MlirStringRef text, void *stream);

#endif /* AMS_LIB_DRIVER_DIAGNOSTICS_H */
