/*===-- LinalgLayer.c - Layers in place of linalg ----------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Loops of products, and how layers take their operands and give their       *|
|* results.                                                                   *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "LinalgToAMS.h"

#include "Constant.h"
#include "Generic.h"

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

void amsAppendLoops(AmsLoops *loops, const AmsLoops *more) {
  for (intptr_t i = 0; i < more->size && loops->size < AMS_MAX_LOOPS; ++i)
    loops->loop[loops->size++] = more->loop[i];
}

bool amsFindPermutation(const AmsLinalgOperand *operand, const AmsLoops *loops,
                        int64_t *permutation) {
  if (loops->size != operand->rank)
    return false;
  for (intptr_t i = 0; i < loops->size; ++i)
    if ((permutation[i] = amsFindLoop(operand, loops->loop[i])) < 0)
      return false;
  return true;
}

int64_t amsLoopsSize(const AmsLinalgOperand *operand, const AmsLoops *loops) {
  int64_t size = 1;
  for (intptr_t i = 0; i < loops->size; ++i)
    size *= operand->shape[amsFindLoop(operand, loops->loop[i])];
  return size;
}

bool amsHasElements(const AmsLinalgOperand *operand) {
  for (intptr_t i = 0; i < operand->rank; ++i)
    if (operand->shape[i] == 0)
      return false;
  return true;
}

/* Whether the operands of `op` are `a` and `b`, in either order. */
static bool takes(MlirOperation op, MlirValue a, MlirValue b) {
  MlirValue first = mlirOperationGetOperand(op, 0),
            second = mlirOperationGetOperand(op, 1);
  return (mlirValueEqual(first, a) && mlirValueEqual(second, b)) ||
         (mlirValueEqual(first, b) && mlirValueEqual(second, a));
}

bool amsIsMultiplyAdd(MlirOperation op) {
  MlirBlock body = mlirRegionGetFirstBlock(mlirOperationGetRegion(op, 0));
  MlirOperation add =
      amsDefiningOp(mlirOperationGetOperand(mlirBlockGetTerminator(body), 0));
  if (!amsIsOp(add, "arith.addf"))
    return false;
  for (intptr_t i = 0; i < 2; ++i) {
    MlirValue term = mlirOperationGetOperand(add, i);
    MlirOperation product = amsDefiningOp(term);
    if (amsIsOp(product, "arith.mulf") &&
        takes(product, mlirBlockGetArgument(body, 0),
              mlirBlockGetArgument(body, 1)) &&
        takes(add, term, mlirBlockGetArgument(body, 2)))
      return true;
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

MlirValue amsArrange(const AmsBuilder *builder, const AmsLinalgOperand *operand,
                     const int64_t *permutation, intptr_t rank,
                     const int64_t *shape) {
  MlirValue value =
      amsBuildTranspose(builder, operand->value, operand->rank, permutation);
  return amsBuildReshape(builder, value, rank, shape);
}

MlirValue amsBuildLayer(const AmsLayerConversion *conversion,
                        const AmsBuilder *builder, const char *opName,
                        const MlirValue ins[2], intptr_t rank,
                        const int64_t *shape, const AmsWindow *window) {
  MlirContext context = conversion->context;
  MlirType type = amsTensorF32(context, rank, shape);
  MlirValue operands[3] = {ins[0], ins[1], amsBuildEmpty(builder, type)};
  MlirNamedAttribute attributes[3] = {
      amsNamed(context, "layer", amsStringAttr(context, conversion->name)),
      amsNamed(context, "device", conversion->device)};
  if (window)
    attributes[2] =
        amsNamed(context, "window", amsWindowAttrGet(context, window));
  return mlirOperationGetResult(amsBuildInferred(builder, opName, 3, operands,
                                                 window ? 3 : 2, attributes),
                                0);
}

static MlirValue buildAdd(const AmsBuilder *builder, MlirValue a, MlirValue b) {
  MlirValue operands[3] = {a, b, amsBuildEmpty(builder, mlirValueGetType(a))};
  return mlirOperationGetResult(
      amsBuildNamed(builder, "linalg.add", 2, operands), 0);
}

/* The accumulator as one number for each output, the last of `loops`: null
 * where it is not that, repeated for each vector. */
static MlirValue findBias(const AmsLinalgOperand *result,
                          const AmsLoops *loops) {
  AmsLinalgOperand bias = *result;
  while (amsSkipCopy(&bias))
    ;
  return loops->size && bias.rank == 1 &&
                 bias.loop[0] == loops->loop[loops->size - 1]
             ? bias.value
             : (MlirValue){NULL};
}

void amsFinishLayer(const AmsBuilder *builder, MlirOperation op,
                    MlirValue value, const AmsLinalgOperand *result,
                    const AmsLoops *loops) {
  int64_t shape[AMS_MAX_RANK], permutation[AMS_MAX_RANK];
  for (intptr_t i = 0; i < loops->size; ++i) {
    intptr_t position = amsFindLoop(result, loops->loop[i]);
    shape[i] = result->shape[position];
    permutation[position] = i;
  }
  bool accumulates = !amsIsZeroFilled(result->value);
  MlirValue bias = accumulates ? findBias(result, loops) : (MlirValue){NULL};
  int64_t outputs = mlirShapedTypeGetDimSize(
      mlirValueGetType(value),
      mlirShapedTypeGetRank(mlirValueGetType(value)) - 1);
  if (!mlirValueIsNull(bias) &&
      amsNumElements(mlirValueGetType(bias)) == outputs) {
    value = amsBuildAddBias(builder, value, bias);
    accumulates = false;
  }
  value = amsBuildReshape(builder, value, loops->size, shape);
  value = amsBuildTranspose(builder, value, loops->size, permutation);
  if (accumulates)
    value = buildAdd(builder, value, result->value);
  mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(op, 0), value);
  mlirOperationDestroy(op);
}
