/*===-- Calls.c - Building calls on buffers -----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|*                                                                            *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Calls.h"

#include "ams-c/Dialect.h"

#include "mlir-c/AffineMap.h"

static MlirValue buildConstant(const AmsBuilder *builder, MlirType type,
                               MlirAttribute value) {
  MlirNamedAttribute attribute = amsNamed(builder->context, "value", value);
  return amsBuildValue(builder, "arith.constant", 0, NULL, type, 1, &attribute);
}

MlirValue amsBuildI64(const AmsBuilder *builder, int64_t value) {
  MlirType type = mlirIntegerTypeGet(builder->context, 64);
  return buildConstant(builder, type, mlirIntegerAttrGet(type, value));
}

MlirValue amsBuildIndex(const AmsBuilder *builder, int64_t value) {
  MlirType type = mlirIndexTypeGet(builder->context);
  return buildConstant(builder, type, mlirIntegerAttrGet(type, value));
}

MlirValue amsBuildF32(const AmsBuilder *builder, float value) {
  MlirType type = mlirF32TypeGet(builder->context);
  return buildConstant(builder, type,
                       mlirFloatAttrDoubleGet(builder->context, type, value));
}

MlirValue amsBuildBool(const AmsBuilder *builder, bool value) {
  MlirType type = mlirIntegerTypeGet(builder->context, 1);
  return buildConstant(builder, type, mlirIntegerAttrGet(type, value));
}

void amsBuildCall(const AmsBuilder *builder, const char *callee,
                  intptr_t numOperands, const MlirValue *operands) {
  MlirNamedAttribute attribute = amsNamed(
      builder->context, "callee",
      mlirFlatSymbolRefAttrGet(builder->context, amsStringRef(callee)));
  amsBuild(builder, "func.call", numOperands, operands, 0, NULL, 1, &attribute);
}

MlirValue amsBuildAlloc(const AmsBuilder *builder, MlirType type) {
  MlirNamedAttribute attributes[2] = {
      amsNamed(builder->context, "alignment", amsI64Attr(builder->context, 64)),
      amsNamed(builder->context, "operandSegmentSizes",
               mlirDenseI32ArrayGet(builder->context, 2, (int32_t[]){0, 0}))};
  return amsBuildValue(builder, "memref.alloc", 0, NULL, type, 2, attributes);
}

static bool isDense(MlirValue value) {
  return mlirAffineMapIsIdentity(
      mlirMemRefTypeGetAffineMap(mlirValueGetType(value)));
}

static MlirValue buildDenseTwin(const AmsBuilder *builder, MlirValue value) {
  int64_t shape[AMS_MAX_RANK];
  MlirType type = mlirValueGetType(value);
  intptr_t rank = amsGetShape(type, AMS_MAX_RANK, shape);
  return amsBuildAlloc(builder, mlirMemRefTypeContiguousGet(
                                    mlirShapedTypeGetElementType(type), rank,
                                    shape, mlirAttributeGetNull()));
}

static void buildCopy(const AmsBuilder *builder, MlirValue from, MlirValue to) {
  MlirValue operands[2] = {from, to};
  amsBuild(builder, "memref.copy", 2, operands, 0, NULL, 0, NULL);
}

MlirValue amsDenseInput(const AmsBuilder *builder, MlirValue value) {
  if (isDense(value))
    return value;
  MlirValue dense = buildDenseTwin(builder, value);
  buildCopy(builder, value, dense);
  return dense;
}

MlirValue amsDenseOutput(const AmsBuilder *builder, MlirValue value) {
  return isDense(value) ? value : buildDenseTwin(builder, value);
}

void amsFinishOutput(const AmsBuilder *builder, MlirValue dense,
                     MlirValue value) {
  if (!mlirValueEqual(dense, value))
    buildCopy(builder, dense, value);
}

static bool isDefinedFunction(MlirOperation op) {
  return amsIsOp(op, "func.func") && !mlirBlockIsNull(mlirRegionGetFirstBlock(
                                         mlirOperationGetRegion(op, 0)));
}

AmsOpList amsCollectFunctions(MlirOperation module) {
  return amsCollectOps(module, isDefinedFunction);
}

static bool yieldsOwnType(MlirOperation op) {
  return amsIsOp(op, "ams.weights") || amsIsOp(op, "ams.program") ||
         amsIsOp(op, "ams.quantize");
}

void amsEraseUnusedValues(MlirOperation module) {
  AmsOpList values = amsCollectOps(module, yieldsOwnType);
  for (size_t i = values.size; i-- > 0;) /* users stand behind */
    if (mlirOpOperandIsNull(
            mlirValueGetFirstUse(mlirOperationGetResult(values.ops[i], 0))))
      mlirOperationDestroy(values.ops[i]);
  amsOpListFree(&values);
}
