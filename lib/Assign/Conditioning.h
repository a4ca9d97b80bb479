/*===-- Conditioning.h - How the blocks of every layer go ---------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Profiles of one network, each measured with all its layers conditioned in  *|
|* one way: a way and a gain for every layer, with the least error at the     *|
|* network's outputs, or that within a budget. A layer's error is what its    *|
|* codes take and what its converters do, times its effect. Plain C, without  *|
|* MLIR.                                                                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_ASSIGN_CONDITIONING_H
#define AMS_ASSIGN_CONDITIONING_H

#include "Assignment.h"

/* AMS_ABI_CONDITION_* of the layer that was measured, and the word that options
 * have for it: none, mean, spread or both. */
uint32_t amsProfileCondition(const AmsProfileLayer *layer);
const char *amsConditionName(uint32_t flags);

typedef struct AmsChosenCondition {
  size_t profile; /* number of the profile whose way the layer goes */
  double error;   /* at the network's outputs, mean over samples of the sum of
                     squares; NAN where no profile is to be trusted */
} AmsChosenCondition;

/* Chooses for each layer of the first of `count` profiles, which the others
 * must have too: chosen [profiles[0]->numLayers]. A relative budget is a share
 * of what the first profile's best gains take. A layer that too few vectors
 * were measured of, or whose quantisation was not, goes the first profile's
 * way. Fails where profiles are of different networks, or no choice is within
 * the budget. */
ams_status_t amsAssignConditions(const AmsProfile *const *profiles,
                                 size_t count, const AmsGainGoal *goal,
                                 AmsChosenCondition *chosen,
                                 AmsChoiceResult *outResult);

#endif /* AMS_ASSIGN_CONDITIONING_H */
