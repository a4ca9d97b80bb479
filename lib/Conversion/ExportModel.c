/*===-- ExportModel.c - The entry table of a model ----------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The entry table of a model in the LLVM dialect: written as text where it   *|
|* is long and fixed, its bytes set as attributes.                            *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Passes.h"
#include "ams-c/Register.h"

#include "Build.h"
#include "Constant.h"
#include "Interface.h"
#include "Manifest.h"
#include "Text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What @main becomes: in a program, `main` is the program's own. */
#define MAIN_SYMBOL "ams_model_main"

/* State of one run of the pass. */
typedef struct Export {
  MlirOperation module;
  MlirBlock body;
  MlirAttribute sections; /* null: none */
  intptr_t numSections;
  bool external; /* sections are written by the driver */
  ams_abi_target_t target;
} Export;

static const char tableType[] = "!llvm.struct<(i32, i32, ptr, ptr, ptr, ptr)>";

static MlirOperation findSymbol(MlirOperation module, MlirStringRef name) {
  MlirSymbolTable symbols = mlirSymbolTableCreate(module);
  MlirOperation op = mlirSymbolTableLookup(symbols, name);
  mlirSymbolTableDestroy(symbols);
  return op;
}

static bool parseTarget(MlirLocation loc, const char *text,
                        ams_abi_target_t *target) {
  if (!strcmp(text, "device"))
    *target = AMS_ABI_DEVICE;
  else if (!strcmp(text, "digital"))
    *target = AMS_ABI_DIGITAL;
  else if (!strcmp(text, "plain"))
    *target = AMS_ABI_PLAIN;
  else {
    amsEmitError(loc, "target '%s' is none of device, digital and plain", text);
    return false;
  }
  return true;
}

/* Ports `name` of the module. */
static MlirAttribute ports(MlirOperation module, const char *name) {
  MlirAttribute list = amsGetAttr(module, name);
  return mlirAttributeIsNull(list)
             ? mlirArrayAttrGet(mlirOperationGetContext(module), 0, NULL)
             : list;
}

static MlirType portType(MlirAttribute list, intptr_t index) {
  return mlirTypeAttrGetValue(mlirDictionaryAttrGetElementByName(
      mlirArrayAttrGetElement(list, index), amsStringRef("type")));
}

/* Arguments of one port's memref: pointers, offset, sizes and strides. Values
 * go to `setup` and `values`, types to `types`. */
static void appendPort(MlirType type, const char *array, intptr_t index,
                       AmsText *setup, AmsText *values, AmsText *types) {
  intptr_t rank = mlirShapedTypeGetRank(type);
  amsTextAppend(setup,
                "  %%%s%d_slot = llvm.getelementptr %%%s[%d] : (!llvm.ptr) -> "
                "!llvm.ptr, !llvm.ptr\n"
                "  %%%s%d = llvm.load %%%s%d_slot : !llvm.ptr -> !llvm.ptr\n",
                array, (int)index, array, (int)index, array, (int)index, array,
                (int)index);
  amsTextAppend(values, "%s%%%s%d, %%%s%d, %%zero", values->size ? ", " : "",
                array, (int)index, array, (int)index);
  amsTextAppend(types, "%s!llvm.ptr, !llvm.ptr, i64", types->size ? ", " : "");
  for (int part = 0; part < 2; ++part)
    for (intptr_t i = 0; i < rank; ++i) {
      int64_t number = mlirShapedTypeGetDimSize(type, i);
      if (part) { /* the stride of dimension i */
        number = 1;
        for (intptr_t k = i + 1; k < rank; ++k)
          number *= mlirShapedTypeGetDimSize(type, k);
      }
      amsTextAppend(setup,
                    "  %%%s%d_%d_%d = llvm.mlir.constant(%" PRId64
                    " : i64) : i64\n",
                    array, (int)index, part, (int)i, number);
      amsTextAppend(values, ", %%%s%d_%d_%d", array, (int)index, part, (int)i);
      amsTextAppend(types, ", i64");
    }
}

