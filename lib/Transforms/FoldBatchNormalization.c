/*===-- FoldBatchNormalization.c - Scales into weights -----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What follows a product and is a * y + b of each output, with a and b known *|
|* when compiling, is computed symbolically; a goes into the weights, b       *|
|* becomes a bias. What depends on arguments is folded by FoldArguments.c.    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Constant.h"
#include "FoldArguments.h"
#include "Follower.h"
#include "Generic.h"
#include "Layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* scale * y + offset, in float64. */
typedef struct Line {
  double scale, offset;
} Line;

enum { MAX_STEPS = 32, MAX_INPUTS = 8, MAX_ERASED = 64 };

/* A follower's inputs as constants: `elements` holds one or one an output. */
typedef struct Inputs {
  float *elements[MAX_INPUTS];
  bool perOutput[MAX_INPUTS];
} Inputs;

//===----------------------------------------------------------------------===//
// Evaluating a body
//===----------------------------------------------------------------------===//

/* The body of a follower with what its values are for one output. */
typedef struct Evaluation {
  const AmsFollower *follower;
  const Inputs *inputs;
  int64_t output;
  int numSteps;
  MlirValue values[MAX_STEPS];
  Line lines[MAX_STEPS];
} Evaluation;

static bool findLine(const Evaluation *e, MlirValue value, Line *line) {
  if (mlirValueIsABlockArgument(value)) {
    intptr_t i = mlirBlockArgumentGetArgNumber(value);
    if (!mlirBlockEqual(mlirBlockArgumentGetOwner(value), e->follower->body) ||
        i >= MAX_INPUTS)
      return false;
    const float *elements = e->inputs->elements[i];
    if (i != e->follower->number && !elements)
      return false;
    *line = i == e->follower->number
                ? (Line){1, 0}
                : (Line){0, elements[e->inputs->perOutput[i] ? e->output : 0]};
    return true;
  }
  MlirOperation op = amsDefiningOp(value);
  if (amsIsOp(op, "arith.constant")) {
    MlirAttribute attr = amsGetAttr(op, "value");
    if (!mlirAttributeIsAFloat(attr))
      return false;
    *line = (Line){0, mlirFloatAttrGetValueDouble(attr)};
    return true;
  }
  for (int i = 0; i < e->numSteps; ++i)
    if (mlirValueEqual(e->values[i], value)) {
      *line = e->lines[i];
      return true;
    }
  return false;
}

/* Evaluates an operation of two lines; false where the result is none. */
static bool combine(MlirOperation op, Line a, Line b, Line *result) {
  if (amsIsOp(op, "arith.addf"))
    *result = (Line){a.scale + b.scale, a.offset + b.offset};
  else if (amsIsOp(op, "arith.subf"))
    *result = (Line){a.scale - b.scale, a.offset - b.offset};
  else if (amsIsOp(op, "arith.mulf") && a.scale == 0)
    *result = (Line){a.offset * b.scale, a.offset * b.offset};
  else if (amsIsOp(op, "arith.mulf") && b.scale == 0)
    *result = (Line){a.scale * b.offset, a.offset * b.offset};
  else if (amsIsOp(op, "arith.divf") && b.scale == 0)
    *result = (Line){a.scale / b.offset, a.offset / b.offset};
  else
    return false;
  return true;
}

/* The same for one operand. */
static bool convert(MlirOperation op, Line a, Line *result) {
  if (amsIsOp(op, "arith.negf"))
    *result = (Line){-a.scale, -a.offset};
  else if (amsIsOp(op, "arith.truncf") || amsIsOp(op, "arith.extf"))
    *result = a;
  else if (amsIsOp(op, "math.sqrt") && a.scale == 0)
    *result = (Line){0, sqrt(a.offset)};
  else if (amsIsOp(op, "math.rsqrt") && a.scale == 0)
    *result = (Line){0, 1 / sqrt(a.offset)};
  else
    return false;
  return true;
}

