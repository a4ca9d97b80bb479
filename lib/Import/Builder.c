//===-- Builder.c - Building linalg on tensors -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Builder.h"

#include "mlir-c/AffineExpr.h"
#include "mlir-c/AffineMap.h"
#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"
#include "mlir-c/Dialect/Linalg.h"

static MlirStringRef ref(const char *text) {
  return mlirStringRefCreateFromCString(text);
}

AmsImportShape amsImportShapeOf(MlirValue value) {
  MlirType type = mlirValueGetType(value);
  AmsImportShape shape = {.rank = (int)mlirShapedTypeGetRank(type)};
  for (int i = 0; i < shape.rank; ++i)
    shape.dims[i] = mlirShapedTypeGetDimSize(type, i);
  return shape;
}

MlirType amsImportTensorTypeOf(const AmsImportShape *shape, MlirType element) {
  return mlirRankedTensorTypeGet(shape->rank, shape->dims, element,
                                 mlirAttributeGetNull());
}

MlirType amsImportTensorType(AmsImportBuilder *builder,
                             const AmsImportShape *shape) {
  return amsImportTensorTypeOf(shape, builder->f32);
}

static MlirType elementOf(MlirValue tensor) {
  return mlirShapedTypeGetElementType(mlirValueGetType(tensor));
}

MlirNamedAttribute amsImportNamedAttribute(AmsImportBuilder *builder,
                                           const char *name,
                                           MlirAttribute attribute) {
  return mlirNamedAttributeGet(mlirIdentifierGet(builder->context, ref(name)),
                               attribute);
}

/* An operation's parts, for `build`. */
typedef struct Parts {
  const char *name;
  intptr_t operandCount;
  const MlirValue *operands;
  MlirType result; // null: none
  intptr_t attributeCount;
  const MlirNamedAttribute *attributes;
  MlirRegion region; // null: none
} Parts;

static MlirOperation build(AmsImportBuilder *builder, const Parts *parts) {
  MlirOperationState state =
      mlirOperationStateGet(ref(parts->name), builder->location);
  mlirOperationStateAddOperands(&state, parts->operandCount, parts->operands);
  if (!mlirTypeIsNull(parts->result))
    mlirOperationStateAddResults(&state, 1, &parts->result);
  mlirOperationStateAddAttributes(&state, parts->attributeCount,
                                  parts->attributes);
  if (!mlirRegionIsNull(parts->region))
    mlirOperationStateAddOwnedRegions(&state, 1, &parts->region);
  MlirOperation operation = mlirOperationCreate(&state);
  mlirBlockAppendOwnedOperation(builder->block, operation);
  return operation;
}

static MlirValue buildValue(AmsImportBuilder *builder, const Parts *parts) {
  return mlirOperationGetResult(build(builder, parts), 0);
}

MlirValue amsImportBuildFloat(AmsImportBuilder *builder, float value) {
  MlirNamedAttribute attribute = amsImportNamedAttribute(
      builder, "value",
      mlirFloatAttrDoubleGet(builder->context, builder->f32, (double)value));
  return buildValue(builder, &(Parts){.name = "arith.constant",
                                      .result = builder->f32,
                                      .attributeCount = 1,
                                      .attributes = &attribute});
}

MlirValue amsImportBuildInt(AmsImportBuilder *builder, int64_t value) {
  MlirNamedAttribute attribute = amsImportNamedAttribute(
      builder, "value", mlirIntegerAttrGet(builder->i64, value));
  return buildValue(builder, &(Parts){.name = "arith.constant",
                                      .result = builder->i64,
                                      .attributeCount = 1,
                                      .attributes = &attribute});
}

MlirValue amsImportBuildCast(AmsImportBuilder *builder, const char *name,
                             MlirValue operand, MlirType type) {
  return buildValue(builder, &(Parts){.name = name,
                                      .operandCount = 1,
                                      .operands = &operand,
                                      .result = type});
}

MlirValue amsImportBuildUnary(AmsImportBuilder *builder, const char *name,
                              MlirValue operand) {
  return amsImportBuildCast(builder, name, operand, mlirValueGetType(operand));
}

MlirValue amsImportBuildBinary(AmsImportBuilder *builder, const char *name,
                               MlirValue left, MlirValue right) {
  return buildValue(builder,
                    &(Parts){.name = name,
                             .operandCount = 2,
                             .operands = (const MlirValue[]){left, right},
                             .result = mlirValueGetType(left)});
}

