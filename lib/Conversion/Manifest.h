/*===-- Manifest.h - The manifest of a model ----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The bytes of ams_abi_manifest_t for a module.                              *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_CONVERSION_MANIFEST_H
#define AMS_CONVERSION_MANIFEST_H

#include "Text.h"
#include "ams/abi.h"
#include "mlir-c/IR.h"

#include <stdbool.h>

/* Builds the manifest of `module` for `target` from its attributes ams.inputs,
 * ams.outputs, ams.layers, ams.sections and ams.workspace into `manifest`.
 * False after an error. */
bool amsManifestBuild(MlirOperation module, ams_abi_target_t target,
                      AmsText *manifest);

#endif /* AMS_CONVERSION_MANIFEST_H */
