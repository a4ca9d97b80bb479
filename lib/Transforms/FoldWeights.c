/*===-- FoldWeights.c - Evaluated constant weights ----------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Transposes and reshapes of constants that feed the weights of level-1      *|
|* layers are evaluated, so that a binary holds each weight once.             *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Build.h"
#include "Constant.h"

static bool hasFoldableWeights(MlirOperation op) {
  if (!amsIsOp(op, "ams.matmul") && !amsIsOp(op, "ams.conv"))
    return false;
  MlirValue weights = mlirOperationGetOperand(op, 1);
  return amsIsConstant(weights) &&
         !amsIsOp(amsDefiningOp(weights), "arith.constant");
}

MlirLogicalResult amsFoldWeights(MlirOperation module) {
  AmsOpList layers = amsCollectOps(module, hasFoldableWeights);
  bool ok = true;
  for (size_t i = 0; i < layers.size; ++i) {
    MlirOperation op = layers.ops[i];
    AmsBuilder builder = amsBuilderBefore(op);
    MlirValue weights = mlirOperationGetOperand(op, 1);
    MlirType type = mlirValueGetType(weights);
    if (!amsFitsMemory(builder.loc, type)) {
      ok = false;
      continue;
    }
    float *elements = amsEvaluateConstant(weights);
    if (!elements) {
      amsEmitOpError(op, "has constant weights that cannot be evaluated: their "
                         "data does not fit their type");
      ok = false;
      continue;
    }
    MlirNamedAttribute value =
        amsNamed(builder.context, "value",
                 amsResourceAttr(type, "weights", elements,
                                 (size_t)amsNumElements(type) * sizeof(float)));
    mlirOperationSetOperand(
        op, 1,
        amsBuildValue(&builder, "arith.constant", 0, NULL, type, 1, &value));
  }
  amsOpListFree(&layers);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
