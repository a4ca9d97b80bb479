//===-- Reduction.c - ReduceMean, ReduceSum and Softmax --------------*- C
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

#include <math.h>

/* The axes of ReduceMean and ReduceSum: an input since opset 18 or 13, an
 * attribute before; all where none are given. */
static bool readAxes(AmsImport *import, const AmsImportNode *node, int rank,
                     bool *isReduced) {
  int64_t axes[AmsImportMaxRank];
  int64_t keepsAll;
  int count;
  bool isRead =
      amsImportHasInput(node, 1)
          ? amsImportInputInts(import, node, 1, AmsImportMaxRank, axes, &count)
          : amsImportInts(import, node, "axes", AmsImportMaxRank, axes, &count);
  if (!isRead ||
      !amsImportInt(import, node, "noop_with_empty_axes", 0, &keepsAll))
    return false;
  for (int i = 0; i < rank; ++i)
    isReduced[i] = count == 0 && !keepsAll;
  for (int i = 0; i < count; ++i) {
    int axis;
    if (!amsImportAxis(import, axes[i], rank, &axis))
      return false;
    isReduced[axis] = true;
  }
  return true;
}

AmsImportValue *amsImportReduceSum(AmsImport *import,
                                   const AmsImportNode *node) {
  AmsImportValue *value = amsImportInput(import, node, 0);
  bool isReduced[AmsImportMaxRank];
  int64_t keepsDims;
  if (!value || !readAxes(import, node, value->shape.rank, isReduced) ||
      !amsImportInt(import, node, "keepdims", 1, &keepsDims))
    return NULL;
  return amsImportReduce(import, value, isReduced, keepsDims != 0, "arith.addf",
                         0.0f);
}

AmsImportValue *amsImportReduceMean(AmsImport *import,
                                    const AmsImportNode *node) {
  AmsImportValue *value = amsImportInput(import, node, 0);
  bool isReduced[AmsImportMaxRank];
  int64_t keepsDims;
  if (!value || !readAxes(import, node, value->shape.rank, isReduced) ||
      !amsImportInt(import, node, "keepdims", 1, &keepsDims))
    return NULL;
  return amsImportMean(import, value, isReduced, keepsDims != 0);
}

static MlirValue expBody(AmsImportBuilder *builder, const MlirValue *elements,
                         const void *data) {
  (void)data;
  return amsImportBuildUnary(
      builder, "math.exp",
      amsImportBuildBinary(builder, "arith.subf", elements[0], elements[1]));
}

/* exp(x - max) over its sum, along one axis since opset 13, along all from the
 * axis on before. */
AmsImportValue *amsImportSoftmax(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *value = amsImportInput(import, node, 0);
  bool isOneAxis = import->opset >= 13;
  int64_t axisAttribute;
  int axis;
  if (!value ||
      !amsImportInt(import, node, "axis", isOneAxis ? -1 : 1, &axisAttribute) ||
      !amsImportAxis(import, axisAttribute, value->shape.rank, &axis))
    return NULL;
  bool isReduced[AmsImportMaxRank];
  for (int i = 0; i < value->shape.rank; ++i)
    isReduced[i] = isOneAxis ? i == axis : i >= axis;

  AmsImportValue *largest = amsImportReduce(import, value, isReduced, true,
                                            "arith.maximumf", -INFINITY);
  if (!largest)
    return NULL;
  AmsImportValue *operands[] = {value, largest};
  AmsImportValue *powers =
      amsImportBroadcast(import, 2, operands, expBody, NULL);
  AmsImportValue *sum = powers ? amsImportReduce(import, powers, isReduced,
                                                 true, "arith.addf", 0.0f)
                               : NULL;
  return sum ? amsImportBroadcastBinary(import, "arith.divf", powers, sum)
             : NULL;
}
