//===-- Digital.c - Elementwise operations and reductions --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Digital.h"

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

/* The shape that the operands broadcast to. */
static bool broadcastShape(AmsImport *import, int operandCount,
                           AmsImportValue *const *operands,
                           AmsImportShape *shape) {
  *shape = operands[0]->shape;
  for (int i = 1; i < operandCount; ++i) {
    const AmsImportShape *other = &operands[i]->shape;
    AmsImportShape result = other->rank > shape->rank ? *other : *shape;
    for (int j = 1; j <= other->rank && j <= shape->rank; ++j) {
      int64_t a = shape->dims[shape->rank - j];
      int64_t b = other->dims[other->rank - j];
      if (a != b && a != 1 && b != 1) {
        char left[AmsImportShapeTextSize], right[AmsImportShapeTextSize];
        return amsImportError(
            import, "the shapes %s and %s do not fit each other",
            amsImportShapeText(shape, left), amsImportShapeText(other, right));
      }
      result.dims[result.rank - j] = a == 1 ? b : a;
    }
    *shape = result;
  }
  return amsImportCheckShape(import, shape);
}

/* Channels last if an operand of the result's rank is held so. */
static AmsImportForm broadcastForm(int operandCount,
                                   AmsImportValue *const *operands, int rank) {
  for (int i = 0; i < operandCount; ++i)
    if (operands[i]->shape.rank == rank && !operands[i]->constant &&
        !mlirValueIsNull(operands[i]->forms[AmsImportChannelsLast]))
      return AmsImportChannelsLast;
  return AmsImportRowMajor;
}

static int positionOf(AmsImportForm form, int dim) {
  int position = 0;
  while (amsImportFormOrder(form)[position] != dim)
    ++position;
  return position;
}

/* An operand without the dimensions that it repeats along (a constant without
 * any of 1), and the loops of its others. The loops run over the result `shape`
 * in `form`. */
static MlirValue broadcastOperand(AmsImport *import, AmsImportValue *operand,
                                  const AmsImportShape *shape,
                                  AmsImportForm form, AmsImportMap *map) {
  AmsImportForm held = amsImportNativeForm(operand);
  if (form == AmsImportChannelsLast &&
      !mlirValueIsNull(operand->forms[AmsImportChannelsLast]))
    held = form;
  AmsImportShape kept = {.rank = 0};
  *map = (AmsImportMap){.rank = 0};
  for (int i = 0; i < operand->shape.rank; ++i) {
    int dim = amsImportFormOrder(held)[i];
    int resultDim = dim + shape->rank - operand->shape.rank;
    if (operand->shape.dims[dim] == 1 &&
        (operand->constant || shape->dims[resultDim] != 1))
      continue;
    kept.dims[kept.rank++] = operand->shape.dims[dim];
    map->loops[map->rank++] = positionOf(form, resultDim);
  }
  if (operand->constant && kept.rank != operand->shape.rank) {
    AmsImportValue *reshaped = amsImportReshaped(import, operand, &kept);
    return reshaped ? amsImportInForm(import, reshaped, AmsImportRowMajor)
                    : (MlirValue){NULL};
  }
  return amsImportBuildReshape(&import->builder,
                               amsImportInForm(import, operand, held), &kept);
}

AmsImportValue *amsImportBroadcast(AmsImport *import, int operandCount,
                                   AmsImportValue *const *operands,
                                   AmsImportBody body, const void *data) {
  return amsImportBroadcastAs(import, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT,
                              operandCount, operands, body, data);
}

AmsImportValue *amsImportBroadcastAs(AmsImport *import, int32_t elementType,
                                     int operandCount,
                                     AmsImportValue *const *operands,
                                     AmsImportBody body, const void *data) {
  AmsImportShape shape;
  if (!broadcastShape(import, operandCount, operands, &shape))
    return NULL;
  AmsImportForm form = broadcastForm(operandCount, operands, shape.rank);
  AmsImportMap maps[AmsImportMaxOperands];
  MlirValue inputs[AmsImportMaxOperands];
  for (int i = 0; i < operandCount; ++i) {
    inputs[i] = broadcastOperand(import, operands[i], &shape, form, &maps[i]);
    if (mlirValueIsNull(inputs[i]))
      return NULL;
  }
  AmsImportShape physical =
      amsImportShapePermute(&shape, amsImportFormOrder(form));
  AmsImportMap *output = &maps[operandCount];
  output->rank = shape.rank;
  for (int i = 0; i < shape.rank; ++i)
    output->loops[i] = i;
  MlirValue init = amsImportBuildEmpty(&import->builder, &physical,
                                       amsImportElement(import, elementType));
  return amsImportComputedAs(import, elementType, form,
                             amsImportBuildGeneric(&import->builder, shape.rank,
                                                   NULL, operandCount, inputs,
                                                   init, maps, body, data));
}

static MlirValue binaryBody(AmsImportBuilder *builder,
                            const MlirValue *elements, const void *operation) {
  return amsImportBuildBinary(builder, operation, elements[0], elements[1]);
}

AmsImportValue *amsImportBroadcastBinary(AmsImport *import,
                                         const char *operation,
                                         AmsImportValue *left,
                                         AmsImportValue *right) {
  AmsImportValue *operands[] = {left, right};
  return amsImportBroadcast(import, 2, operands, binaryBody, operation);
}

