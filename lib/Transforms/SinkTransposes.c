/*===-- SinkTransposes.c - Transposes towards the results --------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* A network whose images have their channels first has a transpose in front  *|
|* of each convolution and one behind it. What stands between two layers      *|
|* takes the layers' own order instead, so that the two transposes meet and   *|
|* cancel.                                                                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Generic.h"

#include "ams-c/Passes.h"
#include "mlir-c/AffineExpr.h"
#include "mlir-c/Dialect/Linalg.h"

#include <string.h>

/* A linalg.transpose: dimension i of `result` is dimension permutation[i] of
 * `source`. */
typedef struct Transpose {
  MlirValue source, result;
  intptr_t rank;
  int64_t permutation[AMS_MAX_RANK];
} Transpose;

static bool readTranspose(MlirValue value, Transpose *transpose) {
  MlirOperation op = amsDefiningOp(value);
  if (!amsIsOp(op, "linalg.transpose") ||
      !mlirShapedTypeHasStaticShape(mlirValueGetType(value)))
    return false;
  MlirAttribute permutation = amsGetAttr(op, "permutation");
  *transpose = (Transpose){.source = mlirOperationGetOperand(op, 0),
                           .result = value,
                           .rank = mlirDenseArrayGetNumElements(permutation)};
  if (transpose->rank > AMS_MAX_RANK)
    return false;
  for (intptr_t i = 0; i < transpose->rank; ++i)
    transpose->permutation[i] = mlirDenseI64ArrayGetElement(permutation, i);
  return true;
}

static bool isSame(const Transpose *a, const Transpose *b) {
  return a->rank == b->rank &&
         !memcmp(a->permutation, b->permutation,
                 (size_t)a->rank * sizeof *a->permutation);
}

/* Whether `op` is an operation of linalg that has a body with its own maps. */
static bool isGeneric(MlirOperation op) {
  return amsIsOp(op, "linalg.generic");
}

static bool isPooling(MlirOperation op) {
  return amsIsOp(op, "linalg.pooling_nchw_max") ||
         amsIsOp(op, "linalg.pooling_nchw_sum");
}

static bool isNamedElementwise(MlirOperation op) {
  static const char *const names[] = {"linalg.add", "linalg.sub", "linalg.mul",
                                      "linalg.div", "linalg.max", "linalg.min",
                                      "linalg.exp", "linalg.negf"};
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
    if (amsIsOp(op, names[i]))
      return true;
  return false;
}

/* What may take the order of its input, or has no transpose behind it. */
static bool isTaker(MlirOperation op) {
  return isGeneric(op) || isNamedElementwise(op) || isPooling(op) ||
         amsIsOp(op, "tensor.pad") || amsIsOp(op, "tensor.concat") ||
         amsIsOp(op, "tensor.insert_slice") ||
         amsIsOp(op, "linalg.transpose") || amsIsOp(op, "func.return");
}

/* Whether no user of the transpose is left that would need it as well. */
static bool canSink(const Transpose *transpose) {
  for (MlirOpOperand use = mlirValueGetFirstUse(transpose->result);
       !mlirOpOperandIsNull(use); use = mlirOpOperandGetNextUse(use))
    if (!isTaker(mlirOpOperandGetOwner(use)))
      return false;
  return true;
}

/* The type of `type` before the transpose. */
static MlirType typeBefore(const Transpose *transpose, MlirType type) {
  int64_t shape[AMS_MAX_RANK];
  for (intptr_t i = 0; i < transpose->rank; ++i)
    shape[transpose->permutation[i]] = mlirShapedTypeGetDimSize(type, i);
  return mlirRankedTensorTypeGet(transpose->rank, shape,
                                 mlirShapedTypeGetElementType(type),
                                 mlirAttributeGetNull());
}

/* Replaces `op` by `before`, transposed. */
static void replace(const AmsBuilder *builder, const Transpose *transpose,
                    MlirOperation op, MlirOperation before) {
  MlirValue result =
      amsBuildTranspose(builder, mlirOperationGetResult(before, 0),
                        transpose->rank, transpose->permutation);
  mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(op, 0), result);
  mlirOperationDestroy(op);
}

/* A copy of `op` in front of it. */
static MlirOperation cloneBefore(MlirOperation op) {
  MlirOperation clone = mlirOperationClone(op);
  mlirBlockInsertOwnedOperationBefore(mlirOperationGetBlock(op), op, clone);
  return clone;
}

//===----------------------------------------------------------------------===//
// Operations with maps
//===----------------------------------------------------------------------===//

static MlirWalkResult findIndex(MlirOperation op, void *found) {
  if (!amsIsOp(op, "linalg.index"))
    return MlirWalkResultAdvance;
  *(bool *)found = true;
  return MlirWalkResultInterrupt;
}

