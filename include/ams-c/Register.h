/*===-- ams-c/Register.h - Registration and bridges ---------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Registration of dialects and passes, the tools' main functions, and what   *|
|* mlir-c lacks.                                                              *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_C_REGISTER_H
#define AMS_C_REGISTER_H

#include "mlir-c/Diagnostics.h"
#include "mlir-c/IR.h"

#include <stddef.h>

/* What the shared library of the compiler exports. */
#pragma GCC visibility push(default)

#ifdef __cplusplus
extern "C" {
#endif

/* Every upstream dialect and extension, and ams with its bufferization. */
void amsRegisterAllDialects(MlirDialectRegistry registry);
/* Every upstream pass, ams' own, and its pipelines. Once a process. */
void amsRegisterAllPasses(void);

/* The main function of ams-opt and of ams-lsp-server. */
int amsOptMain(int argc, char **argv);
int amsLspServerMain(int argc, char **argv);

/* Emits `message` at `loc` with any severity. */
void amsEmitDiagnostic(MlirLocation loc, MlirDiagnosticSeverity severity,
                       const char *message);

/* Finds the raw bytes of a dense or dense_resource attribute of integers or
 * floats of whole bytes: all elements, or one where a dense attribute is a
 * splat. False for any other attribute, and where the bytes are not at hand or
 * are more or fewer than the type's. */
bool amsElementsRawData(MlirAttribute attr, const void **data, size_t *size);

#ifdef __cplusplus
}
#endif

#pragma GCC visibility pop

#endif /* AMS_C_REGISTER_H */