/* @ams_run, which unpacks the arrays of pointers and calls @main. */
static void appendRun(const Export *export, bool takesState, AmsText *text) {
  AmsText setup = {NULL, 0, 0}, values = {NULL, 0, 0}, types = {NULL, 0, 0};
  if (takesState) {
    amsTextAppend(&values, "%%call");
    amsTextAppend(&types, "!llvm.ptr");
  }
  MlirAttribute inputs = ports(export->module, "ams.inputs");
  MlirAttribute outputs = ports(export->module, "ams.outputs");
  for (intptr_t i = 0; i < mlirArrayAttrGetNumElements(inputs); ++i)
    appendPort(portType(inputs, i), "inputs", i, &setup, &values, &types);
  for (intptr_t i = 0; i < mlirArrayAttrGetNumElements(outputs); ++i)
    appendPort(portType(outputs, i), "outputs", i, &setup, &values, &types);
  amsTextAppend(
      text,
      "llvm.func @" MAIN_SYMBOL "(%s)\n"
      "llvm.func internal @ams_run(%%call: !llvm.ptr, %%inputs: !llvm.ptr, "
      "%%outputs: !llvm.ptr) {\n"
      "  %%zero = llvm.mlir.constant(0 : i64) : i64\n%s"
      "  llvm.call @" MAIN_SYMBOL "(%s) : (%s) -> ()\n"
      "  llvm.return\n}\n",
      types.data, setup.data, values.data, types.data);
  free(setup.data);
  free(values.data);
  free(types.data);
}

/* Arguments that @main must have if it takes no state. */
static intptr_t countArguments(const Export *export) {
  intptr_t count = 0;
  const char *const lists[] = {"ams.inputs", "ams.outputs"};
  for (int l = 0; l < 2; ++l) {
    MlirAttribute list = ports(export->module, lists[l]);
    for (intptr_t i = 0; i < mlirArrayAttrGetNumElements(list); ++i)
      count += 3 + 2 * mlirShapedTypeGetRank(portType(list, i));
  }
  return count;
}

/* @ams_sections: defined here (inline), or declared. */
static void appendSections(const Export *export, AmsText *text) {
  int count = (int)export->numSections;
  if (!count)
    return;
  if (export->external) {
    amsTextAppend(text, "llvm.mlir.global external hidden constant "
                        "@ams_sections() {addr_space = 0 : i32} : "
                        "!llvm.array<0 x ptr>\n");
    return;
  }
  for (int i = 0; i < count; ++i) {
    const void *data;
    size_t size = 0;
    amsElementsRawData(mlirArrayAttrGetElement(export->sections, i), &data,
                       &size);
    amsTextAppend(text,
                  "llvm.mlir.global internal constant @ams_section_%d("
                  "dense<0> : tensor<%zuxi8>) {addr_space = 0 : i32, "
                  "alignment = 64 : i64} : !llvm.array<%zu x i8>\n",
                  i, size, size);
  }
  amsTextAppend(text,
                "llvm.mlir.global external hidden constant @ams_sections() "
                "{addr_space = 0 : i32} : !llvm.array<%d x ptr> {\n"
                "  %%v0 = llvm.mlir.undef : !llvm.array<%d x ptr>\n",
                count, count);
  for (int i = 0; i < count; ++i)
    amsTextAppend(text,
                  "  %%p%d = llvm.mlir.addressof @ams_section_%d : !llvm.ptr\n"
                  "  %%v%d = llvm.insertvalue %%p%d, %%v%d[%d] : "
                  "!llvm.array<%d x ptr>\n",
                  i, i, i + 1, i, i, i, count);
  amsTextAppend(text, "  llvm.return %%v%d : !llvm.array<%d x ptr>\n}\n", count,
                count);
}

