/*===-- LowerCopies.c - Copies of buffers into loops --------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* memref.copy of buffers of any layout becomes linalg.copy, which becomes    *|
|* loops; upstream's own lowering calls a support library.                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Passes.h"

#include "Build.h"

static bool isCopy(MlirOperation op) { return amsIsOp(op, "memref.copy"); }

static void lower(MlirOperation op) {
  AmsBuilder builder = amsBuilderBefore(op);
  MlirValue operands[2] = {mlirOperationGetOperand(op, 0),
                           mlirOperationGetOperand(op, 1)};
  amsBuildNamed(&builder, "linalg.copy", 1, operands);
  mlirOperationDestroy(op);
}

MlirLogicalResult amsLowerCopies(MlirOperation module) {
  AmsOpList copies = amsCollectOps(module, isCopy);
  for (size_t i = 0; i < copies.size; ++i)
    lower(copies.ops[i]);
  amsOpListFree(&copies);
  return mlirLogicalResultSuccess();
}
