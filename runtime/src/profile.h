//===-- profile.h - What each gain does to a layer ----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where products leave what they measured of every candidate gain.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_SRC_PROFILE_H
#define AMS_SRC_PROFILE_H

#include "ams/profile.h"
#include "exact_sum.h"
#include "kernel.h"
#include "watch.h"

/// What one gain did, while it is being summed.
typedef struct ams_profile_sums {
  uint64_t saturated;
  ams_exact_sum_t error;
} ams_profile_sums_t;

/// An empty profile of a checked `layer`, of no gains yet; NULL where memory is
/// short.
ams_profile_t *ams_profile_make(const ams_abi_layer_t *layer);
void ams_profile_free(ams_profile_t *profile);

/// Forgets what was gathered, and makes `gains` the candidates; with `tiles`
/// for each tile too. False where memory is short; then there are no gains.
bool ams_profile_begin(ams_profile_t *profile, const ams_abi_device_t *device,
                       const float *gains, size_t num_gains, bool tiles);

/// The candidates, and how many.
const ams_gain_constants_t *ams_profile_gains(const ams_profile_t *profile,
                                              size_t *out_count);

/// Adds the sums of all gains, for partial sums of `block`, or for outputs
/// where `block` is -1. This and what follows is safe from several threads.
void ams_profile_add(ams_profile_t *profile, int64_t block,
                     const ams_profile_sums_t *sums);

/// Whether tiles are gathered; and adds the sums of one (P2).
bool ams_profile_has_tiles(const ams_profile_t *profile);
void ams_profile_add_tile(ams_profile_t *profile, int64_t tile,
                          const ams_profile_sums_t *sums);

/// Adds to the signal, and to the number of vectors.
void ams_profile_add_signal(ams_profile_t *profile, int64_t vectors,
                            const ams_exact_sum_t *signal);

/// What has been gathered, in arrays that are the profile's own.
ams_layer_profile_t ams_profile_read(ams_profile_t *profile);

#endif // AMS_SRC_PROFILE_H
