/*===-- Level.h - The level that a module is at --------------------*- C
-*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* A module that was printed on its way down is taken on from where it is.    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_LIB_DRIVER_LEVEL_H
#define AMS_LIB_DRIVER_LEVEL_H

#include "ams-c/Compile.h"

#include "mlir-c/IR.h"

#include <stdbool.h>

/* The last level that `module` shows signs of (docs/levels.md): its entry
 * table, its interface on buffers, products on crossbars, with gains, on
 * quantised operands, or layers. */
AmsLevel amsLevelOf(MlirModule module);

/* Whether `module` has products that the runtime computes: the device's at
 * level 4 and 5. */
bool amsLevelHasDeviceProducts(MlirModule module);

/* Refuses options for what a module at `level` has behind it, which would
 * change nothing. */
ams_status_t amsLevelCheckOptions(AmsLevel level, const char *levelName,
                                  const AmsCompileOptions *options);

#endif /* AMS_LIB_DRIVER_LEVEL_H */
