//===-- call.h - One call of a model's code -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What stands behind ams_call_t while a model's code computes one batch, and
// what a library that adds functions to generated code (libams_float) may ask
// of it. Functions are exported for that library; users have no use for them.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_CALL_H
#define AMS_CALL_H

#include "ams/abi.h"
#include "ams/runtime.h"
#include "ams/status.h"

#include <stdbool.h>
#include <stdint.h>

/// One batch of one run. Used by a single thread.
struct ams_call {
  ams_model_t *model;
  uint64_t seed;
  uint64_t first_sample; // of this batch, in the noise's address (N3)
  int64_t position;      // of this batch's first sample in the run's arrays
  bool noise;
  int threads;         // that a product may use
  void *workspace;     // ams_rt_workspace's
  void *clipping;      // what layers record of clipped conversions
  ams_status_t status; // the first error
  /// Crossbars that this call programmed, one pointer a layer; NULL: none yet.
  struct ams_run_grid **programmed;
};

/// Gives back what a call programmed, for later ones.
void ams_call_end(ams_call_t *call);

/// Whether an error is kept: fill the output with zeros and return.
AMS_EXPORT bool ams_call_failed(const ams_call_t *call);

/// Keeps `status`, unless an error is kept already; takes ownership.
AMS_EXPORT void ams_call_fail(ams_call_t *call, ams_status_t status);

/// Threads that one product of this call may use, at least 1.
AMS_EXPORT int ams_call_threads(const ams_call_t *call);

/// Layer `layer` of the manifest; NULL, with an error kept, if there is none.
AMS_EXPORT const ams_abi_layer_t *ams_call_any_layer(ams_call_t *call,
                                                     int64_t layer);

/// Layer `layer` of the manifest, if it is of `kind`; else keeps an error and
/// returns NULL.
AMS_EXPORT const ams_abi_layer_t *
ams_call_layer(ams_call_t *call, int64_t layer, ams_abi_layer_kind_t kind);

/// Makes what is to be kept with a layer, as `*out_state`, not NULL; `context`
/// is passed through.
typedef ams_status_t (*ams_layer_state_create_t)(const ams_abi_layer_t *layer,
                                                 void *context,
                                                 void **out_state);
typedef void (*ams_layer_state_destroy_t)(void *state);

/// The state kept with a layer of the call's model: `create` makes it on first
/// use, once whatever the number of threads, and `destroy` frees it with the
/// model. Returns NULL, and keeps the error, if `create` failed; a later call
/// tries again. A layer has one state: all users of it agree on its type.
AMS_EXPORT void *ams_call_layer_state(ams_call_t *call, int64_t layer,
                                      ams_layer_state_create_t create,
                                      void *context,
                                      ams_layer_state_destroy_t destroy);

#endif // AMS_CALL_H
