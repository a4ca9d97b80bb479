//===-- Value.c - Values and their forms -------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Importer.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"

#include <string.h>

/* Constants of fewer elements are written out in the IR. */
enum { ResourceElements = 16 };

static const int formOrders[AmsImportFormCount][AmsImportMaxRank] = {
    [AmsImportRowMajor] = {0, 1, 2, 3, 4, 5, 6, 7},
    [AmsImportChannelsLast] = {0, 2, 3, 1},
};

const int *amsImportFormOrder(AmsImportForm form) { return formOrders[form]; }

AmsImportForm amsImportNativeForm(const AmsImportValue *value) {
  bool hasRowMajor =
      value->constant || !mlirValueIsNull(value->forms[AmsImportRowMajor]);
  return hasRowMajor ? AmsImportRowMajor : AmsImportChannelsLast;
}

AmsImportValue *amsImportNewValue(AmsImport *import, const char *name,
                                  const AmsImportShape *shape,
                                  int32_t elementType, int64_t leastDim) {
  char text[AmsImportShapeTextSize];
  int64_t count;
  if (!amsImportShapeCount(shape, &count))
    return amsImportError(import,
                          "'%s' has the shape %s, which is negative somewhere "
                          "or too large",
                          name, amsImportShapeText(shape, text));
  for (int i = 0; i < shape->rank; ++i)
    if (shape->dims[i] < leastDim)
      return amsImportError(import, "'%s' is empty: its shape is %s", name,
                            amsImportShapeText(shape, text));
  AmsImportValue *value = amsImportArenaAllocate(&import->arena, sizeof *value);
  if (!value)
    return amsImportOutOfMemory(import);
  value->name = name;
  value->shape = *shape;
  value->elementType = elementType;
  return value;
}

bool amsImportCheckShape(AmsImport *import, const AmsImportShape *shape) {
  return amsImportNewValue(import, "the result", shape,
                           ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, 1);
}

AmsImportValue *amsImportComputed(AmsImport *import, AmsImportForm form,
                                  MlirValue value) {
  return amsImportComputedAs(import, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, form,
                             value);
}

AmsImportValue *amsImportComputedAs(AmsImport *import, int32_t elementType,
                                    AmsImportForm form, MlirValue value) {
  AmsImportShape physical = amsImportShapeOf(value);
  AmsImportShape logical = {.rank = physical.rank};
  for (int i = 0; i < physical.rank; ++i)
    logical.dims[formOrders[form][i]] = physical.dims[i];
  AmsImportValue *computed =
      amsImportNewValue(import, "the result", &logical, elementType, 1);
  if (computed)
    computed->forms[form] = value;
  return computed;
}

MlirType amsImportElement(AmsImport *import, int32_t elementType) {
  switch (elementType) {
  case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT:
  case ONNX__TENSOR_PROTO__DATA_TYPE__BOOL:
    return import->builder.f32;
  case ONNX__TENSOR_PROTO__DATA_TYPE__INT64:
  case ONNX__TENSOR_PROTO__DATA_TYPE__INT32:
    return import->builder.i64;
  default:
    return (MlirType){NULL};
  }
}

//===----------------------------------------------------------------------===//
// Forms
//===----------------------------------------------------------------------===//

static void releaseBlob(void *storage, const void *data, size_t size,
                        size_t alignment) {
  (void)data;
  (void)size;
  (void)alignment;
  amsImportStorageRelease(storage);
}

/* arith.constant of a constant's elements in a shape. */
static MlirValue materialize(AmsImport *import, const AmsImportValue *value,
                             const AmsImportShape *shape) {
  const AmsImportConstant *constant = amsImportHeld(import, value);
  if (!constant)
    return (MlirValue){NULL};
  MlirType element = amsImportElement(import, value->elementType);
  MlirType type = amsImportTensorTypeOf(shape, element);
  int64_t count = 0;
  amsImportShapeCount(shape, &count);
  size_t elementSize =
      mlirTypeIsAF32(element) ? sizeof(float) : sizeof(int64_t);
  size_t size = (size_t)count * elementSize;
  MlirAttribute elements =
      count < ResourceElements
          ? mlirDenseElementsAttrRawBufferGet(type, size, constant->data)
          : mlirUnmanagedDenseResourceElementsAttrGet(
                type, mlirStringRefCreateFromCString(value->name),
                (void *)(uintptr_t)constant->data, size, elementSize,
                /*dataIsMutable=*/false, releaseBlob,
                amsImportStorageRetain(constant->storage));
  return amsImportBuildConstant(&import->builder, elements, constant->weight);
}

