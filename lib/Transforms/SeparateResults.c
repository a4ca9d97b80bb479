/*===-- SeparateResults.c - A buffer of its own for every result --*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Upstream's buffer-results-to-out-params hands each result's buffer to the  *|
|* caller: so a buffer that a function returns twice becomes two, and one     *|
|* that is returned through a reshape is allocated in the shape returned,     *|
|* where upstream would copy it.                                              *|
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

static MlirValue buildAlloc(const AmsBuilder *builder, MlirType type) {
  MlirNamedAttribute segments =
      amsNamed(builder->context, "operandSegmentSizes",
               mlirDenseI32ArrayGet(builder->context, 2, (int32_t[]){0, 0}));
  return amsBuildValue(builder, "memref.alloc", 0, NULL, type, 1, &segments);
}

static MlirValue buildCopy(MlirOperation op, MlirValue buffer) {
  AmsBuilder builder = amsBuilderBefore(op);
  MlirValue copy = buildAlloc(&builder, mlirValueGetType(buffer));
  MlirValue operands[2] = {buffer, copy};
  amsBuild(&builder, "memref.copy", 2, operands, 0, NULL, 0, NULL);
  return copy;
}

static bool isReshape(MlirOperation op) {
  return amsIsOp(op, "memref.expand_shape") ||
         amsIsOp(op, "memref.collapse_shape");
}

/* The reshape that undoes `op`, of `value`. */
static MlirValue buildInverse(const AmsBuilder *builder, MlirOperation op,
                              MlirValue value) {
  MlirType type = mlirValueGetType(mlirOperationGetOperand(op, 0));
  MlirNamedAttribute attributes[2] = {amsNamed(
      builder->context, "reassociation", amsGetAttr(op, "reassociation"))};
  if (amsIsOp(op, "memref.expand_shape"))
    return amsBuildValue(builder, "memref.collapse_shape", 1, &value, type, 1,
                         attributes);
  int64_t shape[AMS_MAX_RANK];
  intptr_t rank = amsGetShape(type, AMS_MAX_RANK, shape);
  attributes[1] = amsNamed(builder->context, "static_output_shape",
                           mlirDenseI64ArrayGet(builder->context, rank, shape));
  return amsBuildValue(builder, "memref.expand_shape", 1, &value, type, 2,
                       attributes);
}

/* Allocates in the shape of `value` what it is a reshape of. */
static void allocateReshaped(MlirValue value) {
  MlirOperation reshapes[AMS_MAX_RANK];
  size_t count = 0;
  MlirOperation source = amsDefiningOp(value);
  for (; isReshape(source) && count < AMS_MAX_RANK;
       source = amsDefiningOp(mlirOperationGetOperand(source, 0))) {
    MlirType type = mlirValueGetType(mlirOperationGetOperand(source, 0));
    if (!mlirShapedTypeHasStaticShape(type) ||
        mlirShapedTypeGetRank(type) > AMS_MAX_RANK)
      return;
    reshapes[count++] = source;
  }
  if (count == 0 || !amsIsOp(source, "memref.alloc") ||
      mlirOperationGetNumOperands(source) > 0)
    return;
  AmsBuilder builder = amsBuilderBefore(source);
  MlirValue allocated = buildAlloc(&builder, mlirValueGetType(value));
  MlirValue reshaped = allocated;
  for (size_t i = 0; i < count; ++i)
    reshaped = buildInverse(&builder, reshapes[i], reshaped);
  mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(source, 0), reshaped);
  mlirValueReplaceAllUsesOfWith(value, allocated);
  for (size_t i = 0; i < count; ++i)
    if (mlirOpOperandIsNull(
            mlirValueGetFirstUse(mlirOperationGetResult(reshapes[i], 0))))
      mlirOperationDestroy(reshapes[i]);
  mlirOperationDestroy(source);
}

MlirLogicalResult amsSeparateResults(MlirOperation module) {
  AmsOpList returns = amsCollectOps(module, isReturn);
  for (size_t i = 0; i < returns.size; ++i) {
    MlirOperation op = returns.ops[i];
    for (intptr_t k = 0; k < mlirOperationGetNumOperands(op); ++k) {
      MlirValue value = mlirOperationGetOperand(op, k);
      MlirType type = mlirValueGetType(value);
      if (!mlirTypeIsAMemRef(type) || !mlirShapedTypeHasStaticShape(type))
        continue;
      if (isRepeated(op, k))
        mlirOperationSetOperand(op, k, buildCopy(op, value));
      else
        allocateReshaped(value);
    }
  }
  amsOpListFree(&returns);
  return mlirLogicalResultSuccess();
}
