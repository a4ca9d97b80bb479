/*===-- FoldArguments.c - Scales that depend on arguments ---------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The bodies of what follows a product are read as a * y + b, whose a and b  *|
|* are built in float64, operation by operation as FoldBatchNormalization.c   *|
|* evaluates them, in the bodies of two new operations: one for the weights,  *|
|* one for the bias.                                                          *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "FoldArguments.h"

#include "Constant.h"
#include "Follower.h"
#include "Function.h"
#include "Generic.h"

#include "mlir-c/AffineMap.h"

#include <stdlib.h>

enum { MAX_FOLLOWERS = 8, MAX_STEPS = 32, MAX_FACTORS = 12 };

/* scale * y + offset in float64; null stands for 0. */
typedef struct Line {
  MlirValue scale, offset;
} Line;

/* An input of a follower beside the product. */
typedef struct Input {
  bool isNumber;
  double number;  /* of a constant that is one for all outputs */
  intptr_t index; /* among the chain's factors, else */
} Input;

/* What follows a product, and the vectors [N] that it takes. */
typedef struct Chain {
  MlirOperation product;
  int64_t outputs;
  size_t numFollowers;
  AmsFollower followers[MAX_FOLLOWERS];
  Input inputs[MAX_FOLLOWERS][MAX_FACTORS];
  intptr_t numFactors;
  MlirValue factors[MAX_FACTORS];
} Chain;

//===----------------------------------------------------------------------===//
// Values that depend on weights alone
//===----------------------------------------------------------------------===//

typedef struct Search {
  MlirOperation root;
  MlirOperation product;
  bool found;
} Search;

static bool isInside(MlirOperation op, MlirOperation root) {
  while (!mlirOperationIsNull(op) && !mlirOperationEqual(op, root))
    op = mlirOperationGetParentOperation(op);
  return !mlirOperationIsNull(op);
}

static bool isOutside(MlirValue value, MlirOperation root) {
  MlirOperation owner =
      mlirValueIsABlockArgument(value)
          ? mlirBlockGetParentOperation(mlirBlockArgumentGetOwner(value))
          : amsDefiningOp(value);
  return !isInside(owner, root);
}

static bool dependsOnWeightsAlone(MlirValue value);

static MlirWalkResult findOther(MlirOperation op, void *data) {
  Search *search = data;
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
    MlirValue operand = mlirOperationGetOperand(op, i);
    search->found |=
        isOutside(operand, search->root) && !dependsOnWeightsAlone(operand);
  }
  return search->found ? MlirWalkResultInterrupt : MlirWalkResultAdvance;
}

/* Whether `value` is computed from constants and arguments that are weights, by
 * operations that may stand anywhere. */
static bool dependsOnWeightsAlone(MlirValue value) {
  static const char *const pure[] = {
      "arith.constant",      "linalg.broadcast",     "linalg.fill",
      "linalg.generic",      "linalg.transpose",     "tensor.empty",
      "tensor.expand_shape", "tensor.collapse_shape"};
  if (mlirValueIsABlockArgument(value))
    return amsIsWeightArgument(value);
  MlirOperation op = amsDefiningOp(value);
  bool isPure = false;
  for (size_t i = 0; i < sizeof pure / sizeof *pure; ++i)
    isPure |= amsIsOp(op, pure[i]);
  Search search = {.root = op};
  if (isPure)
    mlirOperationWalk(op, findOther, &search, MlirWalkPreOrder);
  return isPure && !search.found;
}

static void moveBefore(MlirValue value, MlirOperation product);

static MlirWalkResult moveOperands(MlirOperation op, void *data) {
  const Search *search = data;
  for (intptr_t i = 0; i < mlirOperationGetNumOperands(op); ++i) {
    MlirValue operand = mlirOperationGetOperand(op, i);
    if (isOutside(operand, search->root))
      moveBefore(operand, search->product);
  }
  return MlirWalkResultAdvance;
}

/* Moves what computes `value`, which depends on weights alone, in front of
 * `product` where it stands behind it. */
