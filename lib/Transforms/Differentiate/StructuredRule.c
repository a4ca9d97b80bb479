/*===-- StructuredRule.c - The rule of linalg operations ----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* One rule for all of them, named or generic: the gradient of an input is an *|
|* operation over the same loops, whose result is indexed as the input was    *|
|* and whose body is the derivative of the body. Loops that do not index that *|
|* input become sums.                                                         *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Differentiate.h"

#include "mlir-c/AffineExpr.h"
#include "mlir-c/Dialect/Linalg.h"

#include <stdlib.h>

/* How the body treats the element of the result that stood there before. */
typedef enum Kind {
  Overwrites, /* f(inputs) */
  Adds,       /* before + f(inputs) */
  Extremum,   /* the larger or smaller of before and f(inputs) */
} Kind;

/* A linalg operation of one result. */
typedef struct Structured {
  MlirOperation op;
  intptr_t numInputs, numLoops;
  MlirAttribute maps;
  MlirBlock body;
  Kind kind;
  MlirValue element; /* f(inputs) */
} Structured;

/* The gradient of one input in the making: operands are the inputs, the
 * result, its gradient, and for an extremum how many elements attain it. */
typedef struct Adjoint {
  const Structured *source;
  AmsGeneric generic;
  AmsBodyGradient body;
} Adjoint;

static MlirAffineMap mapOf(const Structured *source, intptr_t operand) {
  return mlirAffineMapAttrGetValue(
      mlirArrayAttrGetElement(source->maps, operand));
}

/* Whether `map` runs along each loop by itself: every element is written once,
 * whatever else the operation does. */
static bool isPermutation(MlirAffineMap map) {
  intptr_t numLoops = mlirAffineMapGetNumDims(map);
  if (mlirAffineMapGetNumResults(map) != numLoops)
    return false;
  for (intptr_t dim = 0; dim < numLoops; ++dim)
    if (!amsMapCovers(map, dim))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Reading the operation
//===----------------------------------------------------------------------===//

static bool isExtremum(MlirOperation op) {
  return amsIsOp(op, "arith.maximumf") || amsIsOp(op, "arith.maxnumf") ||
         amsIsOp(op, "arith.minimumf") || amsIsOp(op, "arith.minnumf");
}

static bool isUsed(MlirValue value) {
  return !mlirOpOperandIsNull(mlirValueGetFirstUse(value));
}

static bool isUsedOnce(MlirValue value) {
  MlirOpOperand use = mlirValueGetFirstUse(value);
  return !mlirOpOperandIsNull(use) &&
         mlirOpOperandIsNull(mlirOpOperandGetNextUse(use));
}

/* Finds out the kind of `source`; false where it is none of the three. */
static bool classify(AmsGradients *gradients, Structured *source) {
  MlirValue yielded =
      mlirOperationGetOperand(mlirBlockGetTerminator(source->body), 0);
  source->element = yielded;
  source->kind = Overwrites;
  bool hasBefore = mlirBlockGetNumArguments(source->body) > source->numInputs;
  MlirValue before = {NULL};
  if (hasBefore)
    before = mlirBlockGetArgument(source->body, source->numInputs);
  if (!hasBefore || !isUsed(before)) {
    if (isPermutation(mapOf(source, source->numInputs)))
      return true;
    return amsRefuse(gradients, "it overwrites elements of its result");
  }
  MlirOperation last = amsDefiningOp(yielded);
  bool adds = amsIsOp(last, "arith.addf");
  if (isUsedOnce(before) && (adds || isExtremum(last)) && isUsedOnce(yielded))
    for (intptr_t i = 0; i < 2; ++i)
      if (mlirValueEqual(mlirOperationGetOperand(last, i), before)) {
        source->kind = adds ? Adds : Extremum;
        source->element = mlirOperationGetOperand(last, 1 - i);
        return true;
      }
  return amsRefuse(gradients, "it accumulates by something else than a sum, a "
                              "maximum or a minimum");
}

static bool read(AmsGradients *gradients, MlirOperation op,
                 Structured *source) {
  *source = (Structured){.op = op,
                         .numInputs = mlirOperationGetNumOperands(op) - 1,
                         .maps = mlirLinalgGetIndexingMapsAttribute(op)};
  MlirRegion region = mlirOperationGetRegion(op, 0);
  source->body = mlirRegionGetFirstBlock(region);
  source->numLoops = mlirAffineMapGetNumDims(mapOf(source, 0));
  if (source->numInputs + 4 > AMS_MAX_OPERANDS)
    return amsRefuse(gradients, "it has %d inputs", (int)source->numInputs);
  if (source->numLoops > 2 * AMS_MAX_RANK)
    return amsRefuse(gradients, "it has %d loops", (int)source->numLoops);
  return classify(gradients, source);
}

//===----------------------------------------------------------------------===//
// Building gradients
//===----------------------------------------------------------------------===//

/* Position of the result among an adjoint's operands; its gradient and the
 * count follow. */
static intptr_t resultPosition(const Structured *source) {
  return source->numInputs;
}

static void addOperand(AmsGeneric *generic, MlirValue value,
                       MlirAffineMap map) {
  generic->operands[generic->numOperands] = value;
  generic->maps[generic->numOperands++] = map;
}

/* Computes the old body again in the new one. */
static void cloneBody(Adjoint *adjoint) {
  const Structured *source = adjoint->source;
  AmsBodyGradient *body = &adjoint->body;
  for (intptr_t i = 0; i < source->numInputs; ++i)
    amsValueMapSet(&body->primal, mlirBlockGetArgument(source->body, i),
                   amsGenericElement(&adjoint->generic, i));
  MlirOperation end = mlirBlockGetTerminator(source->body);
  MlirOperation before = source->kind == Overwrites
                             ? (MlirOperation){NULL}
                             : amsDefiningOp(mlirOperationGetOperand(end, 0));
  AmsOpList ops = amsListOps(source->body);
  for (size_t k = 0; k < ops.size; ++k) {
    MlirOperation op = ops.ops[k];
    if (mlirOperationEqual(op, before))
      continue;
    MlirOperation clone = mlirOperationClone(op);
    for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
      MlirValue old = mlirOperationGetOperand(op, i);
      MlirValue known = amsValueMapGet(&body->primal, old);
      if (!mlirValueIsNull(known))
        mlirOperationSetOperand(clone, i, known);
    }
    mlirBlockInsertOwnedOperationBefore(adjoint->generic.body,
                                        body->builder.before, clone);
    for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i)
      amsValueMapSet(&body->primal, mlirOperationGetResult(op, i),
                     mlirOperationGetResult(clone, i));
  }
  amsOpListFree(&ops);
}

