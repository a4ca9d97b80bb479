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
    {"Add", amsImportAdd, 2, 2},
    {"AveragePool", amsImportAveragePool, 1, 1},
    {"BatchNormalization", amsImportBatchNormalization, 5, 5},
    {"Clip", amsImportClip, 1, 3},
    {"Constant", amsImportConstantNode, 0, 0},
    {"Conv", amsImportConv, 2, 3},
    {"Div", amsImportDiv, 2, 2},
    {"Dropout", amsImportDropout, 1, 3},
    {"Flatten", amsImportFlatten, 1, 1},
    {"Gemm", amsImportGemm, 2, 3},
    {"GlobalAveragePool", amsImportGlobalAveragePool, 1, 1},
    {"Identity", amsImportIdentity, 1, 1},
    {"MatMul", amsImportMatMul, 2, 2},
    {"MaxPool", amsImportMaxPool, 1, 1},
    {"Mul", amsImportMul, 2, 2},
    {"ReduceMean", amsImportReduceMean, 1, 2},
    {"Relu", amsImportRelu, 1, 1},
    {"Reshape", amsImportReshape, 2, 2},
    {"Softmax", amsImportSoftmax, 1, 1},
    {"Squeeze", amsImportSqueeze, 1, 2},
    {"Sub", amsImportSub, 2, 2},
    {"Transpose", amsImportTranspose, 1, 1},
    {"Unsqueeze", amsImportUnsqueeze, 1, 2},
};

const AmsImportOperator *amsImportFindOperator(const char *type) {
  for (size_t i = 0; i < sizeof operators / sizeof *operators; ++i)
    if (strcmp(operators[i].type, type) == 0)
      return &operators[i];
  return NULL;
}
