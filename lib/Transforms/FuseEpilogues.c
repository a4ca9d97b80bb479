/*===-- FuseEpilogues.c - Bias, residual, clamp into products ----*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What follows a product, or noise on one, and is what its epilogue can do,  *|
|* in the same order and to the same bits (D7), becomes its epilogue.         *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Constant.h"
#include "Follower.h"

#include <math.h>
#include <stdlib.h>

/* A product's epilogue as it is being put together. */
typedef struct Fusion {
  AmsFollower follower;
  AmsEpilogue epilogue;
  MlirValue bias, residual; /* null: none */
} Fusion;

enum { MAX_STEPS = 8 };

/* Whether `op`, on tensors, can have an epilogue. */
static bool hasEpilogue(MlirOperation op) {
  return amsIsTensorProduct(op) ||
         (amsIsOp(op, "ams.add_noise") && mlirOperationGetNumResults(op) == 1);
}

static bool clamps(const AmsEpilogue *epilogue) {
  return epilogue->low != -INFINITY || epilogue->high != INFINITY;
}

/* Number of the first of its addends among the operands. */
static intptr_t firstAddend(MlirOperation op) {
  return amsIsOp(op, "ams.add_noise") ? 2 : 3;
}

//===----------------------------------------------------------------------===//
// Reading the follower's body
//===----------------------------------------------------------------------===//

/* The number that `value`, used in the body, always is; false where it is none.
 */
static bool readNumber(const Fusion *fusion, MlirValue value, float *number) {
  if (mlirValueIsABlockArgument(value)) {
    if (!mlirBlockEqual(mlirBlockArgumentGetOwner(value),
                        fusion->follower.body))
      return false;
    MlirValue input;
    if (amsInputSpread(&fusion->follower, mlirBlockArgumentGetArgNumber(value),
                       &input) != AmsSpreadScalar)
      return false;
    float *elements = amsEvaluateConstant(input);
    if (elements)
      *number = *elements;
    free(elements);
    return elements;
  }
  MlirOperation op = amsDefiningOp(value);
  MlirAttribute attr = amsIsOp(op, "arith.constant") ? amsGetAttr(op, "value")
                                                     : mlirAttributeGetNull();
  if (mlirAttributeIsNull(attr) || !mlirAttributeIsAFloat(attr))
    return false;
  *number = (float)mlirFloatAttrGetValueDouble(attr);
  return true;
}

/* The other of two operands, one of which is `value`. */
static MlirValue other(MlirOperation op, MlirValue value) {
  MlirValue first = mlirOperationGetOperand(op, 0);
  return mlirValueEqual(first, value) ? mlirOperationGetOperand(op, 1) : first;
}

/* Users of `value`: one, or a comparison with it and a choice between it and
 * another. */
static bool findUsers(MlirValue value, MlirOperation *only,
                      MlirOperation *compare, MlirOperation *select) {
  *only = *compare = *select = (MlirOperation){NULL};
  int count = 0;
  for (MlirOpOperand use = mlirValueGetFirstUse(value);
       !mlirOpOperandIsNull(use); use = mlirOpOperandGetNextUse(use)) {
    MlirOperation op = mlirOpOperandGetOwner(use);
    ++count;
    if (amsIsOp(op, "arith.cmpf"))
      *compare = op;
    else if (amsIsOp(op, "arith.select"))
      *select = op;
    else
      *only = op;
  }
  if (count == 1)
    return !mlirOperationIsNull(*only);
  return count == 2 && !mlirOperationIsNull(*compare) &&
         !mlirOperationIsNull(*select);
}

/* Values of arith.cmpf's predicates. */
enum { UNORDERED_GREATER = 9, UNORDERED_LESS = 11 };

static const char outOfOrder[] =
    "an epilogue has one bias, one residual and one clamp, in this order";

static const char *addBound(Fusion *fusion, bool isLow, float bound) {
  AmsEpilogue *epilogue = &fusion->epilogue;
  if (isnan(bound))
    return "its bound is no number";
  if (isLow ? epilogue->low != -INFINITY : epilogue->high != INFINITY)
    return outOfOrder;
  *(isLow ? &epilogue->low : &epilogue->high) = bound;
  return epilogue->low <= epilogue->high ? NULL : "its range is empty";
}

/* select(cmp(v, c), v, c): v where it is above (below) c, or NaN. */
static const char *readSelect(Fusion *fusion, MlirValue value,
                              MlirOperation compare, MlirOperation select,
                              MlirValue *next) {
  static const char unknown[] = "it is none of bias, residual, clamp";
  float bound, chosen;
  int64_t predicate =
      mlirIntegerAttrGetValueInt(amsGetAttr(compare, "predicate"));
  if (!mlirValueEqual(mlirOperationGetOperand(select, 0),
                      mlirOperationGetResult(compare, 0)) ||
      !mlirValueEqual(mlirOperationGetOperand(compare, 0), value) ||
      !readNumber(fusion, mlirOperationGetOperand(compare, 1), &bound))
    return unknown;
  if (!mlirValueEqual(mlirOperationGetOperand(select, 1), value) ||
      (predicate != UNORDERED_GREATER && predicate != UNORDERED_LESS))
    return "its comparison treats NaN or zeros otherwise than D7";
  if (!readNumber(fusion, mlirOperationGetOperand(select, 2), &chosen) ||
      chosen != bound)
    return unknown;
  *next = mlirOperationGetResult(select, 0);
  bound = chosen; /* of two zeros */
  return addBound(fusion, predicate == UNORDERED_GREATER, bound);
}

