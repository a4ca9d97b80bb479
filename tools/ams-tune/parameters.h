//===-- parameters.h - The weights that are trained ---------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_PARAMETERS_H
#define AMS_TUNE_PARAMETERS_H

#include "ams/status.h"
#include "optimizer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ams_parameter {
  char *name; // of the ONNX file's initializer
  int rank;
  int64_t dims[8];
  int64_t count;
  bool frozen;
  float *weights, *gradient;
  float *state; // the optimizer's
  float *best;  // the weights when they were best
} ams_parameter_t;

typedef struct ams_parameters {
  size_t count;
  ams_parameter_t *items;
} ams_parameters_t;

/// Makes a parameter, all zeros, in a place of zeros.
ams_status_t ams_parameter_create(const char *name, int rank,
                                  const int64_t *dims,
                                  const ams_optimizer_t *optimizer,
                                  ams_parameter_t *out_parameter);
void ams_parameters_free(ams_parameters_t *parameters);

/// Freezes those whose names match one of the patterns in `list`, separated by
/// commas. Fails for a pattern that matches none.
ams_status_t ams_parameters_freeze(ams_parameters_t *parameters,
                                   const char *list);

/// Draws weights anew from the seed. Of two dimensions: uniform within
/// sqrt(6 / (both together)) of 0, Glorot's choice; of more: within
/// sqrt(6 / (all but the first, multiplied)), He's. Those of fewer dimensions
/// become 0 where the name ends in "bias" or "mean", else 1.
void ams_parameters_initialise(ams_parameters_t *parameters, uint64_t seed);

/// One step along the gradients, of all that are not frozen. Where the
/// optimizer has a `clip_norm` below the norm of these gradients, taken as one
/// vector (sums in float64, in order), they are first scaled down to it
/// (Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent
/// neural networks", ICML 2013). Where it has `clip_weights`, weights of two
/// dimensions or more are then limited to that many times the root mean square
/// of those that they share a filter with (the first dimension), or a matrix.
void ams_parameters_step(ams_parameters_t *parameters,
                         const ams_optimizer_t *optimizer, float rate,
                         int64_t step);

/// Remembers the weights as the best ones.
void ams_parameters_keep_best(ams_parameters_t *parameters);

/// The first parameter one of whose weights is NaN or infinite, or NULL; and
/// the last one of whose gradient: the backward pass meets it first.
const ams_parameter_t *
ams_parameters_find_bad_weight(const ams_parameters_t *parameters);
const ams_parameter_t *
ams_parameters_find_bad_gradient(const ams_parameters_t *parameters);

#endif // AMS_TUNE_PARAMETERS_H
