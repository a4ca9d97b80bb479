//===-- call.c - One call of a model's code -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first error of a call, its layers, and state kept with layers.
//
//===----------------------------------------------------------------------===//

#include "call.h"

#include "model.h"

#include <stdlib.h>

bool ams_call_failed(const ams_call_t *call) { return call->status != AMS_OK; }

void ams_call_fail(ams_call_t *call, ams_status_t status) {
  if (call->status)
    ams_status_free(status);
  else
    call->status = status;
}

void ams_call_end(ams_call_t *call) {
  if (!call->programmed)
    return;
  for (uint32_t i = 0; i < call->model->manifest->num_layers; ++i) {
    ams_run_grid_t *none = NULL;
    if (call->programmed[i] &&
        !atomic_compare_exchange_strong(&call->model->layers[i].spare, &none,
                                        call->programmed[i]))
      ams_run_grid_free(call->programmed[i]);
  }
  free((void *)call->programmed);
  call->programmed = NULL;
}

void *ams_rt_workspace(ams_call_t *call) { return call->workspace; }

int ams_call_threads(const ams_call_t *call) { return call->threads; }

static const ams_abi_layer_t *find(const ams_call_t *call, int64_t layer) {
  return layer >= 0 ? ams_model_layer(call->model, (size_t)layer) : NULL;
}

/// Keeps the error that code asks for a layer that it may not have.
static void fail_without(ams_call_t *call, int64_t layer) {
  ams_call_fail(call, ams_status_make(AMS_STATUS_INVALID_DATA,
                                      "the model's code asks for layer %lld, "
                                      "which is missing or of another kind; "
                                      "compile the model again",
                                      (long long)layer));
}

const ams_abi_layer_t *ams_call_any_layer(ams_call_t *call, int64_t layer) {
  const ams_abi_layer_t *found = find(call, layer);
  if (!found)
    fail_without(call, layer);
  return found;
}

const ams_abi_layer_t *ams_call_layer(ams_call_t *call, int64_t layer,
                                      ams_abi_layer_kind_t kind) {
  const ams_abi_layer_t *found = ams_call_any_layer(call, layer);
  if (!found || found->kind == (uint32_t)kind)
    return found;
  fail_without(call, layer);
  return NULL;
}

void *ams_call_layer_state(ams_call_t *call, int64_t layer,
                           ams_layer_state_create_t create, void *context,
                           ams_layer_state_destroy_t destroy) {
  ams_model_layer_t *own = &call->model->layers[layer];
  void *state = atomic_load(&own->state);
  if (state)
    return state;
  pthread_mutex_lock(&call->model->state_mutex);
  state = atomic_load(&own->state);
  if (!state) {
    ams_status_t status = create(own->layer, context, &state);
    if (status) {
      ams_call_fail(call, status);
      state = NULL;
    } else {
      own->destroy_state = destroy;
      atomic_store(&own->state, state);
    }
  }
  pthread_mutex_unlock(&call->model->state_mutex);
  return state;
}
