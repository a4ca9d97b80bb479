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

#include "mlir-c/Dialect/Linalg.h"

static bool isCopy(MlirOperation op) { return amsIsOp(op, "memref.copy"); }

static void lower(MlirOperation op) {
  MlirContext context = mlirOperationGetContext(op);
  MlirValue operands[2] = {mlirOperationGetOperand(op, 0),
                           mlirOperationGetOperand(op, 1)};
  MlirNamedAttribute segments =
      amsNamed(context, "operandSegmentSizes",
               mlirDenseI32ArrayGet(context, 2, (int32_t[]){1, 1}));
  MlirOperationState state = mlirOperationStateGet(
      amsStringRef("linalg.copy"), mlirOperationGetLocation(op));
  MlirRegion region = mlirRegionCreate();
  mlirOperationStateAddOperands(&state, 2, operands);
  mlirOperationStateAddAttributes(&state, 1, &segments);
  mlirOperationStateAddOwnedRegions(&state, 1, &region);
  MlirOperation copy = mlirOperationCreate(&state);
  mlirLinalgFillBuiltinNamedOpRegion(copy);
  mlirBlockInsertOwnedOperationBefore(mlirOperationGetBlock(op), op, copy);
  mlirOperationDestroy(op);
}

MlirLogicalResult amsLowerCopies(MlirOperation module) {
  AmsOpList copies = amsCollectOps(module, isCopy);
  for (size_t i = 0; i < copies.size; ++i)
    lower(copies.ops[i]);
  amsOpListFree(&copies);
  return mlirLogicalResultSuccess();
}
