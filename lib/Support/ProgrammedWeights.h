/*===-- ProgrammedWeights.h - The codes of a level-2 layer --------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_PROGRAMMEDWEIGHTS_H
#define AMS_SUPPORT_PROGRAMMEDWEIGHTS_H

#include "ams/abi.h"
#include "mlir-c/IR.h"

typedef struct AmsProgrammedWeights {
  ams_abi_layer_t layer; /* outputs, reduction, device, condition */
  void *codes;           /* of ams.weights; NULL: both sides are computed */
  void *scales;
} AmsProgrammedWeights;

/* Of a product on ABFP operands (levels 2 and 3). */
AmsProgrammedWeights amsProgrammedWeightsOf(MlirOperation op);
void amsProgrammedWeightsFree(AmsProgrammedWeights *weights);

#endif /* AMS_SUPPORT_PROGRAMMEDWEIGHTS_H */
