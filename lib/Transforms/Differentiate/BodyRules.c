/*===-- BodyRules.c - Derivatives of scalar operations ------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The body of a linalg operation is computed again in the new body, and      *|
|* walked backward; what is not used in the end is erased.                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Differentiate.h"

#include <math.h>
#include <stdlib.h>

/* One walk back through a body. */
typedef struct Walk {
  AmsBodyGradient *body;
  const AmsBuilder *builder;
  AmsValueMap dependent; /* old values that depend on the wanted one */
  AmsValueMap adjoints;  /* gradients of old values, in the new body */
} Walk;

/* An operation and the gradient of its result. */
typedef struct Step {
  MlirOperation op;
  MlirValue gradient;
} Step;

/* The new body's value for an old one; those from outside are their own. */
static MlirValue primal(const AmsBodyGradient *body, MlirValue value) {
  MlirValue known = amsValueMapGet(&body->primal, value);
  return mlirValueIsNull(known) ? value : known;
}

static MlirValue operand(const Walk *walk, const Step *step, intptr_t index) {
  return primal(walk->body, mlirOperationGetOperand(step->op, index));
}

static MlirValue result(const Walk *walk, const Step *step) {
  return primal(walk->body, mlirOperationGetResult(step->op, 0));
}

static bool dependsOn(const Walk *walk, MlirValue value) {
  return !mlirValueIsNull(amsValueMapGet(&walk->dependent, value));
}

static bool wants(const Walk *walk, const Step *step, intptr_t index) {
  return dependsOn(walk, mlirOperationGetOperand(step->op, index));
}

static void add(Walk *walk, const Step *step, intptr_t index,
                MlirValue gradient) {
  MlirValue value = mlirOperationGetOperand(step->op, index);
  MlirValue before = amsValueMapGet(&walk->adjoints, value);
  if (!mlirValueIsNull(before))
    gradient = amsScalarBinary(walk->builder, "arith.addf", before, gradient);
  amsValueMapSet(&walk->adjoints, value, gradient);
}

static MlirValue times(const Walk *walk, MlirValue a, MlirValue b) {
  return amsScalarBinary(walk->builder, "arith.mulf", a, b);
}

static MlirValue scaled(const Walk *walk, MlirValue value, double factor) {
  MlirType type = mlirValueGetType(value);
  MlirNamedAttribute attribute =
      amsNamed(walk->builder->context, "value",
               mlirFloatAttrDoubleGet(walk->builder->context, type, factor));
  return times(walk, value,
               amsBuildValue(walk->builder, "arith.constant", 0, NULL, type, 1,
                             &attribute));
}

static MlirValue negated(const Walk *walk, MlirValue value) {
  return amsScalarUnary(walk->builder, "arith.negf", value);
}

static MlirValue quotient(const Walk *walk, MlirValue a, MlirValue b) {
  return amsScalarBinary(walk->builder, "arith.divf", a, b);
}

//===----------------------------------------------------------------------===//
// arith
//===----------------------------------------------------------------------===//

static void addRule(Walk *walk, const Step *step) {
  for (intptr_t i = 0; i < 2; ++i)
    if (wants(walk, step, i))
      add(walk, step, i, step->gradient);
}

static void subtractRule(Walk *walk, const Step *step) {
  if (wants(walk, step, 0))
    add(walk, step, 0, step->gradient);
  if (wants(walk, step, 1))
    add(walk, step, 1, negated(walk, step->gradient));
}

static void multiplyRule(Walk *walk, const Step *step) {
  for (intptr_t i = 0; i < 2; ++i)
    if (wants(walk, step, i))
      add(walk, step, i,
          times(walk, step->gradient, operand(walk, step, 1 - i)));
}

static void divideRule(Walk *walk, const Step *step) {
  MlirValue share = quotient(walk, step->gradient, operand(walk, step, 1));
  if (wants(walk, step, 0))
    add(walk, step, 0, share);
  if (wants(walk, step, 1))
    add(walk, step, 1, negated(walk, times(walk, share, result(walk, step))));
}

static void negateRule(Walk *walk, const Step *step) {
  add(walk, step, 0, negated(walk, step->gradient));
}

/* To the operand's own width. */
static void widthRule(Walk *walk, const Step *step, const char *back) {
  MlirType type = mlirValueGetType(mlirOperationGetOperand(step->op, 0));
  add(walk, step, 0,
      amsBuildValue(walk->builder, back, 1, &step->gradient, type, 0, NULL));
}

static void extendRule(Walk *walk, const Step *step) {
  widthRule(walk, step, "arith.truncf");
}

static void truncateRule(Walk *walk, const Step *step) {
  widthRule(walk, step, "arith.extf");
}

/* The first operand has the gradient where it is past the second, the second
 * elsewhere; of a constant and a value that are equal, neither. The result
 * stands for the operand in the comparison: it is more often at hand. */
