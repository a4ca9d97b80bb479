/*===-- GatherRule.c - Gradients of gathered elements -------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* An embedding is a linalg operation whose body takes elements of a table by *|
|* tensor.extract. Several may be the same element: the table's gradient is   *|
|* summed up by loops, one iteration after the other.                         *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Differentiate.h"

#include "mlir-c/AffineExpr.h"
#include "mlir-c/Dialect/Linalg.h"

/* The operation that gathers, and where its elements go. */
typedef struct Gather {
  MlirOperation op;
  intptr_t numInputs, numLoops;
  MlirAttribute maps;
  MlirBlock body;
} Gather;

/* Loops around one iteration: each carries the table's gradient. */
typedef struct Nest {
  AmsBuilder builder; /* in the innermost loop, before its scf.yield */
  MlirOperation outermost;
  MlirValue carried; /* by the innermost loop */
  MlirValue indices[2 * AMS_MAX_RANK];
} Nest;

static MlirAffineMap mapOf(const Gather *gather, intptr_t operand) {
  return mlirAffineMapAttrGetValue(
      mlirArrayAttrGetElement(gather->maps, operand));
}

static MlirValue buildIndex(const AmsBuilder *builder, int64_t value) {
  MlirType type = mlirIndexTypeGet(builder->context);
  MlirNamedAttribute attribute =
      amsNamed(builder->context, "value", mlirIntegerAttrGet(type, value));
  return amsBuildValue(builder, "arith.constant", 0, NULL, type, 1, &attribute);
}

/* Iterations of loop `dim`: the size of a dimension that it runs along. */
static int64_t countIterations(const Gather *gather, intptr_t dim) {
  for (intptr_t i = 0; i <= gather->numInputs; ++i) {
    MlirAffineMap map = mapOf(gather, i);
    for (intptr_t d = 0; d < mlirAffineMapGetNumResults(map); ++d)
      if (amsMapHasDim(map, d, dim))
        return mlirShapedTypeGetDimSize(
            mlirValueGetType(mlirOperationGetOperand(gather->op, i)), d);
  }
  return 0;
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/* scf.for over `count` iterations, in front of the nest's place, that carries
 * what the nest does; the place moves inside. */
static MlirOperation openLoop(Nest *nest, int64_t count, MlirValue *index) {
  AmsBuilder *builder = &nest->builder;
  MlirType types[2] = {mlirIndexTypeGet(builder->context),
                       mlirValueGetType(nest->carried)};
  MlirLocation locations[2] = {builder->loc, builder->loc};
  MlirBlock block = mlirBlockCreate(2, types, locations);
  MlirOperationState yield =
      mlirOperationStateGet(amsStringRef("scf.yield"), builder->loc);
  MlirOperation terminator = mlirOperationCreate(&yield);
  mlirBlockAppendOwnedOperation(block, terminator);
  MlirRegion region = mlirRegionCreate();
  mlirRegionAppendOwnedBlock(region, block);
  MlirValue operands[4] = {buildIndex(builder, 0), buildIndex(builder, count),
                           buildIndex(builder, 1), nest->carried};
  MlirOperationState state =
      mlirOperationStateGet(amsStringRef("scf.for"), builder->loc);
  mlirOperationStateAddOperands(&state, 4, operands);
  mlirOperationStateAddResults(&state, 1, &types[1]);
  mlirOperationStateAddOwnedRegions(&state, 1, &region);
  MlirOperation loop = mlirOperationCreate(&state);
  mlirBlockInsertOwnedOperationBefore(mlirOperationGetBlock(builder->before),
                                      builder->before, loop);
  builder->before = terminator;
  nest->carried = mlirBlockGetArgument(block, 1);
  *index = mlirBlockGetArgument(block, 0);
  return loop;
}

static void openNest(AmsGradients *gradients, const Gather *gather,
                     MlirValue start, Nest *nest) {
  *nest = (Nest){.builder = gradients->builder, .carried = start};
  for (intptr_t dim = 0; dim < gather->numLoops; ++dim) {
    MlirOperation loop =
        openLoop(nest, countIterations(gather, dim), &nest->indices[dim]);
    if (dim == 0)
      nest->outermost = loop;
  }
}

/* Every loop hands on `value`, or what the loop inside of it yields. */
static MlirValue closeNest(const Nest *nest, MlirValue value) {
  MlirOperation yield = nest->builder.before;
  for (;;) {
    mlirOperationSetOperands(yield, 1, &value);
    MlirOperation loop = mlirOperationGetParentOperation(yield);
    value = mlirOperationGetResult(loop, 0);
    if (mlirOperationEqual(loop, nest->outermost))
      return value;
    yield = mlirBlockGetTerminator(mlirOperationGetBlock(loop));
  }
}

//===----------------------------------------------------------------------===//
// One iteration
//===----------------------------------------------------------------------===//

/* The element of `tensor` that the loops are at, by `map` of plain loops. */
static MlirValue currentElement(const Nest *nest, MlirValue tensor,
                                MlirAffineMap map) {
  MlirType type = mlirValueGetType(tensor);
  if (!mlirTypeIsAShaped(type))
    return tensor;
  MlirValue operands[1 + AMS_MAX_RANK] = {tensor};
  intptr_t rank = mlirAffineMapGetNumResults(map);
  for (intptr_t d = 0; d < rank; ++d)
    operands[1 + d] = nest->indices[mlirAffineDimExprGetPosition(
        mlirAffineMapGetResult(map, d))];
  return amsBuildValue(&nest->builder, "tensor.extract", 1 + rank, operands,
                       mlirShapedTypeGetElementType(type), 0, NULL);
}

/* Computes the body again inside the nest. */
static void cloneBody(const Gather *gather, const Nest *nest,
                      AmsValueMap *primal) {
  for (intptr_t i = 0; i < gather->numInputs; ++i)
    amsValueMapSet(primal, mlirBlockGetArgument(gather->body, i),
                   currentElement(nest, mlirOperationGetOperand(gather->op, i),
                                  mapOf(gather, i)));
  AmsOpList ops = amsListOps(gather->body);
  for (size_t k = 0; k < ops.size; ++k) {
    MlirOperation op = ops.ops[k];
    if (amsIsOp(op, "linalg.index")) {
      int64_t dim = mlirIntegerAttrGetValueInt(amsGetAttr(op, "dim"));
      amsValueMapSet(primal, mlirOperationGetResult(op, 0), nest->indices[dim]);
      continue;
    }
    MlirOperation clone = mlirOperationClone(op);
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
      MlirValue known = amsValueMapGet(primal, mlirOperationGetOperand(op, i));
      if (!mlirValueIsNull(known))
        mlirOperationSetOperand(clone, i, known);
    }
    mlirBlockInsertOwnedOperationBefore(
        mlirOperationGetBlock(nest->builder.before), nest->builder.before,
        clone);
    for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i)
      amsValueMapSet(primal, mlirOperationGetResult(op, i),
                     mlirOperationGetResult(clone, i));
  }
  amsOpListFree(&ops);
}