/* @ams_manifest (its bytes are set later) and @ams_model. */
static void appendTable(const Export *export, bool hasState, size_t size,
                        AmsText *text) {
  amsTextAppend(text,
                "llvm.mlir.global internal constant @ams_manifest(dense<0> : "
                "tensor<%zuxi8>) {addr_space = 0 : i32, alignment = 8 : i64} : "
                "!llvm.array<%zu x i8>\n",
                size, size);
  if (hasState)
    amsTextAppend(text, "llvm.mlir.global external @ams_plain_state() "
                        "{addr_space = 0 : i32} : !llvm.array<4 x i64>\n");
  amsTextAppend(text,
                "llvm.mlir.global external constant @" AMS_ABI_MODEL_SYMBOL
                "() {addr_space = 0 : i32} : %s {\n"
                "  %%magic = llvm.mlir.constant(%" PRId32 " : i32) : i32\n"
                "  %%version = llvm.mlir.constant(%" PRId32 " : i32) : i32\n"
                "  %%manifest = llvm.mlir.addressof @ams_manifest : !llvm.ptr\n"
                "  %%run = llvm.mlir.addressof @ams_run : !llvm.ptr\n",
                tableType, (int32_t)AMS_ABI_MAGIC, (int32_t)AMS_ABI_VERSION);
  amsTextAppend(text, "  %%sections = %s : !llvm.ptr\n",
                export->numSections ? "llvm.mlir.addressof @ams_sections"
                                    : "llvm.mlir.zero");
  amsTextAppend(text, "  %%state = %s : !llvm.ptr\n",
                hasState ? "llvm.mlir.addressof @ams_plain_state"
                         : "llvm.mlir.zero");
  static const char *const fields[] = {"magic",    "version", "manifest",
                                       "sections", "run",     "state"};
  amsTextAppend(text, "  %%t0 = llvm.mlir.undef : %s\n", tableType);
  for (int i = 0; i < 6; ++i)
    amsTextAppend(text, "  %%t%d = llvm.insertvalue %%%s, %%t%d[%d] : %s\n",
                  i + 1, fields[i], i, i, tableType);
  amsTextAppend(text, "  llvm.return %%t6 : %s\n}\n", tableType);
}

/* Moves the operations of `text` into the module; a declaration of what the
 * module has already is dropped, a definition takes the place of a
 * declaration. False if the text does not parse. */
static bool merge(const Export *export, const char *text) {
  MlirModule parsed = mlirModuleCreateParse(
      mlirOperationGetContext(export->module), amsStringRef(text));
  if (mlirModuleIsNull(parsed))
    return false;
  MlirOperation op = mlirBlockGetFirstOperation(mlirModuleGetBody(parsed));
  while (!mlirOperationIsNull(op)) {
    MlirOperation next = mlirOperationGetNextInBlock(op);
    MlirStringRef name = mlirStringAttrGetValue(amsGetAttr(op, "sym_name"));
    MlirOperation known = findSymbol(export->module, name);
    bool isTable = mlirStringRefEqual(name, amsStringRef("ams_sections"));
    if (isTable && !mlirOperationIsNull(known))
      mlirOperationDestroy(known);
    if (isTable || mlirOperationIsNull(known)) {
      mlirOperationRemoveFromParent(op);
      mlirBlockAppendOwnedOperation(export->body, op);
    }
    op = next;
  }
  mlirModuleDestroy(parsed);
  return true;
}

/* Gives global `name` the bytes `data` as its value. */
static void setBytes(const Export *export, const char *name, const void *data,
                     size_t size) {
  MlirContext context = mlirOperationGetContext(export->module);
  int64_t count = (int64_t)size;
  MlirType type = mlirRankedTensorTypeGet(
      1, &count, mlirIntegerTypeGet(context, 8), mlirAttributeGetNull());
  void *copy = amsAllocate(size, 1);
  memcpy(copy, data, size);
  mlirOperationSetAttributeByName(
      findSymbol(export->module, amsStringRef(name)), amsStringRef("value"),
      amsResourceAttr(type, name, copy, size));
}

/* Renames @main, makes it internal; whether it takes the state as its first
 * argument. False after an error. */