static void moveBefore(MlirValue value, MlirOperation product) {
  MlirOperation op = amsDefiningOp(value);
  if (mlirOperationIsNull(op) ||
      !mlirBlockEqual(mlirOperationGetBlock(op),
                      mlirOperationGetBlock(product)) ||
      mlirOperationIsBeforeInBlock(op, product))
    return;
  Search search = {.root = op, .product = product};
  mlirOperationWalk(op, moveOperands, &search, MlirWalkPreOrder);
  mlirOperationMoveBefore(op, product);
}

//===----------------------------------------------------------------------===//
// Reading inputs
//===----------------------------------------------------------------------===//

/* The number of a constant of one element; false where it is malformed. */
static bool readNumber(MlirValue value, Input *input) {
  float *elements = amsEvaluateConstant(value);
  if (elements)
    *input = (Input){.isNumber = true, .number = (double)*elements};
  free(elements);
  return elements != NULL;
}

/* Reads input `number` of the last follower; false where it is neither a
 * constant number nor one an output from weights. */
static bool readInput(Chain *chain, const AmsFollower *follower,
                      intptr_t number, Input *input) {
  MlirValue value;
  AmsSpread spread = amsInputSpread(follower, number, &value);
  if (spread == AmsSpreadScalar && amsIsConstant(value))
    return readNumber(value, input);
  const bool isVector = spread == AmsSpreadOutputs ||
                        (spread == AmsSpreadScalar && chain->outputs == 1);
  if (!isVector || !dependsOnWeightsAlone(value))
    return false;
  intptr_t index = 0;
  while (index < chain->numFactors &&
         !mlirValueEqual(chain->factors[index], value))
    ++index;
  if (index == MAX_FACTORS)
    return false;
  chain->factors[index] = value;
  chain->numFactors += index == chain->numFactors;
  *input = (Input){.index = index};
  return true;
}

/* Appends the next follower to the chain; false where there is none whose
 * inputs can be read. */
static bool readFollower(Chain *chain) {
  const size_t last = chain->numFollowers;
  if (last == MAX_FOLLOWERS)
    return false;
  AmsFollower *follower = &chain->followers[last];
  if (!amsFindFollower(last ? chain->followers[last - 1].op : chain->product,
                       follower))
    return false;
  follower->product = chain->product; /* whose outputs are counted */
  intptr_t count = mlirOperationGetNumOperands(follower->op) - 1;
  if (count > MAX_FACTORS)
    return false;
  for (intptr_t i = 0; i < count; ++i)
    if (i != follower->number &&
        !readInput(chain, follower, i, &chain->inputs[last][i]))
      return false;
  ++chain->numFollowers;
  return true;
}

//===----------------------------------------------------------------------===//
// Building lines
//===----------------------------------------------------------------------===//

/* Lines of values in one body. */
typedef struct Lines {
  const AmsBuilder *builder; /* inside a new body */
  MlirType f64;
  MlirValue one; /* the scale of y itself */
  const AmsFollower *follower;
  const Input *inputs;
  const MlirValue *factors; /* in float64 */
  int numSteps;
  MlirValue values[MAX_STEPS];
  Line lines[MAX_STEPS];
} Lines;

static MlirValue number(const Lines *l, double value) {
  MlirNamedAttribute attribute =
      amsNamed(l->builder->context, "value",
               mlirFloatAttrDoubleGet(l->builder->context, l->f64, value));
  return amsBuildValue(l->builder, "arith.constant", 0, NULL, l->f64, 1,
                       &attribute);
}

/* `name` of two values; of those that are null, the other's. */
static MlirValue plus(const Lines *l, MlirValue a, MlirValue b) {
  return mlirValueIsNull(a)   ? b
         : mlirValueIsNull(b) ? a
                              : amsScalarBinary(l->builder, "arith.addf", a, b);
}

static MlirValue negative(const Lines *l, MlirValue a) {
  return mlirValueIsNull(a) ? a : amsScalarUnary(l->builder, "arith.negf", a);
}

