/*===-- LinalgToAMS.h - linalg to layers -------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What the conversions of contractions and of convolutions share: reading    *|
|* operands of linalg, naming layers and building them.                       *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_CONVERSION_LINALGTOAMS_H
#define AMS_CONVERSION_LINALGTOAMS_H

#include "ams-c/Dialect.h"

#include "Build.h"
#include "LinalgOperand.h"

/* State of one run of the pass. */
typedef struct AmsLayerConversion {
  MlirContext context;
  MlirAttribute device;
  const char *keepDigital; /* patterns of names, apart by commas */
  int64_t minMacs;
  char **names; /* of products so far */
  size_t numNames;
  const char *name; /* of the one at hand, among `names` */
} AmsLayerConversion;

/* Loops of one kind, in order. */
typedef struct AmsLoops {
  int64_t loop[AMS_MAX_LOOPS];
  intptr_t size;
} AmsLoops;

void amsAppendLoops(AmsLoops *loops, const AmsLoops *more);
/* Dimensions of `operand` that `loops` index, in that order; false where one is
 * not found or the operand has others. */
bool amsFindPermutation(const AmsLinalgOperand *operand, const AmsLoops *loops,
                        int64_t *permutation);
int64_t amsLoopsSize(const AmsLinalgOperand *operand, const AmsLoops *loops);
bool amsHasElements(const AmsLinalgOperand *operand);

/* Whether the body of `op` yields its third argument plus the product of the
 * other two, and nothing else. */
bool amsIsMultiplyAdd(MlirOperation op);

/* Why the layer at hand, of as many multiplications as the product of `sizes`,
 * is to stay digital; NULL if it is not. */
const char *amsKeepDigital(const AmsLayerConversion *conversion,
                           const int64_t *sizes, int count);

/* `operand` with its dimensions permuted, then flattened to `shape`. */
MlirValue amsArrange(const AmsBuilder *builder, const AmsLinalgOperand *operand,
                     const int64_t *permutation, intptr_t rank,
                     const int64_t *shape);
/* `ins` by the layer operation `opName` into a new tensor of `shape`. */
MlirValue amsBuildLayer(const AmsLayerConversion *conversion,
                        const AmsBuilder *builder, const char *opName,
                        const MlirValue ins[2], intptr_t rank,
                        const int64_t *shape, const AmsWindow *window);
/* Puts `value`, whose dimensions are flattened `loops`, into the layout of
 * `result`, adds an accumulator that is not zero, and replaces `op`. */
void amsFinishLayer(const AmsBuilder *builder, MlirOperation op,
                    MlirValue value, const AmsLinalgOperand *result,
                    const AmsLoops *loops);

/* Why a product stays digital; NULL after it was converted. */
const char *amsConvertContraction(AmsLayerConversion *conversion,
                                  MlirOperation op);
const char *amsConvertConvolution(AmsLayerConversion *conversion,
                                  MlirOperation op);

#endif /* AMS_CONVERSION_LINALGTOAMS_H */
