/*===-- ChooseConditions.h - Conditioning by measurement ----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Calibrates the network with all layers plain, with means removed, spread   *|
|* and both; chooses for each layer by these profiles; and takes what has the *|
|* least error at the network's outputs when it is run.                       *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_DRIVER_CHOOSECONDITIONS_H
#define AMS_DRIVER_CHOOSECONDITIONS_H

#include "CalibrationSession.h"

/* Gives session->build, within the calibration's budget; a relative one is a
 * share of what plain layers take. Never worse on the samples than any way that
 * is all layers' alike. Tells the report what was tried. */
ams_status_t amsChooseConditions(AmsCalibrationSession *session);

#endif /* AMS_DRIVER_CHOOSECONDITIONS_H */
