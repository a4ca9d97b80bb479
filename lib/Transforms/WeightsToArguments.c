/*===-- WeightsToArguments.c - Weights become arguments -----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Constants that carry the name of a weight become arguments of @main, one   *|
|* a name, behind its other arguments.                                        *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Passes.h"

#include "Build.h"
#include "Function.h"

#include <stdlib.h>

static bool isWeight(MlirOperation op) {
  MlirAttribute name = amsGetAttr(op, "ams.weight");
  return amsIsOp(op, "arith.constant") && !mlirAttributeIsNull(name) &&
         mlirAttributeIsAString(name);
}

/* The argument of `function` called `name`, null if there is none. */
static MlirValue findArgument(MlirOperation function, MlirAttribute name) {
  MlirBlock body = amsFunctionBody(function);
  for (intptr_t i = 0; i < mlirBlockGetNumArguments(body); ++i) {
    MlirValue argument = mlirBlockGetArgument(body, i);
    if (mlirAttributeEqual(amsArgumentAttr(argument, "ams.weight"), name))
      return argument;
  }
  return (MlirValue){NULL};
}

/* Replaces `constant` by an argument; false after an error. */
static bool convert(MlirOperation function, MlirOperation constant) {
  MlirValue old = mlirOperationGetResult(constant, 0);
  MlirType type = mlirValueGetType(old);
  MlirAttribute name = amsGetAttr(constant, "ams.weight");
  if (!mlirTypeIsARankedTensor(type) || !amsIsStaticF32(type)) {
    amsEmitOpError(constant, "is called a weight, but is not a float32 tensor");
    return false;
  }
  int64_t shape[AMS_MAX_RANK];
  intptr_t rank = amsGetShape(type, AMS_MAX_RANK, shape);
  if (rank < 0) {
    amsEmitOpError(constant, "has more than %d dimensions", AMS_MAX_RANK);
    return false;
  }
  MlirContext context = mlirOperationGetContext(function);
  MlirValue argument = findArgument(function, name);
  if (mlirValueIsNull(argument))
    argument = amsFunctionInsertArgument(
        function, mlirBlockGetNumArguments(amsFunctionBody(function)),
        rank ? type : amsTensorF32(context, 1, (int64_t[]){1}),
        amsPortAttributes(context, mlirStringAttrGetValue(name),
                          /*weight=*/true));
  if (amsNumElements(mlirValueGetType(argument)) != amsNumElements(type)) {
    amsEmitOpError(constant, "has the name of a weight of another size");
    return false;
  }
  AmsBuilder builder = amsBuilderBefore(constant);
  mlirValueReplaceAllUsesOfWith(
      old, amsBuildReshape(&builder, argument, rank, shape));
  mlirOperationDestroy(constant);
  return true;
}

MlirLogicalResult amsWeightsToArguments(MlirOperation module) {
  MlirOperation main = amsFindMain(module);
  if (mlirOperationIsNull(main))
    return mlirLogicalResultFailure();
  AmsOpList weights = amsCollectOps(main, isWeight);
  bool ok = true;
  for (size_t i = 0; i < weights.size; ++i)
    ok &= convert(main, weights.ops[i]);
  if (weights.size) /* which have no batch */
    mlirOperationSetAttributeByName(
        main, amsStringRef("ams.step"),
        mlirUnitAttrGet(mlirOperationGetContext(module)));
  amsOpListFree(&weights);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
