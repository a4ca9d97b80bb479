/*===-- Phases.h - The levels and how to reach them --------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The one table of levels, the pipeline that leads to each, and its dump.    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_LIB_DRIVER_PHASES_H
#define AMS_LIB_DRIVER_PHASES_H

#include "Diagnostics.h"

#include "mlir-c/IR.h"

#include <stdbool.h>

/* Whether raw constants stay in the module's attribute `ams.sections` at the
 * last level, for the driver to write, or become part of the code. */
bool amsKeepsSectionsExternal(const AmsCompileOptions *options);

/* Checks what the phases need to know of the options. */
ams_status_t amsPhasesCheck(const AmsCompileOptions *options);

/* Takes `module` from the level that it is at down to the one that
 * options->emit wants, and dumps the IR of every level if options->dumpPhases
 * says so. */
ams_status_t amsPhasesRun(MlirModule module, const AmsCompileOptions *options,
                          AmsDiagnostics *diagnostics);

#endif /* AMS_LIB_DRIVER_PHASES_H */
