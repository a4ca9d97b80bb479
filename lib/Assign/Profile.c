/*===-- Profile.c - Measurements that gains are chosen by ---------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Profile.h"

#include <stdlib.h>
#include <string.h>

void amsProfileFree(AmsProfile *profile) {
  for (size_t i = 0; i < profile->numLayers; ++i) {
    free(profile->layers[i].name);
    free(profile->layers[i].figures);
    free(profile->layers[i].tile);
  }
  free(profile->layers);
  *profile = (AmsProfile){0};
}

const AmsProfileLayer *amsProfileFind(const AmsProfile *profile,
                                      const char *name) {
  for (size_t i = 0; i < profile->numLayers; ++i)
    if (!strcmp(profile->layers[i].name, name))
      return &profile->layers[i];
  return NULL;
}

/* Groups of a convolution share their input vectors; each matrix of a product
 * of two activations has its own. */
static double sampleVectors(const AmsCostLayer *cost) {
  return (double)cost->vectors *
         (double)(cost->activations ? cost->matrices : 1);
}

static double vectorOutputs(const AmsCostLayer *cost) {
  return (double)cost->outputs *
         (double)(cost->activations ? 1 : cost->matrices);
}

static double errorOf(const AmsProfileLayer *layer,
                      const ams_gain_profile_t *figures) {
  return layer->vectors > 0 ? figures->error / (double)layer->vectors *
                                  sampleVectors(&layer->cost)
                            : 0;
}

/* `share` of the layer's conversions are what `figures` are of. */
static double saturationOf(const AmsProfileLayer *layer,
                           const ams_gain_profile_t *figures, double share) {
  double results = (double)layer->vectors * (double)layer->blocks *
                   vectorOutputs(&layer->cost) * share;
  return results > 0 ? (double)figures->saturated / results : 0;
}

double amsProfileError(const AmsProfileLayer *layer, size_t gain) {
  return errorOf(layer, &layer->figures[gain]);
}

double amsProfileSaturation(const AmsProfileLayer *layer, size_t gain) {
  return saturationOf(layer, &layer->figures[gain], 1);
}

static int64_t columnTiles(const AmsProfileLayer *layer) {
  return (layer->cost.outputs - 1) / layer->cost.columns + 1;
}

int64_t amsProfileTiles(const AmsProfileLayer *layer) {
  int64_t groups = layer->cost.activations ? 1 : layer->cost.matrices;
  return groups * columnTiles(layer) * layer->blocks;
}

int64_t amsProfileParts(const AmsProfileLayer *layer, AmsGainPer per) {
  return per == AmsGainPerTile    ? layer->tiles
         : per == AmsGainPerBlock ? layer->blocks
                                  : 1;
}

double amsProfilePartShare(const AmsProfileLayer *layer, AmsGainPer per,
                           int64_t part) {
  if (per != AmsGainPerTile)
    return 1 / (double)amsProfileParts(layer, per);
  int64_t columns = layer->cost.columns;
  int64_t first = part / layer->blocks % columnTiles(layer) * columns;
  int64_t left = layer->cost.outputs - first;
  return (double)(left < columns ? left : columns) /
         (vectorOutputs(&layer->cost) * (double)layer->blocks);
}

static const ams_gain_profile_t *partFigures(const AmsProfileLayer *layer,
                                             size_t numGains, AmsGainPer per,
                                             int64_t part, size_t gain) {
  if (per == AmsGainPerTile)
    return &layer->tile[(size_t)part * numGains + gain];
  size_t row = per == AmsGainPerBlock ? (size_t)part + 1 : 0;
  return &layer->figures[row * numGains + gain];
}

double amsProfilePartError(const AmsProfileLayer *layer, size_t numGains,
                           AmsGainPer per, int64_t part, size_t gain) {
  return errorOf(layer, partFigures(layer, numGains, per, part, gain));
}

double amsProfilePartSaturation(const AmsProfileLayer *layer, size_t numGains,
                                AmsGainPer per, int64_t part, size_t gain) {
  return saturationOf(layer, partFigures(layer, numGains, per, part, gain),
                      amsProfilePartShare(layer, per, part));
}

AmsCostLayer amsProfileCostLayer(const ams_abi_layer_t *layer, int64_t batch) {
  bool activations = layer->kind == AMS_ABI_BATCH_MATMUL;
  int32_t repeats = layer->device.sources.repeats;
  return (AmsCostLayer){
      .matrices =
          activations ? (layer->batch + batch - 1) / batch : layer->groups,
      .vectors = activations ? layer->vectors : layer->vectors / batch,
      .outputs = layer->outputs / layer->groups,
      .reduction = layer->reduction,
      .rows = layer->device.rows,
      .columns = layer->device.columns,
      .inputBits = layer->device.bits_input,
      .outputBits = layer->device.bits_output,
      .repeats = repeats > 1 ? repeats : 1,
      .gain = 1,
      .activations = activations,
      .meanRemoved = layer->condition.flags & AMS_ABI_CONDITION_MEAN,
      .spread = layer->condition.flags & AMS_ABI_CONDITION_SPREAD,
  };
}
