/*===-- Build.c - Building and reading IR -------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Each function is a few calls of mlir-c; reshapes go by the one             *|
|* reassociation where one suffices, else by a flat shape.                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Build.h"

#include "mlir-c/Dialect/Linalg.h"

#include "ams-c/Dialect.h"
#include "ams-c/Register.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *amsReallocate(void *pointer, size_t count, size_t size) {
  size_t bytes;
  void *result = NULL;
  if (!__builtin_mul_overflow(count, size, &bytes))
    result = realloc(pointer, bytes ? bytes : 1);
  if (!result) {
    fputs("ams: out of memory\n", stderr);
    abort();
  }
  return result;
}

void *amsExtend(void *pointer, size_t count, size_t size) {
  const bool isFull = (count & (count - 1)) == 0;
  if (!isFull)
    return pointer;
  return amsReallocate(pointer, count ? 2 * count : 1, size);
}

void *amsAllocate(size_t count, size_t size) {
  return amsReallocate(NULL, count, size);
}

AmsBuilder amsBuilderBefore(MlirOperation op) {
  return (AmsBuilder){mlirOperationGetContext(op), mlirOperationGetLocation(op),
                      op};
}

MlirStringRef amsStringRef(const char *text) {
  return mlirStringRefCreateFromCString(text);
}

MlirNamedAttribute amsNamed(MlirContext context, const char *name,
                            MlirAttribute attr) {
  return mlirNamedAttributeGet(mlirIdentifierGet(context, amsStringRef(name)),
                               attr);
}

MlirAttribute amsStringAttr(MlirContext context, const char *text) {
  return mlirStringAttrGet(context, amsStringRef(text));
}

MlirAttribute amsI64Attr(MlirContext context, int64_t value) {
  return mlirIntegerAttrGet(mlirIntegerTypeGet(context, 64), value);
}

/* Creates an operation and inserts it. */
static MlirOperation insert(const AmsBuilder *builder,
                            MlirOperationState *state) {
  MlirOperation op = mlirOperationCreate(state);
  mlirBlockInsertOwnedOperationBefore(mlirOperationGetBlock(builder->before),
                                      builder->before, op);
  return op;
}

MlirOperation amsBuildWithRegion(const AmsBuilder *builder, const char *name,
                                 intptr_t numOperands,
                                 const MlirValue *operands, intptr_t numResults,
                                 const MlirType *results,
                                 intptr_t numAttributes,
                                 const MlirNamedAttribute *attributes,
                                 MlirRegion region) {
  MlirOperationState state =
      mlirOperationStateGet(amsStringRef(name), builder->loc);
  mlirOperationStateAddOperands(&state, numOperands, operands);
  mlirOperationStateAddResults(&state, numResults, results);
  mlirOperationStateAddAttributes(&state, numAttributes, attributes);
  if (!mlirRegionIsNull(region))
    mlirOperationStateAddOwnedRegions(&state, 1, &region);
  return insert(builder, &state);
}

MlirOperation amsBuildInferred(const AmsBuilder *builder, const char *name,
                               intptr_t numOperands, const MlirValue *operands,
                               intptr_t numAttributes,
                               const MlirNamedAttribute *attributes) {
  MlirOperationState state =
      mlirOperationStateGet(amsStringRef(name), builder->loc);
  mlirOperationStateAddOperands(&state, numOperands, operands);
  mlirOperationStateAddAttributes(&state, numAttributes, attributes);
  mlirOperationStateEnableResultTypeInference(&state);
  return insert(builder, &state);
}

MlirOperation amsBuild(const AmsBuilder *builder, const char *name,
                       intptr_t numOperands, const MlirValue *operands,
                       intptr_t numResults, const MlirType *results,
                       intptr_t numAttributes,
                       const MlirNamedAttribute *attributes) {
  return amsBuildWithRegion(builder, name, numOperands, operands, numResults,
                            results, numAttributes, attributes,
                            (MlirRegion){NULL});
}

MlirValue amsBuildValue(const AmsBuilder *builder, const char *name,
                        intptr_t numOperands, const MlirValue *operands,
                        MlirType result, intptr_t numAttributes,
                        const MlirNamedAttribute *attributes) {
  return mlirOperationGetResult(amsBuild(builder, name, numOperands, operands,
                                         1, &result, numAttributes, attributes),
                                0);
}

MlirValue amsBuildEmpty(const AmsBuilder *builder, MlirType type) {
  return amsBuildValue(builder, "tensor.empty", 0, NULL, type, 0, NULL);
}

