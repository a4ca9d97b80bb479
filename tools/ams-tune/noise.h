//===-- noise.h - Noise of a model's layers -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Differential noise: what a layer's result on the device differs by from its
// result in float32. Recorded as docs/gradients.md says, it tells how noisy
// each layer is, and fills the tables that a step of DNF draws from.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_NOISE_H
#define AMS_TUNE_NOISE_H

#include "forward.h"
#include "step.h"

/// The layers on the device, in the order in which they are computed.
typedef struct ams_noise {
  size_t count;
  char **layers;      // names
  double *deviations; // of the noise over that of the result (histogram.h)
  bool *chosen;       // by DNF
} ams_noise_t;

/// Runs the ONNX file `input` on the first batch of `samples`, layer by layer
/// on the device and in float32. Free the recording, whatever comes of it.
ams_status_t ams_noise_record(const ams_tune_request_t *request,
                              const char *input, const char *directory,
                              const ams_samples_t *samples,
                              ams_forward_t *out_recording);

/// How noisy each layer was in `recording`; none is chosen. Free `out_noise`,
/// whatever comes of it.
ams_status_t ams_noise_measure(const ams_forward_t *recording,
                               ams_noise_t *out_noise);
void ams_noise_free(ams_noise_t *noise);

/// Chooses the layers that get noise, by name and by deviation. Gives them as
/// patterns that match each of them; free these. Fails where there are none.
ams_status_t ams_noise_choose(const ams_tune_request_t *request,
                              ams_noise_t *noise, char **out_patterns);

/// Fills the tables of noise that `step` asks for.
ams_status_t ams_noise_fill(const ams_forward_t *recording, ams_step_t *step);

#endif // AMS_TUNE_NOISE_H
