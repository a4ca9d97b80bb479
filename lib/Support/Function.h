/*===-- Function.h - Arguments and results of functions -----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* A func.func's type, its entry block and its attributes of arguments and    *|
|* results are three things that must change together.                        *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_FUNCTION_H
#define AMS_SUPPORT_FUNCTION_H

#include "mlir-c/IR.h"

#include <stdbool.h>

/* The one function @main of `module` with a body of one block; null after an
 * error. */
MlirOperation amsFindMain(MlirOperation module);

/* The func.func around `op`, or `op` itself if it is one; null if there is
 * none.
 */
MlirOperation amsFunctionAround(MlirOperation op);

MlirBlock amsFunctionBody(MlirOperation function);
MlirType amsFunctionType(MlirOperation function);

/* Attribute `name` of argument `value`, or of result `index`; null for none,
 * and where the value is no argument of a function. */
MlirAttribute amsArgumentAttr(MlirValue value, const char *name);
MlirAttribute amsResultAttr(MlirOperation function, intptr_t index,
                            const char *name);

/* Whether `value` is an argument that holds weights: it has `ams.weight`. */
bool amsIsWeightArgument(MlirValue value);

/* Inserts an argument of `type` with the dictionary `attributes`. */
MlirValue amsFunctionInsertArgument(MlirOperation function, intptr_t index,
                                    MlirType type, MlirAttribute attributes);

/* Makes the function return `values`, each with a dictionary of `attributes`.
 */
void amsFunctionSetResults(MlirOperation function, intptr_t count,
                           const MlirValue *values,
                           const MlirAttribute *attributes);

/* {ams.name = `name`} and, where `weight`, {ams.weight = `name`} too. */
MlirAttribute amsPortAttributes(MlirContext context, MlirStringRef name,
                                bool weight);

/* Samples of a call of @main, whose first argument tells; 0 after an error. */
int64_t amsFunctionSamples(MlirOperation main);

#endif /* AMS_SUPPORT_FUNCTION_H */