static MlirValue minus(const Lines *l, MlirValue a, MlirValue b) {
  return mlirValueIsNull(a)   ? negative(l, b)
         : mlirValueIsNull(b) ? a
                              : amsScalarBinary(l->builder, "arith.subf", a, b);
}

/* Of y's own scale, the other factor. */
static MlirValue times(const Lines *l, MlirValue a, MlirValue b) {
  if (mlirValueIsNull(a) || mlirValueIsNull(b))
    return (MlirValue){NULL};
  return mlirValueEqual(a, l->one) ? b
         : mlirValueEqual(b, l->one)
             ? a
             : amsScalarBinary(l->builder, "arith.mulf", a, b);
}

static MlirValue over(const Lines *l, MlirValue a, MlirValue b) {
  return mlirValueIsNull(a) ? a
                            : amsScalarBinary(l->builder, "arith.divf", a, b);
}

static bool findLine(const Lines *l, MlirValue value, Line *line) {
  if (mlirValueIsABlockArgument(value)) {
    intptr_t i = mlirBlockArgumentGetArgNumber(value);
    if (!mlirBlockEqual(mlirBlockArgumentGetOwner(value), l->follower->body) ||
        i >= mlirOperationGetNumOperands(l->follower->op) - 1)
      return false;
    const Input *input = &l->inputs[i];
    if (i == l->follower->number)
      *line = (Line){.scale = l->one};
    else
      *line = (Line){.offset = input->isNumber ? number(l, input->number)
                                               : l->factors[input->index]};
    return true;
  }
  MlirOperation op = amsDefiningOp(value);
  if (amsIsOp(op, "arith.constant")) {
    MlirAttribute attr = amsGetAttr(op, "value");
    if (!mlirAttributeIsAFloat(attr))
      return false;
    *line = (Line){.offset = number(l, mlirFloatAttrGetValueDouble(attr))};
    return true;
  }
  for (int i = 0; i < l->numSteps; ++i)
    if (mlirValueEqual(l->values[i], value)) {
      *line = l->lines[i];
      return true;
    }
  return false;
}

/* An operation of two lines; false where the result is none. */
static bool combine(const Lines *l, MlirOperation op, Line a, Line b,
                    Line *result) {
  const bool aIsFixed = mlirValueIsNull(a.scale),
             bIsFixed = mlirValueIsNull(b.scale);
  if (amsIsOp(op, "arith.addf"))
    *result = (Line){plus(l, a.scale, b.scale), plus(l, a.offset, b.offset)};
  else if (amsIsOp(op, "arith.subf"))
    *result = (Line){minus(l, a.scale, b.scale), minus(l, a.offset, b.offset)};
  else if (amsIsOp(op, "arith.mulf") && aIsFixed)
    *result = (Line){times(l, a.offset, b.scale), times(l, a.offset, b.offset)};
  else if (amsIsOp(op, "arith.mulf") && bIsFixed)
    *result = (Line){times(l, a.scale, b.offset), times(l, a.offset, b.offset)};
  else if (amsIsOp(op, "arith.divf") && bIsFixed && !mlirValueIsNull(b.offset))
    *result = (Line){over(l, a.scale, b.offset), over(l, a.offset, b.offset)};
  else
    return false;
  return true;
}

/* The same for one operand. */
static bool convert(const Lines *l, MlirOperation op, Line a, Line *result) {
  if (amsIsOp(op, "arith.negf"))
    *result = (Line){negative(l, a.scale), negative(l, a.offset)};
  else if (amsIsOp(op, "arith.truncf") || amsIsOp(op, "arith.extf"))
    *result = a;
  else if (mlirValueIsNull(a.scale) && !mlirValueIsNull(a.offset) &&
           (amsIsOp(op, "math.sqrt") || amsIsOp(op, "math.rsqrt")))
    *result =
        (Line){.offset = amsScalarUnary(l->builder, "math.sqrt", a.offset)};
  else
    return false;
  if (amsIsOp(op, "math.rsqrt"))
    result->offset = over(l, number(l, 1), result->offset);
  return true;
}

