//===-- ShapeArithmetic.c - Shape, Gather and Concat of sizes ----*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Models with a symbolic batch compute the shapes that they reshape to. All
// shapes are static here, so this is integer arithmetic done at import.
//
//===----------------------------------------------------------------------===//

#include "Node.h"
#include "Operators.h"

#include <inttypes.h>

/* Lists that shapes are made of are short. */
enum { MostIntegers = 64 };

static AmsImportValue *integers(AmsImport *import, const AmsImportNode *node,
                                int rank, int count, const int64_t *elements) {
  AmsImportShape shape = {.rank = rank, .dims = {count}};
  return amsImportNewConstant(import, node->name, &shape,
                              ONNX__TENSOR_PROTO__DATA_TYPE__INT64, elements);
}

/* A position in a list that may count from its end, moved into the list. */
static int clampPosition(int64_t position, int count) {
  position = position < 0 ? position + count : position;
  return (int)(position < 0 ? 0 : position > count ? count : position);
}

AmsImportValue *amsImportShapeNode(AmsImport *import,
                                   const AmsImportNode *node) {
  int64_t start, end;
  if (!amsImportHasInput(node, 0))
    return amsImportError(import, "input 0 is missing");
  const AmsImportShape *shape = &node->inputs[0]->shape;
  if (!amsImportInt(import, node, "start", 0, &start) ||
      !amsImportInt(import, node, "end", shape->rank, &end))
    return NULL;
  int first = clampPosition(start, shape->rank);
  int past = clampPosition(end, shape->rank);
  return integers(import, node, 1, past > first ? past - first : 0,
                  shape->dims + first);
}

/* Whether an input is a constant of one dimension at most, of integers. */
static bool isShort(const AmsImportNode *node, size_t index) {
  const AmsImportValue *value =
      amsImportHasInput(node, index) ? node->inputs[index] : NULL;
  return value && value->constant && amsImportIsInteger(value) &&
         value->shape.rank <= 1;
}

AmsImportValue *amsImportGather(AmsImport *import, const AmsImportNode *node) {
  if (!isShort(node, 0) || !isShort(node, 1))
    return amsImportGatherRows(import, node);
  int64_t list[MostIntegers], indices[MostIntegers], gathered[MostIntegers];
  int listCount, indexCount;
  if (!amsImportInputInts(import, node, 0, MostIntegers, list, &listCount) ||
      !amsImportInputInts(import, node, 1, MostIntegers, indices, &indexCount))
    return NULL;
  int rank = node->inputs[1]->shape.rank;
  if (node->inputs[0]->shape.rank != 1 || rank > 1)
    return amsImportError(import, "only elements of a list can be gathered");
  for (int i = 0; i < indexCount; ++i) {
    int64_t index = indices[i] < 0 ? indices[i] + listCount : indices[i];
    if (index < 0 || index >= listCount)
      return amsImportError(import, "there is no element %" PRId64 " among %d",
                            indices[i], listCount);
    gathered[i] = list[index];
  }
  return integers(import, node, rank, indexCount, gathered);
}

AmsImportValue *amsImportConcat(AmsImport *import, const AmsImportNode *node) {
  int64_t joined[MostIntegers];
  int total = 0;
  for (size_t i = 0; i < node->inputCount; ++i) {
    int count;
    if (!amsImportInputInts(import, node, i, MostIntegers - total,
                            joined + total, &count))
      return NULL;
    if (node->inputs[i]->shape.rank != 1)
      return amsImportError(import, "only lists of integers can be joined");
    total += count;
  }
  return integers(import, node, 1, total, joined);
}
