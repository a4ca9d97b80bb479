//===-- ams/runtime.h - Loading and running compiled models ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The user's API of the runtime. A model is loaded once (its crossbars are
// programmed then) and run any number of times. Results depend on the model,
// the seed, the sample's index and the input alone: not on the instruction set,
// the number of threads or how samples are grouped into calls.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_RUNTIME_H
#define AMS_RUNTIME_H

#include "ams/abi.h"
#include "ams/status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ams_model ams_model_t;

/// Loads the shared library at `path` and programs its crossbars. The
/// instruction set is the best one that the processor has, or the one named by
/// the environment variable AMS_KERNEL (scalar, avx2, avx512, avx512vnni,
/// avx512bf16, amx), an error if the processor lacks it.
AMS_EXPORT ams_status_t ams_model_load(const char *path,
                                       ams_model_t **out_model);

/// The same for a model linked into the program. `table` must outlive it;
/// `name` stands for the path in messages.
AMS_EXPORT ams_status_t ams_model_open(const ams_abi_model_t *table,
                                       const char *name,
                                       ams_model_t **out_model);

/// Frees the model and unloads its library; NULL is allowed.
AMS_EXPORT void ams_model_free(ams_model_t *model);

/// The model's manifest, valid as long as the model.
AMS_EXPORT const ams_abi_manifest_t *
ams_model_manifest(const ams_model_t *model);

/// Number `index` of the model's inputs, outputs or layers, or NULL past the
/// last. Strings in them are resolved by ams_model_string.
AMS_EXPORT const ams_abi_tensor_t *ams_model_input(const ams_model_t *model,
                                                   size_t index);
AMS_EXPORT const ams_abi_tensor_t *ams_model_output(const ams_model_t *model,
                                                    size_t index);
AMS_EXPORT const ams_abi_layer_t *ams_model_layer(const ams_model_t *model,
                                                  size_t index);
AMS_EXPORT const char *ams_model_string(const ams_model_t *model,
                                        uint32_t offset);

/// Name of the kernel in use ("avx512vnni", ...).
AMS_EXPORT const char *ams_model_kernel(const ams_model_t *model);

/// Overrides the gain of the layer called `layer` (NULL: of every layer).
/// `gain` must be finite and positive. Not for digital and plain models, whose
/// products have no gain or hold it in their code.
AMS_EXPORT ams_status_t ams_model_set_gain(ams_model_t *model,
                                           const char *layer, float gain);

/// Likewise gives the layer called `layer` gains of its own [count]: one for
/// each block of its reduction, or one for each crossbar tile, in the order of
/// P2 (G1).
AMS_EXPORT ams_status_t ams_model_set_gains(ams_model_t *model,
                                            const char *layer,
                                            const float *gains, int64_t count);

/// Programs the crossbars anew with the static errors of another device (S1);
/// a loaded model has those of seed 0. Not while the model runs.
AMS_EXPORT ams_status_t ams_model_set_device_seed(ams_model_t *model,
                                                  uint64_t seed);

/// What the products of one layer did.
typedef struct ams_layer_statistics {
  int32_t largest_code;  // of the ADC, L_Y
  const uint64_t *codes; // times each code came, -L_Y first; the model's own
  /// Sums of squares of the exact products of the quantised operands, and of
  /// what the results differ by: noise, errors, the ADC and all rounding.
  double signal, error;
  double seconds; // in products, with statistics
} ams_layer_statistics_t;

/// Gathers statistics from now on. Results keep their bits; products take
/// longer. Not while the model runs.
AMS_EXPORT ams_status_t ams_model_gather_statistics(ams_model_t *model);

/// The statistics of layer `index`; false where none are gathered.
AMS_EXPORT bool
ams_model_layer_statistics(const ams_model_t *model, size_t index,
                           ams_layer_statistics_t *out_statistics);

typedef struct ams_run_options {
  uint64_t seed;         // key of the noise
  uint64_t first_sample; // index of the first sample in the noise's address
  bool noise;            // false: e = 0 in every ADC
  int threads;           // 0: as many as there are processors
} ams_run_options_t;

/// Seed 0, sample 0, noise as the device says, all processors.
AMS_EXPORT ams_run_options_t ams_run_options_default(void);

/// Runs `samples` samples: any number, whatever batch the model was compiled
/// for. Each input holds samples * (its size / batch) elements, each output
/// receives as many of its own. Fails, and leaves the outputs unspecified, on
/// NaN or infinity in the input of a product, naming layer and sample.
/// Safe to call from several threads at once (plain models: one at a time).
AMS_EXPORT ams_status_t ams_model_run(ams_model_t *model,
                                      const ams_run_options_t *options,
                                      int64_t samples,
                                      const void *const *inputs,
                                      void *const *outputs);

#ifdef __cplusplus
}
#endif

#endif // AMS_RUNTIME_H
