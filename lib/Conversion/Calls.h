/*===-- Calls.h - Building calls on buffers -----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What both ways down share: constants and calls, dense buffers, and the     *|
|* checks that must pass before an operation is lowered.                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_CONVERSION_CALLS_H
#define AMS_CONVERSION_CALLS_H

#include "Build.h"

#include "ams/abi.h"

/* Constants of arith. */
MlirValue amsBuildI64(const AmsBuilder *builder, int64_t value);
MlirValue amsBuildIndex(const AmsBuilder *builder, int64_t value);
MlirValue amsBuildF32(const AmsBuilder *builder, float value);
MlirValue amsBuildBool(const AmsBuilder *builder, bool value);

/* func.call of `callee`, without results. */
void amsBuildCall(const AmsBuilder *builder, const char *callee,
                  intptr_t numOperands, const MlirValue *operands);

/* A buffer that an operation reads or writes, dense and row-major: `value`
 * itself, or a copy where it is laid out otherwise. */
MlirValue amsDenseInput(const AmsBuilder *builder, MlirValue value);
/* The same for a buffer that is written whole; after the call
 * amsFinishOutput copies it back where it must. */
MlirValue amsDenseOutput(const AmsBuilder *builder, MlirValue value);
void amsFinishOutput(const AmsBuilder *builder, MlirValue dense,
                     MlirValue value);

/* A new buffer: memref.alloc. */
MlirValue amsBuildAlloc(const AmsBuilder *builder, MlirType type);

/* The ams.weights programmed into the grid of `mvm`, quantised to the bits of
 * its device with codes that those bits have and with their bytes at hand, or
 * the ams.quantize of a buffer in their place; null after an error. */
MlirOperation amsProgrammedWeights(MlirOperation mvm);
/* The ams.quantize of a buffer, without a window, whose value `dequantize`
 * takes; null after an error. */
MlirOperation amsQuantizedSource(MlirOperation dequantize);

/* Calls of functions in `module`. */
AmsOpList amsCollectCalls(MlirOperation module);
/* Checks that a run computes product `op` at most once, because its noise would
 * repeat: it stands in no loop, and of `calls` at most one reaches its
 * function. False after an error. */
bool amsIsReachedOnce(MlirOperation op, const AmsOpList *calls);

/* What a call that adds noise is told: numbers of ams.add_noise `op`. */
typedef struct AmsAddedNoise {
  int64_t index, samples, elements; /* of a sample */
  int64_t channels, classes;        /* of the table */
  int64_t outputs;                  /* the result's last dimension */
  ams_abi_epilogue_t epilogue;
} AmsAddedNoise;
AmsAddedNoise amsAddedNoiseDescribe(MlirOperation op);

/* The functions of `module` with a body. */
AmsOpList amsCollectFunctions(MlirOperation module);

/* Erases operations of the dialect that yield only values of its own types
 * (ams.weights, ams.program, ams.quantize) once nothing uses them. */
void amsEraseUnusedValues(MlirOperation module);

#endif /* AMS_CONVERSION_CALLS_H */
