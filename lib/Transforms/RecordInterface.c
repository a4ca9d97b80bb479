/*===-- RecordInterface.c - Names and shapes of the entry ---------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What a model's user sees of @main is written down before bufferization     *|
|* changes its type.                                                          *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Passes.h"

#include "Build.h"
#include "Interface.h"

#include "ams/abi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool isMain(MlirOperation op) {
  if (!amsIsOp(op, "func.func") ||
      mlirBlockIsNull(mlirRegionGetFirstBlock(mlirOperationGetRegion(op, 0))))
    return false;
  MlirAttribute name = amsGetAttr(op, "sym_name");
  return mlirStringRefEqual(mlirStringAttrGetValue(name), amsStringRef("main"));
}

/* {name, type} of number `index`, whose attributes are element `index` of
 * `attributes` (null for none). */
static MlirAttribute describe(MlirContext context, const char *kind,
                              intptr_t index, MlirType type,
                              MlirAttribute attributes) {
  char generated[32];
  snprintf(generated, sizeof generated, "%s%d", kind, (int)index);
  MlirAttribute name = amsStringAttr(context, generated);
  if (!mlirAttributeIsNull(attributes)) {
    MlirAttribute own = mlirDictionaryAttrGetElementByName(
        mlirArrayAttrGetElement(attributes, index), amsStringRef("ams.name"));
    if (!mlirAttributeIsNull(own) && mlirAttributeIsAString(own))
      name = own;
  }
  MlirNamedAttribute entries[2] = {
      amsNamed(context, "name", name),
      amsNamed(context, "type", mlirTypeAttrGet(type))};
  return mlirDictionaryAttrGet(context, 2, entries);
}

/* Sets attribute `name` of `module` from `count` types of @main. */
static bool record(MlirOperation module, MlirOperation function,
                   const char *name, const char *kind, const char *attributes,
                   bool results) {
  MlirContext context = mlirOperationGetContext(module);
  MlirType type = mlirTypeAttrGetValue(amsGetAttr(function, "function_type"));
  intptr_t count = results ? mlirFunctionTypeGetNumResults(type)
                           : mlirFunctionTypeGetNumInputs(type);
  MlirAttribute *list = amsAllocate((size_t)count, sizeof *list);
  for (intptr_t i = 0; i < count; ++i) {
    MlirType port = results ? mlirFunctionTypeGetResult(type, i)
                            : mlirFunctionTypeGetInput(type, i);
    if (!amsIsPortType(port)) {
      amsEmitError(mlirOperationGetLocation(function),
                   "%s %d of @main must be a tensor of f32 or i64 of static "
                   "shape, of rank 1 to %d and with elements, whose first "
                   "dimension is the batch",
                   kind, (int)i, AMS_ABI_MAX_RANK);
      free(list);
      return false;
    }
    list[i] =
        describe(context, kind, i, port, amsGetAttr(function, attributes));
  }
  mlirOperationSetAttributeByName(module, amsStringRef(name),
                                  mlirArrayAttrGet(context, count, list));
  free(list);
  return true;
}

MlirLogicalResult amsRecordInterface(MlirOperation module) {
  AmsOpList mains = amsCollectOps(module, isMain);
  bool ok = mains.size == 1;
  if (!ok)
    amsEmitError(mlirOperationGetLocation(module),
                 "a model needs one function @main with a body; this module "
                 "has %d",
                 (int)mains.size);
  ok =
      ok &&
      record(module, mains.ops[0], "ams.inputs", "input", "arg_attrs", false) &&
      record(module, mains.ops[0], "ams.outputs", "output", "res_attrs", true);
  if (ok && !mlirAttributeIsNull(amsGetAttr(mains.ops[0], "ams.step")))
    mlirOperationSetAttributeByName(
        module, amsStringRef("ams.step"),
        mlirUnitAttrGet(mlirOperationGetContext(module)));
  amsOpListFree(&mains);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
