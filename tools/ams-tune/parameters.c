//===-- parameters.c - The weights that are trained ---------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Drawn weights: number i of parameter p is a word of Philox's counter
// (i / 4, p, 0, 254 * 2^16), whose source no device has (N2), under the seed.
//
//===----------------------------------------------------------------------===//

#include "parameters.h"

#include "philox.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

ams_status_t ams_parameter_create(const char *name, int rank,
                                  const int64_t *dims,
                                  const ams_optimizer_t *optimizer,
                                  ams_parameter_t *out_parameter) {
  ams_parameter_t parameter = {.rank = rank, .count = 1};
  for (int i = 0; i < rank; ++i) {
    parameter.dims[i] = dims[i];
    parameter.count *= dims[i];
  }
  const size_t count = (size_t)parameter.count;
  const size_t state = (size_t)ams_optimizer_state_size(optimizer);
  parameter.name = strdup(name);
  // One block: weights, gradient, best, state.
  parameter.weights = calloc((3 + state) * count + 1, sizeof(float));
  *out_parameter = parameter;
  if (!parameter.name || !parameter.weights)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                           "no memory for the weights '%s'", name);
  out_parameter->gradient = parameter.weights + count;
  out_parameter->best = out_parameter->gradient + count;
  out_parameter->state = out_parameter->best + count;
  return AMS_OK;
}

void ams_parameters_free(ams_parameters_t *parameters) {
  for (size_t i = 0; i < parameters->count; ++i) {
    free(parameters->items[i].name);
    free(parameters->items[i].weights);
  }
  free(parameters->items);
  *parameters = (ams_parameters_t){0};
}

static ams_status_t freeze(ams_parameters_t *parameters, const char *pattern) {
  bool found = false;
  for (size_t i = 0; i < parameters->count; ++i)
    if (fnmatch(pattern, parameters->items[i].name, 0) == 0)
      parameters->items[i].frozen = found = true;
  if (found)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_NOT_FOUND,
                         "option '--freeze': no weights are called '%s'; the "
                         "first ones are called '%s'",
                         pattern,
                         parameters->count ? parameters->items[0].name : "");
}

ams_status_t ams_parameters_freeze(ams_parameters_t *parameters,
                                   const char *list) {
  char *patterns = strdup(list), *rest = NULL;
  if (!patterns)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  ams_status_t status = AMS_OK;
  for (char *pattern = strtok_r(patterns, ",", &rest); pattern && !status;
       pattern = strtok_r(NULL, ",", &rest))
    status = freeze(parameters, pattern);
  free(patterns);
  return status;
}

static bool ends_in(const char *text, const char *end) {
  const size_t length = strlen(text), size = strlen(end);
  return length >= size && strcmp(text + length - size, end) == 0;
}

static void draw(ams_parameter_t *parameter, uint32_t index, uint64_t seed) {
  const int64_t fan = parameter->rank == 2
                          ? parameter->dims[0] + parameter->dims[1]
                          : parameter->count / parameter->dims[0];
  const float range = (float)sqrt(6 / (double)fan);
  ams_philox_block_t words = {{0}};
  for (int64_t i = 0; i < parameter->count; ++i) {
    if (i % 4 == 0)
      words = ams_philox((ams_philox_block_t){{(uint32_t)(i / 4), index, 0,
                                               UINT32_C(254) << 16}},
                         seed);
    // From -1 to below 1, in steps of 2^-23.
    float unit = (float)(words.word[i % 4] >> 8) * 0x1p-23f - 1;
    parameter->weights[i] = range * unit;
  }
}

void ams_parameters_initialise(ams_parameters_t *parameters, uint64_t seed) {
  for (size_t p = 0; p < parameters->count; ++p) {
    ams_parameter_t *parameter = &parameters->items[p];
    const bool zero =
        ends_in(parameter->name, "bias") || ends_in(parameter->name, "mean");
    if (parameter->rank >= 2)
      draw(parameter, (uint32_t)p, seed);
    else
      for (int64_t i = 0; i < parameter->count; ++i)
        parameter->weights[i] = zero ? 0.0f : 1.0f;
  }
}

/// Scales gradients down to a norm of at most `most`.
static void clip_norm(ams_parameters_t *parameters, double most) {
  double squares = 0;
  for (size_t i = 0; i < parameters->count; ++i) {
    const ams_parameter_t *parameter = &parameters->items[i];
    for (int64_t k = 0; !parameter->frozen && k < parameter->count; ++k)
      squares +=
          (double)parameter->gradient[k] * (double)parameter->gradient[k];
  }
  const double norm = sqrt(squares);
  if (norm <= most)
    return;
  for (size_t i = 0; i < parameters->count; ++i) {
    const ams_parameter_t *parameter = &parameters->items[i];
    for (int64_t k = 0; k < parameter->count; ++k)
      parameter->gradient[k] =
          (float)((double)parameter->gradient[k] / norm * most);
  }
}

/// Limits `count` weights to `most` times the root of the mean of their
/// squares.
static void limit(double most, int64_t count, float *weights) {
  double squares = 0;
  for (int64_t i = 0; i < count; ++i)
    squares += (double)weights[i] * (double)weights[i];
  const float bound = (float)(most * sqrt(squares / (double)count));
  for (int64_t i = 0; i < count; ++i)
    weights[i] = fminf(fmaxf(weights[i], -bound), bound);
}

static void clip_weights(const ams_parameter_t *parameter, double most) {
  const int64_t filters = parameter->rank > 2 ? parameter->dims[0] : 1;
  const int64_t count = parameter->count / filters;
  for (int64_t f = 0; f < filters; ++f)
    limit(most, count, parameter->weights + f * count);
}

void ams_parameters_step(ams_parameters_t *parameters,
                         const ams_optimizer_t *optimizer, float rate,
                         int64_t step) {
  if (optimizer->clip_norm > 0)
    clip_norm(parameters, (double)optimizer->clip_norm);
  for (size_t i = 0; i < parameters->count; ++i) {
    ams_parameter_t *parameter = &parameters->items[i];
    if (parameter->frozen)
      continue;
    ams_optimizer_step(optimizer, rate, step, parameter->count,
                       parameter->gradient, parameter->state,
                       parameter->weights);
    if (optimizer->clip_weights > 0 && parameter->rank >= 2)
      clip_weights(parameter, (double)optimizer->clip_weights);
  }
}

void ams_parameters_keep_best(ams_parameters_t *parameters) {
  for (size_t i = 0; i < parameters->count; ++i)
    memcpy(parameters->items[i].best, parameters->items[i].weights,
           (size_t)parameters->items[i].count * sizeof(float));
}

static bool all_finite(const float *numbers, int64_t count) {
  bool finite = true;
  for (int64_t i = 0; i < count; ++i)
    finite &= fabsf(numbers[i]) < INFINITY;
  return finite;
}

const ams_parameter_t *
ams_parameters_find_bad_weight(const ams_parameters_t *parameters) {
  for (size_t i = 0; i < parameters->count; ++i)
    if (!all_finite(parameters->items[i].weights, parameters->items[i].count))
      return &parameters->items[i];
  return NULL;
}

const ams_parameter_t *
ams_parameters_find_bad_gradient(const ams_parameters_t *parameters) {
  for (size_t i = parameters->count; i-- > 0;)
    if (!all_finite(parameters->items[i].gradient, parameters->items[i].count))
      return &parameters->items[i];
  return NULL;
}