/* Begins an adjoint over the loops of `source` into `init`. */
static void begin(AmsGradients *gradients, const Structured *source,
                  MlirValue gradient, MlirValue count, MlirValue init,
                  MlirAffineMap initMap, Adjoint *adjoint) {
  MlirAffineMap output = mapOf(source, source->numInputs);
  *adjoint = (Adjoint){.source = source};
  for (intptr_t i = 0; i < source->numInputs; ++i)
    addOperand(&adjoint->generic, mlirOperationGetOperand(source->op, i),
               mapOf(source, i));
  addOperand(&adjoint->generic, mlirOperationGetResult(source->op, 0), output);
  if (!mlirValueIsNull(gradient))
    addOperand(&adjoint->generic, gradient, output);
  if (!mlirValueIsNull(count))
    addOperand(&adjoint->generic, count, output);
  addOperand(&adjoint->generic, init, initMap);
  amsGenericBegin(&adjoint->generic, &gradients->builder);
  adjoint->body.builder = adjoint->generic.builder;
  adjoint->body.reason = &gradients->reason;
  cloneBody(adjoint);
}

/* The computed body's f(inputs). */
static MlirValue computedElement(const Adjoint *adjoint) {
  MlirValue known =
      amsValueMapGet(&adjoint->body.primal, adjoint->source->element);
  return mlirValueIsNull(known) ? adjoint->source->element : known;
}

static void eraseUnused(MlirBlock body) {
  AmsOpList ops = amsListOps(body);
  for (size_t i = ops.size; i-- > 0;) {
    bool used = false;
    for (intptr_t r = 0; r < mlirOperationGetNumResults(ops.ops[i]); ++r)
      used |= isUsed(mlirOperationGetResult(ops.ops[i], r));
    if (!used)
      mlirOperationDestroy(ops.ops[i]);
  }
  amsOpListFree(&ops);
}

/* Whether the loops' sizes are known without operand `dropped`. */
static bool isDispensable(const AmsGeneric *generic, intptr_t dropped) {
  for (intptr_t dim = 0; dim < mlirAffineMapGetNumDims(generic->maps[dropped]);
       ++dim) {
    bool covered = false;
    for (intptr_t i = 0; i < generic->numOperands; ++i)
      covered |= i != dropped && amsMapCovers(generic->maps[i], dim);
    if (!covered)
      return false;
  }
  return true;
}

/* Drops inputs that the body does not use: what is not needed is not kept. */
static void dropUnusedInputs(AmsGeneric *generic) {
  for (intptr_t i = generic->numOperands - 1; i-- > 0;) {
    if (isUsed(amsGenericElement(generic, i)) || !isDispensable(generic, i))
      continue;
    mlirBlockEraseArgument(generic->body, (unsigned)i);
    for (intptr_t k = i; k + 1 < generic->numOperands; ++k) {
      generic->operands[k] = generic->operands[k + 1];
      generic->maps[k] = generic->maps[k + 1];
    }
    --generic->numOperands;
  }
}

