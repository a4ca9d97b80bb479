//===-- moments.h - Second moments of a layer's inputs ------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where products leave what they measured of their quantised inputs.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_MOMENTS_H
#define AMS_MOMENTS_H

#include "ams/profile.h"
#include "kernel.h"
#include "watch.h"

/// Empty moments of a checked `layer`; NULL where memory is short.
ams_moments_t *ams_moments_make(const ams_abi_layer_t *layer);
void ams_moments_free(ams_moments_t *moments);

/// Forgets sums, and at AMS_MOMENTS_RANGE the range too. False where memory is
/// short.
bool ams_moments_begin(ams_moments_t *moments, ams_moments_phase_t phase);

/// Adds `vectors` inputs of `group` as ams_analog_quantise left them. Safe from
/// several threads.
void ams_moments_add(ams_moments_t *moments, const ams_geometry_t *geometry,
                     int64_t group, int64_t vectors, const void *inputs);

/// What has been gathered, in an array that is the moments' own. Fails where
/// memory was short meanwhile.
ams_status_t ams_moments_read(ams_moments_t *moments,
                              ams_layer_moments_t *out_moments);

#endif // AMS_MOMENTS_H
