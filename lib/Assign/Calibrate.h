/*===-- Calibrate.h - Gains for a loaded model --------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Runs a model on calibration samples: a pass that profiles all gains, one a *|
|* layer for its effect on the outputs, one a single gain, and some that      *|
|* verify and refine what the profile chose. What comes out is never worse on *|
|* these samples than the best single gain that the goal allows.              *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_ASSIGN_CALIBRATE_H
#define AMS_ASSIGN_CALIBRATE_H

#include "Assignment.h"

typedef struct AmsCalibration {
  ams_model_t *model; /* for the device */
  int64_t samples;
  const void *const *inputs;
  /* What the outputs are compared with, one array an output; NULL:
   * with those of ideal ADCs. */
  void *const *reference;
  const float *gains; /* candidates, ascending */
  size_t numGains;
  AmsGainGoal goal;
  uint64_t seed;
  int threads;
  int mostTrials; /* runs that refine the choice */
  /* Told of each run; may be NULL. */
  void (*onProgress)(void *userData, const char *what);
  void *userData;
} AmsCalibration;

/* 1, 2, 4, …, 64, the default goal, 48 trials, all processors. */
AmsCalibration amsCalibrationDefault(void);

/* Errors are sums of squares over all samples at the network's outputs. */
typedef struct AmsCalibrationResult {
  AmsProfile profile;
  AmsAssignedGain *gains; /* [profile.numLayers] */
  double signal;          /* of the reference */
  double idealError;      /* with ideal ADCs: what quantising alone takes */
  double singleError[AMS_PROFILE_MOST_GAINS]; /* NAN: not within the budget */
  size_t bestSingle;
  double assignedError;        /* of what the profile chose */
  double error;                /* of `gains` */
  double energy, singleEnergy; /* of a sample, picojoules: of `gains`, of the
                                  best single gain */
  double budget;               /* of a sample, picojoules; INFINITY: none */
  double blocksError; /* with a gain a block by the profile; NAN: not asked */
  double tilesError;  /* likewise a gain a tile */
  int trials;
} AmsCalibrationResult;

/* Sums the second moments of every layer's inputs, with ideal ADCs. */
ams_status_t amsCalibrateMoments(const AmsCalibration *calibration);

/* The profile alone, with effects. */
ams_status_t amsCalibrateProfile(const AmsCalibration *calibration,
                                 AmsProfile *outProfile);

/* All of it. The model has the chosen gains afterwards. */
ams_status_t amsCalibrate(const AmsCalibration *calibration,
                          AmsCalibrationResult *outResult);

/* Gives layer `layer` of `model` the gain of `gain`, or those of its parts. */
ams_status_t amsSetAssignedGain(ams_model_t *model,
                                const AmsProfileLayer *layer,
                                const AmsAssignedGain *gain);

void amsCalibrationResultFree(AmsCalibrationResult *result);

#endif /* AMS_ASSIGN_CALIBRATE_H */
