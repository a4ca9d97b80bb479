//===-- Operators.h - ONNX's operators ---------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// To add an operator, write its function in the file of its family, declare it
// here and give it a line in Operators.c.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IMPORT_OPERATORS_H
#define AMS_IMPORT_OPERATORS_H

#include "Importer.h"

/* Builds a node and returns its first output, or NULL after an error. */
typedef AmsImportValue *AmsImportOperatorFunction(AmsImport *import,
                                                  const AmsImportNode *node);

typedef struct AmsImportOperator {
  const char *type;
  AmsImportOperatorFunction *function;
  int64_t leastOpset; // before it the operator meant something else
  size_t leastInputs;
  size_t mostInputs;
} AmsImportOperator;

/* The operator of the default domain called `type` as of `opset`, or NULL. */
const AmsImportOperator *amsImportFindOperator(const char *type, int64_t opset);

/* Convolution.c */
AmsImportOperatorFunction amsImportConv, amsImportConvTranspose;
/* Product.c */
AmsImportOperatorFunction amsImportGemm, amsImportMatMul;
/* Elementwise.c */
AmsImportOperatorFunction amsImportAdd, amsImportSub, amsImportMul,
    amsImportDiv, amsImportRelu, amsImportClip, amsImportAbs, amsImportErf,
    amsImportExp, amsImportLog, amsImportNeg, amsImportSqrt, amsImportTanh,
    amsImportReciprocal, amsImportSigmoid, amsImportGelu, amsImportPow;
/* Logic.c */
AmsImportOperatorFunction amsImportEqual, amsImportLess, amsImportLessOrEqual,
    amsImportGreater, amsImportGreaterOrEqual, amsImportNot, amsImportAnd,
    amsImportOr, amsImportWhere, amsImportCast;
/* Gather.c: of elements known at run time. */
AmsImportOperatorFunction amsImportGatherRows;
/* Normalization.c */
AmsImportOperatorFunction amsImportBatchNormalization,
    amsImportLayerNormalization;
/* Pooling.c */
AmsImportOperatorFunction amsImportMaxPool, amsImportAveragePool,
    amsImportGlobalAveragePool;
/* Reduction.c */
AmsImportOperatorFunction amsImportReduceMean, amsImportReduceSum,
    amsImportSoftmax;
/* Shaping.c */
AmsImportOperatorFunction amsImportFlatten, amsImportReshape, amsImportSqueeze,
    amsImportUnsqueeze, amsImportTranspose, amsImportExpand;
/* ShapeArithmetic.c: of constant integers alone. */
AmsImportOperatorFunction amsImportShapeNode, amsImportGather, amsImportConcat;
/* Passing.c */
AmsImportOperatorFunction amsImportConstantNode, amsImportIdentity,
    amsImportDropout;

#endif // AMS_IMPORT_OPERATORS_H
