/*===-- KeptLayers.h - Which layers to keep digital ---------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The layers whose keeping digital saves most error at the network's         *|
|* outputs, found by builds that keep them digital and runs of these.         *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_DRIVER_KEPTLAYERS_H
#define AMS_DRIVER_KEPTLAYERS_H

#include "CalibrationSession.h"

typedef struct AmsKeptLayer {
  size_t layer;         /* number in the profile of all layers */
  double before, after; /* error at the outputs without it, and with it */
  double energy;        /* digital, of a sample, picojoules */
} AmsKeptLayer;

typedef struct AmsKeptLayers {
  size_t count;
  AmsKeptLayer *layers; /* in the order in which they were chosen */
  double energy;        /* of all */
  char *patterns;       /* for AmsCompileOptions.keepDigitalLayers, those that
                           the user named included */
  char *condition; /* for AmsCompileOptions.condition, of the layers left */
} AmsKeptLayers;

/* Chooses `count` layers one after another, each the one that then saves most,
 * within the budget of `all`: the calibration of all layers on the device. */
ams_status_t amsKeepLayers(const AmsCalibrationSession *session,
                           const AmsCalibrationResult *all, size_t count,
                           AmsKeptLayers *outKept);
void amsKeptLayersFree(AmsKeptLayers *kept);

/* Prints them with what each saves in dB. */
void amsKeptLayersReport(const AmsKeptLayers *kept,
                         const AmsCalibrationResult *all, FILE *stream);

#endif /* AMS_DRIVER_KEPTLAYERS_H */
