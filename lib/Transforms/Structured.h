/*===-- Structured.h - A linalg.generic as loops and accesses -----*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What the passes on the digital rest ask of an operation. Loops of one      *|
|* iteration and dimensions of one element are left out: they only stand in   *|
|* the way of seeing what is contiguous.                                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_TRANSFORMS_STRUCTURED_H
#define AMS_TRANSFORMS_STRUCTURED_H

#include "Build.h"

enum { AmsMaxLoops = 8, AmsMaxAccesses = 12 };

/* Which loop runs along each dimension of an operand. */
typedef struct AmsAccess {
  int rank;
  int loops[AmsMaxLoops];
} AmsAccess;

/* A linalg.generic of one result on float32 tensors of static shape, whose body
 * uses nothing from outside but constants. */
typedef struct AmsStructured {
  MlirOperation op;
  int numLoops;
  int64_t extents[AmsMaxLoops];
  bool isReduction[AmsMaxLoops];
  int numAccesses; /* of the inputs, then of the one init */
  AmsAccess accesses[AmsMaxAccesses];
} AmsStructured;

/* Reads `op`. NULL, or why it is none. */
const char *amsStructuredRead(MlirOperation op, AmsStructured *structured);

/* Whether the body reads elements of operand `index`. */
bool amsStructuredReads(MlirOperation op, int index);

/* Whether all elements become a constant. */
bool amsStructuredIsFill(const AmsStructured *structured);

/* Whether every loop is parallel. */
bool amsStructuredIsParallel(const AmsStructured *structured);

/* The product of the extents. */
int64_t amsStructuredIterations(const AmsStructured *structured);

#endif /* AMS_TRANSFORMS_STRUCTURED_H */