/* Builds what one follower does to y; false where it is no line. */
static bool buildLine(Lines *l, Line *line) {
  l->numSteps = 0;
  MlirOperation yield = mlirBlockGetTerminator(l->follower->body);
  for (MlirOperation op = mlirBlockGetFirstOperation(l->follower->body);
       !mlirOperationEqual(op, yield); op = mlirOperationGetNextInBlock(op)) {
    intptr_t count = mlirOperationGetNumOperands(op);
    Line a, b = {{NULL}, {NULL}}, result;
    if (amsIsOp(op, "arith.constant"))
      continue;
    if (count < 1 || count > 2 || l->numSteps == MAX_STEPS ||
        !findLine(l, mlirOperationGetOperand(op, 0), &a) ||
        (count == 2 && !findLine(l, mlirOperationGetOperand(op, 1), &b)) ||
        !(count == 2 ? combine(l, op, a, b, &result)
                     : convert(l, op, a, &result)))
      return false;
    l->values[l->numSteps] = mlirOperationGetResult(op, 0);
    l->lines[l->numSteps++] = result;
  }
  return findLine(l, mlirOperationGetOperand(yield, 0), line) &&
         !mlirValueIsNull(line->scale);
}

/* Builds what the first followers do together, into the body of `generic`,
 * whose operands from `first` on are the chain's factors. Returns how many of
 * them there are up to the last that is to be folded: once one scales, all that
 * are lines. */
static size_t buildLines(const Chain *chain, AmsGeneric *generic,
                         intptr_t first, Line *line) {
  const AmsBuilder *builder = &generic->builder;
  MlirType f64 = mlirF64TypeGet(builder->context);
  MlirValue factors[MAX_FACTORS];
  for (intptr_t i = 0; i < chain->numFactors; ++i) {
    MlirValue element = amsGenericElement(generic, first + i);
    factors[i] =
        amsBuildValue(builder, "arith.extf", 1, &element, f64, 0, NULL);
  }
  Lines l = {.builder = builder, .f64 = f64, .factors = factors};
  l.one = number(&l, 1);
  *line = (Line){.scale = l.one};
  size_t folded = 0;
  for (size_t i = 0; i < chain->numFollowers; ++i) {
    Line next;
    l.follower = &chain->followers[i];
    l.inputs = chain->inputs[i];
    if (!buildLine(&l, &next))
      break;
    *line = (Line){times(&l, next.scale, line->scale),
                   plus(&l, times(&l, next.scale, line->offset), next.offset)};
    if (folded || !mlirValueEqual(next.scale, l.one))
      folded = i + 1;
  }
  return folded;
}

//===----------------------------------------------------------------------===//
// Folding
//===----------------------------------------------------------------------===//

static void addOperand(AmsGeneric *generic, MlirValue value,
                       MlirAffineMap map) {
  generic->operands[generic->numOperands] = value;
  generic->maps[generic->numOperands++] = map;
}

/* The chain's factors over `numLoops` loops, of which the first runs over
 * outputs. */
static void addFactors(const Chain *chain, AmsGeneric *generic,
                       intptr_t numLoops) {
  MlirContext context = mlirOperationGetContext(chain->product);
  const intptr_t outputs = 0;
  for (intptr_t i = 0; i < chain->numFactors; ++i)
    addOperand(generic, chain->factors[i],
               amsMapOfDims(context, numLoops, 1, &outputs));
}

static MlirValue toFloat(const AmsBuilder *builder, MlirValue value) {
  return amsBuildValue(builder, "arith.truncf", 1, &value,
                       mlirF32TypeGet(builder->context), 0, NULL);
}

/* How many followers are to be folded, found in a body that is thrown away. */
static size_t countFolded(const Chain *chain) {
  AmsBuilder builder = amsBuilderBefore(chain->product);
  AmsGeneric scratch = {.numOperands = 0};
  addFactors(chain, &scratch, 1);
  amsGenericBegin(&scratch, &builder);
  Line line;
  size_t count = buildLines(chain, &scratch, 0, &line);
  mlirBlockDestroy(scratch.body);
  return count;
}

