/*===-- Generic.h - Building linalg.generic -----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* An operation over loops whose body is built first, element by element, and *|
|* the scalar operations of such bodies.                                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_GENERIC_H
#define AMS_SUPPORT_GENERIC_H

#include "Build.h"

#include "mlir-c/AffineMap.h"

/* Most operands of an operation that is built. */
#define AMS_MAX_OPERANDS 16

/* A linalg.generic of one result in the making. The last operand and map are
 * those of the result's init. */
typedef struct AmsGeneric {
  intptr_t numOperands;
  MlirValue operands[AMS_MAX_OPERANDS];
  MlirAffineMap maps[AMS_MAX_OPERANDS];
  MlirBlock body;     /* one argument an operand */
  AmsBuilder builder; /* inside the body, before its linalg.yield */
} AmsGeneric;

/* Makes the body of the generic whose operands and maps are set. */
void amsGenericBegin(AmsGeneric *generic, const AmsBuilder *builder);
/* The element of operand `index`. */
MlirValue amsGenericElement(const AmsGeneric *generic, intptr_t index);
/* Builds the operation, which yields `element`; loops that the result's map
 * does not run along by themselves are reductions. */
MlirOperation amsGenericEnd(AmsGeneric *generic, const AmsBuilder *builder,
                            MlirValue element);

/* linalg.generic that adds `bias`, [N], to `value`, [.., N]. */
MlirValue amsBuildAddBias(const AmsBuilder *builder, MlirValue value,
                          MlirValue bias);

/* linalg.fill of a new tensor. */
MlirValue amsBuildFill(const AmsBuilder *builder, MlirType type, float value);

/* Whether result `index` of `map` is loop `dim` alone. */
bool amsMapHasDim(MlirAffineMap map, intptr_t index, intptr_t dim);
/* Whether some result of `map` is loop `dim` alone. */
bool amsMapCovers(MlirAffineMap map, intptr_t dim);
/* Dimension i of a result of `rank` from loop dims[i] of `numLoops`. */
MlirAffineMap amsMapOfDims(MlirContext context, intptr_t numLoops,
                           intptr_t rank, const intptr_t *dims);

/* Scalars of float32. */
MlirValue amsScalar(const AmsBuilder *builder, double value);
MlirValue amsScalarUnary(const AmsBuilder *builder, const char *name,
                         MlirValue operand);
MlirValue amsScalarBinary(const AmsBuilder *builder, const char *name,
                          MlirValue left, MlirValue right);
/* Predicates of arith.cmpf. */
enum { AmsEqual = 1, AmsGreater = 2, AmsLess = 4 };
MlirValue amsScalarCompare(const AmsBuilder *builder, int predicate,
                           MlirValue left, MlirValue right);
MlirValue amsScalarSelect(const AmsBuilder *builder, MlirValue condition,
                          MlirValue yes, MlirValue no);

#endif /* AMS_SUPPORT_GENERIC_H */
