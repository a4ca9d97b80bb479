/*===-- ConstantGeneric.h - Constants by elementwise linalg ------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Elementwise operations of linalg on constants.                             *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_CONSTANTGENERIC_H
#define AMS_SUPPORT_CONSTANTGENERIC_H

#include "mlir-c/IR.h"

#include <stdbool.h>

/* Whether `op` is a linalg.generic or linalg.broadcast whose inputs are
 * constants (Constant.h), whose loops are its result's dimensions in order, and
 * whose body holds indices, constants, sums and products, and elements of
 * constants by tensor.extract. */
bool amsIsConstantGeneric(MlirOperation op);

/* The elements of its result, row-major, in a new array; NULL if it is not such
 * an operation, or reads elements that are not there. */
float *amsEvaluateConstantGeneric(MlirOperation op);

#endif /* AMS_SUPPORT_CONSTANTGENERIC_H */
