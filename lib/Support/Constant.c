/*===-- Constant.c - Constant tensors -----------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Elements of constants are read from their raw bytes, in whatever form      *|
|* they are held, and moved as transposes move them.                          *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Constant.h"

#include "Build.h"
#include "ConstantGeneric.h"
#include "ConstantPad.h"
#include "Function.h"
#include "ams-c/Register.h"

#include <stdlib.h>
#include <string.h>

static bool isReshape(MlirOperation op) {
  return amsIsOp(op, "tensor.collapse_shape") ||
         amsIsOp(op, "tensor.expand_shape");
}

/* The value that `value` is, but for transposes and reshapes. */
static MlirValue origin(MlirValue value) {
  MlirOperation op = amsDefiningOp(value);
  while (amsIsOp(op, "linalg.transpose") || isReshape(op)) {
    value = mlirOperationGetOperand(op, 0);
    op = amsDefiningOp(value);
  }
  return value;
}

bool amsIsConstant(MlirValue value) {
  if (!amsIsStaticF32(mlirValueGetType(value)))
    return false;
  MlirOperation op = amsDefiningOp(origin(value));
  return amsIsOp(op, "arith.constant") || amsIsConstantGeneric(op) ||
         amsIsConstantPad(op);
}

bool amsIsWeights(MlirValue value) {
  return amsIsConstant(value) || (amsIsStaticF32(mlirValueGetType(value)) &&
                                  amsIsWeightArgument(origin(value)));
}

bool amsFitsMemory(MlirLocation loc, MlirType type) {
  int64_t count = amsNumElements(type);
  size_t bytes;
  void *volatile room = NULL; /* or compilers take it for granted */
  if (!__builtin_mul_overflow((size_t)count, sizeof(float), &bytes))
    room = malloc(bytes ? bytes : 1);
  free(room);
  if (!room)
    amsEmitError(loc,
                 "a constant of %lld elements, written out, is larger than the "
                 "memory there is",
                 (long long)count);
  return room != NULL;
}

static float *readElements(MlirAttribute attr, MlirType type) {
  const void *data;
  size_t size, count = (size_t)amsNumElements(type);
  if (mlirAttributeIsNull(attr) || !amsElementsRawData(attr, &data, &size))
    return NULL;
  bool splat =
      mlirAttributeIsADenseElements(attr) && mlirDenseElementsAttrIsSplat(attr);
  if (!splat && size != count * sizeof(float))
    return NULL;
  float *elements = amsAllocate(count, sizeof(float));
  if (!splat) {
    memcpy(elements, data, size);
  } else {
    for (size_t i = 0; i < count; ++i)
      memcpy(&elements[i], data, sizeof(float));
  }
  return elements;
}

/* Moves elements of `source`, of shape `from`, so that dimension i of the
 * result is dimension permutation[i]. */
static float *permute(const float *source, intptr_t rank, const int64_t *from,
                      MlirAttribute permutation) {
  int64_t shape[AMS_MAX_RANK], stride[AMS_MAX_RANK], index[AMS_MAX_RANK] = {0};
  int64_t strides[AMS_MAX_RANK], count = 1;
  for (intptr_t i = rank - 1; i >= 0; --i) {
    strides[i] = count;
    count *= from[i];
  }
  for (intptr_t i = 0; i < rank; ++i) {
    int64_t dim = mlirDenseI64ArrayGetElement(permutation, i);
    shape[i] = from[dim];
    stride[i] = strides[dim];
  }
  float *result = amsAllocate((size_t)count, sizeof(float));
  for (int64_t flat = 0, offset = 0; flat < count; ++flat) {
    result[flat] = source[offset];
    for (intptr_t i = rank - 1; i >= 0; --i) {
      offset += stride[i];
      if (++index[i] < shape[i])
        break;
      offset -= stride[i] * shape[i];
      index[i] = 0;
    }
  }
  return result;
}

float *amsEvaluateConstant(MlirValue value) {
  MlirOperation op = amsDefiningOp(value);
  if (!amsIsConstant(value))
    return NULL;
  if (amsIsOp(op, "arith.constant"))
    return readElements(amsGetAttr(op, "value"), mlirValueGetType(value));
  if (amsIsOp(op, "tensor.pad"))
    return amsEvaluateConstantPad(op);
  if (!amsIsOp(op, "linalg.transpose") && !isReshape(op))
    return amsEvaluateConstantGeneric(op);
  MlirValue input = mlirOperationGetOperand(op, 0);
  float *source = amsEvaluateConstant(input);
  if (!source || isReshape(op))
    return source;
  int64_t shape[AMS_MAX_RANK];
  intptr_t rank = amsGetShape(mlirValueGetType(input), AMS_MAX_RANK, shape);
  float *result = NULL;
  if (rank >= 0)
    result = permute(source, rank, shape, amsGetAttr(op, "permutation"));
  free(source);
  return result;
}

static void freeBlob(void *userData, const void *data, size_t size,
                     size_t align) {
  (void)data, (void)size, (void)align;
  free(userData);
}

MlirAttribute amsResourceAttr(MlirType type, const char *name, void *data,
                              size_t size) {
  return mlirUnmanagedDenseResourceElementsAttrGet(
      type, amsStringRef(name), data, size, 8, /*dataIsMutable=*/false,
      freeBlob, data);
}

bool amsIsZeroScalar(MlirValue value) {
  MlirOperation op = amsDefiningOp(value);
  if (!amsIsOp(op, "arith.constant"))
    return false;
  MlirAttribute attr = amsGetAttr(op, "value");
  return mlirAttributeIsAFloat(attr) && mlirFloatAttrGetValueDouble(attr) == 0;
}

bool amsIsZeroFilled(MlirValue value) {
  MlirOperation op = amsDefiningOp(value);
  if (amsIsOp(op, "linalg.fill"))
    return amsIsZeroScalar(mlirOperationGetOperand(op, 0));
  if (!amsIsOp(op, "arith.constant"))
    return false;
  MlirAttribute attr = amsGetAttr(op, "value");
  return mlirAttributeIsADenseElements(attr) &&
         mlirDenseElementsAttrIsSplat(attr) &&
         amsIsStaticF32(mlirValueGetType(value)) &&
         mlirDenseElementsAttrGetFloatSplatValue(attr) == 0;
}
