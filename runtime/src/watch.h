//===-- watch.h - What is watched of a layer's products -----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_WATCH_H
#define AMS_WATCH_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ams_statistics ams_statistics_t;
typedef struct ams_profile ams_profile_t;
typedef struct ams_moments ams_moments_t;

/// Zeros: nothing is watched. Anything else makes products go the general way.
typedef struct ams_watch {
  ams_statistics_t *statistics; // NULL: none are gathered; the caller's
  ams_profile_t *profile;       // likewise
  ams_moments_t *moments;       // likewise
  bool ideal;                   // whether converters are ideal
  bool clipping; // whether products are asked which conversions were clipped
} ams_watch_t;

static inline bool ams_watches(ams_watch_t watch) {
  return watch.statistics != NULL || watch.profile != NULL ||
         watch.moments != NULL || watch.ideal || watch.clipping;
}

#endif // AMS_WATCH_H
