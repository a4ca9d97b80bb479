/*===-- Reader.h - A model file as a module ----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Level 0, from ONNX, MLIR text or MLIR bytecode.                            *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_LIB_DRIVER_READER_H
#define AMS_LIB_DRIVER_READER_H

#include "Diagnostics.h"

#include "mlir-c/IR.h"

/* Reads options->input, ONNX or MLIR (text or bytecode) by its suffix. */
ams_status_t amsReadModel(MlirContext context, const AmsCompileOptions *options,
                          AmsDiagnostics *diagnostics, MlirModule *outModule);

#endif /* AMS_LIB_DRIVER_READER_H */
