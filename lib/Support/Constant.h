/*===-- Constant.h - Constant tensors -----------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Constants of float32 behind transposes and reshapes, and their elements.   *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_CONSTANT_H
#define AMS_SUPPORT_CONSTANT_H

#include "mlir-c/IR.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether `value` is a float32 constant, perhaps transposed (linalg.transpose),
 * reshaped (tensor.collapse_shape, tensor.expand_shape), padded (ConstantPad.h)
 * or computed element by element (ConstantGeneric.h). */
bool amsIsConstant(MlirValue value);

/* Whether `value` holds weights: such a constant, or such an argument that has
 * the attribute ams.weight. */
bool amsIsWeights(MlirValue value);

/* Whether there is memory for the elements of `type` as float32; false after an
 * error at `loc`. Constants of one number can be of any size. */
bool amsFitsMemory(MlirLocation loc, MlirType type);

/* A constant's elements, row-major, in a new array; NULL if it is not such a
 * constant or its data is malformed. */
float *amsEvaluateConstant(MlirValue value);

/* A dense_resource attribute of `type` over `size` bytes of `data`, which must
 * come from malloc and belongs to the attribute now. */
MlirAttribute amsResourceAttr(MlirType type, const char *name, void *data,
                              size_t size);

/* Whether `value` is filled with zeros: linalg.fill or a splat constant. */
bool amsIsZeroFilled(MlirValue value);
/* Whether `value` is the scalar float constant 0. */
bool amsIsZeroScalar(MlirValue value);

#endif /* AMS_SUPPORT_CONSTANT_H */