static MlirValue copyBody(AmsImportBuilder *builder, const MlirValue *elements,
                          const void *data) {
  (void)builder;
  (void)data;
  return elements[0];
}

AmsImportValue *amsImportRepeat(AmsImport *import, AmsImportValue *value,
                                const AmsImportShape *shape) {
  if (amsImportShapeEqual(&value->shape, shape))
    return value;
  AmsImportMap maps[2] = {{.rank = 0}, {.rank = shape->rank}};
  AmsImportShape kept = {.rank = 0};
  for (int i = 0; i < shape->rank; ++i) {
    maps[1].loops[i] = i;
    int dim = i + value->shape.rank - shape->rank;
    if (dim < 0 || value->shape.dims[dim] != shape->dims[i])
      continue;
    kept.dims[kept.rank++] = shape->dims[i];
    maps[0].loops[maps[0].rank++] = i;
  }
  AmsImportValue *reshaped = amsImportReshaped(import, value, &kept);
  if (!reshaped || !amsImportCheckShape(import, shape))
    return NULL;
  MlirValue input = amsImportInForm(import, reshaped, AmsImportRowMajor);
  MlirValue init = amsImportBuildEmpty(
      &import->builder, shape, amsImportElement(import, value->elementType));
  return amsImportComputedAs(import, value->elementType, AmsImportRowMajor,
                             amsImportBuildGeneric(&import->builder,
                                                   shape->rank, NULL, 1, &input,
                                                   init, maps, copyBody, NULL));
}

AmsImportValue *amsImportScaled(AmsImport *import, const char *operation,
                                AmsImportValue *value, float number) {
  AmsImportValue *constant =
      amsImportNewConstant(import, "a number", &(AmsImportShape){.rank = 0},
                           ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, &number);
  return constant ? amsImportBroadcastBinary(import, operation, value, constant)
                  : NULL;
}

AmsImportValue *amsImportAlong(AmsImport *import, AmsImportValue *vector,
                               int rank, int axis) {
  AmsImportShape shape = {.rank = rank};
  int64_t count = 0;
  amsImportShapeCount(&vector->shape, &count);
  for (int i = 0; i < rank; ++i)
    shape.dims[i] = i == axis ? count : 1;
  return amsImportReshaped(import, vector, &shape);
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/* The accumulator first, as the order of the additions is part of the result.*/
static MlirValue reductionBody(AmsImportBuilder *builder,
                               const MlirValue *elements,
                               const void *operation) {
  return amsImportBuildBinary(builder, operation, elements[1], elements[0]);
}

/* The value reduced, without the dimensions that it was reduced over. */
static AmsImportValue *reduce(AmsImport *import, AmsImportValue *value,
                              const bool *isReduced, const char *operation,
                              float initial) {
  // Loops run over the input's positions; what is left is in the model's order.
  int rank = value->shape.rank;
  AmsImportForm form = amsImportNativeForm(value);
  AmsImportMap maps[2] = {{.rank = rank}, {.rank = 0}};
  bool isReduction[AmsImportMaxRank];
  for (int i = 0; i < rank; ++i) {
    maps[0].loops[i] = i;
    isReduction[i] = isReduced[amsImportFormOrder(form)[i]];
  }
  AmsImportShape left = {.rank = 0};
  for (int dim = 0; dim < rank; ++dim) {
    if (isReduced[dim])
      continue;
    left.dims[left.rank++] = value->shape.dims[dim];
    maps[1].loops[maps[1].rank++] = positionOf(form, dim);
  }
  MlirValue input = amsImportInForm(import, value, form);
  MlirValue init = amsImportBuildFill(&import->builder, &left, initial);
  return amsImportComputed(
      import, AmsImportRowMajor,
      amsImportBuildGeneric(&import->builder, rank, isReduction, 1, &input,
                            init, maps, reductionBody, operation));
}

/* What was reduced from `value`, with the dimensions as 1 if they stay. */
static AmsImportValue *withDims(AmsImport *import, AmsImportValue *reduced,
                                const AmsImportValue *value,
                                const bool *isReduced, bool keepsDims) {
  if (!reduced || !keepsDims)
    return reduced;
  AmsImportShape shape = value->shape;
  for (int i = 0; i < shape.rank; ++i)
    if (isReduced[i])
      shape.dims[i] = 1;
  return amsImportReshaped(import, reduced, &shape);
}

AmsImportValue *amsImportReduce(AmsImport *import, AmsImportValue *value,
                                const bool *isReduced, bool keepsDims,
                                const char *operation, float initial) {
  AmsImportValue *reduced =
      reduce(import, value, isReduced, operation, initial);
  return withDims(import, reduced, value, isReduced, keepsDims);
}

AmsImportValue *amsImportMean(AmsImport *import, AmsImportValue *value,
                              const bool *isReduced, bool keepsDims) {
  int64_t count = 1;
  for (int i = 0; i < value->shape.rank; ++i)
    if (isReduced[i])
      count *= value->shape.dims[i];
  AmsImportValue *mean = reduce(import, value, isReduced, "arith.addf", 0.0f);
  if (mean)
    mean = amsImportScaled(import, "arith.divf", mean, (float)count);
  return withDims(import, mean, value, isReduced, keepsDims);
}