static void extremumRule(Walk *walk, const Step *step, int predicate) {
  const AmsBuilder *builder = walk->builder;
  MlirValue zero = amsScalar(builder, 0);
  bool both = wants(walk, step, 0) && wants(walk, step, 1);
  intptr_t first = wants(walk, step, 0) ? 0 : 1;
  MlirValue past = amsScalarCompare(builder, predicate, result(walk, step),
                                    operand(walk, step, 1 - first));
  add(walk, step, first, amsScalarSelect(builder, past, step->gradient, zero));
  if (both)
    add(walk, step, 1, amsScalarSelect(builder, past, zero, step->gradient));
}

static void maximumRule(Walk *walk, const Step *step) {
  extremumRule(walk, step, AmsGreater);
}

static void minimumRule(Walk *walk, const Step *step) {
  extremumRule(walk, step, AmsLess);
}

static void selectRule(Walk *walk, const Step *step) {
  const AmsBuilder *builder = walk->builder;
  MlirValue zero = amsScalar(builder, 0), condition = operand(walk, step, 0);
  if (wants(walk, step, 1))
    add(walk, step, 1,
        amsScalarSelect(builder, condition, step->gradient, zero));
  if (wants(walk, step, 2))
    add(walk, step, 2,
        amsScalarSelect(builder, condition, zero, step->gradient));
}

//===----------------------------------------------------------------------===//
// math
//===----------------------------------------------------------------------===//

static void expRule(Walk *walk, const Step *step) {
  add(walk, step, 0, times(walk, step->gradient, result(walk, step)));
}

static void expm1Rule(Walk *walk, const Step *step) {
  MlirValue power =
      amsScalarBinary(walk->builder, "arith.addf", result(walk, step),
                      amsScalar(walk->builder, 1));
  add(walk, step, 0, times(walk, step->gradient, power));
}

static void logRule(Walk *walk, const Step *step) {
  add(walk, step, 0, quotient(walk, step->gradient, operand(walk, step, 0)));
}

static void log1pRule(Walk *walk, const Step *step) {
  MlirValue whole =
      amsScalarBinary(walk->builder, "arith.addf", operand(walk, step, 0),
                      amsScalar(walk->builder, 1));
  add(walk, step, 0, quotient(walk, step->gradient, whole));
}

static void sqrtRule(Walk *walk, const Step *step) {
  add(walk, step, 0,
      quotient(walk, scaled(walk, step->gradient, 0.5), result(walk, step)));
}

/* -y^3 / 2 */
static void rsqrtRule(Walk *walk, const Step *step) {
  MlirValue y = result(walk, step);
  MlirValue cube = times(walk, times(walk, y, y), y);
  add(walk, step, 0, times(walk, scaled(walk, step->gradient, -0.5), cube));
}

/* 1 - y^2 */
static void tanhRule(Walk *walk, const Step *step) {
  MlirValue y = result(walk, step);
  MlirValue slope =
      amsScalarBinary(walk->builder, "arith.subf", amsScalar(walk->builder, 1),
                      times(walk, y, y));
  add(walk, step, 0, times(walk, step->gradient, slope));
}

/* 2 / sqrt(pi) exp(-x^2) */
static void erfRule(Walk *walk, const Step *step) {
  MlirValue x = operand(walk, step, 0);
  MlirValue power = amsScalarUnary(walk->builder, "math.exp",
                                   negated(walk, times(walk, x, x)));
  add(walk, step, 0,
      times(walk, scaled(walk, step->gradient, 2 / sqrt(acos(-1))), power));
}

static void sinRule(Walk *walk, const Step *step) {
  add(walk, step, 0,
      times(walk, step->gradient,
            amsScalarUnary(walk->builder, "math.cos", operand(walk, step, 0))));
}

static void cosRule(Walk *walk, const Step *step) {
  add(walk, step, 0,
      negated(walk, times(walk, step->gradient,
                          amsScalarUnary(walk->builder, "math.sin",
                                         operand(walk, step, 0)))));
}

/* The sign of x, 0 at 0. */
static void absRule(Walk *walk, const Step *step) {
  const AmsBuilder *builder = walk->builder;
  MlirValue zero = amsScalar(builder, 0), x = operand(walk, step, 0);
  MlirValue negative =
      amsScalarSelect(builder, amsScalarCompare(builder, AmsLess, x, zero),
                      negated(walk, step->gradient), zero);
  add(walk, step, 0,
      amsScalarSelect(builder, amsScalarCompare(builder, AmsGreater, x, zero),
                      step->gradient, negative));
}

