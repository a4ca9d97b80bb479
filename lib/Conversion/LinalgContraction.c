/*===-- LinalgContraction.c - Contractions to layers -------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Products of matrices and vectors of any layout, in batches or not: with    *|
|* constant weights, with a batch of them, or of two activations.             *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Constant.h"
#include "Function.h"
#include "LinalgToAMS.h"

/* A contraction's loops by the operands that they index. */
typedef struct Contraction {
  AmsLinalgOperand lhs, rhs, result;
  AmsLoops batch, m, n, k;
} Contraction;

/* Sorts `numLoops` loops; why that cannot be, or NULL. */
static const char *sortLoops(Contraction *c, intptr_t numLoops) {
  c->batch.size = c->m.size = c->n.size = c->k.size = 0;
  for (int64_t loop = 0; loop < numLoops; ++loop) {
    bool inLhs = amsFindLoop(&c->lhs, loop) >= 0,
         inRhs = amsFindLoop(&c->rhs, loop) >= 0,
         inResult = amsFindLoop(&c->result, loop) >= 0;
    AmsLoops *loops = inLhs && inRhs      ? (inResult ? &c->batch : &c->k)
                      : inResult && inLhs ? &c->m
                      : inResult && inRhs ? &c->n
                                          : NULL;
    if (!loops)
      return "a loop indexes one operand alone, or the result alone";
    loops->loop[loops->size++] = loop;
  }
  return NULL;
}

/* Follows copies of an operand to what they copy, as far as the loops can then
 * still be sorted: weights that are repeated for each matrix of a batch are
 * shared by it. */
static void skipCopies(Contraction *c, AmsLinalgOperand *operand,
                       intptr_t numLoops) {
  AmsLinalgOperand before = *operand;
  while (amsSkipCopy(operand)) {
    if (sortLoops(c, numLoops)) {
      *operand = before;
      return;
    }
    before = *operand;
  }
}

/* y^T = x^T W^T: the left side becomes the right. */
static void swapSides(Contraction *c) {
  AmsLinalgOperand operand = c->lhs;
  AmsLoops loops = c->m;
  c->lhs = c->rhs, c->rhs = operand;
  c->m = c->n, c->n = loops;
}

/* The orders in which operands and result hold the loops. */
typedef struct Orders {
  int64_t lhs[AMS_MAX_RANK], rhs[AMS_MAX_RANK];
  AmsLoops result;
} Orders;

/* False where an operand holds others than `left` or `right` and k. */
static bool findOrders(const Contraction *c, AmsLoops left, AmsLoops right,
                       Orders *orders) {
  int64_t result[AMS_MAX_RANK];
  amsAppendLoops(&left, &c->k);
  amsAppendLoops(&right, &c->k);
  return amsFindPermutation(&c->lhs, &left, orders->lhs) &&
         amsFindPermutation(&c->rhs, &right, orders->rhs) &&
         amsFindPermutation(&c->result, &orders->result, result);
}

static AmsLoops join(const AmsLoops *a, const AmsLoops *b) {
  AmsLoops loops = *a;
  amsAppendLoops(&loops, b);
  return loops;
}

/* Samples of the batch that the model computes: the leading dimension of the
 * first argument of the function around `op`; 1 where there is none. */
static int64_t countSamples(MlirOperation op) {
  MlirOperation function = amsFunctionAround(op);
  if (mlirOperationIsNull(function))
    return 1;
  MlirBlock entry = amsFunctionBody(function);
  if (mlirBlockGetNumArguments(entry) == 0)
    return 1;
  int64_t shape[AMS_MAX_RANK];
  MlirType type = mlirValueGetType(mlirBlockGetArgument(entry, 0));
  return amsIsStaticF32(type) && amsGetShape(type, AMS_MAX_RANK, shape) > 0
             ? shape[0]
             : 1;
}

/* A matrix of weights for each matrix of the batch: groups of a convolution of
 * single pixels, whose channels are the batch's reductions side by side. */
