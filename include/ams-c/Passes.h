/*===-- ams-c/Passes.h - The passes' logic ------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* One C function a pass of Passes.td, with its options as a struct; the      *|
|* passes of C++ call these.                                                  *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_C_PASSES_H
#define AMS_C_PASSES_H

#include "mlir-c/IR.h"

#include <stdbool.h>
#include <stdint.h>

/* What the shared library of the compiler exports. */
#pragma GCC visibility push(default)

#ifdef __cplusplus
extern "C" {
#endif

typedef struct AmsConvertLinalgToAMSOptions {
  const char *device;
  const char *keepDigitalLayers;
  int64_t minMacs;
} AmsConvertLinalgToAMSOptions;
/* Gives products that only a location names the attribute `ams.layer`, which
 * text without locations keeps, and by which --convert-linalg-to-ams names
 * their layers. */
void amsNameProducts(MlirOperation module);

MlirLogicalResult
amsConvertLinalgToAMS(MlirOperation module,
                      const AmsConvertLinalgToAMSOptions *options);

MlirLogicalResult amsWeightsToArguments(MlirOperation module);

typedef struct AmsAppendLossOptions {
  const char *loss;
} AmsAppendLossOptions;
MlirLogicalResult amsAppendLoss(MlirOperation module,
                                const AmsAppendLossOptions *options);

typedef struct AmsAddNoiseOptions {
  const char *layers, *per;
} AmsAddNoiseOptions;
MlirLogicalResult amsAddNoise(MlirOperation module,
                              const AmsAddNoiseOptions *options);

MlirLogicalResult amsRecordNoise(MlirOperation module);

typedef struct AmsDifferentiateOptions {
  const char *memory;
  bool clampGradient;
} AmsDifferentiateOptions;
MlirLogicalResult amsDifferentiate(MlirOperation module,
                                   const AmsDifferentiateOptions *options);

typedef struct AmsAssignConditioningOptions {
  const char *condition;
  /* Files that calibration has measured, by which layers are conditioned that
   * `condition` does not name; "": none. The others are for these. */
  const char *profiles;
  const char *budget; /* "": none */
  double mostSaturation;
  int64_t leastVectors;
  uint64_t seed; /* of the signs */
} AmsAssignConditioningOptions;
MlirLogicalResult
amsAssignConditioning(MlirOperation module,
                      const AmsAssignConditioningOptions *options);

typedef struct AmsAssignScalesOptions {
  const char *moments; /* a file that calibration has kept; "": none */
} AmsAssignScalesOptions;
MlirLogicalResult amsAssignScales(MlirOperation module,
                                  const AmsAssignScalesOptions *options);

typedef struct AmsAssignGainsOptions {
  const char *gains, *mode, *per, *profile, *budget, *inputs;
  double mostSaturation;
  int64_t leastVectors;
} AmsAssignGainsOptions;
MlirLogicalResult amsAssignGains(MlirOperation module,
                                 const AmsAssignGainsOptions *options);

MlirLogicalResult amsTileCrossbar(MlirOperation module);

typedef struct AmsPlaceCrossbarsOptions {
  const char *policy; /* resident, spill[:N], reprogram[:N] */
  bool sideBySide;
} AmsPlaceCrossbarsOptions;
MlirLogicalResult amsPlaceCrossbars(MlirOperation module,
                                    const AmsPlaceCrossbarsOptions *options);

/* What docs/cost.md calls them. */
typedef struct AmsEstimateCostOptions {
  const char *format; /* table or json */
  const char *output; /* a path, "-" for standard output, "" for remarks */
  double adcStep, dacBit, cell, program, addition, product; /* pJ */
  double programCycles;
} AmsEstimateCostOptions;
MlirLogicalResult amsEstimateCost(MlirOperation module,
                                  const AmsEstimateCostOptions *options);

typedef struct AmsFoldBatchNormalizationOptions {
  bool arguments;
} AmsFoldBatchNormalizationOptions;
MlirLogicalResult
amsFoldBatchNormalization(MlirOperation module,
                          const AmsFoldBatchNormalizationOptions *options);

MlirLogicalResult amsFoldWeights(MlirOperation module);
MlirLogicalResult amsFuseEpilogues(MlirOperation module, bool varyingWeights);
MlirLogicalResult amsSinkTransposes(MlirOperation module);
MlirLogicalResult amsLowerCopies(MlirOperation module);
MlirLogicalResult amsOutlineDigital(MlirOperation module);
MlirLogicalResult amsScheduleDigital(MlirOperation module);
MlirLogicalResult amsOutlineTasks(MlirOperation module);
MlirLogicalResult amsSeparateResults(MlirOperation module);
MlirLogicalResult amsPlanMemory(MlirOperation module);
MlirLogicalResult amsRecordInterface(MlirOperation module);
MlirLogicalResult amsConvertAMSToRuntime(MlirOperation module);
MlirLogicalResult amsDecompose(MlirOperation module);

/* Whether --ams-fuse-elementwise may compute `producer` within `consumer`. */
bool amsMayFuseElementwise(MlirOperation producer, MlirOperation consumer);

typedef struct AmsOutlineConstantsOptions {
  int64_t minBytes;
} AmsOutlineConstantsOptions;
MlirLogicalResult
amsOutlineConstants(MlirOperation module,
                    const AmsOutlineConstantsOptions *options);

typedef struct AmsExportModelOptions {
  const char *target;
  const char *sections;
} AmsExportModelOptions;
MlirLogicalResult amsExportModel(MlirOperation module,
                                 const AmsExportModelOptions *options);

#ifdef __cplusplus
}
#endif

#pragma GCC visibility pop

#endif /* AMS_C_PASSES_H */
