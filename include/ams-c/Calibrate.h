/*===-- ams-c/Calibrate.h - Compiling with measured gains --------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Profiles a model on calibration samples, chooses every layer's gain by     *|
|* what it does to the network's outputs, and compiles with these gains.      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_C_CALIBRATE_H
#define AMS_C_CALIBRATE_H

#include "ams-c/Compile.h"
#include "ams/runtime.h"

#include <stdio.h>

/* What the shared library of the compiler exports. */
#pragma GCC visibility push(default)

#ifdef __cplusplus
extern "C" {
#endif

typedef struct AmsCalibrateOptions {
  /* Gives the samples: an array a sample's input of `model`, and how many
   * samples. They stay the caller's, and must outlive the call. */
  ams_status_t (*loadInputs)(void *userData, const ams_model_t *model,
                             const void *const **outInputs,
                             int64_t *outSamples);
  void *userData;
  const char *budget;  /* "250nJ" a sample, "60%" of the best gains' energy;
                          NULL:  none */
  const char *gainPer; /* what has a gain of its own: "layer", "block" (of
                          the reduction) or "tile" (of crossbars); NULL: layer
                        */
  int keepDigital;     /* so many layers, those that save most, stay digital */
  const char *profile; /* where the profile is kept, or NULL */
  bool errorFeedback;  /* round weights by second moments of inputs */
  const char *moments; /* where these are kept, or NULL; with errorFeedback */
  FILE *report;        /* gets the table of what was chosen; NULL: none */
  uint64_t seed;       /* of the noise */
  int threads;         /* 0: all processors */
  /* Told of each run; may be NULL. */
  void (*onProgress)(void *userData, const char *what);
} AmsCalibrateOptions;

/* amsCompile with gains from calibration, whatever options->gains says, and
 * with weights by error feedback where that is asked for. For the targets
 * device and plain. */
ams_status_t amsCompileCalibrated(const AmsCompileOptions *options,
                                  const AmsCalibrateOptions *calibrate);

#ifdef __cplusplus
}
#endif

#pragma GCC visibility pop

#endif /* AMS_C_CALIBRATE_H */