/* Adds `share` to the element of what the nest carries that `extract` took. */
static MlirValue addShare(const Nest *nest, const AmsValueMap *primal,
                          MlirOperation extract, MlirValue share) {
  intptr_t rank = mlirOperationGetNumOperands(extract) - 1;
  MlirValue place[2 + AMS_MAX_RANK] = {{NULL}, nest->carried};
  for (intptr_t d = 0; d < rank; ++d) {
    MlirValue index = mlirOperationGetOperand(extract, 1 + d);
    MlirValue known = amsValueMapGet(primal, index);
    place[2 + d] = mlirValueIsNull(known) ? index : known;
  }
  MlirValue before = amsBuildValue(&nest->builder, "tensor.extract", 1 + rank,
                                   place + 1, mlirValueGetType(share), 0, NULL);
  place[0] = amsScalarBinary(&nest->builder, "arith.addf", before, share);
  return amsBuildValue(&nest->builder, "tensor.insert", 2 + rank, place,
                       mlirValueGetType(nest->carried), 0, NULL);
}

/* Adds the gradient of the tensor that `extract` takes an element of. */
static bool scatter(AmsGradients *gradients, const Gather *gather,
                    MlirOperation extract, MlirValue gradient) {
  MlirValue table = mlirOperationGetOperand(extract, 0);
  MlirOperation end = mlirBlockGetTerminator(gather->body);
  Nest nest;
  openNest(gradients, gather,
           amsBuildFill(&gradients->builder, mlirValueGetType(table), 0),
           &nest);
  AmsBodyGradient body = {.builder = nest.builder,
                          .reason = &gradients->reason};
  cloneBody(gather, &nest, &body.primal);
  MlirValue seed =
      currentElement(&nest, gradient, mapOf(gather, gather->numInputs));
  bool ok = true;
  MlirValue share =
      amsDifferentiateBody(&body, gather->body, mlirOperationGetOperand(end, 0),
                           seed, mlirOperationGetResult(extract, 0), &ok);
  MlirValue carried = nest.carried;
  if (ok && !mlirValueIsNull(share))
    carried = addShare(&nest, &body.primal, extract, share);
  amsAddGradient(gradients, table, closeNest(&nest, carried));
  amsMarkGradient(nest.outermost);
  amsValueMapFree(&body.primal);
  return ok;
}

//===----------------------------------------------------------------------===//
// The rule
//===----------------------------------------------------------------------===//

/* Whether every operand is indexed by plain loops, and the result by all. */
static bool hasPlainLoops(const Gather *gather) {
  for (intptr_t i = 0; i <= gather->numInputs; ++i)
    if (!mlirAffineMapIsProjectedPermutation(mapOf(gather, i)))
      return false;
  return mlirAffineMapIsPermutation(mapOf(gather, gather->numInputs));
}

bool amsGatherRule(AmsGradients *gradients, MlirOperation op,
                   MlirValue gradient) {
  Gather gather = {.op = op,
                   .numInputs = mlirOperationGetNumOperands(op) - 1,
                   .maps = mlirLinalgGetIndexingMapsAttribute(op)};
  MlirRegion region = mlirOperationGetRegion(op, 0);
  gather.body = mlirRegionGetFirstBlock(region);
  gather.numLoops = mlirAffineMapGetNumDims(mapOf(&gather, 0));
  AmsOpList ops = amsListOps(gather.body);
  bool ok = true;
  for (size_t i = 0; ok && i < ops.size; ++i)
    for (intptr_t k = 0; ok && k < mlirOperationGetNumOperands(ops.ops[i]);
         ++k) {
      if (!amsIsActive(gradients, mlirOperationGetOperand(ops.ops[i], k)))
        continue;
      if (!amsIsOp(ops.ops[i], "tensor.extract"))
        ok = amsRefuse(gradients, "its body takes values that depend on "
                                  "weights from outside");
      else if (!hasPlainLoops(&gather))
        ok = amsRefuse(gradients, "it takes elements of a tensor in loops that "
                                  "do not each run along its result");
      else
        ok = scatter(gradients, &gather, ops.ops[i], gradient);
    }
  amsOpListFree(&ops);
  return ok;
}
