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

typedef struct AmsCalibrationSession {
  const AmsCompileOptions *options;
  const AmsCalibrateOptions *asked;
  ams_model_t *device, *digital;
  AmsOutputs reference; /* of the float32 build */
  AmsCalibration calibration;
  char *moments; /* path of the second moments of inputs; owned, "": none */
  /* The device's; numGains may be 0: any. */
  float gains[AMS_PROFILE_MOST_GAINS];
  size_t numGains;
} AmsCalibrationSession;

/* Compiles for `target`, with the layers of the patterns `keepDigital` digital,
 * into a file that is gone once it is loaded. */
ams_status_t amsCalibrationBuild(const AmsCalibrationSession *session,
                                 AmsTarget target, const char *keepDigital,
                                 ams_model_t **outModel);

#endif /* AMS_DRIVER_CALIBRATIONSESSION_H */
