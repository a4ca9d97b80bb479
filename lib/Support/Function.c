/*===-- Function.c - Arguments and results of functions -----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Function.h"

#include "Build.h"

#include <stdlib.h>

static bool isMain(MlirOperation op) {
  if (!amsIsOp(op, "func.func"))
    return false;
  MlirBlock body = mlirRegionGetFirstBlock(mlirOperationGetRegion(op, 0));
  return mlirStringRefEqual(mlirStringAttrGetValue(amsGetAttr(op, "sym_name")),
                            amsStringRef("main")) &&
         !mlirBlockIsNull(body) &&
         mlirBlockIsNull(mlirBlockGetNextInRegion(body));
}

MlirOperation amsFindMain(MlirOperation module) {
  AmsOpList mains = amsCollectOps(module, isMain);
  MlirOperation main = {NULL};
  if (mains.size == 1)
    main = mains.ops[0];
  else
    amsEmitError(mlirOperationGetLocation(module),
                 "a model needs one function @main with a body of one block; "
                 "this module has %d",
                 (int)mains.size);
  amsOpListFree(&mains);
  return main;
}

MlirOperation amsFunctionAround(MlirOperation op) {
  while (!mlirOperationIsNull(op) && !amsIsOp(op, "func.func"))
    op = mlirOperationGetParentOperation(op);
  return op;
}

MlirBlock amsFunctionBody(MlirOperation function) {
  return mlirRegionGetFirstBlock(mlirOperationGetRegion(function, 0));
}

MlirType amsFunctionType(MlirOperation function) {
  return mlirTypeAttrGetValue(amsGetAttr(function, "function_type"));
}

/* Entry `name` of element `index` of the list `listName` of `function`. */
static MlirAttribute entryOf(MlirOperation function, const char *listName,
                             intptr_t index, const char *name) {
  MlirAttribute list = amsGetAttr(function, listName);
  if (mlirAttributeIsNull(list))
    return list;
  return mlirDictionaryAttrGetElementByName(
      mlirArrayAttrGetElement(list, index), amsStringRef(name));
}

MlirAttribute amsArgumentAttr(MlirValue value, const char *name) {
  if (!mlirValueIsABlockArgument(value))
    return mlirAttributeGetNull();
  MlirOperation function =
      mlirBlockGetParentOperation(mlirBlockArgumentGetOwner(value));
  if (!amsIsOp(function, "func.func"))
    return mlirAttributeGetNull();
  return entryOf(function, "arg_attrs", mlirBlockArgumentGetArgNumber(value),
                 name);
}

MlirAttribute amsResultAttr(MlirOperation function, intptr_t index,
                            const char *name) {
  return entryOf(function, "res_attrs", index, name);
}

bool amsIsWeightArgument(MlirValue value) {
  return !mlirAttributeIsNull(amsArgumentAttr(value, "ams.weight"));
}

static void setType(MlirOperation function, intptr_t numInputs,
                    const MlirType *inputs, intptr_t numResults,
                    const MlirType *results) {
  MlirContext context = mlirOperationGetContext(function);
  mlirOperationSetAttributeByName(
      function, amsStringRef("function_type"),
      mlirTypeAttrGet(mlirFunctionTypeGet(context, numInputs, inputs,
                                          numResults, results)));
}

MlirValue amsFunctionInsertArgument(MlirOperation function, intptr_t index,
                                    MlirType type, MlirAttribute attributes) {
  MlirContext context = mlirOperationGetContext(function);
  MlirType old = amsFunctionType(function);
  intptr_t count = mlirFunctionTypeGetNumInputs(old),
           numResults = mlirFunctionTypeGetNumResults(old);
  MlirType *types =
      amsAllocate((size_t)(count + 1 + numResults), sizeof(MlirType));
  MlirAttribute *lists = amsAllocate((size_t)count + 1, sizeof(MlirAttribute));
  MlirAttribute known = amsGetAttr(function, "arg_attrs");
  for (intptr_t i = 0; i <= count; ++i) {
    intptr_t from = i - (i > index);
    types[i] = i == index ? type : mlirFunctionTypeGetInput(old, from);
    if (i == index)
      lists[i] = attributes;
    else if (mlirAttributeIsNull(known))
      lists[i] = mlirDictionaryAttrGet(context, 0, NULL);
    else
      lists[i] = mlirArrayAttrGetElement(known, from);
  }
  for (intptr_t i = 0; i < numResults; ++i)
    types[count + 1 + i] = mlirFunctionTypeGetResult(old, i);
  setType(function, count + 1, types, numResults, types + count + 1);
  mlirOperationSetAttributeByName(function, amsStringRef("arg_attrs"),
                                  mlirArrayAttrGet(context, count + 1, lists));
  free(types);
  free(lists);
  return mlirBlockInsertArgument(amsFunctionBody(function), index, type,
                                 mlirOperationGetLocation(function));
}

void amsFunctionSetResults(MlirOperation function, intptr_t count,
                           const MlirValue *values,
                           const MlirAttribute *attributes) {
  MlirContext context = mlirOperationGetContext(function);
  MlirType old = amsFunctionType(function);
  intptr_t numInputs = mlirFunctionTypeGetNumInputs(old);
  MlirType *types = amsAllocate((size_t)(numInputs + count), sizeof(MlirType));
  for (intptr_t i = 0; i < numInputs; ++i)
    types[i] = mlirFunctionTypeGetInput(old, i);
  for (intptr_t i = 0; i < count; ++i)
    types[numInputs + i] = mlirValueGetType(values[i]);
  setType(function, numInputs, types, count, types + numInputs);
  free(types);
  mlirOperationSetOperands(mlirBlockGetTerminator(amsFunctionBody(function)),
                           count, values);
  mlirOperationSetAttributeByName(function, amsStringRef("res_attrs"),
                                  mlirArrayAttrGet(context, count, attributes));
}

MlirAttribute amsPortAttributes(MlirContext context, MlirStringRef name,
                                bool weight) {
  MlirAttribute text = mlirStringAttrGet(context, name);
  MlirNamedAttribute entries[2] = {amsNamed(context, "ams.name", text),
                                   amsNamed(context, "ams.weight", text)};
  return mlirDictionaryAttrGet(context, weight ? 2 : 1, entries);
}

int64_t amsFunctionSamples(MlirOperation main) {
  MlirBlock body = amsFunctionBody(main);
  if (mlirBlockGetNumArguments(body) > 0) {
    MlirType type = mlirValueGetType(mlirBlockGetArgument(body, 0));
    if (mlirTypeIsARankedTensor(type) && mlirShapedTypeGetRank(type) > 0 &&
        mlirShapedTypeGetDimSize(type, 0) > 0)
      return mlirShapedTypeGetDimSize(type, 0);
  }
  amsEmitError(
      mlirOperationGetLocation(main),
      "samples cannot be counted: the first argument of @main must be a "
      "tensor whose first dimension is the batch");
  return 0;
}
