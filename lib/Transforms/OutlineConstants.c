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

#include "ams-c/Register.h"

#include <stdio.h>
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

/* Replaces `op`, a get_global, by the pointer in section `section`: a memref
 * descriptor built in the LLVM dialect. */
static void replaceByPointer(MlirOperation op, uint32_t section) {
  AmsBuilder builder = amsBuilderBefore(op);
  MlirContext context = builder.context;
  MlirType type = mlirValueGetType(mlirOperationGetResult(op, 0));
  MlirType pointer = mlirTypeParseGet(context, amsStringRef("!llvm.ptr"));
  MlirType i64 = mlirIntegerTypeGet(context, 64);
  int64_t shape[AMS_MAX_RANK];
  intptr_t rank = amsGetShape(type, AMS_MAX_RANK, shape);
  char text[160];
  snprintf(text, sizeof text,
           "!llvm.struct<(ptr, ptr, i64, array<%d x i64>, array<%d x i64>)>",
           (int)rank, (int)rank);
  MlirType descriptor = mlirTypeParseGet(context, amsStringRef(text));

  MlirNamedAttribute symbol =
      amsNamed(context, "global_name",
               mlirFlatSymbolRefAttrGet(context, amsStringRef("ams_sections")));
  MlirValue table = amsBuildValue(&builder, "llvm.mlir.addressof", 0, NULL,
                                  pointer, 1, &symbol);
  int32_t index = (int32_t)section;
  MlirNamedAttribute element[2] = {
      amsNamed(context, "rawConstantIndices",
               mlirDenseI32ArrayGet(context, 1, &index)),
      amsNamed(context, "elem_type", mlirTypeAttrGet(pointer))};
  MlirValue slot = amsBuildValue(&builder, "llvm.getelementptr", 1, &table,
                                 pointer, 2, element);
  MlirValue data =
      amsBuildValue(&builder, "llvm.load", 1, &slot, pointer, 0, NULL);
  MlirValue value =
      amsBuildValue(&builder, "llvm.mlir.undef", 0, NULL, descriptor, 0, NULL);
  /* Fields: allocated and aligned pointer, offset, sizes, strides. */
  int64_t stride = 1;
  for (int64_t field = 0; field < 3; ++field) {
    MlirValue content = data;
    if (field == 2) {
      MlirNamedAttribute zero =
          amsNamed(context, "value", mlirIntegerAttrGet(i64, 0));
      content =
          amsBuildValue(&builder, "llvm.mlir.constant", 0, NULL, i64, 1, &zero);
    }
    MlirValue operands[2] = {value, content};
    MlirNamedAttribute position =
        amsNamed(context, "position", mlirDenseI64ArrayGet(context, 1, &field));
    value = amsBuildValue(&builder, "llvm.insertvalue", 2, operands, descriptor,
                          1, &position);
  }
  for (intptr_t i = rank - 1; i >= 0; --i) {
    int64_t contents[2] = {shape[i], stride};
    for (int64_t part = 0; part < 2; ++part) {
      MlirNamedAttribute number =
          amsNamed(context, "value", mlirIntegerAttrGet(i64, contents[part]));
      MlirValue operands[2] = {value,
                               amsBuildValue(&builder, "llvm.mlir.constant", 0,
                                             NULL, i64, 1, &number)};
      MlirNamedAttribute position =
          amsNamed(context, "position",
                   mlirDenseI64ArrayGet(context, 2, (int64_t[]){3 + part, i}));
      value = amsBuildValue(&builder, "llvm.insertvalue", 2, operands,
                            descriptor, 1, &position);
    }
    stride *= shape[i];
  }
  MlirValue buffer = amsBuildValue(
      &builder, "builtin.unrealized_conversion_cast", 1, &value, type, 0, NULL);
  mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(op, 0), buffer);
  mlirOperationDestroy(op);
}

/* Moves `global` to a section, if any of `uses` is its; those are set to null.
 * False after an error. */
static bool outline(MlirOperation module, MlirOperation global,
                    AmsOpList *uses) {
  MlirStringRef name = mlirStringAttrGetValue(amsGetAttr(global, "sym_name"));
  uint32_t section = AMS_ABI_NO_SECTION;
  for (size_t i = 0; i < uses->size; ++i) {
    MlirOperation use = uses->ops[i];
    if (mlirOperationIsNull(use) ||
        !mlirStringRefEqual(
            mlirFlatSymbolRefAttrGetValue(amsGetAttr(use, "name")), name))
      continue;
    if (section == AMS_ABI_NO_SECTION &&
        !amsSectionsAppend(module, mlirOperationGetLocation(global),
                           amsGetAttr(global, "initial_value"), &section))
      return false;
    declareTable(module);
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
  bool ok = true;
  while (ok && !mlirOperationIsNull(op)) {
    MlirOperation next = mlirOperationGetNextInBlock(op);
    int64_t bytes = constantBytes(op);
    if (bytes >= 0 && bytes >= options->minBytes)
      ok = outline(module, op, &uses);
    op = next;
  }
  amsOpListFree(&uses);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
