//===-- culprit.h - The node where numbers stop being finite ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For the message of a run that has to stop: NaN and infinity spread to all
// that follows, so what counts is where they stand first.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_CULPRIT_H
#define AMS_TUNE_CULPRIT_H

#include "request.h"
#include "samples.h"

/// Samples to look at: `count` of them, those numbered by `chosen`, or the
/// first ones where it is NULL.
typedef struct ams_suspects {
  const ams_samples_t *samples;
  const uint32_t *chosen;
  int64_t count;
} ams_suspects_t;

/// Runs the ONNX file `input` in float32, without noise, and says which node is
/// the first whose result is NaN or infinite, and for which sample; or that
/// there is none. Negative infinity counts only where there is nothing else: it
/// is what masks of attention are written with. Free the text.
ams_status_t ams_culprit_find(const ams_tune_request_t *request,
                              const char *input, const char *directory,
                              const ams_suspects_t *suspects, char **out_text);

#endif // AMS_TUNE_CULPRIT_H
