//===-- Import.c - ONNX to linalg --------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ams-c/Import.h"

#include "Graph.h"
#include "ModelReader.h"

#include "mlir-c/BuiltinTypes.h"
#include "mlir-c/Diagnostics.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The last version of the default domain whose operators were looked at. */
enum { MostOpset = 25 };

enum { MessageSize = 1024 };

void *amsImportError(AmsImport *import, const char *format, ...) {
  char message[MessageSize];
  size_t length = 0;
  if (import->node)
    length = (size_t)snprintf(message, sizeof message,
                              "%s '%s': ", import->node->proto->op_type,
                              import->node->name);
  if (length < sizeof message) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message + length, sizeof message - length, format, arguments);
    va_end(arguments);
  }
  mlirEmitError(import->builder.location, message);
  return NULL;
}

void *amsImportOutOfMemory(AmsImport *import) {
  return amsImportError(import, "out of memory");
}

bool amsImportIsDefaultDomain(const char *domain) {
  return !*domain || strcmp(domain, "ai.onnx") == 0;
}

static bool loadDialects(AmsImport *import) {
  static const char *const names[] = {"arith", "func", "linalg", "math",
                                      "tensor"};
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
    if (mlirDialectIsNull(mlirContextGetOrLoadDialect(
            import->builder.context, mlirStringRefCreateFromCString(names[i]))))
      return amsImportError(
          import, "the dialect %s is not registered in the context", names[i]);
  return true;
}

static bool readModel(AmsImport *import) {
  const char *reason;
  import->file = amsImportStorageMap(import->path, &reason);
  if (!import->file)
    return amsImportError(import, "cannot read the model: %s", reason);
  char message[MessageSize];
  import->model = amsImportReadModel(amsImportStorageData(import->file),
                                     amsImportStorageSize(import->file),
                                     message, sizeof message);
  return import->model ||
         amsImportError(import, "this is not a whole ONNX model: %s", message);
}

static bool checkModel(AmsImport *import) {
  const Onnx__ModelProto *model = import->model;
  if (!model->graph)
    return amsImportError(import, "this is not a whole ONNX model: it has no "
                                  "graph");
  for (size_t i = 0; i < model->n_opset_import; ++i) {
    const char *domain = model->opset_import[i]->domain;
    if (amsImportIsDefaultDomain(domain ? domain : ""))
      import->opset = model->opset_import[i]->version;
  }
  if (import->opset < 1)
    return amsImportError(import, "this is not a whole ONNX model: it names no "
                                  "opset of the domain ai.onnx");
  if (import->opset > MostOpset)
    return amsImportError(
        import, "the model uses opset %" PRId64 "; at most %d is supported",
        import->opset, MostOpset);
  return true;
}

static MlirModule importModule(AmsImport *import) {
  MlirModule none = {NULL};
  if (!loadDialects(import) || !readModel(import) || !checkModel(import))
    return none;
  MlirOperation function = amsImportGraph(import);
  if (mlirOperationIsNull(function))
    return none;
  MlirModule module = mlirModuleCreateEmpty(import->builder.location);
  mlirBlockAppendOwnedOperation(mlirModuleGetBody(module), function);
  if (mlirOperationVerify(mlirModuleGetOperation(module)))
    return module;
  mlirModuleDestroy(module);
  return none;
}

static void freeImport(AmsImport *import) {
  for (AmsImportConstant *constant = import->constants; constant;
       constant = constant->next)
    amsImportStorageRelease(constant->storage);
  if (import->model)
    onnx__model_proto__free_unpacked(import->model, NULL);
  amsImportStorageRelease(import->file);
  amsImportNameMapFree(&import->values);
  amsImportNameMapFree(&import->layers);
  amsImportArenaFree(&import->arena);
}

MlirModule amsImportOnnx(MlirContext context, const char *path,
                         const AmsImportOptions *options) {
  AmsImport import = {
      .path = path,
      .batch = options ? options->batch : 1,
      .weightsAsArguments = options && options->weightsAsArguments,
      .everyNode = options && options->everyNode,
      .builder = {.context = context,
                  .location = mlirLocationFileLineColGet(
                      context, mlirStringRefCreateFromCString(path), 0, 0),
                  .f32 = mlirF32TypeGet(context),
                  .i64 = mlirIntegerTypeGet(context, 64)}};
  MlirModule module = {NULL};
  if (import.batch < 1)
    amsImportError(&import, "the batch must be at least 1");
  else
    module = importModule(&import);
  freeImport(&import);
  return module;
}
