/*===-- Codegen.h - LLVM dialect to native code ------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* From a module of the LLVM dialect to optimised LLVM IR and its object file.*|
|* Floating-point operations are never contracted or reassociated: the IR has *|
|* no such flags, and LLVM's default fuses only what carries them.            *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_LIB_DRIVER_CODEGEN_H
#define AMS_LIB_DRIVER_CODEGEN_H

#include "Diagnostics.h"

#include "mlir-c/IR.h"

#include <stdbool.h>
#include <stdio.h>

typedef struct AmsCodegen AmsCodegen;

/* Translates `module` and optimises it for the processor `cpu` (see
 * TargetCpu.h). Diagnostics of the translation are in the status. */
ams_status_t amsCodegenCreate(MlirModule module, const char *cpu,
                              AmsDiagnostics *diagnostics,
                              AmsCodegen **outCodegen);

/* Writes the module as LLVM IR, or as a position-independent object file; the
 * caller checks the stream for errors of writing. */
void amsCodegenWriteText(AmsCodegen *codegen, FILE *stream);
ams_status_t amsCodegenWriteObject(AmsCodegen *codegen, FILE *stream);

/* Whether the module computes products, or gradients of products, in float32
 * by calls of the runtime. */
bool amsCodegenCallsFloat(const AmsCodegen *codegen);

void amsCodegenDestroy(AmsCodegen *codegen);

#endif /* AMS_LIB_DRIVER_CODEGEN_H */
