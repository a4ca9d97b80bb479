/*===-- OutlineConstants.c - Constants out of the IR --------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Constant buffers become raw sections of the module, reached through a      *|
|* table of pointers, so that LLVM never sees their elements.                 *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Passes.h"

#include "Build.h"
#include "Interface.h"
#include "Layers.h"
#include "Pointer.h"

#include "ams-c/Register.h"

#include <stdlib.h>

static bool isGetGlobal(MlirOperation op) {
  return amsIsOp(op, "memref.get_global");
}

/* Bytes of a private constant global with data that is reached through an
 * ordinary descriptor; -1 for any other. */
static int64_t constantBytes(MlirOperation global) {
  const void *data;
  size_t size;
  if (!amsIsOp(global, "memref.global") ||
      mlirAttributeIsNull(amsGetAttr(global, "constant")))
    return -1;
  MlirAttribute value = amsGetAttr(global, "initial_value");
  MlirAttribute visibility = amsGetAttr(global, "sym_visibility");
  MlirType type = mlirTypeAttrGetValue(amsGetAttr(global, "type"));
  if (mlirAttributeIsNull(value) || !amsElementsRawData(value, &data, &size) ||
      mlirAttributeIsNull(visibility) ||
      !mlirStringRefEqual(mlirStringAttrGetValue(visibility),
                          amsStringRef("private")) ||
      mlirShapedTypeGetRank(type) < 1 ||
      mlirShapedTypeGetRank(type) > AMS_MAX_RANK ||
      !mlirAttributeIsNull(mlirMemRefTypeGetMemorySpace(type)))
    return -1;
  bool splat = mlirAttributeIsADenseElements(value) &&
               mlirDenseElementsAttrIsSplat(value);
  return (int64_t)size *
         (splat ? amsNumElements(mlirAttributeGetType(value)) : 1);
}

/* Declares the table `@ams_sections`, once. */
static void declareTable(MlirOperation module) {
  MlirContext context = mlirOperationGetContext(module);
  MlirSymbolTable symbols = mlirSymbolTableCreate(module);
  bool known = !mlirOperationIsNull(
      mlirSymbolTableLookup(symbols, amsStringRef("ams_sections")));
  mlirSymbolTableDestroy(symbols);
  if (known)
    return;
  mlirBlockInsertOwnedOperation(
      mlirModuleGetBody(mlirModuleFromOperation(module)), 0,
      mlirOperationCreateParse(
          context,
          amsStringRef("llvm.mlir.global external hidden constant "
                       "@ams_sections() {addr_space = 0 : i32} : "
                       "!llvm.array<0 x ptr>"),
          amsStringRef("ams_sections")));
}

/* Replaces `op`, a get_global, by the pointer in section `section`. */
static void replaceByPointer(MlirOperation op, uint32_t section) {
  AmsBuilder builder = amsBuilderBefore(op);
  MlirContext context = builder.context;
  MlirNamedAttribute symbol =
      amsNamed(context, "global_name",
               mlirFlatSymbolRefAttrGet(context, amsStringRef("ams_sections")));
  MlirValue table = amsBuildValue(&builder, "llvm.mlir.addressof", 0, NULL,
                                  amsPointerType(context), 1, &symbol);
  MlirValue old = mlirOperationGetResult(op, 0);
  mlirValueReplaceAllUsesOfWith(
      old, amsBuildBuffer(&builder,
                          amsBuildPointerAt(&builder, table, (int32_t)section),
                          mlirValueGetType(old)));
  mlirOperationDestroy(op);
}

/* Moves `global` to a section, if any of `uses` is its; those are set to null.
 * False after an error. */
static bool outline(AmsLists *lists, MlirOperation global, AmsOpList *uses) {
  MlirStringRef name = mlirStringAttrGetValue(amsGetAttr(global, "sym_name"));
  uint32_t section = AMS_ABI_NO_SECTION;
  for (size_t i = 0; i < uses->size; ++i) {
    MlirOperation use = uses->ops[i];
    if (mlirOperationIsNull(use) ||
        !mlirStringRefEqual(
            mlirFlatSymbolRefAttrGetValue(amsGetAttr(use, "name")), name))
      continue;
    if (section == AMS_ABI_NO_SECTION &&
        !amsSectionsAppend(lists, mlirOperationGetLocation(global),
                           amsGetAttr(global, "initial_value"), &section))
      return false;
    declareTable(lists->module);
    replaceByPointer(use, section);
    uses->ops[i] = (MlirOperation){NULL};
  }
  if (section != AMS_ABI_NO_SECTION)
    mlirOperationDestroy(global);
  return true;
}

MlirLogicalResult
amsOutlineConstants(MlirOperation module,
                    const AmsOutlineConstantsOptions *options) {
  if (!amsInterfaceCheck(module))
    return mlirLogicalResultFailure();
  AmsOpList uses = amsCollectOps(module, isGetGlobal);
  MlirOperation op = mlirBlockGetFirstOperation(
      mlirModuleGetBody(mlirModuleFromOperation(module)));
  AmsLists lists = amsListsOpen(module);
  bool ok = true;
  while (ok && !mlirOperationIsNull(op)) {
    MlirOperation next = mlirOperationGetNextInBlock(op);
    int64_t bytes = constantBytes(op);
    if (bytes >= 0 && bytes >= options->minBytes)
      ok = outline(&lists, op, &uses);
    op = next;
  }
  amsListsClose(&lists);
  amsOpListFree(&uses);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
