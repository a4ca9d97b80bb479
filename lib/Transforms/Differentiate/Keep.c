/*===-- Keep.c - What is kept for the backward pass ---------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The backward pass uses values of the forward pass, which stay in memory    *|
|* until then, unless they are computed again from others that do.            *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Differentiate.h"

#include "mlir-c/Dialect/Linalg.h"

#include <string.h>

/* The backward pass of a function as it is gone through. */
typedef struct Backward {
  bool recomputes;
  AmsValueMap forward;  /* results of the forward pass, to themselves */
  AmsValueMap computed; /* to those that were computed again */
} Backward;

static void mark(MlirOperation op, const char *name) {
  mlirOperationSetAttributeByName(op, amsStringRef(name),
                                  mlirUnitAttrGet(mlirOperationGetContext(op)));
}

/* Whether `op` writes nothing that would be worth keeping or marking. */
static bool isFree(MlirOperation op) {
  return amsIsOp(op, "tensor.empty") || amsIsOp(op, "linalg.fill") ||
         amsIsOp(op, "arith.constant");
}

/* Whether the result's loops of linalg operation `op` are all its loops: it
 * sums nothing up. */
static bool isByElement(MlirOperation op) {
  MlirStringRef name = mlirIdentifierStr(mlirOperationGetName(op));
  if (name.length < 7 || memcmp(name.data, "linalg.", 7) != 0 ||
      mlirOperationGetNumResults(op) != 1)
    return false;
  MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(op);
  if (mlirAttributeIsNull(maps))
    return false;
  MlirAffineMap result = mlirAffineMapAttrGetValue(
      mlirArrayAttrGetElement(maps, mlirArrayAttrGetNumElements(maps) - 1));
  return mlirAffineMapIsPermutation(result);
}

/* Whether computing `op` again costs about what reading its result does. */
static bool isCheap(MlirOperation op) {
  static const char *const shapes[] = {
      "tensor.collapse_shape", "tensor.expand_shape", "tensor.extract_slice",
      "tensor.insert_slice",   "tensor.concat",       "tensor.pad"};
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; ++i)
    if (amsIsOp(op, shapes[i]))
      return true;
  return isByElement(op);
}

/* What operation `user` of the backward pass is to use in place of `value`:
 * the same, which is kept, or a copy of its computation in front of `user`. */
static MlirValue choose(Backward *backward, MlirValue value,
                        MlirOperation user) {
  if (mlirValueIsNull(amsValueMapGet(&backward->forward, value)))
    return value;
  MlirOperation op = amsDefiningOp(value);
  if (isFree(op))
    return value;
  if (!backward->recomputes || !isCheap(op)) {
    mark(op, "ams.kept");
    return value;
  }
  MlirValue known = amsValueMapGet(&backward->computed, value);
  if (!mlirValueIsNull(known))
    return known;
  MlirOperation clone = mlirOperationClone(op);
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
    mlirOperationSetOperand(
        clone, i, choose(backward, mlirOperationGetOperand(op, i), user));
  mlirOperationRemoveAttributeByName(clone, amsStringRef("ams.kept"));
  mark(clone, "ams.recomputed");
  mlirBlockInsertOwnedOperationBefore(mlirOperationGetBlock(user), user, clone);
  MlirValue again = mlirOperationGetResult(clone, 0);
  amsValueMapSet(&backward->computed, value, again);
  return again;
}

/* The operation of `block` that `op` is, or that it stands in. */
static MlirOperation ancestorIn(MlirBlock block, MlirOperation op) {
  while (!mlirBlockEqual(mlirOperationGetBlock(op), block))
    op = mlirOperationGetParentOperation(op);
  return op;
}

typedef struct Visit {
  Backward *backward;
  MlirBlock block;
} Visit;

static MlirWalkResult visitOperands(MlirOperation op, void *data) {
  Visit *visit = data;
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
    mlirOperationSetOperand(op, i,
                            choose(visit->backward,
                                   mlirOperationGetOperand(op, i),
                                   ancestorIn(visit->block, op)));
  return MlirWalkResultAdvance;
}

void amsChooseKept(MlirBlock body, size_t numForward, bool recomputes) {
  Backward backward = {.recomputes = recomputes};
  AmsOpList ops = amsListOps(body);
  for (size_t i = 0; i < numForward; ++i)
    for (intptr_t r = 0; r < mlirOperationGetNumResults(ops.ops[i]); ++r) {
      MlirValue value = mlirOperationGetResult(ops.ops[i], r);
      amsValueMapSet(&backward.forward, value, value);
    }
  Visit visit = {&backward, body};
  for (size_t i = numForward; i < ops.size; ++i)
    mlirOperationWalk(ops.ops[i], visitOperands, &visit, MlirWalkPreOrder);
  amsOpListFree(&ops);
  amsValueMapFree(&backward.forward);
  amsValueMapFree(&backward.computed);
}