/* The larger or the smaller of v and c. Of two zeros it is not always the one
 * that D7 takes, c. */
static const char *readBound(Fusion *fusion, MlirOperation op,
                             MlirValue value) {
  bool isLow = amsIsOp(op, "arith.maximumf");
  float bound;
  if (!readNumber(fusion, other(op, value), &bound))
    return "it is none of bias, residual, clamp";
  if (bound == 0 && (signbit(bound) != 0) == isLow)
    return "of two zeros it takes another than D7";
  return addBound(fusion, isLow, bound);
}

static const char *readAdd(Fusion *fusion, MlirValue addend) {
  const AmsFollower *follower = &fusion->follower;
  AmsEpilogue *epilogue = &fusion->epilogue;
  if (!mlirValueIsABlockArgument(addend) ||
      !mlirBlockEqual(mlirBlockArgumentGetOwner(addend), follower->body))
    return "what it adds is neither one number an output nor one an element";
  intptr_t number = mlirBlockArgumentGetArgNumber(addend);
  MlirValue input;
  AmsSpread spread = amsInputSpread(follower, number, &input);
  if (spread != AmsSpreadOutputs && spread != AmsSpreadElements)
    return "what it adds is neither one number an output nor one an element";
  if (clamps(epilogue) || epilogue->residual)
    return outOfOrder;
  if (spread == AmsSpreadOutputs && !epilogue->bias) {
    epilogue->bias = true;
    fusion->bias = input;
    return NULL;
  }
  if (spread == AmsSpreadOutputs &&
      amsNumElements(mlirValueGetType(input)) !=
          amsNumElements(
              mlirValueGetType(mlirOperationGetResult(follower->product, 0))))
    return outOfOrder;
  epilogue->residual = true;
  fusion->residual = input;
  return NULL;
}

/* Adds what the follower does to the epilogue; why it cannot, or NULL. */
static const char *readBody(Fusion *fusion) {
  const AmsFollower *follower = &fusion->follower;
  MlirValue value = mlirBlockGetArgument(follower->body, follower->number);
  for (int step = 0; step < MAX_STEPS; ++step) {
    MlirOperation only, compare, select;
    const char *reason = NULL;
    if (!findUsers(value, &only, &compare, &select))
      return "it is none of bias, residual, clamp";
    if (mlirOperationIsNull(only)) {
      reason = readSelect(fusion, value, compare, select, &value);
    } else if (amsIsOp(only, "linalg.yield")) {
      return NULL;
    } else if (amsIsOp(only, "arith.addf")) {
      reason = readAdd(fusion, other(only, value));
      value = mlirOperationGetResult(only, 0);
    } else if (amsIsOp(only, "arith.maximumf") ||
               amsIsOp(only, "arith.minimumf")) {
      reason = readBound(fusion, only, value);
      value = mlirOperationGetResult(only, 0);
    } else {
      return "it is none of bias, residual, clamp";
    }
    if (reason)
      return reason;
  }
  return "it is none of bias, residual, clamp";
}

//===----------------------------------------------------------------------===//
// Place
//===----------------------------------------------------------------------===//

/* Whether `value` is there before `op`, after a constant was moved there. */
static bool isBefore(MlirValue value, MlirOperation op) {
  if (mlirValueIsNull(value))
    return true;
  MlirOperation definition = amsDefiningOp(value);
  if (mlirOperationIsNull(definition) ||
      !mlirBlockEqual(mlirOperationGetBlock(definition),
                      mlirOperationGetBlock(op)) ||
      mlirOperationIsBeforeInBlock(definition, op))
    return true;
  if (!amsIsOp(definition, "arith.constant"))
    return false;
  mlirOperationMoveBefore(definition, op);
  return true;
}

static MlirWalkResult findProduct(MlirOperation op, void *found) {
  if (!amsIsTensorProduct(op))
    return MlirWalkResultAdvance;
  *(bool *)found = true;
  return MlirWalkResultInterrupt;
}

/* Where the product goes with its epilogue: where it is, or at its follower
 * where no other product is passed, since their order is that of their noise
 * (N2). Null where it can be at neither. */
