//===-- Digital.h - Elementwise operations and reductions --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Everything that is not a product of matrices, by two kinds of linalg.generic.
// Neither ever transposes: operands are read in the form that they are held in.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IMPORT_DIGITAL_H
#define AMS_IMPORT_DIGITAL_H

#include "Importer.h"

/* Combines values elementwise with ONNX's broadcasting. */
AmsImportValue *amsImportBroadcast(AmsImport *import, int operandCount,
                                   AmsImportValue *const *operands,
                                   AmsImportBody body, const void *data);

/* The same with a result of another type than float32. */
AmsImportValue *amsImportBroadcastAs(AmsImport *import, int32_t elementType,
                                     int operandCount,
                                     AmsImportValue *const *operands,
                                     AmsImportBody body, const void *data);

/* Repeats `value` along the dimensions of `shape` where it has 1 or none. */
AmsImportValue *amsImportRepeat(AmsImport *import, AmsImportValue *value,
                                const AmsImportShape *shape);

/* The same for two operands and one operation on scalars, "arith.addf"... */
AmsImportValue *amsImportBroadcastBinary(AmsImport *import,
                                         const char *operation,
                                         AmsImportValue *left,
                                         AmsImportValue *right);

/* `value` multiplied by, or divided by, a number. */
AmsImportValue *amsImportScaled(AmsImport *import, const char *operation,
                                AmsImportValue *value, float number);

/* Reduces the dimensions that `isReduced` names by an operation on scalars,
 * starting at `initial`. They stay, as 1, if `keepsDims`. */
AmsImportValue *amsImportReduce(AmsImport *import, AmsImportValue *value,
                                const bool *isReduced, bool keepsDims,
                                const char *operation, float initial);

/* The mean over the dimensions that `isReduced` names. */
AmsImportValue *amsImportMean(AmsImport *import, AmsImportValue *value,
                              const bool *isReduced, bool keepsDims);

/* A constant of one vector that broadcasts along dimension `axis` of values of
 * `rank` dimensions: its shape is 1 elsewhere. */
AmsImportValue *amsImportAlong(AmsImport *import, AmsImportValue *vector,
                               int rank, int axis);

#endif // AMS_IMPORT_DIGITAL_H
