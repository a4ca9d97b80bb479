/*===-- ams-c/Compile.h - The compiler as one call ---------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* From a model file to MLIR at any level, LLVM IR, an object, a shared       *|
|* library or a program.                                                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_C_COMPILE_H
#define AMS_C_COMPILE_H

#include "ams/status.h"

#include <stdbool.h>
#include <stdint.h>

/* What the shared library of the compiler exports. */
#pragma GCC visibility push(default)

#ifdef __cplusplus
extern "C" {
#endif

typedef enum AmsTarget {
  AmsTargetDevice,  // products on the modelled device, by the runtime
  AmsTargetDigital, // products in float32
  AmsTargetPlain,   // products on the modelled device, in generated code
} AmsTarget;

typedef enum AmsEmit {
  AmsEmitSharedLibrary, // .so
  AmsEmitExecutable,    // a program that takes ams-run's options
  AmsEmitObject,        // one relocatable object
  AmsEmitLLVM,          // LLVM IR as text
  AmsEmitMLIR,          // MLIR at `level`
} AmsEmit;

/* Levels of the IR, docs/levels.md. */
typedef enum AmsLevel {
  AmsLevelModel = 0,
  AmsLevelLayers = 1,
  AmsLevelScales = 2,
  AmsLevelGains = 3,
  AmsLevelCrossbars = 4,
  AmsLevelBuffers = 5,
  AmsLevelCode = 6,
} AmsLevel;

typedef struct AmsCompileOptions {
  const char *input;  /* path of an .onnx, .mlir or .mlirbc file */
  const char *output; /* path; "-" is standard output for text */
  const char *device; /* preset's name, or path of a file with the attribute */
  const char *gains;  /* "8", "conv1:4,fc:16" or "8,conv1:4" */
  /* Layers that stay digital: patterns of names, apart by commas, and those of
   * fewer multiplications than `minMacs`. */
  const char *keepDigitalLayers;
  int64_t minMacs;
  /* NULL: the model itself. A loss of --ams-append-loss: a step of training,
   * docs/gradients.md, not for the plain target; `memory` as
   * --ams-differentiate takes it. */
  const char *loss;
  const char *memory;
  /* With a loss, on the device: whether conversions that the ADC clipped have
   * no part in the gradients, as --ams-differentiate takes it. */
  bool clampGradient;
  /* Whether weights become arguments of the model behind its inputs, as a
   * step's are; docs/gradients.md. */
  bool weightsAsArguments;
  /* With a loss: layers whose results get differential noise, as patterns of
   * names, "" for none; and what has a histogram of its own, as
   * --ams-add-noise takes it. Without one: whether the model records its
   * layers' noise. */
  const char *addNoise;
  const char *noisePer;
  bool recordNoise;
  /* Without a loss, of an ONNX file: whether what every node computes is
   * returned too; Import.h. */
  bool recordNodes;
  const char *condition; /* "", "both" or "none,conv1=mean,fc=spread"; or
                            amsConditionAuto */
  /* Second moments of inputs that a calibration has kept, by which weights are
   * rounded (--ams-assign-scales); "": each weight on its own. */
  const char *moments;
  const char *policy; /* "resident", "spill" or "reprogram", these also :N */
  /* Whether scales of outputs, as of batch normalisation, go into weights. */
  bool foldBatchNormalization;
  /* Whether those that depend on weights which are arguments do so, too: in a
   * step, without noise that is added, and in a model with weights as
   * arguments. */
  bool foldArguments;
  /* Whether bias, residual and clamp are done as products are written, to the
   * same bits. */
  bool fuseEpilogues;
  const char *cost; /* print it to standard output as a "table" or "json"; or
                       NULL */
  const char *cpu;  /* LLVM CPU name, "native", or NULL: x86-64-v3 */
  const char *dumpPhases; /* directory for the IR after every level, or NULL */
  int64_t batch; /* samples a call; binds a symbolic batch; 0: default */
  AmsTarget target;
  AmsEmit emit;
  AmsLevel level; /* for AmsEmitMLIR */

  /* Told of every warning and remark, and of every phase with its seconds; both
   * may be NULL. */
  void (*onMessage)(void *userData, const char *text);
  void (*onPhase)(void *userData, const char *phase, double seconds);
  void *userData;
} AmsCompileOptions;

/* The level called `name` ("model", "layers", "scales", "gains", "crossbars",
 * "buffers", "code", or its number), or -1. */
int amsLevelFromName(const char *name);

/* The model itself, device target, preset abfp-n128, gain 8, plain blocks,
 * weights resident on one device, a shared library. */
AmsCompileOptions amsCompileOptionsDefault(void);

/* A condition that amsCompileCalibrated chooses by measurement
 * (docs/assignment.md); amsCompile refuses it. */
extern const char amsConditionAuto[];

/* Says early what of the options cannot be. */
ams_status_t amsCompileCheck(const AmsCompileOptions *options);

/* Compiles. The output file is written whole or not at all. Errors carry the
 * compiler's diagnostics, one a line. */
ams_status_t amsCompile(const AmsCompileOptions *options);

#ifdef __cplusplus
}
#endif

#pragma GCC visibility pop

#endif /* AMS_C_COMPILE_H */
