/*===-- Follower.c - What follows a product ----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* A reshape keeps the order of elements, so what is done to each element may *|
|* be done before it as well as after.                                        *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Follower.h"

#include "LinalgOperand.h"
#include "ams-c/Dialect.h"

#include "mlir-c/AffineMap.h"
#include "mlir-c/Dialect/Linalg.h"

bool amsIsTensorProduct(MlirOperation op) {
  return amsOperationIsALayer(op) && mlirOperationGetNumResults(op) == 1;
}

char *amsLayerName(MlirOperation product) {
  return amsGetString(product, "layer");
}

/* The one operation that uses `value`, null where there are none or more. */
static MlirOperation onlyUser(MlirValue value) {
  MlirOperation user = {NULL};
  for (MlirOpOperand use = mlirValueGetFirstUse(value);
       !mlirOpOperandIsNull(use); use = mlirOpOperandGetNextUse(use)) {
    MlirOperation owner = mlirOpOperandGetOwner(use);
    if (!mlirOperationIsNull(user) && !mlirOperationEqual(owner, user))
      return (MlirOperation){NULL};
    user = owner;
  }
  return user;
}

static bool isReshape(MlirOperation op) {
  return amsIsOp(op, "tensor.expand_shape") ||
         amsIsOp(op, "tensor.collapse_shape");
}

static MlirAffineMap mapOf(MlirOperation op, intptr_t operand) {
  return mlirAffineMapAttrGetValue(
      mlirArrayAttrGetElement(mlirLinalgGetIndexingMapsAttribute(op), operand));
}

/* Whether `op` is an operation of linalg with one result whose elements each
 * depend on elements of its inputs alone. */
static bool isElementwise(MlirOperation op) {
  if (!amsIsOp(op, "linalg.generic") && !amsIsOp(op, "linalg.add") &&
      !amsIsOp(op, "linalg.max") && !amsIsOp(op, "linalg.min"))
    return false;
  intptr_t init = mlirOperationGetNumOperands(op) - 1;
  if (mlirOperationGetNumResults(op) != 1 || init < 1 ||
      !mlirAffineMapIsIdentity(mapOf(op, init)))
    return false; /* no loop is a reduction then */
  MlirBlock body = mlirRegionGetFirstBlock(mlirOperationGetRegion(op, 0));
  return mlirOpOperandIsNull(
      mlirValueGetFirstUse(mlirBlockGetArgument(body, init)));
}

/* The value that users of the product's result take: behind its reshapes. */
static MlirValue behindReshapes(MlirOperation product, MlirOperation *user) {
  MlirValue value = mlirOperationGetResult(product, 0);
  *user = onlyUser(value);
  while (isReshape(*user)) {
    value = mlirOperationGetResult(*user, 0);
    *user = onlyUser(value);
  }
  return value;
}

bool amsFindFollower(MlirOperation product, AmsFollower *follower) {
  follower->product = product;
  MlirValue value = behindReshapes(product, &follower->op);
  MlirOperation op = follower->op;
  if (mlirOperationIsNull(op) || !isElementwise(op) ||
      !mlirBlockEqual(mlirOperationGetBlock(op),
                      mlirOperationGetBlock(product)))
    return false;
  follower->body = mlirRegionGetFirstBlock(mlirOperationGetRegion(op, 0));
  follower->rank =
      amsGetShape(mlirValueGetType(value), AMS_MAX_RANK, follower->shape);
  follower->number = -1;
  intptr_t numInputs = mlirOperationGetNumOperands(op) - 1;
  for (intptr_t i = 0; i < numInputs; ++i)
    if (mlirValueEqual(mlirOperationGetOperand(op, i), value)) {
      if (follower->number >= 0 || !mlirAffineMapIsIdentity(mapOf(op, i)))
        return false;
      follower->number = i;
    }
  return follower->number >= 0 && follower->rank >= 1 &&
         mlirTypeEqual(mlirValueGetType(value),
                       mlirValueGetType(mlirOperationGetResult(op, 0)));
}

bool amsHasOtherUsers(MlirOperation product) {
  MlirValue value = mlirOperationGetResult(product, 0);
  if (!mlirOperationIsNull(onlyUser(value)))
    return false;
  for (MlirOpOperand use = mlirValueGetFirstUse(value);
       !mlirOpOperandIsNull(use); use = mlirOpOperandGetNextUse(use))
    if (isElementwise(mlirOpOperandGetOwner(use)))
      return true;
  return false;
}

AmsSpread amsInputSpread(const AmsFollower *follower, intptr_t number,
                         MlirValue *value) {
  AmsLinalgOperand input;
  if (!amsReadLinalgOperand(follower->op, number, &input))
    return AmsSpreadOther;
  while (amsSkipCopy(&input))
    ;
  *value = input.value;
  bool covered[AMS_MAX_RANK] = {false};
  int64_t last = -1, count = 1;
  for (intptr_t i = 0; i < input.rank; ++i) {
    if (input.shape[i] == 1)
      continue;
    if (input.loop[i] <= last)
      return AmsSpreadOther;
    covered[last = input.loop[i]] = true;
    count *= input.shape[i];
  }
  if (count == 1)
    return AmsSpreadScalar;
  /* Dimensions from the first that it has: all but those of 1. */
  bool begun = false;
  for (intptr_t i = 0; i < follower->rank; ++i) {
    if (follower->shape[i] == 1)
      continue;
    if (begun && !covered[i])
      return AmsSpreadOther;
    begun |= covered[i];
  }
  int64_t result[AMS_MAX_RANK];
  MlirType resultType =
      mlirValueGetType(mlirOperationGetResult(follower->product, 0));
  intptr_t rank = amsGetShape(resultType, AMS_MAX_RANK, result);
  if (count == result[rank - 1])
    return AmsSpreadOutputs;
  return count == amsNumElements(resultType) ? AmsSpreadElements
                                             : AmsSpreadOther;
}

void amsReplaceFollower(const AmsBuilder *builder, const AmsFollower *follower,
                        MlirValue value) {
  value = amsBuildReshape(builder, value, follower->rank, follower->shape);
  mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(follower->op, 0), value);
  MlirValue last = mlirOperationGetOperand(follower->op, follower->number);
  mlirOperationDestroy(follower->op);
  for (;;) { /* reshapes, then the product */
    MlirOperation op = amsDefiningOp(last);
    bool isLast = mlirOperationEqual(op, follower->product);
    if (!isLast)
      last = mlirOperationGetOperand(op, 0);
    mlirOperationDestroy(op);
    if (isLast)
      return;
  }
}