/* Ends an adjoint that yields `element`, added to what stands there where
 * `sums`. */
static MlirValue end(AmsGradients *gradients, Adjoint *adjoint,
                     MlirValue element, bool sums) {
  AmsGeneric *generic = &adjoint->generic;
  if (sums)
    element = amsScalarBinary(
        &generic->builder, "arith.addf",
        amsGenericElement(generic, generic->numOperands - 1), element);
  mlirOperationSetOperands(generic->builder.before, 1, &element);
  eraseUnused(generic->body);
  dropUnusedInputs(generic);
  amsValueMapFree(&adjoint->body.primal);
  return amsMarkGradient(amsGenericEnd(generic, &gradients->builder, element));
}

static void discard(Adjoint *adjoint) {
  mlirBlockDestroy(adjoint->generic.body);
  amsValueMapFree(&adjoint->body.primal);
}

/* How many elements attain each extremum: they share its gradient. */
static MlirValue countTies(AmsGradients *gradients, const Structured *source) {
  MlirValue result = mlirOperationGetResult(source->op, 0);
  MlirValue init =
      amsBuildFill(&gradients->builder, mlirValueGetType(result), 0);
  Adjoint adjoint;
  begin(gradients, source, (MlirValue){NULL}, (MlirValue){NULL}, init,
        mapOf(source, source->numInputs), &adjoint);
  const AmsBuilder *builder = &adjoint.generic.builder;
  MlirValue attains = amsScalarCompare(
      builder, AmsEqual, computedElement(&adjoint),
      amsGenericElement(&adjoint.generic, resultPosition(source)));
  MlirValue element = amsScalarSelect(builder, attains, amsScalar(builder, 1),
                                      amsScalar(builder, 0));
  return end(gradients, &adjoint, element, /*sums=*/true);
}

/* The gradient of f(inputs) in the body. */
static MlirValue seed(const Adjoint *adjoint) {
  const AmsGeneric *generic = &adjoint->generic;
  const AmsBuilder *builder = &generic->builder;
  intptr_t position = resultPosition(adjoint->source);
  MlirValue gradient = amsGenericElement(generic, position + 1);
  if (adjoint->source->kind != Extremum)
    return gradient;
  MlirValue attains =
      amsScalarCompare(builder, AmsEqual, computedElement(adjoint),
                       amsGenericElement(generic, position));
  MlirValue share = amsScalarBinary(builder, "arith.divf", gradient,
                                    amsGenericElement(generic, position + 2));
  return amsScalarSelect(builder, attains, share, amsScalar(builder, 0));
}

/* Adds the gradient of input `index`; false where the body has no derivative.
 */
static bool differentiateInput(AmsGradients *gradients,
                               const Structured *source, intptr_t index,
                               MlirValue gradient, MlirValue count) {
  MlirValue input = mlirOperationGetOperand(source->op, index);
  MlirType type = mlirValueGetType(input);
  MlirAffineMap map = mapOf(source, index);
  bool sums = !isPermutation(map);
  MlirValue init = sums ? amsBuildFill(&gradients->builder, type, 0)
                        : amsBuildEmpty(&gradients->builder, type);
  Adjoint adjoint;
  begin(gradients, source, gradient, count, init, map, &adjoint);
  /* What the body yields is at hand as the result: kept, not computed. */
  MlirValue start = seed(&adjoint);
  if (source->kind == Overwrites && amsDefiningOp(source->element).ptr)
    amsValueMapSet(&adjoint.body.primal, source->element,
                   amsGenericElement(&adjoint.generic, resultPosition(source)));
  bool ok = true;
  MlirValue element =
      amsDifferentiateBody(&adjoint.body, source->body, source->element, start,
                           mlirBlockGetArgument(source->body, index), &ok);
  if (!ok || mlirValueIsNull(element)) {
    discard(&adjoint);
    return ok;
  }
  amsAddGradient(gradients, input, end(gradients, &adjoint, element, sums));
  return true;
}

bool amsStructuredRule(AmsGradients *gradients, MlirOperation op,
                       MlirValue gradient) {
  Structured source;
  if (!read(gradients, op, &source))
    return false;
  MlirValue init = mlirOperationGetOperand(op, source.numInputs);
  MlirValue count = {NULL};
  if (source.kind == Extremum) {
    if (amsIsActive(gradients, init))
      return amsRefuse(gradients, "it starts from values that depend on "
                                  "weights");
    count = countTies(gradients, &source);
  }
  if (source.kind == Adds && amsIsActive(gradients, init))
    amsAddGradient(gradients, init, gradient);
  for (intptr_t i = 0; i < source.numInputs; ++i)
    if (amsIsActive(gradients, mlirOperationGetOperand(op, i)) &&
        !differentiateInput(gradients, &source, i, gradient, count))
      return false;
  return amsGatherRule(gradients, op, gradient);
}
