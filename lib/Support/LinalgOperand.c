/*===-- LinalgOperand.c - Operands of linalg operations ----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Loops by which operands are indexed, and copies behind them.               *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "LinalgOperand.h"

#include "Build.h"

#include "mlir-c/AffineExpr.h"
#include "mlir-c/Dialect/Linalg.h"

bool amsReadLinalgOperand(MlirOperation op, intptr_t index,
                          AmsLinalgOperand *operand) {
  MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(op);
  operand->value = mlirOperationGetOperand(op, index);
  MlirType type = mlirValueGetType(operand->value);
  if (!mlirTypeIsARankedTensor(type) || !amsIsStaticF32(type))
    return false;
  operand->rank = amsGetShape(type, AMS_MAX_RANK, operand->shape);
  operand->map =
      mlirAffineMapAttrGetValue(mlirArrayAttrGetElement(maps, index));
  for (intptr_t i = 0; i < operand->rank; ++i) {
    MlirAffineExpr expr = mlirAffineMapGetResult(operand->map, i);
    operand->loop[i] =
        mlirAffineExprIsADim(expr) ? mlirAffineDimExprGetPosition(expr) : -1;
  }
  return operand->rank >= 0 &&
         mlirAffineMapGetNumDims(operand->map) <= AMS_MAX_LOOPS;
}

intptr_t amsFindLoop(const AmsLinalgOperand *operand, int64_t loop) {
  for (intptr_t i = 0; i < operand->rank; ++i)
    if (operand->loop[i] == loop)
      return i;
  return -1;
}

/* Whether the body of `op` yields its first argument. */
static bool yieldsFirstArgument(MlirOperation op) {
  MlirBlock body = mlirRegionGetFirstBlock(mlirOperationGetRegion(op, 0));
  MlirOperation yield = mlirBlockGetTerminator(body);
  return mlirOperationGetNumOperands(yield) == 1 &&
         mlirValueEqual(mlirOperationGetOperand(yield, 0),
                        mlirBlockGetArgument(body, 0));
}

/* Whether every dimension is indexed by a loop of its own. */
static bool isIndexedByLoops(const AmsLinalgOperand *operand) {
  for (intptr_t i = 0; i < operand->rank; ++i)
    if (operand->loop[i] < 0 || amsFindLoop(operand, operand->loop[i]) != i)
      return false;
  return true;
}

bool amsSkipCopy(AmsLinalgOperand *operand) {
  MlirOperation copy = amsDefiningOp(operand->value);
  AmsLinalgOperand source, result;
  if (!(amsIsOp(copy, "linalg.broadcast") || amsIsOp(copy, "linalg.generic") ||
        amsIsOp(copy, "linalg.transpose")) ||
      mlirOperationGetNumOperands(copy) != 2 ||
      mlirOperationGetNumResults(copy) != 1 || !yieldsFirstArgument(copy) ||
      !amsReadLinalgOperand(copy, 0, &source) ||
      !amsReadLinalgOperand(copy, 1, &result) || !isIndexedByLoops(&source) ||
      !isIndexedByLoops(&result))
    return false;
  /* From the copy's loops to those of its user. */
  for (intptr_t i = 0; i < source.rank; ++i) {
    intptr_t dim = amsFindLoop(&result, source.loop[i]);
    if (dim < 0)
      return false;
    source.loop[i] = operand->loop[dim];
  }
  *operand = source;
  return true;
}