/* The weights, each output's multiplied by its scale. */
static MlirValue scaleWeights(const AmsBuilder *builder, const Chain *chain) {
  MlirValue weights = mlirOperationGetOperand(chain->product, 1);
  MlirType type = mlirValueGetType(weights);
  intptr_t rank = mlirShapedTypeGetRank(type);
  MlirAffineMap identity =
      mlirAffineMapMultiDimIdentityGet(builder->context, rank);
  AmsGeneric generic = {.numOperands = 0};
  addOperand(&generic, weights, identity);
  addFactors(chain, &generic, rank);
  addOperand(&generic, amsBuildEmpty(builder, type), identity);
  amsGenericBegin(&generic, builder);
  Line line;
  buildLines(chain, &generic, 1, &line);
  MlirValue element = amsGenericElement(&generic, 0);
  element = amsBuildValue(&generic.builder, "arith.extf", 1, &element,
                          mlirF64TypeGet(builder->context), 0, NULL);
  element =
      amsScalarBinary(&generic.builder, "arith.mulf", element, line.scale);
  return mlirOperationGetResult(
      amsGenericEnd(&generic, builder, toFloat(&generic.builder, element)), 0);
}

/* `value` plus each output's offset, if there are any. */
static MlirValue addOffsets(const AmsBuilder *builder, const Chain *chain,
                            MlirValue value) {
  MlirType type = amsTensorF32(builder->context, 1, &chain->outputs);
  AmsGeneric generic = {.numOperands = 0};
  addFactors(chain, &generic, 1);
  addOperand(&generic, amsBuildEmpty(builder, type),
             mlirAffineMapMultiDimIdentityGet(builder->context, 1));
  amsGenericBegin(&generic, builder);
  Line line;
  buildLines(chain, &generic, 0, &line);
  if (mlirValueIsNull(line.offset)) {
    mlirBlockDestroy(generic.body);
    return value;
  }
  MlirOperation offsets =
      amsGenericEnd(&generic, builder, toFloat(&generic.builder, line.offset));
  return amsBuildAddBias(builder, value, mlirOperationGetResult(offsets, 0));
}

/* Erases the followers, and the reshapes between them and the product. */
static void eraseFollowers(const Chain *chain) {
  for (size_t i = chain->numFollowers; i-- > 0;) {
    const AmsFollower *follower = &chain->followers[i];
    MlirOperation until = i ? chain->followers[i - 1].op : chain->product;
    MlirValue value = mlirOperationGetOperand(follower->op, follower->number);
    mlirOperationDestroy(follower->op);
    for (MlirOperation op = amsDefiningOp(value);
         !mlirOperationEqual(op, until); op = amsDefiningOp(value)) {
      value = mlirOperationGetOperand(op, 0);
      mlirOperationDestroy(op);
    }
  }
}

/* Brings the factors in front of the product, as vectors [N]. */
static void bringFactors(const AmsBuilder *builder, Chain *chain) {
  for (intptr_t i = 0; i < chain->numFactors; ++i) {
    moveBefore(chain->factors[i], chain->product);
    chain->factors[i] =
        amsBuildReshape(builder, chain->factors[i], 1, &chain->outputs);
  }
}

void amsFoldArguments(MlirOperation product) {
  MlirType type = mlirValueGetType(mlirOperationGetResult(product, 0));
  Chain chain = {.product = product,
                 .outputs = mlirShapedTypeGetDimSize(
                     type, mlirShapedTypeGetRank(type) - 1)};
  while (readFollower(&chain))
    ;
  chain.numFollowers = countFolded(&chain);
  if (chain.numFollowers == 0)
    return;
  AmsBuilder builder = amsBuilderBefore(product);
  bringFactors(&builder, &chain);
  mlirOperationSetOperand(product, 1, scaleWeights(&builder, &chain));
  const AmsFollower *last = &chain.followers[chain.numFollowers - 1];
  builder.before = last->op;
  MlirValue value =
      addOffsets(&builder, &chain, mlirOperationGetResult(product, 0));
  value = amsBuildReshape(&builder, value, last->rank, last->shape);
  mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(last->op, 0), value);
  eraseFollowers(&chain);
}
