/*===-- LinalgOperand.h - Operands of linalg operations ----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* How an operand of linalg is indexed, and what it copies.                   *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_LINALGOPERAND_H
#define AMS_SUPPORT_LINALGOPERAND_H

#include "Build.h"

#include "mlir-c/AffineMap.h"

/* Most loops of a linalg operation. */
enum { AMS_MAX_LOOPS = 16 };

/* How one operand of a linalg operation is indexed. */
typedef struct AmsLinalgOperand {
  MlirValue value;
  intptr_t rank;
  int64_t shape[AMS_MAX_RANK];
  int64_t loop[AMS_MAX_RANK]; /* that alone indexes a dimension, or -1 */
  MlirAffineMap map;
} AmsLinalgOperand;

/* False unless operand `index` is a float32 tensor of static shape. */
bool amsReadLinalgOperand(MlirOperation op, intptr_t index,
                          AmsLinalgOperand *operand);
/* Dimension of `operand` that loop `loop` alone indexes, or -1. */
intptr_t amsFindLoop(const AmsLinalgOperand *operand, int64_t loop);
/* Replaces a value that copies another by linalg.broadcast, linalg.transpose or
 * the like in a linalg.generic by the other; false where it does not. */
bool amsSkipCopy(AmsLinalgOperand *operand);

#endif /* AMS_SUPPORT_LINALGOPERAND_H */
