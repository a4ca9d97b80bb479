//===-- Shape.h - Static shapes ----------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IMPORT_SHAPE_H
#define AMS_IMPORT_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AmsImportMaxRank = 8 };

/* More elements, or a longer dimension, than any tensor may have: products of
 * two dimensions and sizes in bytes stay far from overflow. */
#define AMS_IMPORT_MAX_ELEMENTS (INT64_C(1) << 40)
#define AMS_IMPORT_MAX_DIMENSION INT64_C(0x7FFFFFFF)

typedef struct AmsImportShape {
  int rank;
  int64_t dims[AmsImportMaxRank];
} AmsImportShape;

/* The shape of `rank` dimensions. */
AmsImportShape amsImportShape(int rank, const int64_t *dims);

/* Counts the elements; false if a dimension is negative or too long, or if
 * there are too many elements. */
bool amsImportShapeCount(const AmsImportShape *shape, int64_t *count);

bool amsImportShapeEqual(const AmsImportShape *a, const AmsImportShape *b);

/* The shape whose dimension i is `shape`'s dimension permutation[i]. */
AmsImportShape amsImportShapePermute(const AmsImportShape *shape,
                                     const int *permutation);

/* Whether the permutation moves only dimensions of 1, and so no element. */
bool amsImportShapeMovesNothing(const AmsImportShape *shape,
                                const int *permutation);

/* "1x3x32x32", or "a scalar", into `text`, which is returned. */
enum { AmsImportShapeTextSize = AmsImportMaxRank * 21 };
const char *amsImportShapeText(const AmsImportShape *shape,
                               char text[AmsImportShapeTextSize]);

#endif // AMS_IMPORT_SHAPE_H
