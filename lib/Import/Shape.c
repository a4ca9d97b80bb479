//===-- Shape.c - Static shapes ----------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Shape.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

AmsImportShape amsImportShape(int rank, const int64_t *dims) {
  AmsImportShape shape = {.rank = rank};
  for (int i = 0; i < rank; ++i)
    shape.dims[i] = dims[i];
  return shape;
}

bool amsImportShapeCount(const AmsImportShape *shape, int64_t *count) {
  *count = 1;
  bool tooMany = false;
  for (int i = 0; i < shape->rank; ++i) {
    int64_t dim = shape->dims[i];
    if (dim < 0 || dim > AMS_IMPORT_MAX_DIMENSION)
      return false;
    if (dim != 0 && *count > AMS_IMPORT_MAX_ELEMENTS / dim)
      tooMany = true;
    else
      *count *= dim;
  }
  return !tooMany;
}

bool amsImportShapeEqual(const AmsImportShape *a, const AmsImportShape *b) {
  return a->rank == b->rank &&
         memcmp(a->dims, b->dims, (size_t)a->rank * sizeof *a->dims) == 0;
}

AmsImportShape amsImportShapePermute(const AmsImportShape *shape,
                                     const int *permutation) {
  AmsImportShape permuted = {.rank = shape->rank};
  for (int i = 0; i < shape->rank; ++i)
    permuted.dims[i] = shape->dims[permutation[i]];
  return permuted;
}

bool amsImportShapeMovesNothing(const AmsImportShape *shape,
                                const int *permutation) {
  int last = -1;
  for (int i = 0; i < shape->rank; ++i) {
    if (shape->dims[permutation[i]] == 1)
      continue;
    if (permutation[i] < last)
      return false;
    last = permutation[i];
  }
  return true;
}

const char *amsImportShapeText(const AmsImportShape *shape,
                               char text[AmsImportShapeTextSize]) {
  if (shape->rank == 0)
    return "a scalar";
  size_t length = 0;
  for (int i = 0; i < shape->rank; ++i)
    length += (size_t)snprintf(text + length, AmsImportShapeTextSize - length,
                               "%s%" PRId64, i ? "x" : "", shape->dims[i]);
  return text;
}
