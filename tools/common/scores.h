//===-- scores.h - Scores of classes ------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TOOLS_SCORES_H
#define AMS_TOOLS_SCORES_H

#include <stdint.h>

/// The class of the highest of `classes` scores, of which there is at least
/// one; the lowest class wins a tie.
static inline int64_t ams_scores_highest(const float *scores, int64_t classes) {
  int64_t best = 0;
  for (int64_t i = 1; i < classes; ++i)
    if (scores[i] > scores[best])
      best = i;
  return best;
}

#endif // AMS_TOOLS_SCORES_H
