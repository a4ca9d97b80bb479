//===-- model.h - A loaded model ----------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_MODEL_H
#define AMS_MODEL_H

#include "ams/product.h"
#include "ams/runtime.h"
#include "call.h"
#include "kernel.h"
#include "memory_pool.h"
#include "run_grid.h"
#include "watch.h"

#include <pthread.h>
#include <stdatomic.h>

/// What the runtime keeps for one layer of the manifest.
typedef struct ams_model_layer {
  const ams_abi_layer_t *layer;
  float gain;         // in use: the compiled one, or its override
  const float *gains; // in use instead, of blocks or tiles; or NULL
  int64_t num_gains;
  float *own_gains;              // overrides of these
  ams_grid_t *grid;              // NULL where nothing is programmed at load
  ams_run_grid_t *_Atomic spare; // of a layer that runs program; may be NULL
  ams_profile_t *profile;        // NULL: never gathered
  ams_moments_t *moments;        // likewise
  ams_watch_t watch;             // its statistics are the layer's own
  size_t clipping;               // where a call's record begins (clipping.h)
  void *_Atomic state;           // ams_call_layer_state's
  ams_layer_state_destroy_t destroy_state;
} ams_model_layer_t;

struct ams_model {
  const ams_abi_model_t *table;
  const ams_abi_manifest_t *manifest;
  const ams_kernel_t *kernel;
  void *library; // of dlopen, or NULL
  uint64_t device_seed;
  ams_model_layer_t *layers;
  pthread_mutex_t state_mutex;  // held while a layer's state is made
  ams_memory_pool_t workspaces; // of calls
  ams_memory_pool_t clippings;  // likewise: records of all layers together
};

/// Checks a table and all that its manifest holds; `name` stands for the model
/// in messages.
ams_status_t ams_manifest_check(const ams_abi_model_t *table, const char *name);

/// Programs all crossbars of `model`, anew where they are: with its device's
/// seed, and watched as they are to be.
ams_status_t ams_model_program(ams_model_t *model);

/// The same for one layer, if it has crossbars.
ams_status_t ams_model_program_layer(ams_model_t *model, uint32_t index);

/// Samples that noise tells apart in one sample of a run: those of a step.
int64_t ams_model_step_samples(const ams_model_t *model);

/// Input vectors that one of them gives `layer` (V of N3).
int64_t ams_model_sample_vectors(const ams_model_t *model,
                                 const ams_abi_layer_t *layer);

/// Elements that one sample has in a checked `tensor`.
int64_t ams_model_sample_elements(const ams_model_t *model,
                                  const ams_abi_tensor_t *tensor);

/// Bytes of one element of a checked `tensor`.
size_t ams_model_element_size(const ams_abi_tensor_t *tensor);

#endif // AMS_MODEL_H
