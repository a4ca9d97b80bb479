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

/* {name, type, range} of number `index`, whose attributes are element `index`
 * of `attributes` (null for none). A range is left out where there is none. */
static MlirAttribute describe(MlirContext context, const char *kind,
                              intptr_t index, MlirType type,
                              MlirAttribute attributes) {
  char generated[32];
  snprintf(generated, sizeof generated, "%s%d", kind, (int)index);
  MlirAttribute name = amsStringAttr(context, generated), range = {NULL};
  if (!mlirAttributeIsNull(attributes)) {
    MlirAttribute own = mlirArrayAttrGetElement(attributes, index);
    MlirAttribute ownName =
        mlirDictionaryAttrGetElementByName(own, amsStringRef("ams.name"));
    if (!mlirAttributeIsNull(ownName) && mlirAttributeIsAString(ownName))
      name = ownName;
    range = mlirDictionaryAttrGetElementByName(own, amsStringRef("ams.range"));
  }
  bool hasRange = !mlirAttributeIsNull(range);
  MlirNamedAttribute entries[3] = {
      amsNamed(context, "name", name),
      amsNamed(context, "type", mlirTypeAttrGet(type))};
  if (hasRange)
    entries[2] = amsNamed(context, "range", range);
  return mlirDictionaryAttrGet(context, hasRange ? 3 : 2, entries);
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
    if (!amsIsPort(list[i])) {
      amsEmitError(mlirOperationGetLocation(function),
                   "%s %d of @main: ams.range must be array<i64: least, most>, "
                   "of a tensor of i64",
                   kind, (int)i);
      free(list);
      return false;
    }
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
