/*===-- ams-c/Import.h - ONNX to linalg --------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_C_IMPORT_H
#define AMS_C_IMPORT_H

#include "mlir-c/IR.h"

#include <stdbool.h>
#include <stdint.h>

/* What the shared library of the compiler exports. */
#pragma GCC visibility push(default)

#ifdef __cplusplus
extern "C" {
#endif

typedef struct AmsImportOptions {
  int64_t batch; /* value of a symbolic leading dimension, >= 1 */
  /* Whether weights will be arguments (--ams-weights-to-arguments): scale and
   * bias of a batch normalisation are weights of their own then, else they are
   * evaluated while importing. */
  bool weightsAsArguments;
  /* Whether @main returns, behind the model's outputs, what every node computes
   * in float32, in the order of the nodes: NODE.result. Left out is what is
   * known when importing, has no dimensions, or is not shared equally by the
   * rows of the first input. */
  bool everyNode;
} AmsImportOptions;

/* Reads the ONNX file at `path` into a module with one function, @main, of
 * linalg, tensor and arith operations on static shapes. Weights of 16 elements
 * or more become dense_resource attributes whose blobs point into the mapped
 * file, which lives as long as the context. Every convolution or matrix product
 * carries its node's name as the attribute `ams.layer`; @main's arguments and
 * results carry theirs as `ams.name`. Returns a null module after emitting
 * diagnostics that name each unsupported operator or malformed part. */
MlirModule amsImportOnnx(MlirContext context, const char *path,
                         const AmsImportOptions *options);

#ifdef __cplusplus
}
#endif

#pragma GCC visibility pop

#endif /* AMS_C_IMPORT_H */
