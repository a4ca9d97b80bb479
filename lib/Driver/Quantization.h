/*===-- Quantization.h - What quantising takes from layers --------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* By a build that computes the network in float32 and every layer once more  *|
|* on the device, from the same inputs and with ideal ADCs.                   *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_DRIVER_QUANTIZATION_H
#define AMS_DRIVER_QUANTIZATION_H

#include "CalibrationSession.h"

/* Fills in AmsProfileLayer.quantization of the build's profile. */
ams_status_t amsMeasureQuantization(const AmsCalibrationSession *session,
                                    AmsCalibratedBuild *build);

#endif /* AMS_DRIVER_QUANTIZATION_H */
