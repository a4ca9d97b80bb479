/*===-- Reader.c - A model file as a module ----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* ONNX through the importer, MLIR through its parser.                        *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Reader.h"

#include "ams-c/Import.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Samples a call where an ONNX model's batch is symbolic and the user names no
 * number. */
static const int64_t defaultBatch = 16;

static bool endsWith(const char *text, const char *suffix) {
  size_t length = strlen(text), suffixLength = strlen(suffix);
  return length > suffixLength &&
         strcmp(text + length - suffixLength, suffix) == 0;
}

static ams_status_t checkReadable(const char *path) {
  struct stat info;
  int error = 0;
  if (stat(path, &info) != 0 || access(path, R_OK) != 0)
    error = errno;
  else if (S_ISDIR(info.st_mode))
    error = EISDIR;
  if (!error)
    return AMS_OK;
  return ams_status_make(error == ENOENT ? AMS_STATUS_NOT_FOUND : AMS_STATUS_IO,
                         "cannot read '%s': %s", path, strerror(error));
}

/* The status for a file that did not become a module. */
static ams_status_t unusable(const char *path, const char *kind,
                             AmsDiagnostics *diagnostics) {
  char what[4200];
  snprintf(what, sizeof(what), "'%s' is not a usable %s", path, kind);
  return amsDiagnosticsStatus(diagnostics, AMS_STATUS_INVALID_DATA, what);
}

static ams_status_t readOnnx(MlirContext context,
                             const AmsCompileOptions *options,
                             AmsDiagnostics *diagnostics,
                             MlirModule *outModule) {
  AmsImportOptions import = {
      .batch = options->batch ? options->batch : defaultBatch,
      .weightsAsArguments = options->loss || options->weightsAsArguments,
      .everyNode = options->recordNodes,
  };
  *outModule = amsImportOnnx(context, options->input, &import);
  return mlirModuleIsNull(*outModule)
             ? unusable(options->input, "ONNX model", diagnostics)
             : AMS_OK;
}

static ams_status_t readMlir(MlirContext context,
                             const AmsCompileOptions *options,
                             AmsDiagnostics *diagnostics,
                             MlirModule *outModule) {
  if (options->batch)
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "'%s' has static shapes: a batch can be chosen for ONNX models alone",
        options->input);
  if (options->recordNodes)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "'%s' has no nodes: their results can be recorded "
                           "of ONNX models alone",
                           options->input);
  MlirModule module = mlirModuleCreateParseFromFile(
      context, mlirStringRefCreateFromCString(options->input));
  if (mlirModuleIsNull(module))
    return unusable(options->input, "MLIR module", diagnostics);
  if (mlirOperationIsNull(
          mlirBlockGetFirstOperation(mlirModuleGetBody(module)))) {
    mlirModuleDestroy(module);
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "'%s' holds no model: its module is empty",
                           options->input);
  }
  *outModule = module;
  return AMS_OK;
}

ams_status_t amsReadModel(MlirContext context, const AmsCompileOptions *options,
                          AmsDiagnostics *diagnostics, MlirModule *outModule) {
  const char *path = options->input;
  AMS_RETURN_IF_ERROR(checkReadable(path));
  if (endsWith(path, ".onnx"))
    return readOnnx(context, options, diagnostics, outModule);
  if (endsWith(path, ".mlir") || endsWith(path, ".mlirbc"))
    return readMlir(context, options, diagnostics, outModule);
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "'%s' is no model by its name: it must end in .onnx, "
                         ".mlir or .mlirbc",
                         path);
}
