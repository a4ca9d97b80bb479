/*===-- Differentiate.c - Reverse mode on level 1 -----------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Values that depend on weights are found going forward; then operations are *|
|* walked from the loss backward, and what each adds to the gradients of its  *|
|* operands is summed up.                                                     *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Differentiate.h"

#include "Function.h"
#include "ams-c/Passes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//===----------------------------------------------------------------------===//
// What rules ask for
//===----------------------------------------------------------------------===//

bool amsIsActive(const AmsGradients *gradients, MlirValue value) {
  return !mlirValueIsNull(amsValueMapGet(&gradients->active, value));
}

MlirValue amsMarkGradient(MlirOperation op) {
  mlirOperationSetAttributeByName(op, amsStringRef("ams.gradient"),
                                  mlirUnitAttrGet(mlirOperationGetContext(op)));
  return mlirOperationGetResult(op, 0);
}

static MlirValue buildSum(const AmsBuilder *builder, MlirValue a, MlirValue b) {
  MlirType type = mlirValueGetType(a);
  MlirAffineMap map = mlirAffineMapMultiDimIdentityGet(
      builder->context, mlirShapedTypeGetRank(type));
  AmsGeneric sum = {.numOperands = 3,
                    .operands = {a, b, amsBuildEmpty(builder, type)},
                    .maps = {map, map, map}};
  amsGenericBegin(&sum, builder);
  MlirValue element =
      amsScalarBinary(&sum.builder, "arith.addf", amsGenericElement(&sum, 0),
                      amsGenericElement(&sum, 1));
  return amsMarkGradient(amsGenericEnd(&sum, builder, element));
}

void amsAddGradient(AmsGradients *gradients, MlirValue value,
                    MlirValue gradient) {
  MlirValue before = amsValueMapGet(&gradients->gradients, value);
  if (!mlirValueIsNull(before))
    gradient = buildSum(&gradients->builder, before, gradient);
  amsValueMapSet(&gradients->gradients, value, gradient);
}

bool amsRefuse(AmsGradients *gradients, const char *format, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  gradients->reason.size = 0;
  amsTextAppend(&gradients->reason, "%s", text);
  return false;
}

//===----------------------------------------------------------------------===//
// Forward: which values depend on weights
//===----------------------------------------------------------------------===//

typedef struct Search {
  const AmsGradients *gradients;
  bool found;
} Search;

static MlirWalkResult findActiveOperand(MlirOperation op, void *data) {
  Search *search = data;
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i)
    search->found |=
        amsIsActive(search->gradients, mlirOperationGetOperand(op, i));
  return search->found ? MlirWalkResultInterrupt : MlirWalkResultAdvance;
}

/* Whether `op` or an operation inside of it takes an active value. */
static bool takesActive(const AmsGradients *gradients, MlirOperation op) {
  Search search = {gradients, false};
  mlirOperationWalk(op, findActiveOperand, &search, MlirWalkPreOrder);
  return search.found;
}

static bool isFloat(MlirValue value) {
  MlirType type = mlirValueGetType(value);
  return mlirTypeIsAF32(
      mlirTypeIsAShaped(type) ? mlirShapedTypeGetElementType(type) : type);
}

static void activate(AmsGradients *gradients, MlirValue value) {
  if (isFloat(value))
    amsValueMapSet(&gradients->active, value, value);
}

/* The number of weights among the arguments. */
static intptr_t findActive(AmsGradients *gradients, MlirBlock body) {
  intptr_t weights = 0;
  for (intptr_t i = 0; i < mlirBlockGetNumArguments(body); ++i) {
    MlirValue argument = mlirBlockGetArgument(body, i);
    if (!amsIsWeightArgument(argument))
      continue;
    activate(gradients, argument);
    ++weights;
  }
  for (MlirOperation op = mlirBlockGetFirstOperation(body);
       !mlirOperationIsNull(op); op = mlirOperationGetNextInBlock(op)) {
    if (!mlirAttributeIsNull(amsGetAttr(op, "ams.no_gradient")) ||
        !takesActive(gradients, op))
      continue;
    for (intptr_t i = 0; i < mlirOperationGetNumResults(op); ++i)
      activate(gradients, mlirOperationGetResult(op, i));
  }
  return weights;
}

//===----------------------------------------------------------------------===//
// Backward
//===----------------------------------------------------------------------===//

/* Goes on behind an operation that has no rule, so that all such operations
 * are found: gradients of its operands exist, and are never used. */
static void goOn(AmsGradients *gradients, MlirOperation op) {
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
    MlirValue operand = mlirOperationGetOperand(op, i);
    if (amsIsActive(gradients, operand))
      amsAddGradient(
          gradients, operand,
          amsBuildEmpty(&gradients->builder, mlirValueGetType(operand)));
  }
}

/* Applies the rule of `op` where its result has a gradient; false after an
 * error. */
static bool visit(AmsGradients *gradients, MlirOperation op) {
  MlirValue gradient = {NULL};
  intptr_t numResults = mlirOperationGetNumResults(op);
  for (intptr_t i = 0; i < numResults && mlirValueIsNull(gradient); ++i) {
    MlirValue result = mlirOperationGetResult(op, i);
    if (amsIsActive(gradients, result))
      gradient = amsValueMapGet(&gradients->gradients, result);
  }
  if (mlirValueIsNull(gradient))
    return true;
  gradients->builder.loc = mlirOperationGetLocation(op);
  AmsGradientRule rule = amsFindGradientRule(op);
  bool ok = false;
  if (!rule)
    amsRefuse(gradients, "there is no rule for this operation");
  else if (numResults != 1)
    amsRefuse(gradients, "it has %d results", (int)numResults);
  else
    ok = rule(gradients, op, gradient);
  if (!ok) {
    amsEmitOpError(op, "cannot be differentiated: %s", gradients->reason.data);
    goOn(gradients, op);
  }
  return ok;
}