static MlirAffineMap mapOf(MlirOperation op, intptr_t operand) {
  return mlirAffineMapAttrGetValue(
      mlirArrayAttrGetElement(mlirLinalgGetIndexingMapsAttribute(op), operand));
}

/* Whether `op` has one result, whose init it does not read where it is one of
 * elements, and no body that knows its loops by number. */
static bool hasFreeLoops(MlirOperation op) {
  bool found = false;
  mlirOperationWalk(op, findIndex, &found, MlirWalkPreOrder);
  intptr_t init = mlirOperationGetNumOperands(op) - 1;
  return !found && mlirOperationGetNumResults(op) == 1 && init > 0 &&
         mlirShapedTypeHasStaticShape(
             mlirValueGetType(mlirOperationGetOperand(op, init)));
}

/* The first transpose that an input of `op` comes from whose elements its loops
 * run through in order; false where there is none, or where another such input
 * that is no constant comes from elsewhere. */
static bool findTranspose(MlirOperation op, Transpose *found) {
  bool any = false;
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op) - 1; ++i) {
    MlirValue input = mlirOperationGetOperand(op, i);
    Transpose transpose;
    if (!mlirAffineMapIsIdentity(mapOf(op, i)) ||
        (amsIsOp(amsDefiningOp(input), "arith.constant") && isGeneric(op)))
      continue;
    if (!readTranspose(input, &transpose) ||
        (any && !isSame(&transpose, found)))
      return false;
    *found = transpose;
    any = true;
  }
  return any && canSink(found);
}

/* Loop i of the maps becomes loop permutation[i]; sources of the transpose are
 * run through in their order. */
static void permuteLoops(MlirOperation op, const Transpose *transpose,
                         bool isElementwise) {
  MlirContext context = mlirOperationGetContext(op);
  intptr_t rank = transpose->rank, count = mlirOperationGetNumOperands(op);
  intptr_t loops[AMS_MAX_RANK];
  MlirAttribute old = amsGetAttr(op, "iterator_types"), kinds[AMS_MAX_RANK];
  for (intptr_t i = 0; i < rank; ++i) {
    loops[i] = transpose->permutation[i];
    kinds[loops[i]] = mlirArrayAttrGetElement(old, i);
  }
  MlirAffineMap renamed = amsMapOfDims(context, rank, rank, loops);
  MlirAttribute maps[AMS_MAX_OPERANDS];
  for (intptr_t i = 0; i < count; ++i) {
    MlirAffineMap map = mapOf(op, i);
    Transpose own;
    bool sinks = mlirAffineMapIsIdentity(map) &&
                 readTranspose(mlirOperationGetOperand(op, i), &own) &&
                 isSame(&own, transpose);
    if (sinks)
      mlirOperationSetOperand(op, i, own.source);
    if (sinks || (isElementwise && i == count - 1)) {
      maps[i] =
          mlirAffineMapAttrGet(mlirAffineMapMultiDimIdentityGet(context, rank));
      continue;
    }
    MlirAffineExpr exprs[AMS_MAX_RANK];
    intptr_t results = mlirAffineMapGetNumResults(map);
    for (intptr_t k = 0; k < results; ++k)
      exprs[k] = mlirAffineExprCompose(mlirAffineMapGetResult(map, k), renamed);
    maps[i] = mlirAffineMapAttrGet(
        mlirAffineMapGet(context, rank, 0, results, exprs));
  }
  mlirOperationSetAttributeByName(op, amsStringRef("indexing_maps"),
                                  mlirArrayAttrGet(context, count, maps));
  mlirOperationSetAttributeByName(op, amsStringRef("iterator_types"),
                                  mlirArrayAttrGet(context, rank, kinds));
}

static bool readsInit(MlirOperation op) {
  MlirBlock body = mlirRegionGetFirstBlock(mlirOperationGetRegion(op, 0));
  intptr_t last = mlirBlockGetNumArguments(body) - 1;
  return !mlirOpOperandIsNull(
      mlirValueGetFirstUse(mlirBlockGetArgument(body, last)));
}

static void sinkMapped(MlirOperation op) {
  Transpose transpose;
  intptr_t init = mlirOperationGetNumOperands(op) - 1;
  if (init >= AMS_MAX_OPERANDS || !hasFreeLoops(op) ||
      !findTranspose(op, &transpose))
    return;
  bool isElementwise = mlirAffineMapIsIdentity(mapOf(op, init));
  if (isElementwise ? readsInit(op) : !isGeneric(op))
    return;
  AmsBuilder builder = amsBuilderBefore(op);
  if (!isElementwise) { /* a reduction, whose result stays what it is */
    permuteLoops(op, &transpose, false);
    return;
  }
  MlirType type =
      typeBefore(&transpose, mlirValueGetType(mlirOperationGetResult(op, 0)));
  MlirOperation before = cloneBefore(op);
  if (isGeneric(op)) {
    permuteLoops(before, &transpose, true);
  } else {
    for (intptr_t i = 0; i < init; ++i) {
      readTranspose(mlirOperationGetOperand(before, i), &transpose);
      mlirOperationSetOperand(before, i, transpose.source);
    }
  }
  builder.before = before;
  mlirOperationSetOperand(before, init, amsBuildEmpty(&builder, type));
  builder.before = op;
  mlirValueSetType(mlirOperationGetResult(before, 0), type);
  replace(&builder, &transpose, op, before);
}

