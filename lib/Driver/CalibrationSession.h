/*===-- CalibrationSession.h - While a model is calibrated --------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What the steps of a calibrated compilation share.                          *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_DRIVER_CALIBRATIONSESSION_H
#define AMS_DRIVER_CALIBRATIONSESSION_H

#include "Calibrate.h"
#include "Outputs.h"

#include "ams-c/Calibrate.h"

/* A way to condition the layers, and what calibration made of it. */
typedef struct AmsCalibratedBuild {
  char *condition; /* as AmsCompileOptions has it; owned */
  char *moments;   /* path of the second moments of inputs; owned, "": none */
  ams_model_t *device;
  AmsCalibrationResult result;
} AmsCalibratedBuild;

typedef struct AmsCalibrationSession {
  const AmsCompileOptions *options;
  const AmsCalibrateOptions *asked;
  ams_model_t *digital;
  AmsOutputs reference; /* of the float32 build */
  AmsCalibration calibration;
  AmsCalibratedBuild build; /* the one to go on with */
  /* The device's; numGains may be 0: any. */
  float gains[AMS_PROFILE_MOST_GAINS];
  size_t numGains;
  char firstGain[32]; /* as an option has it */
  int32_t rows;       /* of the device; 0: it cannot be read */
} AmsCalibrationSession;

/* What builds that are run are compiled with: the device target, the first
 * gain, conditioned and rounded as `build` says. */
AmsCompileOptions amsCalibrationOptions(const AmsCalibrationSession *session,
                                        const AmsCalibratedBuild *build);

/* Compiles into a file that is gone once it is loaded. */
ams_status_t amsCalibrationBuild(const AmsCompileOptions *options,
                                 ams_model_t **outModel);

/* Builds, with weights rounded by error feedback where that is asked for, and
 * calibrates. Free `outBuild`, whatever comes of it. */
ams_status_t amsCalibrateBuild(AmsCalibrationSession *session,
                               const char *condition,
                               AmsCalibratedBuild *outBuild);

void amsCalibratedBuildFree(AmsCalibratedBuild *build);

/* Whether layers can be named in an option's list; else an error. */
ams_status_t amsCheckLayerName(const char *name);

#endif /* AMS_DRIVER_CALIBRATIONSESSION_H */