MlirValue amsImportBuildCompare(AmsImportBuilder *builder, int64_t predicate,
                                MlirValue left, MlirValue right) {
  bool isFloat = mlirTypeIsAFloat(mlirValueGetType(left));
  MlirNamedAttribute attribute = amsImportNamedAttribute(
      builder, "predicate", mlirIntegerAttrGet(builder->i64, predicate));
  return buildValue(builder,
                    &(Parts){.name = isFloat ? "arith.cmpf" : "arith.cmpi",
                             .operandCount = 2,
                             .operands = (const MlirValue[]){left, right},
                             .result = mlirIntegerTypeGet(builder->context, 1),
                             .attributeCount = 1,
                             .attributes = &attribute});
}

MlirValue amsImportBuildSelect(AmsImportBuilder *builder, MlirValue condition,
                               MlirValue yes, MlirValue no) {
  return buildValue(
      builder, &(Parts){.name = "arith.select",
                        .operandCount = 3,
                        .operands = (const MlirValue[]){condition, yes, no},
                        .result = mlirValueGetType(yes)});
}

MlirValue amsImportBuildIndex(AmsImportBuilder *builder, int loop) {
  MlirNamedAttribute attribute = amsImportNamedAttribute(
      builder, "dim", mlirIntegerAttrGet(builder->i64, loop));
  return buildValue(builder,
                    &(Parts){.name = "linalg.index",
                             .result = mlirIndexTypeGet(builder->context),
                             .attributeCount = 1,
                             .attributes = &attribute});
}

MlirValue amsImportBuildExtract(AmsImportBuilder *builder, MlirValue tensor,
                                const MlirValue *indices) {
  MlirValue operands[1 + AmsImportMaxRank] = {tensor};
  int rank = amsImportShapeOf(tensor).rank;
  for (int i = 0; i < rank; ++i)
    operands[1 + i] = indices[i];
  return buildValue(builder, &(Parts){.name = "tensor.extract",
                                      .operandCount = 1 + rank,
                                      .operands = operands,
                                      .result = elementOf(tensor)});
}

MlirValue amsImportBuildConstant(AmsImportBuilder *builder,
                                 MlirAttribute elements, const char *weight) {
  MlirNamedAttribute attributes[2] = {
      amsImportNamedAttribute(builder, "value", elements)};
  if (weight)
    attributes[1] = amsImportNamedAttribute(
        builder, "ams.weight",
        mlirStringAttrGet(builder->context, ref(weight)));
  return buildValue(builder, &(Parts){.name = "arith.constant",
                                      .result = mlirAttributeGetType(elements),
                                      .attributeCount = weight ? 2 : 1,
                                      .attributes = attributes});
}

MlirValue amsImportBuildEmpty(AmsImportBuilder *builder,
                              const AmsImportShape *shape, MlirType element) {
  return buildValue(builder,
                    &(Parts){.name = "tensor.empty",
                             .result = amsImportTensorTypeOf(shape, element)});
}

/* operandSegmentSizes = `inputs`, `outputs`. */
static MlirNamedAttribute segments(AmsImportBuilder *builder, int32_t inputs,
                                   int32_t outputs) {
  return amsImportNamedAttribute(
      builder, "operandSegmentSizes",
      mlirDenseI32ArrayGet(builder->context, 2,
                           (const int32_t[]){inputs, outputs}));
}

MlirValue amsImportBuildFill(AmsImportBuilder *builder,
                             const AmsImportShape *shape, float value) {
  MlirValue operands[] = {amsImportBuildFloat(builder, value),
                          amsImportBuildEmpty(builder, shape, builder->f32)};
  MlirNamedAttribute attribute = segments(builder, 1, 1);
  MlirOperation fill =
      build(builder, &(Parts){.name = "linalg.fill",
                              .operandCount = 2,
                              .operands = operands,
                              .result = amsImportTensorType(builder, shape),
                              .attributeCount = 1,
                              .attributes = &attribute,
                              .region = mlirRegionCreate()});
  mlirLinalgFillBuiltinNamedOpRegion(fill);
  return mlirOperationGetResult(fill, 0);
}

//===----------------------------------------------------------------------===//
// Reshapes
//===----------------------------------------------------------------------===//

/* A shape that two others refine: each of its dimensions is a product of
 * neighbouring dimensions of either. */
typedef struct Common {
  AmsImportShape shape;
  int ends[2][AmsImportMaxRank]; // where each dimension's group ends
} Common;

