/*===-- Structured.c - A linalg.generic as loops and accesses -----*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Reading of indexing maps, iterator types and bodies.                       *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Structured.h"

#include "ams-c/Passes.h"

#include "mlir-c/AffineExpr.h"
#include "mlir-c/AffineMap.h"

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

typedef struct BodyCheck {
  MlirOperation op;
  const char *fault;
} BodyCheck;

/* Bodies without branches are one block. */
static bool isInside(MlirOperation op, MlirValue value) {
  MlirBlock block = mlirValueIsAOpResult(value)
                        ? mlirOperationGetBlock(mlirOpResultGetOwner(value))
                        : mlirBlockArgumentGetOwner(value);
  return mlirOperationEqual(mlirBlockGetParentOperation(block), op);
}

static MlirWalkResult checkBodyOp(MlirOperation inner, void *data) {
  BodyCheck *check = data;
  if (mlirOperationEqual(inner, check->op))
    return MlirWalkResultAdvance;
  if (amsIsOp(inner, "linalg.index"))
    check->fault = "its body uses the index of an element";
  if (mlirOperationGetNumRegions(inner) > 0)
    check->fault = "its body branches";
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(inner); ++i) {
    MlirValue operand = mlirOperationGetOperand(inner, i);
    if (!isInside(check->op, operand) &&
        !amsIsOp(amsDefiningOp(operand), "arith.constant"))
      check->fault = "its body uses a value that is computed outside of it";
  }
  return check->fault ? MlirWalkResultInterrupt : MlirWalkResultAdvance;
}

bool amsStructuredReads(MlirOperation op, int index) {
  MlirBlock body = mlirRegionGetFirstBlock(mlirOperationGetRegion(op, 0));
  return !mlirOpOperandIsNull(
      mlirValueGetFirstUse(mlirBlockGetArgument(body, index)));
}

bool amsStructuredIsFill(const AmsStructured *structured) {
  for (int k = 0; k < structured->numAccesses; ++k)
    if (amsStructuredReads(structured->op, k) &&
        !mlirTypeIsAF32(
            mlirValueGetType(mlirOperationGetOperand(structured->op, k))))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

/* Reads operand `index` through its map. The loops are numbered as the
 * operation numbers them; sizes of loops are noted in `sizes`. */
static const char *readAccess(MlirOperation op, intptr_t index,
                              MlirAffineMap map, AmsAccess *access,
                              int64_t *sizes) {
  MlirType type = mlirValueGetType(mlirOperationGetOperand(op, index));
  access->rank = 0;
  if (mlirTypeIsAF32(type)) {
    bool constant = amsIsOp(amsDefiningOp(mlirOperationGetOperand(op, index)),
                            "arith.constant");
    return constant ? NULL : "an operand is a number that is computed";
  }
  if (!amsIsStaticF32(type) || !mlirTypeIsARankedTensor(type))
    return "an operand is no float32 tensor of static shape";
  if (mlirShapedTypeGetRank(type) > AmsMaxLoops)
    return "an operand has too many dimensions";
  for (intptr_t i = 0; i < mlirShapedTypeGetRank(type); ++i) {
    int64_t size = mlirShapedTypeGetDimSize(type, i);
    MlirAffineExpr expr = mlirAffineMapGetResult(map, i);
    bool isLoop = mlirAffineExprIsADim(expr);
    if (isLoop)
      sizes[mlirAffineDimExprGetPosition(expr)] = size;
    if (size == 1)
      continue;
    if (!isLoop)
      return "an index is more than the number of a loop";
    access->loops[access->rank++] = (int)mlirAffineDimExprGetPosition(expr);
  }
  return NULL;
}

/* Leaves loops of one iteration out. */
static const char *squeeze(AmsStructured *structured, intptr_t numLoops,
                           const int64_t *sizes, const bool *isReduction) {
  int position[AmsMaxLoops];
  structured->numLoops = 0;
  for (intptr_t i = 0; i < numLoops; ++i) {
    if (sizes[i] == 0)
      return "a loop has no iterations";
    position[i] = structured->numLoops;
    if (sizes[i] == 1)
      continue;
    structured->extents[structured->numLoops] = sizes[i];
    structured->isReduction[structured->numLoops++] = isReduction[i];
  }
  for (int k = 0; k < structured->numAccesses; ++k) {
    AmsAccess *access = &structured->accesses[k];
    unsigned seen = 0;
    for (int i = 0; i < access->rank; ++i) {
      access->loops[i] = position[access->loops[i]];
      if (seen & 1U << access->loops[i])
        return "an operand is read along a diagonal";
      seen |= 1U << access->loops[i];
    }
  }
  return NULL;
}

const char *amsStructuredRead(MlirOperation op, AmsStructured *structured) {
  if (!amsIsOp(op, "linalg.generic"))
    return "it is no linalg.generic";
  intptr_t numOperands = mlirOperationGetNumOperands(op);
  if (mlirOperationGetNumResults(op) != 1)
    return "it has more than one result";
  if (numOperands > AmsMaxAccesses)
    return "it has too many operands";
  MlirAttribute maps = amsGetAttr(op, "indexing_maps");
  MlirAttribute iterators = amsGetAttr(op, "iterator_types");
  MlirAttribute reduction =
      mlirAttributeParseGet(mlirOperationGetContext(op),
                            amsStringRef("#linalg.iterator_type<reduction>"));
  intptr_t numLoops = mlirArrayAttrGetNumElements(iterators);
  if (numLoops > AmsMaxLoops)
    return "it has too many loops";

  *structured = (AmsStructured){.op = op, .numAccesses = (int)numOperands};
  int64_t sizes[AmsMaxLoops] = {0};
  bool isReduction[AmsMaxLoops];
  for (intptr_t i = 0; i < numLoops; ++i)
    isReduction[i] =
        mlirAttributeEqual(mlirArrayAttrGetElement(iterators, i), reduction);
  for (intptr_t k = 0; k < numOperands; ++k) {
    MlirAffineMap map =
        mlirAffineMapAttrGetValue(mlirArrayAttrGetElement(maps, k));
    const char *fault = readAccess(op, k, map, &structured->accesses[k], sizes);
    if (fault)
      return fault;
  }
  BodyCheck check = {op, NULL};
  mlirOperationWalk(op, checkBodyOp, &check, MlirWalkPreOrder);
  return check.fault ? check.fault
                     : squeeze(structured, numLoops, sizes, isReduction);
}

bool amsStructuredIsParallel(const AmsStructured *structured) {
  for (int i = 0; i < structured->numLoops; ++i)
    if (structured->isReduction[i])
      return false;
  return true;
}

int64_t amsStructuredIterations(const AmsStructured *structured) {
  int64_t product = 1;
  for (int i = 0; i < structured->numLoops; ++i)
    product *= structured->extents[i];
  return product;
}

//===----------------------------------------------------------------------===//
// Fusion
//===----------------------------------------------------------------------===//

bool amsMayFuseElementwise(MlirOperation producer, MlirOperation consumer) {
  MlirOpOperand use = mlirValueGetFirstUse(mlirOperationGetResult(producer, 0));
  if (mlirOpOperandIsNull(use) ||
      !mlirOpOperandIsNull(mlirOpOperandGetNextUse(use)))
    return false;
  AmsStructured first, second;
  if (amsStructuredRead(producer, &first) ||
      amsStructuredRead(consumer, &second))
    return true;
  return amsStructuredIterations(&first) >= amsStructuredIterations(&second);
}