static MlirValue buildGrouped(const AmsLayerConversion *conversion,
                              const AmsBuilder *builder, const Contraction *c,
                              const Orders *orders, int64_t b, int64_t m,
                              int64_t n, int64_t k) {
  AmsWindow window = {{1, 1}, {1, 1}, {0}, {1, 1}, b};
  MlirValue ins[2] = {
      amsArrange(builder, &c->lhs, orders->lhs, 4, (int64_t[]){m, 1, 1, b * k}),
      amsArrange(builder, &c->rhs, orders->rhs, 4,
                 (int64_t[]){b * n, 1, 1, k})};
  return amsBuildLayer(conversion, builder, "ams.conv", ins, 4,
                       (int64_t[]){m, 1, 1, b * n}, &window);
}

const char *amsConvertContraction(AmsLayerConversion *conversion,
                                  MlirOperation op) {
  Contraction c;
  if (!amsReadLinalgOperand(op, 0, &c.lhs) ||
      !amsReadLinalgOperand(op, 1, &c.rhs) ||
      !amsReadLinalgOperand(op, 2, &c.result))
    return "its operands are not float32 tensors of static shape";
  if (!amsIsMultiplyAdd(op))
    return "its body is not one multiplication and one addition";
  if (!amsHasElements(&c.lhs) || !amsHasElements(&c.rhs) ||
      !amsHasElements(&c.result))
    return "its operands hold no elements";
  intptr_t numLoops = mlirAffineMapGetNumDims(c.result.map);
  const char *unsorted = sortLoops(&c, numLoops);
  if (unsorted)
    return unsorted;
  skipCopies(&c, &c.lhs, numLoops);
  skipCopies(&c, &c.rhs, numLoops);
  sortLoops(&c, numLoops);

  bool weights = amsIsWeights(c.rhs.value);
  if (!weights && amsIsWeights(c.lhs.value)) {
    swapSides(&c);
    weights = true;
  }
  int64_t sizeB = amsLoopsSize(&c.lhs, &c.batch),
          sizeM = amsLoopsSize(&c.lhs, &c.m),
          sizeN = amsLoopsSize(&c.rhs, &c.n),
          sizeK = amsLoopsSize(&c.lhs, &c.k);
  const char *kept = amsKeepDigital(
      conversion, (const int64_t[]){sizeB, sizeM, sizeN, sizeK}, 4);
  if (kept)
    return kept;
  /* Where samples do not share the vectors, the batch is theirs, not of
   * matrices of weights (N3). */
  bool grouped = weights && sizeB > 1 && sizeM % countSamples(op) == 0;
  weights = weights && sizeB == 1;
  AmsLoops left = grouped ? join(&c.m, &c.batch) : join(&c.batch, &c.m),
           right = join(&c.batch, &c.n);
  Orders orders = {.result = join(&left, &c.n)};
  if (!findOrders(&c, left, right, &orders))
    return "its operands are not indexed by plain loops";

  AmsBuilder builder = amsBuilderBefore(op);
  MlirValue value;
  if (grouped) {
    value = buildGrouped(conversion, &builder, &c, &orders, sizeB, sizeM, sizeN,
                         sizeK);
  } else if (weights) {
    MlirValue ins[2] = {
        amsArrange(&builder, &c.lhs, orders.lhs, 2, (int64_t[]){sizeM, sizeK}),
        amsArrange(&builder, &c.rhs, orders.rhs, 2, (int64_t[]){sizeN, sizeK})};
    value = amsBuildLayer(conversion, &builder, "ams.matmul", ins, 2,
                          (int64_t[]){sizeM, sizeN}, NULL);
  } else {
    MlirValue ins[2] = {amsArrange(&builder, &c.lhs, orders.lhs, 3,
                                   (int64_t[]){sizeB, sizeM, sizeK}),
                        amsArrange(&builder, &c.rhs, orders.rhs, 3,
                                   (int64_t[]){sizeB, sizeN, sizeK})};
    value = amsBuildLayer(conversion, &builder, "ams.batch_matmul", ins, 3,
                          (int64_t[]){sizeB, sizeM, sizeN}, NULL);
  }
  amsFinishLayer(&builder, op, value, &c.result, &orders.result);
  return NULL;
}
