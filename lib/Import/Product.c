//===-- Product.c - Gemm and MatMul ----------------------------------*- C
//-*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Digital.h"
#include "Node.h"
#include "Operators.h"

static const int swapped[] = {1, 0};

static AmsImportValue *misfit(AmsImport *import, const AmsImportValue *left,
                              const AmsImportValue *right) {
  char leftText[AmsImportShapeTextSize], rightText[AmsImportShapeTextSize];
  return amsImportError(import, "the shapes %s and %s cannot be multiplied",
                        amsImportShapeText(&left->shape, leftText),
                        amsImportShapeText(&right->shape, rightText));
}

/* linalg.matmul of [M, K] and [K, N], or linalg.batch_matmul of as many. */
static AmsImportValue *multiply(AmsImport *import, const AmsImportNode *node,
                                AmsImportValue *left, AmsImportValue *right) {
  int rank = left->shape.rank;
  AmsImportShape shape = left->shape;
  shape.dims[rank - 1] = right->shape.dims[rank - 1];
  if (!amsImportCheckShape(import, &shape))
    return NULL;
  MlirValue leftValue = amsImportInForm(import, left, AmsImportRowMajor);
  MlirValue rightValue = amsImportInForm(import, right, AmsImportRowMajor);
  MlirValue init = amsImportBuildFill(&import->builder, &shape, 0.0f);
  return amsImportComputed(
      import, AmsImportRowMajor,
      amsImportBuildNamed(&import->builder,
                          rank == 2 ? "linalg.matmul" : "linalg.batch_matmul",
                          leftValue, rightValue, init, 0, NULL, node->name));
}

AmsImportValue *amsImportGemm(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *left = amsImportInput(import, node, 0);
  AmsImportValue *right = amsImportInput(import, node, 1);
  float alpha, beta;
  int64_t transLeft, transRight;
  if (!left || !right || !amsImportFloat(import, node, "alpha", 1.0f, &alpha) ||
      !amsImportFloat(import, node, "beta", 1.0f, &beta) ||
      !amsImportInt(import, node, "transA", 0, &transLeft) ||
      !amsImportInt(import, node, "transB", 0, &transRight) ||
      !amsImportRequireRank(import, left, "input", 2) ||
      !amsImportRequireRank(import, right, "input", 2))
    return NULL;
  if (transLeft)
    left = amsImportTransposed(import, left, swapped);
  if (transRight)
    right = amsImportTransposed(import, right, swapped);
  if (!left || !right)
    return NULL;
  if (left->shape.dims[1] != right->shape.dims[0])
    return misfit(import, left, right);

  AmsImportValue *result = multiply(import, node, left, right);
  if (result && alpha != 1.0f)
    result = amsImportScaled(import, "arith.mulf", result, alpha);
  if (!result || !amsImportHasInput(node, 2))
    return result;

  AmsImportValue *addend = amsImportInput(import, node, 2);
  if (addend && beta != 1.0f)
    addend = amsImportScaled(import, "arith.mulf", addend, beta);
  if (!addend)
    return NULL;
  AmsImportShape shape = result->shape;
  result = amsImportBroadcastBinary(import, "arith.addf", result, addend);
  if (result && !amsImportShapeEqual(&result->shape, &shape))
    return amsImportError(import, "input 2 does not broadcast to the product");
  return result;
}

/* The product of all dimensions but the last two. */
static int64_t batchCount(const AmsImportShape *shape) {
  int64_t count = 1;
  for (int i = 0; i + 2 < shape->rank; ++i)
    count *= shape->dims[i];
  return count;
}

/* `value` with the dimensions before its last two replaced by `batch`'s. */
static AmsImportShape withBatch(const AmsImportShape *batch,
                                const AmsImportShape *value) {
  AmsImportShape shape = *batch;
  for (int i = 1; i <= 2; ++i)
    shape.dims[shape.rank - i] = value->dims[value->rank - i];
  return shape;
}

