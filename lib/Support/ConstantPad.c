/*===-- ConstantPad.c - Constants that are padded -----------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Front ends pad kernels, as that of a transposed convolution to a multiple  *|
|* of its strides.                                                            *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ConstantPad.h"

#include "Build.h"
#include "Constant.h"
#include "Function.h"

#include <stdlib.h>
#include <string.h>

/* More elements than weights are padded to. */
enum { MAX_ELEMENTS = 1 << 28 };

typedef struct Pad {
  MlirValue input;
  intptr_t rank;
  int64_t from[AMS_MAX_RANK], to[AMS_MAX_RANK], low[AMS_MAX_RANK];
  float number;
} Pad;

static bool readIndex(MlirValue value, int64_t *number) {
  MlirOperation op = amsDefiningOp(value);
  if (!amsIsOp(op, "arith.constant"))
    return false;
  *number = mlirIntegerAttrGetValueInt(amsGetAttr(op, "value"));
  return true;
}

/* The padding before each dimension; a number that is no attribute is the next
 * operand. */
static bool readLow(MlirOperation op, Pad *pad) {
  MlirAttribute low = amsGetAttr(op, "static_low");
  intptr_t operand = 1;
  for (intptr_t i = 0; i < pad->rank; ++i) {
    pad->low[i] = mlirDenseI64ArrayGetElement(low, i);
    if (pad->low[i] == mlirShapedTypeGetDynamicStrideOrOffset() &&
        !readIndex(mlirOperationGetOperand(op, operand++), &pad->low[i]))
      return false;
    if (pad->low[i] < 0 || pad->low[i] > pad->to[i] - pad->from[i])
      return false;
  }
  return true;
}

/* The one number that `op` pads by. */
static bool readNumber(MlirOperation op, float *number) {
  MlirBlock body = mlirRegionGetFirstBlock(mlirOperationGetRegion(op, 0));
  MlirOperation source =
      amsDefiningOp(mlirOperationGetOperand(mlirBlockGetTerminator(body), 0));
  if (!amsIsOp(source, "arith.constant"))
    return false;
  *number = (float)mlirFloatAttrGetValueDouble(amsGetAttr(source, "value"));
  return true;
}

static bool readPad(MlirOperation op, Pad *pad) {
  if (!amsIsOp(op, "tensor.pad"))
    return false;
  MlirType type = mlirValueGetType(mlirOperationGetResult(op, 0));
  pad->input = mlirOperationGetOperand(op, 0);
  if (!amsIsStaticF32(type) || !amsIsConstant(pad->input) ||
      amsNumElements(type) > MAX_ELEMENTS)
    return false;
  pad->rank = amsGetShape(type, AMS_MAX_RANK, pad->to);
  return pad->rank >= 0 &&
         amsGetShape(mlirValueGetType(pad->input), AMS_MAX_RANK, pad->from) ==
             pad->rank &&
         readLow(op, pad) && readNumber(op, &pad->number);
}

bool amsIsConstantPad(MlirOperation op) {
  Pad pad;
  return readPad(op, &pad);
}

float *amsEvaluateConstantPad(MlirOperation op) {
  Pad pad;
  float *source = readPad(op, &pad) ? amsEvaluateConstant(pad.input) : NULL;
  if (!source)
    return NULL;
  int64_t from = amsNumElements(mlirValueGetType(pad.input));
  int64_t to = amsNumElements(mlirValueGetType(mlirOperationGetResult(op, 0)));
  float *result = amsAllocate((size_t)to, sizeof *result);
  for (int64_t i = 0; i < to; ++i)
    result[i] = pad.number;
  for (int64_t i = 0; i < from; ++i) {
    int64_t rest = i, at = 0, stride = 1;
    for (intptr_t d = pad.rank - 1; d >= 0; --d) {
      at += (rest % pad.from[d] + pad.low[d]) * stride;
      rest /= pad.from[d];
      stride *= pad.to[d];
    }
    result[at] = source[i];
  }
  free(source);
  return result;
}