static bool prepareMain(const Export *export, bool *takesState) {
  MlirContext context = mlirOperationGetContext(export->module);
  MlirOperation main = findSymbol(export->module, amsStringRef("main"));
  if (!amsIsOp(main, "llvm.func") || mlirBlockIsNull(mlirRegionGetFirstBlock(
                                         mlirOperationGetRegion(main, 0)))) {
    amsEmitError(mlirOperationGetLocation(export->module),
                 "needs @main as an llvm.func with a body: run the passes of "
                 "ams-to-code first");
    return false;
  }
  static const char *const made[] = {MAIN_SYMBOL, "ams_run", "ams_manifest",
                                     AMS_ABI_MODEL_SYMBOL};
  for (size_t i = 0; i < sizeof made / sizeof *made; ++i) {
    MlirOperation taken = findSymbol(export->module, amsStringRef(made[i]));
    if (mlirOperationIsNull(taken))
      continue;
    amsEmitError(mlirOperationGetLocation(taken),
                 "@%s is the name of a part of the entry table: rename it",
                 made[i]);
    return false;
  }
  intptr_t found = mlirBlockGetNumArguments(
      mlirRegionGetFirstBlock(mlirOperationGetRegion(main, 0)));
  intptr_t expected = countArguments(export);
  if (found != expected && found != expected + 1) {
    amsEmitError(mlirOperationGetLocation(main),
                 "@main has %d arguments, but the module's ams.inputs and "
                 "ams.outputs ask for %d",
                 (int)found, (int)expected);
    return false;
  }
  *takesState = found == expected + 1;
  mlirOperationSetAttributeByName(main, amsStringRef("sym_name"),
                                  amsStringAttr(context, MAIN_SYMBOL));
  mlirOperationSetAttributeByName(
      main, amsStringRef("linkage"),
      mlirAttributeParseGet(context, amsStringRef("#llvm.linkage<internal>")));
  return true;
}

static bool exportModel(const Export *export, const AmsText *manifest) {
  bool takesState;
  bool hasState = !mlirOperationIsNull(
      findSymbol(export->module, amsStringRef("ams_plain_state")));
  if (!prepareMain(export, &takesState))
    return false;
  AmsText text = {NULL, 0, 0};
  appendRun(export, takesState, &text);
  appendSections(export, &text);
  appendTable(export, hasState, manifest->size, &text);
  bool ok = merge(export, text.data);
  free(text.data);
  if (!ok)
    return false;
  setBytes(export, "ams_manifest", manifest->data, manifest->size);
  for (intptr_t i = 0; !export->external && i < export->numSections; ++i) {
    char name[32];
    const void *data;
    size_t size;
    snprintf(name, sizeof name, "ams_section_%d", (int)i);
    if (amsElementsRawData(mlirArrayAttrGetElement(export->sections, i), &data,
                           &size))
      setBytes(export, name, data, size);
  }
  return true;
}

MlirLogicalResult amsExportModel(MlirOperation module,
                                 const AmsExportModelOptions *options) {
  MlirLocation loc = mlirOperationGetLocation(module);
  if (!amsInterfaceCheck(module))
    return mlirLogicalResultFailure();
  Export export = {.module = module,
                   .body = mlirModuleGetBody(mlirModuleFromOperation(module)),
                   .sections = ports(module, "ams.sections"),
                   .external = !strcmp(options->sections, "external")};
  export.numSections = mlirArrayAttrGetNumElements(export.sections);
  if (!export.external && strcmp(options->sections, "inline") != 0) {
    amsEmitError(loc, "sections '%s' is neither inline nor external",
                 options->sections);
    return mlirLogicalResultFailure();
  }
  AmsText manifest = {NULL, 0, 0};
  bool ok = parseTarget(loc, options->target, &export.target) &&
            amsManifestBuild(module, export.target, &manifest) &&
            exportModel(&export, &manifest);
  free(manifest.data);
  if (!ok)
    return mlirLogicalResultFailure();
  static const char *const attributes[] = {"ams.inputs", "ams.outputs",
                                           "ams.layers", "ams.sections",
                                           "ams.step",   "ams.workspace"};
  for (size_t i = 0; i < sizeof attributes / sizeof *attributes; ++i)
    mlirOperationRemoveAttributeByName(module, amsStringRef(attributes[i]));
  if (export.external)
    mlirOperationSetAttributeByName(module, amsStringRef("ams.sections"),
                                    export.sections);
  return mlirLogicalResultSuccess();
}
