/*===-- SeparateResults.c - A buffer of its own for every result --*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* A buffer that a function returns twice becomes two, because upstream's     *|
|* buffer-results-to-out-params hands each result's buffer to the caller.     *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Passes.h"

#include "Build.h"

static bool isReturn(MlirOperation op) { return amsIsOp(op, "func.return"); }

/* Whether an operand of `op` before number `index` is the same value. */
static bool isRepeated(MlirOperation op, intptr_t index) {
  MlirValue value = mlirOperationGetOperand(op, index);
  for (intptr_t i = 0; i < index; ++i)
    if (mlirValueEqual(mlirOperationGetOperand(op, i), value))
      return true;
  return false;
}

static MlirValue buildCopy(MlirOperation op, MlirValue buffer) {
  AmsBuilder builder = amsBuilderBefore(op);
  MlirNamedAttribute segments =
      amsNamed(builder.context, "operandSegmentSizes",
               mlirDenseI32ArrayGet(builder.context, 2, (int32_t[]){0, 0}));
  MlirValue copy = amsBuildValue(&builder, "memref.alloc", 0, NULL,
                                 mlirValueGetType(buffer), 1, &segments);
  MlirValue operands[2] = {buffer, copy};
  amsBuild(&builder, "memref.copy", 2, operands, 0, NULL, 0, NULL);
  return copy;
}

MlirLogicalResult amsSeparateResults(MlirOperation module) {
  AmsOpList returns = amsCollectOps(module, isReturn);
  for (size_t i = 0; i < returns.size; ++i) {
    MlirOperation op = returns.ops[i];
    for (intptr_t k = 0; k < mlirOperationGetNumOperands(op); ++k) {
      MlirValue value = mlirOperationGetOperand(op, k);
      MlirType type = mlirValueGetType(value);
      if (mlirTypeIsAMemRef(type) && mlirShapedTypeHasStaticShape(type) &&
          isRepeated(op, k))
        mlirOperationSetOperand(op, k, buildCopy(op, value));
    }
  }
  amsOpListFree(&returns);
  return mlirLogicalResultSuccess();
}
