/*===-- ConstantPad.h - Constants that are padded -----------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Internal to Constant.h.                                                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_CONSTANTPAD_H
#define AMS_SUPPORT_CONSTANTPAD_H

#include "mlir-c/IR.h"

#include <stdbool.h>

/* Whether `op` is a tensor.pad of a float32 constant by a constant number, with
 * sizes that are known. */
bool amsIsConstantPad(MlirOperation op);

/* Its elements, row-major, in a new array; NULL where its input's data is
 * malformed. */
float *amsEvaluateConstantPad(MlirOperation op);

#endif /* AMS_SUPPORT_CONSTANTPAD_H */
