/*===-- Assignment.h - A gain for every layer of a profile --------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The gains with the least error at the network's outputs, or that within a  *|
|* budget of energy. Each layer's error, times its effect, adds to the        *|
|* outputs' on its own, so that layers are chosen for one by one.             *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_ASSIGN_ASSIGNMENT_H
#define AMS_ASSIGN_ASSIGNMENT_H

#include "Choice.h"
#include "Profile.h"

/* What is asked for. */
typedef struct AmsGainGoal {
  /* Energy of a sample in picojoules, infinite: any. With `relative`, a share
   * of what the gains take that are best without a budget. */
  double budget;
  bool relative;
  double mostSaturation; /* largest share of results at an end of the range */
  int64_t leastVectors;  /* fewer make a layer's profile no evidence */
  AmsGainPer per;        /* what has a gain of its own */
  float fallback; /* the gain of such a layer; 0: the profile's smallest */
  AmsCostConstants constants;
} AmsGainGoal;

/* No budget, at most one result in 1,000 saturated, at least 256 vectors. */
AmsGainGoal amsGainGoalDefault(void);

/* Parses a budget: "250nJ" (or pJ, uJ, mJ), or "60%" of the best gains' energy.
 */
ams_status_t amsGainGoalParseBudget(const char *text, AmsGainGoal *goal);

/* Parses what has a gain of its own: "layer", "block" or "tile". */
ams_status_t amsGainGoalParsePer(const char *text, AmsGainGoal *goal);

/* Why a layer has its gain. */
typedef enum AmsGainReason {
  AmsGainBest,      /* least error at the outputs */
  AmsGainBudget,    /* a larger one would not pay for its energy */
  AmsGainHeadroom,  /* a larger one saturates too often */
  AmsGainUntrusted, /* too few vectors: the fallback */
  AmsGainMeasured,  /* a run of the whole network preferred it */
} AmsGainReason;

const char *amsGainReasonText(AmsGainReason reason);

typedef struct AmsAssignedGain {
  float gain;       /* of all conversions, or the mean of: */
  float *gains;     /* of blocks or tiles (G1), or NULL */
  int64_t numGains; /* 0 with NULL */
  AmsGainReason reason;
  double error;  /* at the network's outputs, mean over samples of the sum of
                    squares; NAN where unknown */
  double energy; /* of a sample, picojoules */
  double saturation; /* NAN where unknown */
} AmsAssignedGain;

/* Energy of one sample of `layer` at `gain`, in picojoules. */
double amsGainEnergy(const AmsGainGoal *goal, const AmsProfileLayer *layer,
                     double gain);

/* Frees gains [count] and what they hold; NULL is none. */
void amsAssignedGainsFree(AmsAssignedGain *gains, size_t count);

/* Whether two layers' gains are the same ones. */
bool amsAssignedGainsAlike(const AmsAssignedGain *a, const AmsAssignedGain *b);

/* Chooses gains [profile->numLayers], whose arrays are the caller's then. Fails
 * where no choice is within the budget (the message says what the least is), or
 * the profile does not tell tiles apart that are asked for. */
ams_status_t amsAssign(const AmsProfile *profile, const AmsGainGoal *goal,
                       AmsAssignedGain *gains, AmsChoiceResult *outResult);

/* Fills in what the profile says of layer number `layer` at number `gain`. */
AmsAssignedGain amsAssignedGain(const AmsProfile *profile,
                                const AmsGainGoal *goal, size_t layer,
                                size_t gain, AmsGainReason reason);

/* Whether enough of `layer` was measured for a choice to rest on it. */
bool amsLayerTrusted(const AmsGainGoal *goal, const AmsProfileLayer *layer);

/* Whether the profile lets layer number `layer` have gain number `gain`. */
bool amsGainAllowed(const AmsProfile *profile, const AmsGainGoal *goal,
                    size_t layer, size_t gain);

#endif /* AMS_ASSIGN_ASSIGNMENT_H */