/* What the follower does to output `output`; false where it is no line. */
static bool evaluate(const AmsFollower *follower, const Inputs *inputs,
                     int64_t output, Line *line) {
  Evaluation e = {.follower = follower, .inputs = inputs, .output = output};
  MlirOperation yield = mlirBlockGetTerminator(follower->body);
  for (MlirOperation op = mlirBlockGetFirstOperation(follower->body);
       !mlirOperationEqual(op, yield); op = mlirOperationGetNextInBlock(op)) {
    intptr_t count = mlirOperationGetNumOperands(op);
    Line a, b = {0, 0}, result;
    if (amsIsOp(op, "arith.constant"))
      continue;
    if (count < 1 || count > 2 || e.numSteps == MAX_STEPS ||
        !findLine(&e, mlirOperationGetOperand(op, 0), &a) ||
        (count == 2 && !findLine(&e, mlirOperationGetOperand(op, 1), &b)) ||
        !(count == 2 ? combine(op, a, b, &result) : convert(op, a, &result)))
      return false;
    e.values[e.numSteps] = mlirOperationGetResult(op, 0);
    e.lines[e.numSteps++] = result;
  }
  return findLine(&e, mlirOperationGetOperand(yield, 0), line);
}

//===----------------------------------------------------------------------===//
// The chain behind a product
//===----------------------------------------------------------------------===//

/* Operations behind a product that are a line of each output together. */
typedef struct Chain {
  int64_t outputs;
  Line *lines;      /* of what was read so far */
  Line *folded;     /* of what ends with a scale */
  AmsFollower last; /* which ends that */
  MlirOperation erased[MAX_ERASED];
  size_t numRead, numErased; /* operations of either */
} Chain;

static void freeInputs(Inputs *inputs) {
  for (int i = 0; i < MAX_INPUTS; ++i)
    free(inputs->elements[i]);
}

/* Evaluates the inputs beside the product; false where one is no constant that
 * is one number or one an output. */
static bool readInputs(const AmsFollower *follower, Inputs *inputs) {
  intptr_t count = mlirOperationGetNumOperands(follower->op) - 1;
  if (count > MAX_INPUTS)
    return false;
  for (intptr_t i = 0; i < count; ++i) {
    if (i == follower->number)
      continue;
    MlirValue value;
    AmsSpread spread = amsInputSpread(follower, i, &value);
    if ((spread != AmsSpreadScalar && spread != AmsSpreadOutputs) ||
        !amsIsConstant(value))
      return false;
    inputs->perOutput[i] = spread == AmsSpreadOutputs;
    inputs->elements[i] = amsEvaluateConstant(value);
    if (!inputs->elements[i])
      return false;
  }
  return true;
}

/* Appends the operations from `after` to the follower's to those read. */
static bool appendRead(Chain *chain, MlirOperation after,
                       const AmsFollower *follower) {
  MlirValue value = mlirOperationGetOperand(follower->op, follower->number);
  size_t first = chain->numRead;
  chain->erased[chain->numRead++] = follower->op;
  for (MlirOperation op = amsDefiningOp(value);
       !mlirOperationEqual(op, after) && chain->numRead < MAX_ERASED;
       op = amsDefiningOp(mlirOperationGetOperand(op, 0)))
    chain->erased[chain->numRead++] = op;
  /* In the order in which they stand. */
  for (size_t i = first, j = chain->numRead - 1; i < j; ++i, --j) {
    MlirOperation op = chain->erased[i];
    chain->erased[i] = chain->erased[j];
    chain->erased[j] = op;
  }
  return chain->numRead + AMS_MAX_RANK < MAX_ERASED;
}

/* Adds a follower to the chain; false where it is no line. */
static bool addFollower(Chain *chain, MlirOperation after,
                        const AmsFollower *follower) {
  Inputs inputs = {{NULL}, {false}};
  bool ok = readInputs(follower, &inputs), scales = false;
  for (int64_t i = 0; i < chain->outputs && ok; ++i) {
    Line line, *before = &chain->lines[i];
    ok = evaluate(follower, &inputs, i, &line);
    if (!ok)
      break;
    scales |= line.scale != 1;
    *before = (Line){line.scale * before->scale,
                     line.scale * before->offset + line.offset};
  }
  freeInputs(&inputs);
  ok = ok && appendRead(chain, after, follower);
  if (ok && (scales || chain->numErased)) {
    memcpy(chain->folded, chain->lines, (size_t)chain->outputs * sizeof(Line));
    chain->last = *follower;
    chain->numErased = chain->numRead;
  }
  return ok;
}

