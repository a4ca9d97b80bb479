//===-- ams/profile.h - What each gain would do to each layer -----*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Measurements for choosing gains. One pass over calibration data measures all
// candidate gains of every layer at once, from the same dot products and the
// same noise. Sums do not depend on the instruction set or the threads.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_PROFILE_H
#define AMS_PROFILE_H

#include "ams/runtime.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Most candidate gains of a profile.
#define AMS_PROFILE_MOST_GAINS 16

/// What one gain did.
typedef struct ams_gain_profile {
  uint64_t saturated; // results at an end of the ADC's range
  double error; // sum of squares of what the ADC's results, as parts of the
                // layer's output, differ by from their dot products
} ams_gain_profile_t;

/// What all gains did to one layer. Arrays are the model's own.
typedef struct ams_layer_profile {
  size_t num_gains;
  const float *gains; // [num_gains]
  int64_t vectors;    // input vectors seen
  int64_t blocks;     // T
  double signal;      // sum of squares of the exact outputs
  /// Of outputs, whose error is that of the sum over their blocks.
  const ams_gain_profile_t *layer; // [num_gains]
  /// Of each block's partial sums alone.
  const ams_gain_profile_t *block; // [blocks][num_gains]
  /// The same of each crossbar tile (P2) where these are gathered, else 0 and
  /// NULL.
  int64_t tiles;
  const ams_gain_profile_t *tile; // [tiles][num_gains]
} ams_layer_profile_t;

/// Measures `gains` in every product from now on, or nothing any more where
/// `num_gains` is 0; with `tiles` what they do to each crossbar tile too, whose
/// sums take half a kilobyte each and gain. Results keep their bits; products
/// take longer. What was measured before is forgotten. Not while the model
/// runs.
AMS_EXPORT ams_status_t ams_model_gather_profile(ams_model_t *model,
                                                 const float *gains,
                                                 size_t num_gains, bool tiles);

/// The profile of layer `index`; false where none is gathered.
AMS_EXPORT bool ams_model_layer_profile(ams_model_t *model, size_t index,
                                        ams_layer_profile_t *out_profile);

//===----------------------------------------------------------------------===//
// Second moments of inputs
//===----------------------------------------------------------------------===//

/// Most columns whose second moments are known together, if a block is not
/// wider.
#define AMS_MOMENTS_MOST_COLUMNS 1024

/// What is gathered. Inputs are rounded to a grid of 4,095 numbers, so that
/// sums are whole and do not depend on their order; a first run finds how wide
/// the grid must be, a second one sums.
typedef enum ams_moments_phase {
  AMS_MOMENTS_NONE,
  AMS_MOMENTS_RANGE,
  AMS_MOMENTS_SUMS,
} ams_moments_phase_t;

/// Second moments of a layer's inputs as its crossbars meet them: quantised,
/// conditioned where the layer is. Columns are what codes of weights stand for,
/// as many as a vector has elements once it is conditioned.
typedef struct ams_layer_moments {
  int64_t groups, columns;
  int64_t span;    // columns that are known together; the last may be fewer
  int64_t vectors; // input vectors seen, of one group
  /// Sums over vectors of x_a x_b in the grid's units, the model's own: for
  /// each group and span of s columns [s][s].
  const int64_t *sums;
} ams_layer_moments_t;

/// Numbers of `sums`; false where they are more than memory could hold.
AMS_EXPORT bool ams_moments_count(int64_t groups, int64_t columns, int64_t span,
                                  size_t *out_count);

/// Starts a phase for every layer with weights. Results keep their bits;
/// products take longer. Not while the model runs.
AMS_EXPORT ams_status_t ams_model_gather_moments(ams_model_t *model,
                                                 ams_moments_phase_t phase);

/// The sums of layer `index`, once they are gathered.
AMS_EXPORT ams_status_t ams_model_layer_moments(
    ams_model_t *model, size_t index, ams_layer_moments_t *out_moments);

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

/// Gives the layer called `layer` (NULL: every layer) ideal ADCs, or its
/// device's again. An ideal ADC's result is A1's a itself: S10 to S14 and A2
/// are left out, operands stay quantised. Not while the model runs.
AMS_EXPORT ams_status_t ams_model_set_ideal(ams_model_t *model,
                                            const char *layer, bool ideal);

/// A number that tells layers apart between which no profile must be carried:
/// of outputs, reduction, device, conditioning and weights. `codes` and
/// `scales` are the layer's sections, NULL for products of two activations.
AMS_EXPORT uint64_t ams_layer_fingerprint(const ams_abi_layer_t *layer,
                                          const void *codes,
                                          const uint16_t *scales);

/// The same for layer `index` of a model for the device.
AMS_EXPORT uint64_t ams_model_layer_fingerprint(const ams_model_t *model,
                                                size_t index);

#ifdef __cplusplus
}
#endif

#endif // AMS_PROFILE_H
