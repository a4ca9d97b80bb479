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

static double saturationOf(const AmsProfileLayer *layer,
                           const ams_gain_profile_t *figures, int64_t blocks) {
  double results =
      (double)layer->vectors * (double)blocks * vectorOutputs(&layer->cost);
  return results > 0 ? (double)figures->saturated / results : 0;
}

double amsProfileError(const AmsProfileLayer *layer, size_t gain) {
  return errorOf(layer, &layer->figures[gain]);
}

double amsProfileSaturation(const AmsProfileLayer *layer, size_t gain) {
  return saturationOf(layer, &layer->figures[gain], layer->blocks);
}

double amsProfileBlockError(const AmsProfileLayer *layer, size_t numGains,
                            int64_t block, size_t gain) {
  return errorOf(layer, &layer->figures[(size_t)(block + 1) * numGains + gain]);
}

double amsProfileBlockSaturation(const AmsProfileLayer *layer, size_t numGains,
                                 int64_t block, size_t gain) {
  return saturationOf(
      layer, &layer->figures[(size_t)(block + 1) * numGains + gain], 1);
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
