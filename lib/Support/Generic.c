/*===-- Generic.c - Building linalg.generic -----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Generic.h"

#include "mlir-c/AffineExpr.h"
#include "mlir-c/Dialect/Linalg.h"

static MlirType elementType(MlirValue value) {
  MlirType type = mlirValueGetType(value);
  return mlirTypeIsAShaped(type) ? mlirShapedTypeGetElementType(type) : type;
}

void amsGenericBegin(AmsGeneric *generic, const AmsBuilder *builder) {
  MlirType types[AMS_MAX_OPERANDS];
  MlirLocation locations[AMS_MAX_OPERANDS];
  for (intptr_t i = 0; i < generic->numOperands; ++i) {
    types[i] = elementType(generic->operands[i]);
    locations[i] = builder->loc;
  }
  generic->body = mlirBlockCreate(generic->numOperands, types, locations);
  MlirOperationState yield =
      mlirOperationStateGet(amsStringRef("linalg.yield"), builder->loc);
  MlirOperation terminator = mlirOperationCreate(&yield);
  mlirBlockAppendOwnedOperation(generic->body, terminator);
  generic->builder = (AmsBuilder){builder->context, builder->loc, terminator};
}

MlirValue amsGenericElement(const AmsGeneric *generic, intptr_t index) {
  return mlirBlockGetArgument(generic->body, index);
}

bool amsMapHasDim(MlirAffineMap map, intptr_t index, intptr_t dim) {
  MlirAffineExpr expr = mlirAffineMapGetResult(map, index);
  return mlirAffineExprIsADim(expr) &&
         mlirAffineDimExprGetPosition(expr) == dim;
}

bool amsMapCovers(MlirAffineMap map, intptr_t dim) {
  for (intptr_t i = 0; i < mlirAffineMapGetNumResults(map); ++i)
    if (amsMapHasDim(map, i, dim))
      return true;
  return false;
}

MlirAffineMap amsMapOfDims(MlirContext context, intptr_t numLoops,
                           intptr_t rank, const intptr_t *dims) {
  MlirAffineExpr exprs[AMS_MAX_RANK];
  for (intptr_t i = 0; i < rank; ++i)
    exprs[i] = mlirAffineDimExprGet(context, dims[i]);
  return mlirAffineMapGet(context, numLoops, 0, rank, exprs);
}

/* iterator_types: a loop that indexes the result by itself, and nothing else
 * in it, is parallel. */
static MlirAttribute iterators(MlirContext context, MlirAffineMap output) {
  MlirAttribute kinds[2 * AMS_MAX_RANK];
  intptr_t numLoops = mlirAffineMapGetNumDims(output);
  for (intptr_t dim = 0; dim < numLoops; ++dim) {
    bool parallel = amsMapCovers(output, dim);
    for (intptr_t i = 0; i < mlirAffineMapGetNumResults(output); ++i)
      parallel &= amsMapHasDim(output, i, dim) ||
                  !mlirAffineExprIsFunctionOfDim(
                      mlirAffineMapGetResult(output, i), dim);
    kinds[dim] = mlirAttributeParseGet(
        context, amsStringRef(parallel ? "#linalg.iterator_type<parallel>"
                                       : "#linalg.iterator_type<reduction>"));
  }
  return mlirArrayAttrGet(context, numLoops, kinds);
}

MlirOperation amsGenericEnd(AmsGeneric *generic, const AmsBuilder *builder,
                            MlirValue element) {
  MlirContext context = builder->context;
  intptr_t count = generic->numOperands;
  mlirOperationSetOperands(generic->builder.before, 1, &element);
  MlirAttribute maps[AMS_MAX_OPERANDS];
  for (intptr_t i = 0; i < count; ++i)
    maps[i] = mlirAffineMapAttrGet(generic->maps[i]);
  MlirNamedAttribute attributes[3] = {
      amsNamed(context, "indexing_maps",
               mlirArrayAttrGet(context, count, maps)),
      amsNamed(context, "iterator_types",
               iterators(context, generic->maps[count - 1])),
      amsNamed(context, "operandSegmentSizes",
               mlirDenseI32ArrayGet(context, 2,
                                    (int32_t[]){(int32_t)count - 1, 1}))};
  MlirType type = mlirValueGetType(generic->operands[count - 1]);
  MlirRegion region = mlirRegionCreate();
  mlirRegionAppendOwnedBlock(region, generic->body);
  return amsBuildWithRegion(builder, "linalg.generic", count, generic->operands,
                            1, &type, 3, attributes, region);
}

MlirValue amsBuildAddBias(const AmsBuilder *builder, MlirValue value,
                          MlirValue bias) {
  MlirContext context = builder->context;
  MlirType type = mlirValueGetType(value);
  intptr_t rank = mlirShapedTypeGetRank(type), last = rank - 1;
  MlirAffineMap identity = mlirAffineMapMultiDimIdentityGet(context, rank);
  AmsGeneric generic = {
      .numOperands = 3,
      .operands = {value, bias, amsBuildEmpty(builder, type)},
      .maps = {identity, amsMapOfDims(context, rank, 1, &last), identity}};
  amsGenericBegin(&generic, builder);
  MlirValue sum = amsScalarBinary(&generic.builder, "arith.addf",
                                  amsGenericElement(&generic, 0),
                                  amsGenericElement(&generic, 1));
  return mlirOperationGetResult(amsGenericEnd(&generic, builder, sum), 0);
}

MlirValue amsBuildFill(const AmsBuilder *builder, MlirType type, float value) {
  MlirValue operands[2] = {amsScalar(builder, value),
                           amsBuildEmpty(builder, type)};
  return mlirOperationGetResult(
      amsBuildNamed(builder, "linalg.fill", 1, operands), 0);
}

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

MlirValue amsScalar(const AmsBuilder *builder, double value) {
  MlirType type = mlirF32TypeGet(builder->context);
  MlirNamedAttribute attribute =
      amsNamed(builder->context, "value",
               mlirFloatAttrDoubleGet(builder->context, type, value));
  return amsBuildValue(builder, "arith.constant", 0, NULL, type, 1, &attribute);
}

MlirValue amsScalarUnary(const AmsBuilder *builder, const char *name,
                         MlirValue operand) {
  return amsBuildValue(builder, name, 1, &operand, mlirValueGetType(operand), 0,
                       NULL);
}

MlirValue amsScalarBinary(const AmsBuilder *builder, const char *name,
                          MlirValue left, MlirValue right) {
  MlirValue operands[2] = {left, right};
  return amsBuildValue(builder, name, 2, operands, mlirValueGetType(left), 0,
                       NULL);
}

MlirValue amsScalarCompare(const AmsBuilder *builder, int predicate,
                           MlirValue left, MlirValue right) {
  MlirValue operands[2] = {left, right};
  MlirNamedAttribute attribute = amsNamed(
      builder->context, "predicate", amsI64Attr(builder->context, predicate));
  return amsBuildValue(builder, "arith.cmpf", 2, operands,
                       mlirIntegerTypeGet(builder->context, 1), 1, &attribute);
}

MlirValue amsScalarSelect(const AmsBuilder *builder, MlirValue condition,
                          MlirValue yes, MlirValue no) {
  MlirValue operands[3] = {condition, yes, no};
  return amsBuildValue(builder, "arith.select", 3, operands,
                       mlirValueGetType(yes), 0, NULL);
}