/* The common dimensions before the last two, with 1 x 1 after them. */
static bool commonBatch(AmsImport *import, const AmsImportValue *left,
                        const AmsImportValue *right, AmsImportShape *batch) {
  const AmsImportShape *a = &left->shape, *b = &right->shape;
  *batch = a->rank > b->rank ? *a : *b;
  for (int i = 3; i <= batch->rank; ++i) {
    int64_t x = i <= a->rank ? a->dims[a->rank - i] : 1;
    int64_t y = i <= b->rank ? b->dims[b->rank - i] : 1;
    if (x != y && x != 1 && y != 1)
      return misfit(import, left, right);
    batch->dims[batch->rank - i] = x == 1 ? y : x;
  }
  batch->dims[batch->rank - 1] = batch->dims[batch->rank - 2] = 1;
  return amsImportCheckShape(import, batch);
}

/* The product of two values of at least two dimensions each. */
static AmsImportValue *matMul(AmsImport *import, const AmsImportNode *node,
                              AmsImportValue *left, AmsImportValue *right) {
  int64_t rows = left->shape.dims[left->shape.rank - 2];
  int64_t depth = left->shape.dims[left->shape.rank - 1];
  int64_t columns = right->shape.dims[right->shape.rank - 1];
  AmsImportShape batch;
  if (depth != right->shape.dims[right->shape.rank - 2])
    return misfit(import, left, right);
  if (!commonBatch(import, left, right, &batch))
    return NULL;
  AmsImportShape result = batch;
  result.dims[result.rank - 2] = rows;
  result.dims[result.rank - 1] = columns;

  AmsImportShape leftShape, rightShape;
  if (batchCount(&right->shape) == 1) {
    // One matrix at the right: the left's batch is more of its rows.
    leftShape = amsImportShape(
        2, (const int64_t[]){batchCount(&left->shape) * rows, depth});
    rightShape = amsImportShape(2, (const int64_t[]){depth, columns});
  } else {
    leftShape = withBatch(&batch, &left->shape);
    rightShape = withBatch(&batch, &right->shape);
    left = amsImportRepeat(import, left, &leftShape);
    right = left ? amsImportRepeat(import, right, &rightShape) : NULL;
    if (!right)
      return NULL;
    int64_t count = batchCount(&batch);
    leftShape = amsImportShape(3, (const int64_t[]){count, rows, depth});
    rightShape = amsImportShape(3, (const int64_t[]){count, depth, columns});
  }
  left = amsImportReshaped(import, left, &leftShape);
  right = left ? amsImportReshaped(import, right, &rightShape) : NULL;
  AmsImportValue *product = right ? multiply(import, node, left, right) : NULL;
  return product ? amsImportReshaped(import, product, &result) : NULL;
}

AmsImportValue *amsImportMatMul(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *left = amsImportInput(import, node, 0);
  AmsImportValue *right = amsImportInput(import, node, 1);
  if (!left || !right)
    return NULL;
  if (left->shape.rank == 0 || right->shape.rank == 0)
    return misfit(import, left, right);
  // A vector is a row at the left and a column at the right; its dimension of 1
  // is not part of the result.
  bool isRow = left->shape.rank == 1, isColumn = right->shape.rank == 1;
  if (isRow)
    left = amsImportReshaped(
        import, left,
        &(AmsImportShape){.rank = 2, .dims = {1, left->shape.dims[0]}});
  if (left && isColumn)
    right = amsImportReshaped(
        import, right,
        &(AmsImportShape){.rank = 2, .dims = {right->shape.dims[0], 1}});
  AmsImportValue *product =
      left && right ? matMul(import, node, left, right) : NULL;
  if (!product || (!isRow && !isColumn))
    return product;
  AmsImportShape shape = {.rank = 0};
  int rank = product->shape.rank;
  for (int i = 0; i < rank; ++i)
    if (!(isRow && i == rank - 2) && !(isColumn && i == rank - 1))
      shape.dims[shape.rank++] = product->shape.dims[i];
  return amsImportReshaped(import, product, &shape);
}