/* Reads what follows `product` as far as it is a line. */
static void readChain(MlirOperation product, Chain *chain) {
  MlirType type = mlirValueGetType(mlirOperationGetResult(product, 0));
  chain->outputs =
      mlirShapedTypeGetDimSize(type, mlirShapedTypeGetRank(type) - 1);
  MlirOperation after = product;
  AmsFollower follower;
  if (!amsFindFollower(after, &follower))
    return;
  chain->lines = amsAllocate((size_t)chain->outputs, sizeof(Line));
  chain->folded = amsAllocate((size_t)chain->outputs, sizeof(Line));
  for (int64_t i = 0; i < chain->outputs; ++i)
    chain->lines[i] = (Line){1, 0};
  while (amsFindFollower(after, &follower)) {
    follower.product = product; /* whose outputs are counted */
    if (!addFollower(chain, after, &follower))
      return;
    after = follower.op;
  }
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/* The weights, each output's scaled; null where one is then not finite. */
static MlirAttribute scaleWeights(const Chain *chain, MlirValue weights) {
  MlirType type = mlirValueGetType(weights);
  int64_t size = amsNumElements(type) / chain->outputs;
  float *elements = amsEvaluateConstant(weights);
  bool finite = elements;
  for (int64_t i = 0; i < chain->outputs && finite; ++i)
    for (int64_t k = 0; k < size; ++k) {
      float *w = &elements[i * size + k];
      *w = (float)(*w * chain->folded[i].scale);
      finite &= isfinite(*w) != 0;
    }
  if (finite)
    return amsResourceAttr(type, "folded", elements,
                           (size_t)amsNumElements(type) * sizeof(float));
  free(elements);
  return mlirAttributeGetNull();
}

static MlirValue buildConstant(const AmsBuilder *builder,
                               MlirAttribute elements) {
  MlirNamedAttribute value = amsNamed(builder->context, "value", elements);
  return amsBuildValue(builder, "arith.constant", 0, NULL,
                       mlirAttributeGetType(elements), 1, &value);
}

/* `value` plus the chain's offsets, unless all are zero. */
static MlirValue addOffsets(const AmsBuilder *builder, const Chain *chain,
                            MlirValue value) {
  size_t size = (size_t)chain->outputs * sizeof(float);
  float *offsets = amsAllocate((size_t)chain->outputs, sizeof(float));
  bool any = false;
  for (int64_t i = 0; i < chain->outputs; ++i) {
    offsets[i] = (float)chain->folded[i].offset;
    any |= offsets[i] != 0;
  }
  if (!any) {
    free(offsets);
    return value;
  }
  MlirType type = amsTensorF32(builder->context, 1, &chain->outputs);
  return amsBuildAddBias(
      builder, value,
      buildConstant(builder, amsResourceAttr(type, "bias", offsets, size)));
}

/* Why a scale stays apart; NULL after it was folded. */
static const char *fold(MlirOperation product, const Chain *chain) {
  if (amsIsOp(product, "ams.batch_matmul"))
    return "the layer multiplies two activations";
  MlirValue weights = mlirOperationGetOperand(product, 1);
  if (!amsIsConstant(weights))
    return "its weights are no constant";
  MlirAttribute scaled = scaleWeights(chain, weights);
  if (mlirAttributeIsNull(scaled))
    return "a weight would not be finite";
  AmsBuilder builder = amsBuilderBefore(product);
  mlirOperationSetOperand(product, 1, buildConstant(&builder, scaled));
  builder.before = chain->last.op;
  MlirValue value =
      addOffsets(&builder, chain, mlirOperationGetResult(product, 0));
  value = amsBuildReshape(&builder, value, chain->last.rank, chain->last.shape);
  mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(chain->last.op, 0),
                                value);
  for (size_t i = chain->numErased; i-- > 0;)
    mlirOperationDestroy(chain->erased[i]);
  return NULL;
}

static bool isLayer(MlirOperation op) {
  return amsIsTensorProduct(op) && amsIsFloatProduct(op) &&
         mlirAttributeIsNull(amsGetAttr(op, "epilogue"));
}

MlirLogicalResult
amsFoldBatchNormalization(MlirOperation module,
                          const AmsFoldBatchNormalizationOptions *options) {
  AmsOpList products = amsCollectOps(module, isLayer);
  for (size_t i = 0; i < products.size; ++i) {
    MlirOperation product = products.ops[i];
    if (options->arguments && !amsIsOp(product, "ams.batch_matmul") &&
        !amsIsConstant(mlirOperationGetOperand(product, 1))) {
      amsFoldArguments(product);
      continue;
    }
    Chain chain = {0};
    readChain(product, &chain);
    const char *reason = chain.numErased ? fold(product, &chain) : NULL;
    if (reason) {
      char *layer = amsLayerName(product);
      amsEmitRemark(mlirOperationGetLocation(chain.last.op),
                    "is not folded into the weights of layer \"%s\": %s", layer,
                    reason);
      free(layer);
    }
    free(chain.lines);
    free(chain.folded);
  }
  amsOpListFree(&products);
  return mlirLogicalResultSuccess();
}