MlirOperation amsBuildNamed(const AmsBuilder *builder, const char *name,
                            int32_t numInputs, const MlirValue *operands) {
  MlirType type = mlirValueGetType(operands[numInputs]);
  MlirNamedAttribute segments = amsNamed(
      builder->context, "operandSegmentSizes",
      mlirDenseI32ArrayGet(builder->context, 2, (int32_t[]){numInputs, 1}));
  MlirOperation op = amsBuildWithRegion(builder, name, numInputs + 1, operands,
                                        mlirTypeIsATensor(type), &type, 1,
                                        &segments, mlirRegionCreate());
  mlirLinalgFillBuiltinNamedOpRegion(op);
  return op;
}

/* The linalg operation `name` whose body yields its first argument. */
static MlirValue buildCopy(const AmsBuilder *builder, const char *name,
                           const MlirValue operands[2], MlirType result,
                           intptr_t numAttributes,
                           const MlirNamedAttribute *attributes) {
  MlirType element = mlirShapedTypeGetElementType(result);
  MlirBlock block =
      mlirBlockCreate(2, (MlirType[]){element, element},
                      (MlirLocation[]){builder->loc, builder->loc});
  MlirOperationState yield =
      mlirOperationStateGet(amsStringRef("linalg.yield"), builder->loc);
  MlirValue argument = mlirBlockGetArgument(block, 0);
  mlirOperationStateAddOperands(&yield, 1, &argument);
  mlirBlockAppendOwnedOperation(block, mlirOperationCreate(&yield));
  MlirRegion region = mlirRegionCreate();
  mlirRegionAppendOwnedBlock(region, block);
  return mlirOperationGetResult(amsBuildWithRegion(builder, name, 2, operands,
                                                   1, &result, numAttributes,
                                                   attributes, region),
                                0);
}

MlirValue amsBuildTranspose(const AmsBuilder *builder, MlirValue value,
                            intptr_t rank, const int64_t *permutation) {
  bool identity = true;
  int64_t shape[AMS_MAX_RANK];
  MlirType type = mlirValueGetType(value);
  for (intptr_t i = 0; i < rank; ++i) {
    identity &= permutation[i] == i;
    shape[i] = mlirShapedTypeGetDimSize(type, permutation[i]);
  }
  if (identity)
    return value;
  MlirType result = mlirRankedTensorTypeGet(
      rank, shape, mlirShapedTypeGetElementType(type), mlirAttributeGetNull());
  MlirValue operands[2] = {value, amsBuildEmpty(builder, result)};
  MlirNamedAttribute attribute =
      amsNamed(builder->context, "permutation",
               mlirDenseI64ArrayGet(builder->context, rank, permutation));
  return buildCopy(builder, "linalg.transpose", operands, result, 1,
                   &attribute);
}

MlirValue amsBuildCopy(const AmsBuilder *builder, const MlirValue operands[2],
                       MlirType result, intptr_t numAttributes,
                       const MlirNamedAttribute *attributes) {
  return buildCopy(builder, "linalg.generic", operands, result, numAttributes,
                   attributes);
}

/* One array attribute of `count` groups: group g holds the dimensions from
 * starts[g] up to starts[g + 1]. */
static MlirAttribute reassociation(MlirContext context, intptr_t count,
                                   const intptr_t *starts) {
  MlirAttribute groups[AMS_MAX_RANK];
  for (intptr_t g = 0; g < count; ++g) {
    MlirAttribute dims[AMS_MAX_RANK];
    intptr_t size = 0;
    for (intptr_t d = starts[g]; d < starts[g + 1]; ++d)
      dims[size++] = amsI64Attr(context, d);
    groups[g] = mlirArrayAttrGet(context, size, dims);
  }
  return mlirArrayAttrGet(context, count, groups);
}

static MlirValue collapse(const AmsBuilder *builder, MlirValue value,
                          intptr_t rank, const int64_t *shape,
                          const intptr_t *starts) {
  MlirType type = mlirRankedTensorTypeGet(
      rank, shape, mlirShapedTypeGetElementType(mlirValueGetType(value)),
      mlirAttributeGetNull());
  MlirNamedAttribute attribute =
      amsNamed(builder->context, "reassociation",
               reassociation(builder->context, rank, starts));
  return amsBuildValue(builder, "tensor.collapse_shape", 1, &value, type, 1,
                       &attribute);
}