/* Where `form` holds each of `other`'s positions. */
static void orderBetween(AmsImportForm other, AmsImportForm form, int rank,
                         int order[AmsImportMaxRank]) {
  for (int i = 0; i < rank; ++i)
    for (int j = 0; j < rank; ++j)
      if (formOrders[other][j] == formOrders[form][i])
        order[i] = j;
}

MlirValue amsImportInForm(AmsImport *import, AmsImportValue *value,
                          AmsImportForm form) {
  if (!mlirValueIsNull(value->forms[form]))
    return value->forms[form];
  const int *formOrder = formOrders[form];
  if (value->constant && amsImportShapeMovesNothing(&value->shape, formOrder)) {
    AmsImportShape shape = amsImportShapePermute(&value->shape, formOrder);
    return value->forms[form] = materialize(import, value, &shape);
  }
  AmsImportForm native = amsImportNativeForm(value);
  int order[AmsImportMaxRank];
  orderBetween(native, form, value->shape.rank, order);
  MlirValue held = amsImportInForm(import, value, native);
  return value->forms[form] =
             amsImportBuildTranspose(&import->builder, held, order);
}

//===----------------------------------------------------------------------===//
// Reshapes and transposes
//===----------------------------------------------------------------------===//

AmsImportValue *amsImportReshaped(AmsImport *import, AmsImportValue *value,
                                  const AmsImportShape *shape) {
  if (amsImportShapeEqual(&value->shape, shape))
    return value;
  AmsImportValue *reshaped = amsImportNewValue(
      import, value->name, shape, value->elementType, value->constant ? 0 : 1);
  if (!reshaped)
    return NULL;
  reshaped->constant = value->constant;
  if (value->constant)
    return reshaped;
  AmsImportForm form = amsImportNativeForm(value);
  if (!amsImportShapeMovesNothing(&value->shape, formOrders[form]))
    form = AmsImportRowMajor;
  reshaped->forms[AmsImportRowMajor] = amsImportBuildReshape(
      &import->builder, amsImportInForm(import, value, form), shape);
  return reshaped;
}

/* Whether `value` held in `from` is, as it is, the permuted value held in
 * `to`. */
static bool isSame(const AmsImportValue *value, AmsImportForm from,
                   const int *permutation, AmsImportForm to) {
  if (mlirValueIsNull(value->forms[from]) ||
      (to == AmsImportChannelsLast && value->shape.rank != 4))
    return false;
  for (int i = 0; i < value->shape.rank; ++i)
    if (permutation[formOrders[to][i]] != formOrders[from][i])
      return false;
  return true;
}

AmsImportValue *amsImportTransposed(AmsImport *import, AmsImportValue *value,
                                    const int *permutation) {
  AmsImportShape shape = amsImportShapePermute(&value->shape, permutation);
  if (value->constant && amsImportShapeMovesNothing(&value->shape, permutation))
    return amsImportReshaped(import, value, &shape);
  AmsImportValue *transposed =
      amsImportNewValue(import, value->name, &shape, value->elementType, 1);
  if (!transposed)
    return NULL;
  AmsImportForm native = amsImportNativeForm(value);
  amsImportInForm(import, value, native);
  bool found = false;
  for (int from = 0; from < AmsImportFormCount; ++from)
    for (int to = 0; to < AmsImportFormCount; ++to)
      if (isSame(value, from, permutation, to)) {
        transposed->forms[to] = value->forms[from];
        found = true;
      }
  if (!found) {
    int order[AmsImportMaxRank];
    for (int i = 0; i < shape.rank; ++i)
      for (int j = 0; j < shape.rank; ++j)
        if (formOrders[native][j] == permutation[i])
          order[i] = j;
    transposed->forms[AmsImportRowMajor] =
        amsImportBuildTranspose(&import->builder, value->forms[native], order);
  }
  return transposed;
}
