//===-- noise.h - Differential noise for a step -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_NOISE_H
#define AMS_TUNE_NOISE_H

#include "request.h"
#include "samples.h"
#include "step.h"

/// Runs the model as it is on the first batch of `samples`, on the device and
/// in float32 layer by layer, and fills the tables of noise that `step` asks
/// for. Layers that the request keeps digital get no noise.
ams_status_t ams_noise_record(const ams_tune_request_t *request,
                              const char *directory,
                              const ams_samples_t *samples, ams_step_t *step);

#endif // AMS_TUNE_NOISE_H