//===----------------------------------------------------------------------===//
// Padding and pooling
//===----------------------------------------------------------------------===//

static void permuteNumbers(MlirOperation op, const char *name,
                           const Transpose *transpose) {
  MlirAttribute numbers = amsGetAttr(op, name);
  int64_t permuted[AMS_MAX_RANK];
  for (intptr_t i = 0; i < transpose->rank; ++i)
    permuted[transpose->permutation[i]] =
        mlirDenseI64ArrayGetElement(numbers, i);
  mlirOperationSetAttributeByName(
      op, amsStringRef(name),
      mlirDenseI64ArrayGet(mlirOperationGetContext(op), transpose->rank,
                           permuted));
}

/* Whether a tensor.pad pads by one number, which its block does not compute. */
static bool padsByOne(MlirOperation pad) {
  MlirBlock body = mlirRegionGetFirstBlock(mlirOperationGetRegion(pad, 0));
  return mlirOperationGetNumOperands(pad) == 1 &&
         mlirOperationEqual(mlirBlockGetFirstOperation(body),
                            mlirBlockGetTerminator(body)) &&
         !mlirValueIsABlockArgument(
             mlirOperationGetOperand(mlirBlockGetTerminator(body), 0));
}

static void sinkPad(MlirOperation pad) {
  Transpose transpose;
  MlirType type = mlirValueGetType(mlirOperationGetResult(pad, 0));
  if (!padsByOne(pad) || !mlirShapedTypeHasStaticShape(type) ||
      !readTranspose(mlirOperationGetOperand(pad, 0), &transpose) ||
      !canSink(&transpose))
    return;
  AmsBuilder builder = amsBuilderBefore(pad);
  MlirOperation before = cloneBefore(pad);
  mlirOperationSetOperand(before, 0, transpose.source);
  permuteNumbers(before, "static_low", &transpose);
  permuteNumbers(before, "static_high", &transpose);
  mlirValueSetType(mlirOperationGetResult(before, 0),
                   typeBefore(&transpose, type));
  replace(&builder, &transpose, pad, before);
}

static void sinkPooling(MlirOperation op) {
  static const Transpose channelsFirst = {.rank = 4,
                                          .permutation = {0, 3, 1, 2}};
  Transpose transpose;
  MlirOperation fill = amsDefiningOp(mlirOperationGetOperand(op, 2));
  if (mlirOperationGetNumResults(op) != 1 || !amsIsOp(fill, "linalg.fill") ||
      !readTranspose(mlirOperationGetOperand(op, 0), &transpose) ||
      !isSame(&transpose, &channelsFirst) || !canSink(&transpose))
    return;
  AmsBuilder builder = amsBuilderBefore(op);
  MlirType type =
      typeBefore(&transpose, mlirValueGetType(mlirOperationGetResult(op, 0)));
  MlirValue filled[2] = {mlirOperationGetOperand(fill, 0),
                         amsBuildEmpty(&builder, type)};
  MlirValue operands[3] = {
      transpose.source, mlirOperationGetOperand(op, 1),
      mlirOperationGetResult(amsBuildNamed(&builder, "linalg.fill", 1, filled),
                             0)};
  MlirOperation before = amsBuildNamed(&builder,
                                       amsIsOp(op, "linalg.pooling_nchw_max")
                                           ? "linalg.pooling_nhwc_max"
                                           : "linalg.pooling_nhwc_sum",
                                       2, operands);
  static const char *const kept[] = {"strides", "dilations"};
  for (size_t i = 0; i < sizeof kept / sizeof *kept; ++i)
    mlirOperationSetAttributeByName(before, amsStringRef(kept[i]),
                                    amsGetAttr(op, kept[i]));
  replace(&builder, &transpose, op, before);
}

//===----------------------------------------------------------------------===//
// Values side by side
//===----------------------------------------------------------------------===//