static MlirValue expand(const AmsBuilder *builder, MlirValue value,
                        intptr_t sourceRank, intptr_t rank,
                        const int64_t *shape, const intptr_t *starts) {
  MlirType type = mlirRankedTensorTypeGet(
      rank, shape, mlirShapedTypeGetElementType(mlirValueGetType(value)),
      mlirAttributeGetNull());
  MlirNamedAttribute attributes[2] = {
      amsNamed(builder->context, "reassociation",
               reassociation(builder->context, sourceRank, starts)),
      amsNamed(builder->context, "static_output_shape",
               mlirDenseI64ArrayGet(builder->context, rank, shape))};
  return amsBuildValue(builder, "tensor.expand_shape", 1, &value, type, 2,
                       attributes);
}

/* Groups of the finer shape that multiply to each dimension of the coarser
 * one; false where the shapes do not nest. */
static bool nest(intptr_t coarseRank, const int64_t *coarse, intptr_t fineRank,
                 const int64_t *fine, intptr_t *starts) {
  intptr_t next = 0;
  if (coarseRank == 0) { /* a scalar: one group of nothing, all sizes are 1 */
    starts[0] = 0;
    return true;
  }
  for (intptr_t g = 0; g < coarseRank; ++g) {
    int64_t product = 1;
    starts[g] = next;
    if (next == fineRank)
      return false;
    do
      product *= fine[next++];
    while (product < coarse[g] && next < fineRank);
    if (product != coarse[g])
      return false;
  }
  /* Dimensions of 1 at the end belong to the last group. */
  while (next < fineRank && fine[next] == 1)
    ++next;
  starts[coarseRank] = next;
  return next == fineRank;
}

MlirValue amsBuildReshape(const AmsBuilder *builder, MlirValue value,
                          intptr_t rank, const int64_t *shape) {
  int64_t from[AMS_MAX_RANK] = {0}, flat;
  intptr_t starts[AMS_MAX_RANK + 1];
  intptr_t fromRank = amsGetShape(mlirValueGetType(value), AMS_MAX_RANK, from);
  if (fromRank == rank && !memcmp(from, shape, (size_t)rank * sizeof(int64_t)))
    return value;
  if (rank < fromRank && nest(rank, shape, fromRank, from, starts))
    return collapse(builder, value, rank, shape, starts);
  if (rank > fromRank && nest(fromRank, from, rank, shape, starts))
    return expand(builder, value, fromRank, rank, shape, starts);
  flat = amsNumElements(mlirValueGetType(value));
  if (fromRank != 1)
    value = collapse(builder, value, 1, &flat, (intptr_t[]){0, fromRank});
  if (rank != 1)
    value = expand(builder, value, 1, rank, shape, (intptr_t[]){0, rank});
  return value;
}

bool amsIsOp(MlirOperation op, const char *name) {
  return !mlirOperationIsNull(op) &&
         mlirStringRefEqual(mlirIdentifierStr(mlirOperationGetName(op)),
                            amsStringRef(name));
}

MlirOperation amsDefiningOp(MlirValue value) {
  if (!mlirValueIsAOpResult(value))
    return (MlirOperation){NULL};
  return mlirOpResultGetOwner(value);
}

MlirAttribute amsGetAttr(MlirOperation op, const char *name) {
  return mlirOperationGetAttributeByName(op, amsStringRef(name));
}

char *amsCopyString(MlirStringRef text) {
  char *copy = amsAllocate(text.length + 1, 1);
  if (text.length)
    memcpy(copy, text.data, text.length);
  copy[text.length] = '\0';
  return copy;
}

char *amsGetString(MlirOperation op, const char *name) {
  MlirAttribute attr = amsGetAttr(op, name);
  if (mlirAttributeIsNull(attr) || !mlirAttributeIsAString(attr))
    return NULL;
  return amsCopyString(mlirStringAttrGetValue(attr));
}

bool amsIsStaticF32(MlirType type) {
  return mlirTypeIsAShaped(type) && mlirShapedTypeHasRank(type) &&
         mlirShapedTypeHasStaticShape(type) &&
         mlirTypeIsAF32(mlirShapedTypeGetElementType(type));
}

int64_t amsNumElements(MlirType shaped) {
  int64_t product = 1;
  for (intptr_t i = 0; i < mlirShapedTypeGetRank(shaped); ++i)
    product *= mlirShapedTypeGetDimSize(shaped, i);
  return product;
}

