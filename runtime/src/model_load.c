//===-- model_load.c - Loading a model ----------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a shared library, or a table in memory, to a model whose crossbars are
// programmed.
//
//===----------------------------------------------------------------------===//

#include "clipping.h"
#include "kernel_select.h"
#include "layer.h"
#include "library_check.h"
#include "model.h"
#include "moments.h"
#include "product.h"
#include "profile.h"
#include "statistics.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static ams_status_t out_of_memory(const char *name) {
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "%s: out of memory", name);
}

ams_status_t ams_model_program_layer(ams_model_t *model, uint32_t index) {
  ams_model_layer_t *own = &model->layers[index];
  if (model->manifest->target != AMS_ABI_DEVICE ||
      (own->layer->kind != AMS_ABI_MATMUL && own->layer->kind != AMS_ABI_CONV))
    return AMS_OK;
  if (ams_layer_is_rewritten(own->layer)) {
    // The next run programs crossbars of its own.
    ams_run_grid_free(atomic_exchange(&own->spare, NULL));
    return AMS_OK;
  }
  const void *const *sections = model->table->sections;
  const ams_abi_condition_t *condition = &own->layer->condition;
  const float *sums = condition->flags & AMS_ABI_CONDITION_MEAN
                          ? sections[condition->sums_section]
                          : NULL;
  ams_grid_t *grid;
  ams_status_t status = ams_grid_make(
      own->layer, model->device_seed, own->watch,
      sections[own->layer->codes_section], sections[own->layer->scales_section],
      sums, model->kernel->name, &grid);
  if (!status) {
    ams_grid_free(own->grid);
    own->grid = grid;
    return AMS_OK;
  }
  ams_status_t named = ams_status_make(
      ams_status_code(status), "layer \"%s\": %s",
      ams_model_string(model, own->layer->name), ams_status_message(status));
  ams_status_free(status);
  return named;
}

ams_status_t ams_model_program(ams_model_t *model) {
  const ams_abi_manifest_t *manifest = model->manifest;
  for (uint32_t i = 0; i < manifest->num_layers; ++i)
    AMS_RETURN_IF_ERROR(ams_model_program_layer(model, i));
  return AMS_OK;
}

/// Where a call's record of clipped conversions is of which layer, and the
/// bytes of all of it; SIZE_MAX where these are too many to count.
static size_t place_clipping(ams_model_t *model) {
  size_t size = 0;
  for (uint32_t i = 0; i < model->manifest->num_layers; ++i) {
    ams_model_layer_t *own = &model->layers[i];
    own->watch.clipping = own->layer->flags & AMS_ABI_LAYER_RECORDS_CLIPPING;
    own->clipping = size;
    if (own->watch.clipping &&
        __builtin_add_overflow(size, ams_clipping_size(own->layer), &size))
      return SIZE_MAX;
  }
  return size;
}

/// Finds the model's layers, and opens pools for what its calls need.
static ams_status_t prepare(ams_model_t *model) {
  const ams_abi_model_t *table = model->table;
  for (uint32_t i = 0; i < model->manifest->num_layers; ++i) {
    model->layers[i].layer = ams_model_layer(model, i);
    const ams_abi_layer_t *layer = model->layers[i].layer;
    model->layers[i].gain = layer->gain;
    if (layer->num_gains && model->manifest->target == AMS_ABI_DEVICE) {
      model->layers[i].gains =
          (const float *)table->sections[layer->gains_section];
      model->layers[i].num_gains = layer->num_gains;
    }
  }
  AMS_RETURN_IF_ERROR(ams_memory_pool_open(&model->workspaces,
                                           (size_t)model->manifest->workspace *
                                               AMS_ABI_WORKSPACE_UNIT));
  ams_status_t status =
      ams_memory_pool_open(&model->clippings, place_clipping(model));
  if (status)
    ams_memory_pool_close(&model->workspaces);
  return status;
}

ams_status_t ams_model_open(const ams_abi_model_t *table, const char *name,
                            ams_model_t **out_model) {
  AMS_RETURN_IF_ERROR(ams_manifest_check(table, name));
  const ams_kernel_t *kernel;
  AMS_RETURN_IF_ERROR(ams_kernel_default(&kernel));
  ams_model_t *model = calloc(1, sizeof *model);
  if (!model)
    return out_of_memory(name);
  model->table = table;
  model->manifest = table->manifest;
  model->kernel = kernel;
  model->layers =
      calloc((size_t)table->manifest->num_layers + 1, sizeof *model->layers);
  if (!model->layers || pthread_mutex_init(&model->state_mutex, NULL) != 0) {
    free(model->layers);
    free(model);
    return out_of_memory(name);
  }
  ams_status_t status = prepare(model);
  if (status) {
    ams_status_free(status);
    pthread_mutex_destroy(&model->state_mutex);
    free(model->layers);
    free(model);
    return out_of_memory(name);
  }
  status = ams_model_program(model);
  if (status) {
    ams_model_free(model);
    ams_status_t named = ams_status_make(ams_status_code(status), "%s: %s",
                                         name, ams_status_message(status));
    ams_status_free(status);
    return named;
  }
  *out_model = model;
  return AMS_OK;
}

/// Opens the library at `path`. A path without a slash would be searched for in
/// the system's directories, so it gets one.
static ams_status_t open_library(const char *path, void **out_library) {
  AMS_RETURN_IF_ERROR(ams_library_check(path));
  size_t size = strlen(path) + sizeof "./";
  char *local = malloc(size);
  if (!local)
    return out_of_memory(path);
  snprintf(local, size, "%s%s", strchr(path, '/') ? "" : "./", path);
  *out_library = dlopen(local, RTLD_NOW | RTLD_LOCAL);
  free(local);
  if (*out_library)
    return AMS_OK;
  const char *reason = dlerror();
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "%s: not a shared library that can be loaded: %s",
                         path, reason ? reason : "unknown reason");
}

ams_status_t ams_model_load(const char *path, ams_model_t **out_model) {
  void *library;
  AMS_RETURN_IF_ERROR(open_library(path, &library));
  const ams_abi_model_t *table = dlsym(library, AMS_ABI_MODEL_SYMBOL);
  ams_status_t status =
      table ? ams_model_open(table, path, out_model)
            : ams_status_make(AMS_STATUS_INVALID_DATA,
                              "%s: a shared library, but not a compiled model "
                              "(it has no symbol " AMS_ABI_MODEL_SYMBOL ")",
                              path);
  if (status)
    dlclose(library);
  else
    (*out_model)->library = library;
  return status;
}

void ams_model_free(ams_model_t *model) {
  if (!model)
    return;
  for (uint32_t i = 0; i < model->manifest->num_layers; ++i) {
    ams_model_layer_t *own = &model->layers[i];
    ams_grid_free(own->grid);
    ams_run_grid_free(own->spare);
    ams_statistics_free(own->watch.statistics);
    ams_profile_free(own->profile);
    free(own->own_gains);
    ams_moments_free(own->moments);
    if (own->state)
      own->destroy_state(own->state);
  }
  free(model->layers);
  pthread_mutex_destroy(&model->state_mutex);
  ams_memory_pool_close(&model->workspaces);
  ams_memory_pool_close(&model->clippings);
  void *library = model->library;
  free(model);
  if (library)
    dlclose(library);
}