/* All of a tensor.concat's inputs come from transposes alike. */
static void sinkConcat(MlirOperation concat) {
  Transpose transpose, own;
  MlirType type = mlirValueGetType(mlirOperationGetResult(concat, 0));
  intptr_t count = mlirOperationGetNumOperands(concat);
  for (intptr_t i = 0; i < count; ++i) {
    if (!readTranspose(mlirOperationGetOperand(concat, i), &own) ||
        (i > 0 && !isSame(&own, &transpose)) || !canSink(&own))
      return;
    transpose = own;
  }
  if (count < 1 || !mlirShapedTypeHasStaticShape(type))
    return;
  AmsBuilder builder = amsBuilderBefore(concat);
  MlirOperation before = cloneBefore(concat);
  for (intptr_t i = 0; i < count; ++i) {
    readTranspose(mlirOperationGetOperand(concat, i), &own);
    mlirOperationSetOperand(before, i, own.source);
  }
  int64_t dim = mlirIntegerAttrGetValueInt(amsGetAttr(concat, "dim"));
  mlirOperationSetAttributeByName(
      before, amsStringRef("dim"),
      mlirIntegerAttrGet(mlirIntegerTypeGet(builder.context, 64),
                         transpose.permutation[dim]));
  mlirValueSetType(mlirOperationGetResult(before, 0),
                   typeBefore(&transpose, type));
  replace(&builder, &transpose, concat, before);
}

/* What a tensor.insert_slice at a known place inserts comes from a transpose,
 * and what it inserts into from one alike, or holds nothing yet: so front ends
 * write values that stand side by side. */
static void sinkInsertSlice(MlirOperation insert) {
  Transpose transpose, own;
  MlirValue into = mlirOperationGetOperand(insert, 1);
  MlirType type = mlirValueGetType(into);
  bool isEmpty = amsIsOp(amsDefiningOp(into), "tensor.empty");
  if (mlirOperationGetNumOperands(insert) != 2 ||
      !readTranspose(mlirOperationGetOperand(insert, 0), &transpose) ||
      mlirShapedTypeGetRank(type) != transpose.rank || !canSink(&transpose))
    return;
  if (isEmpty ? !mlirShapedTypeHasStaticShape(type)
              : !readTranspose(into, &own) || !isSame(&own, &transpose) ||
                    !canSink(&own))
    return;
  AmsBuilder builder = amsBuilderBefore(insert);
  type = typeBefore(&transpose, type);
  into = isEmpty ? amsBuildEmpty(&builder, type) : own.source;
  MlirOperation before = cloneBefore(insert);
  mlirOperationSetOperand(before, 0, transpose.source);
  mlirOperationSetOperand(before, 1, into);
  permuteNumbers(before, "static_offsets", &transpose);
  permuteNumbers(before, "static_sizes", &transpose);
  permuteNumbers(before, "static_strides", &transpose);
  mlirValueSetType(mlirOperationGetResult(before, 0), type);
  replace(&builder, &transpose, insert, before);
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/* A transpose that only moves dimensions of size 1 is a reshape. */
static void reshape(MlirOperation op) {
  MlirValue result = mlirOperationGetResult(op, 0);
  Transpose transpose;
  if (!readTranspose(result, &transpose))
    return;
  int64_t last = -1, shape[AMS_MAX_RANK];
  amsGetShape(mlirValueGetType(result), AMS_MAX_RANK, shape);
  for (intptr_t i = 0; i < transpose.rank; ++i) {
    if (shape[i] == 1)
      continue;
    if (transpose.permutation[i] < last)
      return;
    last = transpose.permutation[i];
  }
  AmsBuilder builder = amsBuilderBefore(op);
  MlirValue value =
      amsBuildReshape(&builder, transpose.source, transpose.rank, shape);
  mlirValueReplaceAllUsesOfWith(result, value);
  mlirOperationDestroy(op);
}

static void sink(MlirOperation op) {
  if (isPooling(op))
    sinkPooling(op);
  else if (amsIsOp(op, "tensor.pad"))
    sinkPad(op);
  else if (amsIsOp(op, "tensor.concat"))
    sinkConcat(op);
  else if (amsIsOp(op, "tensor.insert_slice"))
    sinkInsertSlice(op);
  else
    sinkMapped(op);
}

static bool canTake(MlirOperation op) {
  return isTaker(op) && !amsIsOp(op, "linalg.transpose") &&
         !amsIsOp(op, "func.return");
}

static bool isTensorTranspose(MlirOperation op) {
  return amsIsOp(op, "linalg.transpose") && mlirOperationGetNumResults(op) == 1;
}

static void forEach(MlirOperation root, AmsOpPredicate predicate,
                    void (*apply)(MlirOperation)) {
  AmsOpList ops = amsCollectOps(root, predicate);
  for (size_t i = 0; i < ops.size; ++i)
    apply(ops.ops[i]);
  amsOpListFree(&ops);
}

MlirLogicalResult amsSinkTransposes(MlirOperation module) {
  forEach(module, canTake, sink);
  forEach(module, isTensorTranspose, reshape);
  return mlirLogicalResultSuccess();
}