/* The finest common shape of two with the same number of elements. */
static Common commonShape(const AmsImportShape *a, const AmsImportShape *b) {
  Common common = {.shape.rank = 0};
  if (a->rank == 0 || b->rank == 0)
    return common;
  int i = 0, j = 0;
  while (i < a->rank && j < b->rank) {
    int64_t left = a->dims[i++], right = b->dims[j++];
    while (left != right) {
      if (left < right)
        left *= a->dims[i++];
      else
        right *= b->dims[j++];
    }
    common.ends[0][common.shape.rank] = i;
    common.ends[1][common.shape.rank] = j;
    common.shape.dims[common.shape.rank++] = left;
  }
  // Trailing dimensions of 1 belong to the last group.
  common.ends[0][common.shape.rank - 1] = a->rank;
  common.ends[1][common.shape.rank - 1] = b->rank;
  return common;
}

/* [[0, 1], [2]] for ends 2, 3. */
static MlirAttribute reassociation(AmsImportBuilder *builder, int groupCount,
                                   const int *ends) {
  MlirType i64 = mlirIntegerTypeGet(builder->context, 64);
  MlirAttribute groups[AmsImportMaxRank], indices[AmsImportMaxRank];
  int begin = 0;
  for (int group = 0; group < groupCount; ++group) {
    for (int i = begin; i < ends[group]; ++i)
      indices[i] = mlirIntegerAttrGet(i64, i);
    groups[group] = mlirArrayAttrGet(builder->context, ends[group] - begin,
                                     indices + begin);
    begin = ends[group];
  }
  return mlirArrayAttrGet(builder->context, groupCount, groups);
}

MlirValue amsImportBuildOrigin(AmsImportBuilder *builder, MlirValue value) {
  if (!mlirValueIsAOpResult(value))
    return value;
  MlirOperation owner = mlirOpResultGetOwner(value);
  MlirIdentifier name = mlirOperationGetName(owner);
  bool isReshape =
      mlirIdentifierEqual(
          name,
          mlirIdentifierGet(builder->context, ref("tensor.expand_shape"))) ||
      mlirIdentifierEqual(
          name,
          mlirIdentifierGet(builder->context, ref("tensor.collapse_shape")));
  return isReshape
             ? amsImportBuildOrigin(builder, mlirOperationGetOperand(owner, 0))
             : value;
}

MlirValue amsImportBuildReshape(AmsImportBuilder *builder, MlirValue value,
                                const AmsImportShape *shape) {
  value = amsImportBuildOrigin(builder, value);
  AmsImportShape from = amsImportShapeOf(value);
  if (amsImportShapeEqual(&from, shape))
    return value;
  Common common = commonShape(&from, shape);
  if (!amsImportShapeEqual(&from, &common.shape)) {
    MlirNamedAttribute attribute = amsImportNamedAttribute(
        builder, "reassociation",
        reassociation(builder, common.shape.rank, common.ends[0]));
    value = buildValue(builder, &(Parts){.name = "tensor.collapse_shape",
                                         .operandCount = 1,
                                         .operands = &value,
                                         .result = amsImportTensorTypeOf(
                                             &common.shape, elementOf(value)),
                                         .attributeCount = 1,
                                         .attributes = &attribute});
  }
  if (!amsImportShapeEqual(shape, &common.shape)) {
    MlirNamedAttribute attributes[] = {
        amsImportNamedAttribute(
            builder, "reassociation",
            reassociation(builder, common.shape.rank, common.ends[1])),
        amsImportNamedAttribute(
            builder, "static_output_shape",
            mlirDenseI64ArrayGet(builder->context, shape->rank, shape->dims))};
    value = buildValue(builder, &(Parts){.name = "tensor.expand_shape",
                                         .operandCount = 1,
                                         .operands = &value,
                                         .result = amsImportTensorTypeOf(
                                             shape, elementOf(value)),
                                         .attributeCount = 2,
                                         .attributes = attributes});
  }
  return value;
}

//===----------------------------------------------------------------------===//
// Transposition and padding
//===----------------------------------------------------------------------===//

