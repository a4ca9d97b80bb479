//===-- Operators.c - ONNX's operators ---------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Operators.h"

#include <string.h>

static const AmsImportOperator operators[] = {
    {"Abs", amsImportAbs, 6, 1, 1},
    {"Add", amsImportAdd, 7, 2, 2},
    {"And", amsImportAnd, 7, 2, 2},
    {"AveragePool", amsImportAveragePool, 1, 1, 1},
    {"BatchNormalization", amsImportBatchNormalization, 7, 5, 5},
    {"Cast", amsImportCast, 6, 1, 1},
    {"Clip", amsImportClip, 6, 1, 3},
    {"Concat", amsImportConcat, 4, 1, 1024},
    {"Constant", amsImportConstantNode, 1, 0, 0},
    {"Conv", amsImportConv, 1, 2, 3},
    {"ConvTranspose", amsImportConvTranspose, 1, 2, 3},
    {"Div", amsImportDiv, 7, 2, 2},
    {"Dropout", amsImportDropout, 7, 1, 3},
    {"Equal", amsImportEqual, 7, 2, 2},
    {"Erf", amsImportErf, 9, 1, 1},
    {"Exp", amsImportExp, 6, 1, 1},
    {"Expand", amsImportExpand, 8, 2, 2},
    {"Flatten", amsImportFlatten, 1, 1, 1},
    {"Gather", amsImportGather, 1, 2, 2},
    {"Gelu", amsImportGelu, 20, 1, 1},
    {"Gemm", amsImportGemm, 7, 2, 3},
    {"GlobalAveragePool", amsImportGlobalAveragePool, 1, 1, 1},
    {"Greater", amsImportGreater, 7, 2, 2},
    {"GreaterOrEqual", amsImportGreaterOrEqual, 12, 2, 2},
    {"Identity", amsImportIdentity, 1, 1, 1},
    {"LayerNormalization", amsImportLayerNormalization, 17, 2, 3},
    {"Less", amsImportLess, 7, 2, 2},
    {"LessOrEqual", amsImportLessOrEqual, 12, 2, 2},
    {"Log", amsImportLog, 6, 1, 1},
    {"MatMul", amsImportMatMul, 1, 2, 2},
    {"MaxPool", amsImportMaxPool, 1, 1, 1},
    {"Mul", amsImportMul, 7, 2, 2},
    {"Neg", amsImportNeg, 6, 1, 1},
    {"Not", amsImportNot, 1, 1, 1},
    {"Or", amsImportOr, 7, 2, 2},
    {"Pow", amsImportPow, 7, 2, 2},
    {"Reciprocal", amsImportReciprocal, 6, 1, 1},
    {"ReduceMean", amsImportReduceMean, 1, 1, 2},
    {"ReduceSum", amsImportReduceSum, 1, 1, 2},
    {"Relu", amsImportRelu, 6, 1, 1},
    {"Reshape", amsImportReshape, 5, 2, 2},
    {"Shape", amsImportShapeNode, 1, 1, 1},
    {"Sigmoid", amsImportSigmoid, 6, 1, 1},
    {"Softmax", amsImportSoftmax, 1, 1, 1},
    {"Sqrt", amsImportSqrt, 6, 1, 1},
    {"Squeeze", amsImportSqueeze, 1, 1, 2},
    {"Sub", amsImportSub, 7, 2, 2},
    {"Tanh", amsImportTanh, 6, 1, 1},
    {"Transpose", amsImportTranspose, 1, 1, 1},
    {"Unsqueeze", amsImportUnsqueeze, 1, 1, 2},
    {"Where", amsImportWhere, 9, 3, 3},
};

const AmsImportOperator *amsImportFindOperator(const char *type,
                                               int64_t opset) {
  for (size_t i = 0; i < sizeof operators / sizeof *operators; ++i)
    if (strcmp(operators[i].type, type) == 0 &&
        opset >= operators[i].leastOpset)
      return &operators[i];
  return NULL;
}
