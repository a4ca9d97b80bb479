//===-- model.c - What a model says of itself ---------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Access to a loaded model's manifest, kernel and gains.
//
//===----------------------------------------------------------------------===//

#include "model.h"

#include "device.h"
#include "layer.h"

#include <stdlib.h>
#include <string.h>

const ams_abi_manifest_t *ams_model_manifest(const ams_model_t *model) {
  return model->manifest;
}

static const void *item(const ams_model_t *model, uint32_t offset,
                        uint32_t count, size_t index, size_t size) {
  return index < count ? (const char *)model->manifest + offset + index * size
                       : NULL;
}

const ams_abi_tensor_t *ams_model_input(const ams_model_t *model,
                                        size_t index) {
  return item(model, model->manifest->inputs, model->manifest->num_inputs,
              index, sizeof(ams_abi_tensor_t));
}

const ams_abi_tensor_t *ams_model_output(const ams_model_t *model,
                                         size_t index) {
  return item(model, model->manifest->outputs, model->manifest->num_outputs,
              index, sizeof(ams_abi_tensor_t));
}

const ams_abi_layer_t *ams_model_layer(const ams_model_t *model, size_t index) {
  return item(model, model->manifest->layers, model->manifest->num_layers,
              index, sizeof(ams_abi_layer_t));
}

const char *ams_model_string(const ams_model_t *model, uint32_t offset) {
  const ams_abi_manifest_t *manifest = model->manifest;
  return offset < manifest->strings_size
             ? (const char *)manifest + manifest->strings + offset
             : NULL;
}

const char *ams_model_kernel(const ams_model_t *model) {
  return model->kernel->name;
}

int64_t ams_model_step_samples(const ams_model_t *model) {
  uint32_t samples = model->manifest->step_samples;
  return samples ? samples : 1;
}

int64_t ams_model_sample_vectors(const ams_model_t *model,
                                 const ams_abi_layer_t *layer) {
  return layer->batch * layer->vectors / model->manifest->batch /
         ams_model_step_samples(model);
}

int64_t ams_model_sample_elements(const ams_model_t *model,
                                  const ams_abi_tensor_t *tensor) {
  int64_t elements = tensor->dims[0] / model->manifest->batch;
  for (uint32_t d = 1; d < tensor->rank; ++d)
    elements *= tensor->dims[d];
  return elements;
}

size_t ams_model_element_size(const ams_abi_tensor_t *tensor) {
  return tensor->dtype == AMS_ABI_I64 ? sizeof(int64_t) : sizeof(float);
}

ams_status_t ams_model_set_device_seed(ams_model_t *model, uint64_t seed) {
  model->device_seed = seed;
  return ams_model_program(model);
}

/// Whether `own` has a gain, and is called `name` or any.
static bool has_gain(const ams_model_t *model, const ams_model_layer_t *own,
                     const char *name) {
  return !ams_layer_is_gradient(own->layer->kind) &&
         (!name ||
          strcmp(name, ams_model_string(model, own->layer->name)) == 0);
}

static ams_status_t check_device_target(const ams_model_t *model) {
  if (model->manifest->target == AMS_ABI_DEVICE)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_UNSUPPORTED,
                         "gains cannot be changed in a model compiled for "
                         "the %s target; compile it for the device",
                         model->manifest->target == AMS_ABI_DIGITAL ? "digital"
                                                                    : "plain");
}

ams_status_t ams_model_set_gain(ams_model_t *model, const char *layer,
                                float gain) {
  AMS_RETURN_IF_ERROR(check_device_target(model));
  bool found = !layer;
  for (uint32_t i = 0; i < model->manifest->num_layers; ++i) {
    ams_model_layer_t *own = &model->layers[i];
    if (!has_gain(model, own, layer))
      continue;
    AMS_RETURN_IF_ERROR(ams_gain_check(&own->layer->device, gain));
    found = true;
  }
  if (!found)
    return ams_status_make(AMS_STATUS_NOT_FOUND,
                           "the model has no layer \"%s\"", layer);
  for (uint32_t i = 0; i < model->manifest->num_layers; ++i) {
    ams_model_layer_t *own = &model->layers[i];
    if (has_gain(model, own, layer)) {
      own->gain = gain;
      own->gains = NULL;
    }
  }
  return AMS_OK;
}

/// Gives one layer a gain a block, or a tile.
static ams_status_t set_gains(ams_model_layer_t *own, const float *gains,
                              int64_t count) {
  AMS_RETURN_IF_ERROR(ams_layer_check_gains(own->layer, count));
  for (int64_t j = 0; j < count; ++j)
    AMS_RETURN_IF_ERROR(ams_gain_check(&own->layer->device, gains[j]));
  float *kept = calloc((size_t)count, sizeof *kept);
  if (!kept)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  memcpy(kept, gains, (size_t)count * sizeof *gains);
  free(own->own_gains);
  own->own_gains = kept;
  own->gains = kept;
  own->num_gains = count;
  return AMS_OK;
}

ams_status_t ams_model_set_gains(ams_model_t *model, const char *layer,
                                 const float *gains, int64_t count) {
  AMS_RETURN_IF_ERROR(check_device_target(model));
  for (uint32_t i = 0; i < model->manifest->num_layers; ++i) {
    ams_model_layer_t *own = &model->layers[i];
    if (has_gain(model, own, layer))
      return set_gains(own, gains, count);
  }
  return ams_status_make(AMS_STATUS_NOT_FOUND, "the model has no layer \"%s\"",
                         layer);
}