static MlirOperation findPlace(const Fusion *fusion) {
  MlirOperation product = fusion->follower.product;
  if (isBefore(fusion->bias, product) && isBefore(fusion->residual, product))
    return product;
  bool found = false;
  for (MlirOperation op = mlirOperationGetNextInBlock(product);
       !mlirOperationEqual(op, fusion->follower.op) && !found;
       op = mlirOperationGetNextInBlock(op))
    mlirOperationWalk(op, findProduct, &found, MlirWalkPreOrder);
  return found ? (MlirOperation){NULL} : fusion->follower.op;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/* The product with its epilogue. */
static MlirOperation build(const AmsBuilder *builder, const Fusion *fusion) {
  MlirOperation product = fusion->follower.product;
  MlirContext context = builder->context;
  MlirType type = mlirValueGetType(mlirOperationGetResult(product, 0));
  int64_t shape[AMS_MAX_RANK];
  intptr_t rank = amsGetShape(type, AMS_MAX_RANK, shape);
  MlirValue operands[5];
  intptr_t numOperands = 0;
  for (; numOperands < firstAddend(product); ++numOperands)
    operands[numOperands] = mlirOperationGetOperand(product, numOperands);
  if (fusion->epilogue.bias)
    operands[numOperands++] =
        amsBuildReshape(builder, fusion->bias, 1, &shape[rank - 1]);
  if (fusion->epilogue.residual)
    operands[numOperands++] =
        amsBuildReshape(builder, fusion->residual, rank, shape);
  intptr_t most = mlirOperationGetNumAttributes(product) + 1;
  MlirNamedAttribute *attributes =
      amsAllocate((size_t)most, sizeof *attributes);
  const MlirNamedAttribute epilogue = amsNamed(
      context, "epilogue", amsEpilogueAttrGet(context, &fusion->epilogue));
  intptr_t numAttributes = 0;
  attributes[numAttributes++] = epilogue;
  for (intptr_t i = 0; i + 1 < most; ++i) {
    MlirNamedAttribute kept = mlirOperationGetAttribute(product, i);
    if (!mlirIdentifierEqual(kept.name, epilogue.name))
      attributes[numAttributes++] = kept;
  }
  MlirStringRef name = mlirIdentifierStr(mlirOperationGetName(product));
  MlirOperation fused = amsBuild(builder, name.data, numOperands, operands, 1,
                                 &type, numAttributes, attributes);
  free(attributes);
  return fused;
}

static void refuse(const Fusion *fusion, const char *reason) {
  char *layer = amsLayerName(fusion->follower.product);
  amsEmitRemark(mlirOperationGetLocation(fusion->follower.op),
                "is not fused into layer \"%s\": %s", layer, reason);
  free(layer);
}

/* Whether `product` has weights, neither constant nor programmed yet. Gradients
 * by them are those of the product alone. */
static bool hasVaryingWeights(MlirOperation product) {
  if (!amsIsOp(product, "ams.matmul") && !amsIsOp(product, "ams.conv"))
    return false;
  MlirValue weights = mlirOperationGetOperand(product, 1);
  return !amsTypeIsAAbfp(mlirValueGetType(weights)) && !amsIsConstant(weights);
}

/* Fuses the follower of `*product`, if it has one; false where none was. */
static bool fuse(MlirOperation *product, bool varyingWeights) {
  Fusion fusion = {
      .epilogue = amsEpilogueAttrGetValue(amsGetAttr(*product, "epilogue"))};
  intptr_t next = firstAddend(*product);
  if (fusion.epilogue.bias)
    fusion.bias = mlirOperationGetOperand(*product, next++);
  if (fusion.epilogue.residual)
    fusion.residual = mlirOperationGetOperand(*product, next);
  if (!amsFindFollower(*product, &fusion.follower)) {
    /* Behind a clamp there is nothing more to fuse. */
    if (!clamps(&fusion.epilogue) && amsHasOtherUsers(*product)) {
      char *layer = amsLayerName(*product);
      amsEmitRemark(mlirOperationGetLocation(*product),
                    "nothing more is fused into layer \"%s\": its result has "
                    "several users",
                    layer);
      free(layer);
    }
    return false;
  }
  const char *reason = readBody(&fusion);
  if (!reason && !varyingWeights && hasVaryingWeights(*product))
    reason = "its weights vary";
  if (reason) {
    refuse(&fusion, reason);
    return false;
  }
  MlirOperation place = findPlace(&fusion);
  if (mlirOperationIsNull(place)) {
    refuse(&fusion, "what it adds is computed after another layer");
    return false;
  }
  AmsBuilder builder = amsBuilderBefore(place);
  builder.loc = mlirOperationGetLocation(*product);
  MlirOperation fused = build(&builder, &fusion);
  builder.before = fusion.follower.op;
  amsReplaceFollower(&builder, &fusion.follower,
                     mlirOperationGetResult(fused, 0));
  *product = fused;
  return true;
}

MlirLogicalResult amsFuseEpilogues(MlirOperation module, bool varyingWeights) {
  AmsOpList products = amsCollectOps(module, hasEpilogue);
  /* From the last: of two products that are added, the second takes the first
   * as its residual. */
  for (size_t i = products.size; i-- > 0;)
    while (fuse(&products.ops[i], varyingWeights))
      ;
  amsOpListFree(&products);
  return mlirLogicalResultSuccess();
}
