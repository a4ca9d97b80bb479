/*===-- FoldArguments.h - Scales that depend on arguments ---------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_TRANSFORMS_FOLDARGUMENTS_H
#define AMS_TRANSFORMS_FOLDARGUMENTS_H

#include "mlir-c/IR.h"

/* Folds what follows `product`, whose weights are computed or an argument, as
 * far as it is a * y + b of each output with a and b from constants and
 * arguments that are weights: operations on these, of the roundings that
 * constants get, give the product's new weights and a bias. Nothing is changed
 * where nothing that follows scales. */
void amsFoldArguments(MlirOperation product);

#endif /* AMS_TRANSFORMS_FOLDARGUMENTS_H */