intptr_t amsGetShape(MlirType type, intptr_t capacity, int64_t *shape) {
  bool abfp = amsTypeIsAAbfp(type);
  intptr_t rank = abfp ? amsAbfpTypeGetRank(type) : mlirShapedTypeGetRank(type);
  if (rank > capacity)
    return -1;
  for (intptr_t i = 0; i < rank; ++i)
    shape[i] =
        abfp ? amsAbfpTypeGetDim(type, i) : mlirShapedTypeGetDimSize(type, i);
  return rank;
}

MlirType amsTensorF32(MlirContext context, intptr_t rank,
                      const int64_t *shape) {
  return mlirRankedTensorTypeGet(rank, shape, mlirF32TypeGet(context),
                                 mlirAttributeGetNull());
}

static char *formatMessage(const char *format, va_list arguments) {
  va_list copy;
  va_copy(copy, arguments);
  int length = vsnprintf(NULL, 0, format, copy);
  va_end(copy);
  char *message = amsAllocate(length < 0 ? 1 : (size_t)length + 1, 1);
  vsnprintf(message, length < 0 ? 1 : (size_t)length + 1, format, arguments);
  return message;
}

static void emit(MlirLocation loc, MlirDiagnosticSeverity severity,
                 const char *format, va_list arguments) {
  char *message = formatMessage(format, arguments);
  amsEmitDiagnostic(loc, severity, message);
  free(message);
}

void amsEmitError(MlirLocation loc, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  emit(loc, MlirDiagnosticError, format, arguments);
  va_end(arguments);
}

/* Whether the results of `op` are a part of a layer. */
static bool isPart(MlirOperation op) {
  return amsIsOp(op, "ams.weights") || amsIsOp(op, "ams.quantize") ||
         amsIsOp(op, "ams.program");
}

char *amsLayerOf(MlirOperation op) {
  char *layer = amsGetString(op, "layer");
  for (intptr_t i = 0;
       !layer && isPart(op) && i < mlirOperationGetNumResults(op); ++i)
    for (MlirOpOperand use =
             mlirValueGetFirstUse(mlirOperationGetResult(op, i));
         !layer && !mlirOpOperandIsNull(use);
         use = mlirOpOperandGetNextUse(use))
      layer = amsLayerOf(mlirOpOperandGetOwner(use));
  return layer;
}

void amsEmitOpError(MlirOperation op, const char *format, ...) {
  MlirStringRef name = mlirIdentifierStr(mlirOperationGetName(op));
  va_list arguments;
  va_start(arguments, format);
  char *message = formatMessage(format, arguments);
  va_end(arguments);
  char *layer = amsLayerOf(op);
  amsEmitError(mlirOperationGetLocation(op), "'%.*s' op %s%s%s%s",
               (int)name.length, name.data, layer ? "of layer \"" : "",
               layer ? layer : "", layer ? "\" " : "", message);
  free(layer);
  free(message);
}

void amsEmitRemark(MlirLocation loc, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  emit(loc, MlirDiagnosticRemark, format, arguments);
  va_end(arguments);
}

void amsEmitLayerRemark(MlirOperation op, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  char *message = formatMessage(format, arguments);
  va_end(arguments);
  char *layer = amsLayerOf(op);
  amsEmitRemark(mlirOperationGetLocation(op), "layer \"%s\": %s",
                layer ? layer : "", message);
  free(layer);
  free(message);
}

typedef struct Collector {
  AmsOpPredicate predicate;
  AmsOpList list;
} Collector;

static void append(AmsOpList *list, MlirOperation op) {
  list->ops = amsExtend(list->ops, list->size, sizeof *list->ops);
  list->ops[list->size++] = op;
}

static MlirWalkResult collect(MlirOperation op, void *data) {
  Collector *collector = data;
  if (collector->predicate(op))
    append(&collector->list, op);
  return MlirWalkResultAdvance;
}

AmsOpList amsCollectOps(MlirOperation root, AmsOpPredicate predicate) {
  Collector collector = {predicate, {NULL, 0}};
  mlirOperationWalk(root, collect, &collector, MlirWalkPostOrder);
  return collector.list;
}

AmsOpList amsListOps(MlirBlock block) {
  AmsOpList list = {NULL, 0};
  MlirOperation end = mlirBlockGetTerminator(block);
  for (MlirOperation op = mlirBlockGetFirstOperation(block);
       !mlirOperationEqual(op, end); op = mlirOperationGetNextInBlock(op))
    append(&list, op);
  return list;
}

void amsOpListFree(AmsOpList *list) {
  free(list->ops);
  *list = (AmsOpList){NULL, 0};
}
