/*===-- Interface.h - What a module says of its model -------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The module's attributes ams.inputs, ams.outputs, ams.layers and            *|
|* ams.sections come from passes, or from whoever wrote the module.           *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_INTERFACE_H
#define AMS_SUPPORT_INTERFACE_H

#include "mlir-c/IR.h"

#include <stdbool.h>

/* Whether `type` may be an input or output of a model: a tensor of f32 or i64
 * of static shape, of rank 1 to AMS_ABI_MAX_RANK, with elements. */
bool amsIsPortType(MlirType type);

/* Whether `port` says what an input or output is: {name, type} and, of integers
 * that are indices, range: least and most, as array<i64>. */
bool amsIsPort(MlirAttribute port);

/* Checks that each of the four attributes is absent or a list of what it
 * should hold: {name, type, range} of a port, a layer's dictionary, a constant
 * whose bytes are at hand. False after an error at the module. */
bool amsInterfaceCheck(MlirOperation module);

#endif /* AMS_SUPPORT_INTERFACE_H */
