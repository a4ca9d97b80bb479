//===-- Shaping.c - Reshape, Transpose, Expand and the like ----------*- C
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

#include <inttypes.h>

/* An input of any type; a constant may be empty. */
static AmsImportValue *shapeable(AmsImport *import, const AmsImportNode *node) {
  return amsImportHasInput(node, 0) && node->inputs[0]->constant
             ? node->inputs[0]
             : amsImportAnyInput(import, node, 0);
}

AmsImportValue *amsImportFlatten(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *value = shapeable(import, node);
  int64_t axis;
  if (!value || !amsImportInt(import, node, "axis", 1, &axis))
    return NULL;
  int rank = value->shape.rank;
  if (axis < -rank || axis > rank)
    return amsImportError(
        import, "there is no axis %" PRId64 " among %d dimensions", axis, rank);
  axis = axis < 0 ? axis + rank : axis;
  AmsImportShape shape = {.rank = 2, .dims = {1, 1}};
  for (int i = 0; i < rank; ++i)
    shape.dims[i < axis ? 0 : 1] *= value->shape.dims[i];
  return amsImportReshaped(import, value, &shape);
}

static AmsImportValue *misfit(AmsImport *import, const AmsImportValue *value,
                              const AmsImportShape *target) {
  char from[AmsImportShapeTextSize], to[AmsImportShapeTextSize];
  return amsImportError(import, "a value of shape %s cannot become %s",
                        amsImportShapeText(&value->shape, from),
                        amsImportShapeText(target, to));
}

AmsImportValue *amsImportReshape(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *value = shapeable(import, node);
  AmsImportShape target = {.rank = 0};
  int64_t allowZero;
  if (!value ||
      !amsImportInputInts(import, node, 1, AmsImportMaxRank, target.dims,
                          &target.rank) ||
      !amsImportInt(import, node, "allowzero", 0, &allowZero))
    return NULL;
  int inferred = -1;
  AmsImportShape shape = target;
  for (int i = 0; i < shape.rank; ++i) {
    if (shape.dims[i] == 0 && !allowZero && i < value->shape.rank)
      shape.dims[i] = value->shape.dims[i];
    if (shape.dims[i] != -1)
      continue;
    if (inferred >= 0)
      return misfit(import, value, &target);
    inferred = i;
    shape.dims[i] = 1;
  }
  int64_t count = 0, known = 0;
  if (!amsImportShapeCount(&value->shape, &count) ||
      !amsImportShapeCount(&shape, &known))
    return misfit(import, value, &target);
  if (inferred >= 0) {
    if (known == 0 || count % known != 0)
      return misfit(import, value, &target);
    shape.dims[inferred] = count / known;
    known = count;
  }
  return known == count ? amsImportReshaped(import, value, &shape)
                        : misfit(import, value, &target);
}

/* Marks axes among `rank` dimensions, each at most once. */
static bool markAxes(AmsImport *import, int rank, int count,
                     const int64_t *axes, bool *isAxis) {
  for (int i = 0; i < rank; ++i)
    isAxis[i] = false;
  for (int i = 0; i < count; ++i) {
    int axis;
    if (!amsImportAxis(import, axes[i], rank, &axis))
      return false;
    if (isAxis[axis])
      return amsImportError(import, "axis %d is given twice", axis);
    isAxis[axis] = true;
  }
  return true;
}

/* The axes of Squeeze and Unsqueeze: an input since opset 13, an attribute
 * before. */
static bool readAxes(AmsImport *import, const AmsImportNode *node,
                     int64_t *axes, int *count) {
  return amsImportHasInput(node, 1)
             ? amsImportInputInts(import, node, 1, AmsImportMaxRank, axes,
                                  count)
             : amsImportInts(import, node, "axes", AmsImportMaxRank, axes,
                             count);
}

AmsImportValue *amsImportSqueeze(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *value = shapeable(import, node);
  int64_t axes[AmsImportMaxRank];
  int count;
  bool isAxis[AmsImportMaxRank];
  if (!value || !readAxes(import, node, axes, &count) ||
      !markAxes(import, value->shape.rank, count, axes, isAxis))
    return NULL;
  AmsImportShape shape = {.rank = 0};
  for (int i = 0; i < value->shape.rank; ++i) {
    int64_t dim = value->shape.dims[i];
    if (isAxis[i] && dim != 1)
      return amsImportError(
          import, "axis %d has %" PRId64 " elements; only 1 can be squeezed", i,
          dim);
    if (count == 0 ? dim != 1 : !isAxis[i])
      shape.dims[shape.rank++] = dim;
  }
  return amsImportReshaped(import, value, &shape);
}

AmsImportValue *amsImportUnsqueeze(AmsImport *import,
                                   const AmsImportNode *node) {
  AmsImportValue *value = shapeable(import, node);
  int64_t axes[AmsImportMaxRank];
  int count;
  bool isAxis[AmsImportMaxRank];
  if (!value || !readAxes(import, node, axes, &count))
    return NULL;
  int rank = value->shape.rank + count;
  if (rank > AmsImportMaxRank)
    return amsImportError(import, "the result has more than %d dimensions",
                          AmsImportMaxRank);
  if (!markAxes(import, rank, count, axes, isAxis))
    return NULL;
  AmsImportShape shape = {.rank = rank};
  for (int i = 0, next = 0; i < rank; ++i)
    shape.dims[i] = isAxis[i] ? 1 : value->shape.dims[next++];
  return amsImportReshaped(import, value, &shape);
}

AmsImportValue *amsImportTranspose(AmsImport *import,
                                   const AmsImportNode *node) {
  AmsImportValue *value = amsImportAnyInput(import, node, 0);
  int64_t entries[AmsImportMaxRank];
  int permutation[AmsImportMaxRank];
  int count;
  if (!value ||
      !amsImportInts(import, node, "perm", AmsImportMaxRank, entries, &count))
    return NULL;
  int rank = value->shape.rank;
  if (!amsImportHasAttribute(node, "perm"))
    for (count = 0; count < rank; ++count)
      entries[count] = rank - 1 - count;
  bool isTaken[AmsImportMaxRank] = {false};
  for (int i = 0; i < count; ++i) {
    if (count != rank || entries[i] < 0 || entries[i] >= rank ||
        isTaken[entries[i]])
      return amsImportError(import,
                            "attribute 'perm' is not a permutation of "
                            "%d dimensions",
                            rank);
    isTaken[entries[i]] = true;
    permutation[i] = (int)entries[i];
  }
  if (count != rank)
    return amsImportError(import,
                          "attribute 'perm' is not a permutation of %d "
                          "dimensions",
                          rank);
  return amsImportTransposed(import, value, permutation);
}

/* Both shapes broadcast to the result's. */
AmsImportValue *amsImportExpand(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *value = amsImportAnyInput(import, node, 0);
  AmsImportShape target = {.rank = 0};
  if (!value || !amsImportInputInts(import, node, 1, AmsImportMaxRank,
                                    target.dims, &target.rank))
    return NULL;
  AmsImportShape shape =
      target.rank > value->shape.rank ? target : value->shape;
  for (int i = 1; i <= target.rank && i <= value->shape.rank; ++i) {
    int64_t from = value->shape.dims[value->shape.rank - i];
    int64_t to = target.dims[target.rank - i];
    if (from != to && from != 1 && to != 1)
      return misfit(import, value, &target);
    shape.dims[shape.rank - i] = from == 1 ? to : from;
  }
  return amsImportRepeat(import, value, &shape);
}