/* b a^(b - 1) for a, log(a) y for b. */
static void powerRule(Walk *walk, const Step *step) {
  const AmsBuilder *builder = walk->builder;
  MlirValue a = operand(walk, step, 0), b = operand(walk, step, 1);
  if (wants(walk, step, 0)) {
    MlirValue less =
        amsScalarBinary(builder, "arith.subf", b, amsScalar(builder, 1));
    MlirValue power = amsScalarBinary(builder, "math.powf", a, less);
    add(walk, step, 0, times(walk, step->gradient, times(walk, b, power)));
  }
  if (wants(walk, step, 1)) {
    MlirValue slope =
        times(walk, amsScalarUnary(builder, "math.log", a), result(walk, step));
    add(walk, step, 1, times(walk, step->gradient, slope));
  }
}

/* a b + c */
static void fmaRule(Walk *walk, const Step *step) {
  multiplyRule(walk, step);
  if (wants(walk, step, 2))
    add(walk, step, 2, step->gradient);
}

static const struct {
  const char *name;
  void (*rule)(Walk *walk, const Step *step);
} rules[] = {
    {"arith.addf", addRule},        {"arith.subf", subtractRule},
    {"arith.mulf", multiplyRule},   {"arith.divf", divideRule},
    {"arith.negf", negateRule},     {"arith.maximumf", maximumRule},
    {"arith.maxnumf", maximumRule}, {"arith.minimumf", minimumRule},
    {"arith.minnumf", minimumRule}, {"arith.select", selectRule},
    {"arith.extf", extendRule},     {"arith.truncf", truncateRule},
    {"math.absf", absRule},         {"math.cos", cosRule},
    {"math.erf", erfRule},          {"math.exp", expRule},
    {"math.expm1", expm1Rule},      {"math.fma", fmaRule},
    {"math.log", logRule},          {"math.log1p", log1pRule},
    {"math.powf", powerRule},       {"math.rsqrt", rsqrtRule},
    {"math.sin", sinRule},          {"math.sqrt", sqrtRule},
    {"math.tanh", tanhRule},
};

//===----------------------------------------------------------------------===//
// The walk
//===----------------------------------------------------------------------===//

/* Whether a value of type f32 or f64 comes from `op`, and only one. */
static bool yieldsFloat(MlirOperation op) {
  if (mlirOperationGetNumResults(op) != 1)
    return false;
  MlirType type = mlirValueGetType(mlirOperationGetResult(op, 0));
  return mlirTypeIsAF32(type) || mlirTypeIsAF64(type);
}

/* Marks what depends on `wanted`. */
static void findDependent(Walk *walk, const AmsOpList *ops, MlirValue wanted) {
  amsValueMapSet(&walk->dependent, wanted, wanted);
  for (size_t i = 0; i < ops->size; ++i) {
    MlirOperation op = ops->ops[i];
    if (!yieldsFloat(op))
      continue;
    bool depends = false;
    for (intptr_t k = 0; k < mlirOperationGetNumOperands(op); ++k)
      depends |= dependsOn(walk, mlirOperationGetOperand(op, k));
    MlirValue value = mlirOperationGetResult(op, 0);
    if (depends)
      amsValueMapSet(&walk->dependent, value, value);
  }
}

static bool walkBack(Walk *walk, const AmsOpList *ops, MlirValue wanted) {
  for (size_t i = ops->size; i-- > 0;) {
    MlirOperation op = ops->ops[i];
    if (!yieldsFloat(op) || !dependsOn(walk, mlirOperationGetResult(op, 0)) ||
        mlirValueEqual(mlirOperationGetResult(op, 0), wanted))
      continue;
    MlirValue gradient =
        amsValueMapGet(&walk->adjoints, mlirOperationGetResult(op, 0));
    if (mlirValueIsNull(gradient))
      continue;
    size_t r = 0;
    while (r < sizeof rules / sizeof *rules && !amsIsOp(op, rules[r].name))
      ++r;
    if (r == sizeof rules / sizeof *rules) {
      MlirStringRef name = mlirIdentifierStr(mlirOperationGetName(op));
      walk->body->reason->size = 0;
      amsTextAppend(walk->body->reason,
                    "there is no rule for '%.*s' in its body", (int)name.length,
                    name.data);
      return false;
    }
    rules[r].rule(walk, &(Step){op, gradient});
  }
  return true;
}

MlirValue amsDifferentiateBody(AmsBodyGradient *body, MlirBlock from,
                               MlirValue target, MlirValue seed,
                               MlirValue wanted, bool *ok) {
  Walk walk = {.body = body, .builder = &body->builder};
  AmsOpList ops = amsListOps(from);
  findDependent(&walk, &ops, wanted);
  MlirValue gradient = {NULL};
  if (dependsOn(&walk, target)) {
    amsValueMapSet(&walk.adjoints, target, seed);
    *ok = walkBack(&walk, &ops, wanted);
    gradient = amsValueMapGet(&walk.adjoints, wanted);
  }
  amsOpListFree(&ops);
  amsValueMapFree(&walk.dependent);
  amsValueMapFree(&walk.adjoints);
  return gradient;
}