MlirValue amsImportBuildTranspose(AmsImportBuilder *builder, MlirValue value,
                                  const int *permutation) {
  AmsImportShape from = amsImportShapeOf(value);
  AmsImportShape to = amsImportShapePermute(&from, permutation);
  if (amsImportShapeMovesNothing(&from, permutation))
    return amsImportBuildReshape(builder, value, &to);
  int64_t positions[AmsImportMaxRank];
  for (int i = 0; i < from.rank; ++i)
    positions[i] = permutation[i];
  MlirNamedAttribute attribute = amsImportNamedAttribute(
      builder, "permutation",
      mlirDenseI64ArrayGet(builder->context, from.rank, positions));
  MlirType element = elementOf(value);
  MlirValue operands[] = {value, amsImportBuildEmpty(builder, &to, element)};
  MlirOperation transpose =
      build(builder, &(Parts){.name = "linalg.transpose",
                              .operandCount = 2,
                              .operands = operands,
                              .result = amsImportTensorTypeOf(&to, element),
                              .attributeCount = 1,
                              .attributes = &attribute,
                              .region = mlirRegionCreate()});
  mlirLinalgFillBuiltinNamedOpRegion(transpose);
  return mlirOperationGetResult(transpose, 0);
}

/* A region of one block whose arguments have `types`; `body` becomes a builder
 * that appends to it. */
static MlirRegion blockRegion(AmsImportBuilder *builder, int argumentCount,
                              const MlirType *types, AmsImportBuilder *body) {
  *body = *builder;
  body->block = mlirBlockCreate(0, NULL, NULL);
  for (int i = 0; i < argumentCount; ++i)
    mlirBlockAddArgument(body->block, types[i], builder->location);
  MlirRegion region = mlirRegionCreate();
  mlirRegionAppendOwnedBlock(region, body->block);
  return region;
}

MlirValue amsImportBuildPad(AmsImportBuilder *builder, MlirValue value,
                            const int64_t *low, const int64_t *high,
                            float element) {
  AmsImportShape shape = amsImportShapeOf(value);
  bool isPadded = false;
  for (int i = 0; i < shape.rank; ++i) {
    shape.dims[i] += low[i] + high[i];
    isPadded |= low[i] != 0 || high[i] != 0;
  }
  if (!isPadded)
    return value;
  MlirValue padding = amsImportBuildFloat(builder, element);
  MlirType indices[AmsImportMaxRank];
  for (int i = 0; i < shape.rank; ++i)
    indices[i] = mlirIndexTypeGet(builder->context);
  AmsImportBuilder body;
  MlirRegion region = blockRegion(builder, shape.rank, indices, &body);
  build(&body, &(Parts){.name = "tensor.yield",
                        .operandCount = 1,
                        .operands = &padding});
  MlirNamedAttribute attributes[] = {
      amsImportNamedAttribute(
          builder, "static_low",
          mlirDenseI64ArrayGet(builder->context, shape.rank, low)),
      amsImportNamedAttribute(
          builder, "static_high",
          mlirDenseI64ArrayGet(builder->context, shape.rank, high)),
      amsImportNamedAttribute(
          builder, "operandSegmentSizes",
          mlirDenseI32ArrayGet(builder->context, 3,
                               (const int32_t[]){1, 0, 0}))};
  return buildValue(builder,
                    &(Parts){.name = "tensor.pad",
                             .operandCount = 1,
                             .operands = &value,
                             .result = amsImportTensorType(builder, &shape),
                             .attributeCount = 3,
                             .attributes = attributes,
                             .region = region});
}

MlirValue amsImportBuildSpread(AmsImportBuilder *builder, MlirValue value,
                               const AmsImportShape *shape,
                               const int64_t *strides) {
  AmsImportShape from = amsImportShapeOf(value);
  if (amsImportShapeEqual(&from, shape))
    return value;
  const int64_t offsets[AmsImportMaxRank] = {0};
  MlirContext context = builder->context;
  MlirValue operands[] = {value, amsImportBuildFill(builder, shape, 0.0f)};
  MlirNamedAttribute attributes[] = {
      amsImportNamedAttribute(
          builder, "static_offsets",
          mlirDenseI64ArrayGet(context, from.rank, offsets)),
      amsImportNamedAttribute(
          builder, "static_sizes",
          mlirDenseI64ArrayGet(context, from.rank, from.dims)),
      amsImportNamedAttribute(
          builder, "static_strides",
          mlirDenseI64ArrayGet(context, from.rank, strides)),
      amsImportNamedAttribute(
          builder, "operandSegmentSizes",
          mlirDenseI32ArrayGet(context, 5, (const int32_t[]){1, 1, 0, 0, 0}))};
  return buildValue(builder,
                    &(Parts){.name = "tensor.insert_slice",
                             .operandCount = 2,
                             .operands = operands,
                             .result = amsImportTensorType(builder, shape),
                             .attributeCount = 4,
                             .attributes = attributes});
}

