/*===-- Profile.h - Measurements that gains are chosen by ---------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What every candidate gain does to each layer, what each layer's error does *|
|* to the network's outputs, and sizes for the cost model. Kept as JSON; the  *|
|* format stands in docs/assignment.md. Plain C, without MLIR.                *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_ASSIGN_PROFILE_H
#define AMS_ASSIGN_PROFILE_H

#include "Cost.h"
#include "ams/profile.h"

#include <stdio.h>

typedef struct AmsProfileLayer {
  char *name;
  uint64_t fingerprint; /* ams_layer_fingerprint */
  AmsCostLayer cost;    /* of one sample */
  int64_t vectors;      /* input vectors that were measured */
  int64_t blocks;
  double signal; /* sum of squares of the exact outputs */
  /* Sum of squares, over the samples, of what quantising alone takes from the
   * layer's outputs; NAN where it was not measured. */
  double quantization;
  /* Sum of squares at the network's outputs for a unit of this layer's, NAN
   * where it was not measured. */
  double effect;
  ams_gain_profile_t *figures; /* [1 + blocks][numGains], outputs first */
  int64_t tiles;               /* 0: crossbar tiles were not told apart */
  ams_gain_profile_t *tile;    /* [tiles][numGains], in P2's order */
} AmsProfileLayer;

typedef struct AmsProfile {
  int64_t samples;
  double outputSignal; /* sum of squares of the network's outputs, centred or
                          not as they are */
  size_t numGains;
  float gains[AMS_PROFILE_MOST_GAINS];
  size_t numLayers;
  AmsProfileLayer *layers;
} AmsProfile;

void amsProfileFree(AmsProfile *profile);

/* The layer called `name`, or NULL. */
const AmsProfileLayer *amsProfileFind(const AmsProfile *profile,
                                      const char *name);

/* Mean over the samples of the sum of squares that gain number `gain` adds to
 * the layer's outputs, and the share of results at an end of the ADC's range.
 */
double amsProfileError(const AmsProfileLayer *layer, size_t gain);
double amsProfileSaturation(const AmsProfileLayer *layer, size_t gain);

/* What has a gain of its own (G1). */
typedef enum AmsGainPer {
  AmsGainPerLayer,
  AmsGainPerBlock, /* of the reduction */
  AmsGainPerTile,  /* of crossbars (P2) */
} AmsGainPer;

/* How many parts a layer has, 0 where its profile does not tell them apart; the
 * share of its conversions that part number `part` takes; and error and
 * saturation, as above, of that part's partial sums alone, of `numGains`
 * gains. */
int64_t amsProfileParts(const AmsProfileLayer *layer, AmsGainPer per);
double amsProfilePartShare(const AmsProfileLayer *layer, AmsGainPer per,
                           int64_t part);
double amsProfilePartError(const AmsProfileLayer *layer, size_t numGains,
                           AmsGainPer per, int64_t part, size_t gain);
double amsProfilePartSaturation(const AmsProfileLayer *layer, size_t numGains,
                                AmsGainPer per, int64_t part, size_t gain);

/* Crossbar tiles of one of a layer's matrices, of all groups (P2). */
int64_t amsProfileTiles(const AmsProfileLayer *layer);

/* One sample's product of `layer` for the cost model. */
AmsCostLayer amsProfileCostLayer(const ams_abi_layer_t *layer, int64_t batch);

/* Writes JSON; false where the stream has failed. */
bool amsProfileWrite(const AmsProfile *profile, FILE *stream);

/* Reads the file at `path`. */
ams_status_t amsProfileRead(const char *path, AmsProfile *outProfile);

#endif /* AMS_ASSIGN_PROFILE_H */