static bool walkBackward(AmsGradients *gradients, const AmsOpList *ops) {
  bool ok = true;
  for (size_t i = ops->size; i-- > 0;)
    ok &= visit(gradients, ops->ops[i]);
  return ok;
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

/* "NAME.gradient" for weight NAME. */
static MlirAttribute gradientPort(MlirContext context, MlirStringRef weight) {
  AmsText name = {NULL, 0, 0};
  amsTextAppend(&name, "%.*s.gradient", (int)weight.length, weight.data);
  MlirAttribute port = amsPortAttributes(
      context, mlirStringRefCreate(name.data, name.size), /*weight=*/false);
  free(name.data);
  return port;
}

/* Returns the gradients of the weights behind the results that @main has. */
static void returnGradients(AmsGradients *gradients, MlirOperation main,
                            intptr_t numWeights) {
  MlirContext context = gradients->builder.context;
  MlirOperation terminator = gradients->builder.before;
  MlirBlock body = amsFunctionBody(main);
  intptr_t count = mlirOperationGetNumOperands(terminator);
  size_t total = (size_t)(count + numWeights);
  MlirValue *values = amsAllocate(total, sizeof(MlirValue));
  MlirAttribute *ports = amsAllocate(total, sizeof(MlirAttribute));
  MlirAttribute known = amsGetAttr(main, "res_attrs");
  for (intptr_t i = 0; i < count; ++i) {
    values[i] = mlirOperationGetOperand(terminator, i);
    ports[i] = mlirAttributeIsNull(known)
                   ? mlirDictionaryAttrGet(context, 0, NULL)
                   : mlirArrayAttrGetElement(known, i);
  }
  gradients->builder.loc = mlirOperationGetLocation(main);
  for (intptr_t i = 0; i < mlirBlockGetNumArguments(body); ++i) {
    MlirValue weight = mlirBlockGetArgument(body, i);
    if (!amsIsWeightArgument(weight))
      continue;
    values[count] = amsValueMapGet(&gradients->gradients, weight);
    if (mlirValueIsNull(values[count])) /* the loss does not depend on it */
      values[count] =
          amsBuildFill(&gradients->builder, mlirValueGetType(weight), 0);
    ports[count++] = gradientPort(
        context, mlirStringAttrGetValue(amsArgumentAttr(weight, "ams.weight")));
  }
  amsFunctionSetResults(main, count, values, ports);
  free(values);
  free(ports);
}

/* The loss, @main's first result; null after an error. */
static MlirValue findLoss(MlirOperation main) {
  MlirOperation terminator = mlirBlockGetTerminator(amsFunctionBody(main));
  if (mlirOperationGetNumOperands(terminator) > 0) {
    MlirValue loss = mlirOperationGetOperand(terminator, 0);
    MlirType type = mlirValueGetType(loss);
    if (mlirTypeIsARankedTensor(type) && amsIsStaticF32(type) &&
        amsNumElements(type) == 1)
      return loss;
  }
  amsEmitError(mlirOperationGetLocation(main),
               "the first result of @main must be the loss, a float32 tensor "
               "of one element: run --ams-append-loss first");
  return (MlirValue){NULL};
}

static bool differentiate(AmsGradients *gradients, MlirOperation main,
                          bool recomputes) {
  MlirValue loss = findLoss(main);
  if (mlirValueIsNull(loss))
    return false;
  MlirBlock body = amsFunctionBody(main);
  intptr_t numWeights = findActive(gradients, body);
  if (numWeights == 0) {
    amsEmitError(mlirOperationGetLocation(main),
                 "@main has no weights among its arguments: run "
                 "--ams-weights-to-arguments first");
    return false;
  }
  gradients->builder = amsBuilderBefore(mlirBlockGetTerminator(body));
  AmsOpList forward = amsListOps(body);
  if (amsIsActive(gradients, loss))
    amsAddGradient(
        gradients, loss,
        amsBuildFill(&gradients->builder, mlirValueGetType(loss), 1));
  bool ok = walkBackward(gradients, &forward);
  if (ok) {
    returnGradients(gradients, main, numWeights);
    amsChooseKept(body, forward.size, recomputes);
  }
  amsOpListFree(&forward);
  return ok;
}

/* Whether option `memory` asks for values to be computed again; false after an
 * error. */
static bool readMemory(MlirLocation loc, const char *memory, bool *recomputes) {
  *recomputes = !strcmp(memory, "recompute");
  if (*recomputes || !strcmp(memory, "keep"))
    return true;
  amsEmitError(loc, "memory '%s' is neither keep nor recompute", memory);
  return false;
}

MlirLogicalResult amsDifferentiate(MlirOperation module,
                                   const AmsDifferentiateOptions *options) {
  bool recomputes;
  if (!readMemory(mlirOperationGetLocation(module), options->memory,
                  &recomputes))
    return mlirLogicalResultFailure();
  MlirOperation main = amsFindMain(module);
  if (mlirOperationIsNull(main))
    return mlirLogicalResultFailure();
  AmsGradients gradients = {.reason = {NULL, 0, 0},
                            .clamps = options->clampGradient};
  bool ok = differentiate(&gradients, main, recomputes);
  amsValueMapFree(&gradients.active);
  amsValueMapFree(&gradients.gradients);
  free(gradients.reason.data);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