//===----------------------------------------------------------------------===//
// Structured operations
//===----------------------------------------------------------------------===//

MlirValue amsImportBuildNamed(AmsImportBuilder *builder, const char *name,
                              MlirValue left, MlirValue right, MlirValue init,
                              intptr_t attributeCount,
                              const MlirNamedAttribute *attributes,
                              const char *layer) {
  MlirOperationState state =
      mlirOperationStateGet(ref(name), builder->location);
  MlirType type = mlirValueGetType(init);
  MlirRegion region = mlirRegionCreate();
  MlirNamedAttribute sizes = segments(builder, 2, 1);
  mlirOperationStateAddOperands(&state, 3,
                                (const MlirValue[]){left, right, init});
  mlirOperationStateAddResults(&state, 1, &type);
  mlirOperationStateAddAttributes(&state, attributeCount, attributes);
  mlirOperationStateAddAttributes(&state, 1, &sizes);
  mlirOperationStateAddOwnedRegions(&state, 1, &region);
  MlirOperation operation = mlirOperationCreate(&state);
  mlirBlockAppendOwnedOperation(builder->block, operation);
  mlirLinalgFillBuiltinNamedOpRegion(operation);
  if (layer)
    mlirOperationSetDiscardableAttributeByName(
        operation, ref("ams.layer"),
        mlirStringAttrGet(builder->context, ref(layer)));
  return mlirOperationGetResult(operation, 0);
}

static MlirAttribute mapAttribute(AmsImportBuilder *builder, int loopCount,
                                  const AmsImportMap *map) {
  MlirAffineExpr results[AmsImportMaxRank];
  for (int i = 0; i < map->rank; ++i)
    results[i] = mlirAffineDimExprGet(builder->context, map->loops[i]);
  return mlirAffineMapAttrGet(
      mlirAffineMapGet(builder->context, loopCount, 0, map->rank, results));
}

static MlirAttribute iteratorTypes(AmsImportBuilder *builder, int loopCount,
                                   const bool *isReduction) {
  MlirAttribute types[AmsImportMaxRank];
  for (int i = 0; i < loopCount; ++i)
    types[i] = mlirAttributeParseGet(
        builder->context,
        ref(isReduction && isReduction[i] ? "#linalg.iterator_type<reduction>"
                                          : "#linalg.iterator_type<parallel>"));
  return mlirArrayAttrGet(builder->context, loopCount, types);
}

MlirValue amsImportBuildGeneric(AmsImportBuilder *builder, int loopCount,
                                const bool *isReduction, int inputCount,
                                const MlirValue *inputs, MlirValue init,
                                const AmsImportMap *maps, AmsImportBody body,
                                const void *data) {
  MlirValue operands[AmsImportMaxOperands];
  MlirAttribute mapAttributes[AmsImportMaxOperands];
  MlirType types[AmsImportMaxOperands];
  for (int i = 0; i <= inputCount; ++i) {
    operands[i] = i < inputCount ? inputs[i] : init;
    types[i] = elementOf(operands[i]);
    mapAttributes[i] = mapAttribute(builder, loopCount, &maps[i]);
  }

  AmsImportBuilder inner;
  MlirRegion region = blockRegion(builder, inputCount + 1, types, &inner);
  MlirValue elements[AmsImportMaxOperands];
  for (int i = 0; i <= inputCount; ++i)
    elements[i] = mlirBlockGetArgument(inner.block, i);
  MlirValue element = body(&inner, elements, data);
  build(&inner, &(Parts){.name = "linalg.yield",
                         .operandCount = 1,
                         .operands = &element});

  MlirNamedAttribute attributes[] = {
      amsImportNamedAttribute(
          builder, "indexing_maps",
          mlirArrayAttrGet(builder->context, inputCount + 1, mapAttributes)),
      amsImportNamedAttribute(builder, "iterator_types",
                              iteratorTypes(builder, loopCount, isReduction)),
      segments(builder, inputCount, 1)};
  return buildValue(builder, &(Parts){.name = "linalg.generic",
                                      .operandCount = inputCount + 1,
                                      .operands = operands,
                                      .result = mlirValueGetType(init),
                                      .attributeCount = 3,
                                      .attributes = attributes,
                                      .region = region});
}
