//===-- model_watch.c - Watching what a model's products do -------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Statistics, profiles of gains, moments and ideal converters: each programs
// the crossbars anew, for products that go the general way.
//
//===----------------------------------------------------------------------===//

#include "device.h"
#include "layer.h"
#include "model.h"
#include "moments.h"
#include "profile.h"
#include "statistics.h"

#include <string.h>

ams_status_t ams_model_gather_statistics(ams_model_t *model) {
  if (model->manifest->target != AMS_ABI_DEVICE)
    return ams_status_make(AMS_STATUS_UNSUPPORTED,
                           "statistics are gathered by the runtime's products "
                           "on the device; compile the model for the device");
  for (uint32_t i = 0; i < model->manifest->num_layers; ++i) {
    ams_model_layer_t *own = &model->layers[i];
    if (own->watch.statistics || ams_layer_is_gradient(own->layer->kind))
      continue;
    own->watch.statistics =
        ams_statistics_make(ams_largest_code(own->layer->device.bits_output));
    if (!own->watch.statistics)
      return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  }
  return ams_model_program(model);
}

bool ams_model_layer_statistics(const ams_model_t *model, size_t index,
                                ams_layer_statistics_t *out_statistics) {
  if (index >= model->manifest->num_layers ||
      !model->layers[index].watch.statistics)
    return false;
  *out_statistics = ams_statistics_read(model->layers[index].watch.statistics);
  return true;
}

//===----------------------------------------------------------------------===//
// Profiles
//===----------------------------------------------------------------------===//

/// Only the runtime's own products can be watched.
static ams_status_t check_watchable(const ams_model_t *model) {
  if (model->manifest->target == AMS_ABI_DEVICE)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_UNSUPPORTED,
                         "a model of the %s target has no converters to look "
                         "at; compile it for the device",
                         model->manifest->target == AMS_ABI_DIGITAL ? "digital"
                                                                    : "plain");
}

ams_status_t ams_model_gather_profile(ams_model_t *model, const float *gains,
                                      size_t num_gains, bool tiles) {
  AMS_RETURN_IF_ERROR(check_watchable(model));
  if (num_gains > AMS_PROFILE_MOST_GAINS)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "a profile of %zu gains; the most is %d", num_gains,
                           AMS_PROFILE_MOST_GAINS);
  for (uint32_t i = 0; i < model->manifest->num_layers; ++i)
    for (size_t g = 0;
         g < num_gains && !ams_layer_is_gradient(model->layers[i].layer->kind);
         ++g)
      AMS_RETURN_IF_ERROR(
          ams_gain_check(&model->layers[i].layer->device, gains[g]));
  for (uint32_t i = 0; i < model->manifest->num_layers; ++i) {
    ams_model_layer_t *own = &model->layers[i];
    if (ams_layer_is_gradient(own->layer->kind))
      continue;
    if (!own->profile)
      own->profile = ams_profile_make(own->layer);
    own->watch.profile = NULL;
    if (!own->profile ||
        !ams_profile_begin(own->profile, &own->layer->device, gains, num_gains,
                           tiles && num_gains))
      return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                             "layer \"%s\": out of memory for its profile",
                             ams_model_string(model, own->layer->name));
    own->watch.profile = num_gains ? own->profile : NULL;
  }
  return ams_model_program(model);
}

bool ams_model_layer_profile(ams_model_t *model, size_t index,
                             ams_layer_profile_t *out_profile) {
  if (index >= model->manifest->num_layers ||
      !model->layers[index].watch.profile)
    return false;
  *out_profile = ams_profile_read(model->layers[index].watch.profile);
  return true;
}

ams_status_t ams_model_gather_moments(ams_model_t *model,
                                      ams_moments_phase_t phase) {
  AMS_RETURN_IF_ERROR(check_watchable(model));
  for (uint32_t i = 0; i < model->manifest->num_layers; ++i) {
    ams_model_layer_t *own = &model->layers[i];
    if (own->layer->kind == AMS_ABI_BATCH_MATMUL)
      continue;
    if (!own->moments)
      own->moments = ams_moments_make(own->layer);
    if (!own->moments || !ams_moments_begin(own->moments, phase))
      return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                             "layer \"%s\": out of memory for second moments",
                             ams_model_string(model, own->layer->name));
    own->watch.moments = phase == AMS_MOMENTS_NONE ? NULL : own->moments;
  }
  return ams_model_program(model);
}

ams_status_t ams_model_layer_moments(ams_model_t *model, size_t index,
                                     ams_layer_moments_t *out_moments) {
  if (index >= model->manifest->num_layers || !model->layers[index].moments)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "layer %zu has no second moments: there is none, or "
                           "they were not gathered",
                           index);
  return ams_moments_read(model->layers[index].moments, out_moments);
}

ams_status_t ams_model_set_ideal(ams_model_t *model, const char *layer,
                                 bool ideal) {
  AMS_RETURN_IF_ERROR(check_watchable(model));
  bool found = !layer;
  for (uint32_t i = 0; i < model->manifest->num_layers; ++i) {
    ams_model_layer_t *own = &model->layers[i];
    if (layer && strcmp(layer, ams_model_string(model, own->layer->name)) != 0)
      continue;
    found = true;
    if (own->watch.ideal == ideal)
      continue;
    own->watch.ideal = ideal;
    AMS_RETURN_IF_ERROR(ams_model_program_layer(model, i));
  }
  if (found)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_NOT_FOUND, "the model has no layer \"%s\"",
                         layer);
}

uint64_t ams_model_layer_fingerprint(const ams_model_t *model, size_t index) {
  const ams_abi_layer_t *layer = ams_model_layer(model, index);
  bool programmed = layer && layer->kind != AMS_ABI_BATCH_MATMUL &&
                    !ams_layer_is_gradient(layer->kind) &&
                    !ams_layer_is_rewritten(layer) &&
                    model->manifest->target == AMS_ABI_DEVICE;
  const void *const *sections = model->table->sections;
  return layer ? ams_layer_fingerprint(
                     layer, programmed ? sections[layer->codes_section] : NULL,
                     programmed ? sections[layer->scales_section] : NULL)
               : 0;
}
