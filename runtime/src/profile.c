//===-- profile.c - What each gain does to a layer ----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums of one layer behind a lock, and layers' fingerprints.
//
//===----------------------------------------------------------------------===//

#include "profile.h"

#include "device.h"
#include "layer.h"
#include "quantise.h"

#include "ams/product.h"

#include <pthread.h>
#include <stdlib.h>

struct ams_profile {
  pthread_mutex_t mutex;
  size_t num_gains;
  float values[AMS_PROFILE_MOST_GAINS];
  ams_gain_constants_t gains[AMS_PROFILE_MOST_GAINS];
  int64_t vectors, blocks, tiles;
  ams_exact_sum_t signal;
  ams_profile_sums_t *sums;      // [1 + blocks][num_gains], outputs first
  ams_gain_profile_t *figures;   // what is read of them
  ams_profile_sums_t *tile_sums; // [tiles][num_gains]; NULL: not gathered
  ams_gain_profile_t *tile_figures;
};

ams_profile_t *ams_profile_make(const ams_abi_layer_t *layer) {
  ams_profile_t *profile = calloc(1, sizeof *profile);
  if (!profile)
    return NULL;
  profile->blocks = ams_layer_geometry(layer).blocks;
  profile->tiles = ams_layer_tiles(layer);
  size_t count = ((size_t)profile->blocks + 1) * AMS_PROFILE_MOST_GAINS;
  profile->sums = calloc(count, sizeof *profile->sums);
  profile->figures = calloc(count, sizeof *profile->figures);
  if (profile->sums && profile->figures &&
      pthread_mutex_init(&profile->mutex, NULL) == 0)
    return profile;
  free(profile->sums);
  free(profile->figures);
  free(profile);
  return NULL;
}

static void free_tiles(ams_profile_t *profile) {
  free(profile->tile_sums);
  free(profile->tile_figures);
  profile->tile_sums = NULL;
  profile->tile_figures = NULL;
}

/// Room for the tiles, all zeros.
static bool make_tiles(ams_profile_t *profile) {
  size_t count;
  if (__builtin_mul_overflow((size_t)profile->tiles, profile->num_gains,
                             &count))
    return false;
  profile->tile_sums = calloc(count + 1, sizeof *profile->tile_sums);
  profile->tile_figures = calloc(count + 1, sizeof *profile->tile_figures);
  if (profile->tile_sums && profile->tile_figures)
    return true;
  free_tiles(profile);
  profile->num_gains = 0;
  return false;
}

bool ams_profile_begin(ams_profile_t *profile, const ams_abi_device_t *device,
                       const float *gains, size_t num_gains, bool tiles) {
  profile->num_gains = num_gains;
  for (size_t g = 0; g < num_gains; ++g) {
    profile->values[g] = gains[g];
    profile->gains[g] =
        (ams_gain_constants_t){.alpha = ams_alpha(device, gains[g]),
                               .k = ams_output_scale(device, gains[g])};
  }
  profile->vectors = 0;
  profile->signal = (ams_exact_sum_t){{0}};
  memset(profile->sums, 0,
         ((size_t)profile->blocks + 1) * num_gains * sizeof *profile->sums);
  free_tiles(profile);
  return !tiles || make_tiles(profile);
}

void ams_profile_free(ams_profile_t *profile) {
  if (!profile)
    return;
  pthread_mutex_destroy(&profile->mutex);
  free_tiles(profile);
  free(profile->sums);
  free(profile->figures);
  free(profile);
}

const ams_gain_constants_t *ams_profile_gains(const ams_profile_t *profile,
                                              size_t *out_count) {
  *out_count = profile->num_gains;
  return profile->gains;
}

/// Adds the sums of all gains to `own`.
static void add(ams_profile_t *profile, ams_profile_sums_t *own,
                const ams_profile_sums_t *sums) {
  pthread_mutex_lock(&profile->mutex);
  for (size_t g = 0; g < profile->num_gains; ++g) {
    own[g].saturated += sums[g].saturated;
    ams_exact_sum_merge(&own[g].error, &sums[g].error);
  }
  pthread_mutex_unlock(&profile->mutex);
}

void ams_profile_add(ams_profile_t *profile, int64_t block,
                     const ams_profile_sums_t *sums) {
  add(profile, profile->sums + (size_t)(block + 1) * profile->num_gains, sums);
}

bool ams_profile_has_tiles(const ams_profile_t *profile) {
  return profile->tile_sums != NULL;
}

void ams_profile_add_tile(ams_profile_t *profile, int64_t tile,
                          const ams_profile_sums_t *sums) {
  add(profile, profile->tile_sums + (size_t)tile * profile->num_gains, sums);
}

void ams_profile_add_signal(ams_profile_t *profile, int64_t vectors,
                            const ams_exact_sum_t *signal) {
  pthread_mutex_lock(&profile->mutex);
  profile->vectors += vectors;
  ams_exact_sum_merge(&profile->signal, signal);
  pthread_mutex_unlock(&profile->mutex);
}

static void read_figures(const ams_profile_sums_t *sums, size_t count,
                         ams_gain_profile_t *figures) {
  for (size_t i = 0; i < count; ++i)
    figures[i] = (ams_gain_profile_t){
        .saturated = sums[i].saturated,
        .error = ams_exact_sum_read(&sums[i].error),
    };
}

ams_layer_profile_t ams_profile_read(ams_profile_t *profile) {
  read_figures(profile->sums,
               ((size_t)profile->blocks + 1) * profile->num_gains,
               profile->figures);
  if (profile->tile_sums)
    read_figures(profile->tile_sums,
                 (size_t)profile->tiles * profile->num_gains,
                 profile->tile_figures);
  return (ams_layer_profile_t){
      .num_gains = profile->num_gains,
      .gains = profile->values,
      .vectors = profile->vectors,
      .blocks = profile->blocks,
      .signal = ams_exact_sum_read(&profile->signal),
      .layer = profile->figures,
      .block = profile->figures + profile->num_gains,
      .tiles = profile->tile_sums ? profile->tiles : 0,
      .tile = profile->tile_figures,
  };
}

//===----------------------------------------------------------------------===//
// Fingerprints
//===----------------------------------------------------------------------===//

/// FNV-1a.
static uint64_t hash(uint64_t state, const void *data, size_t size) {
  const unsigned char *bytes = data;
  for (size_t i = 0; i < size; ++i)
    state = (state ^ bytes[i]) * UINT64_C(0x100000001b3);
  return state;
}

uint64_t ams_layer_fingerprint(const ams_abi_layer_t *layer, const void *codes,
                               const uint16_t *scales) {
  uint64_t state = UINT64_C(0xcbf29ce484222325);
  state = hash(state, &layer->outputs, sizeof layer->outputs);
  state = hash(state, &layer->reduction, sizeof layer->reduction);
  state = hash(state, &layer->device, sizeof layer->device);
  state = hash(state, &layer->condition.flags, sizeof layer->condition.flags);
  size_t blocks =
      (size_t)layer->outputs * (size_t)ams_layer_geometry(layer).blocks;
  if (codes)
    state = hash(state, codes,
                 blocks * (size_t)layer->device.rows *
                     ams_code_size(layer->device.bits_weight));
  if (scales)
    state = hash(state, scales, blocks * sizeof *scales);
  return state;
}
