//===-- run.c - Running a model -----------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cuts any number of samples into batches of the size the model was compiled
// for, and shares threads out among batches or inside them.
//
//===----------------------------------------------------------------------===//

#include "first_error.h"
#include "float_state.h"
#include "input_check.h"
#include "layer.h"
#include "memory.h"
#include "model.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#define MAX_THREADS 1024

/// One run, as all its batches see it.
typedef struct run {
  ams_model_t *model;
  const ams_run_options_t *options;
  int64_t samples;
  const void *const *inputs;
  void *const *outputs;
} run_t;

ams_run_options_t ams_run_options_default(void) {
  return (ams_run_options_t){.noise = true};
}

//===----------------------------------------------------------------------===//
// One batch
//===----------------------------------------------------------------------===//

static size_t sample_size(const ams_model_t *model,
                          const ams_abi_tensor_t *tensor) {
  return (size_t)ams_model_sample_elements(model, tensor) *
         ams_model_element_size(tensor);
}

/// Allocates a tensor of a whole batch and fills it with `count` samples; the
/// rest repeats the last one, which cannot fail where that one does not.
static ams_status_t fill_input(const ams_model_t *model,
                               const ams_abi_tensor_t *tensor, const char *from,
                               int64_t count, void **out_data) {
  size_t size = sample_size(model, tensor);
  int64_t batch = model->manifest->batch;
  AMS_RETURN_IF_ERROR(
      ams_memory_allocate(1, ams_memory_align(size * (size_t)batch), out_data));
  for (int64_t sample = 0; sample < batch; ++sample) {
    int64_t source = sample < count ? sample : count - 1;
    memcpy((char *)*out_data + (size_t)sample * size,
           from + (size_t)source * size, size);
  }
  return AMS_OK;
}

/// Runs the model's code on whole batches of tensors.
static ams_status_t call_code(const run_t *run, int64_t first, int threads,
                              const void *const *inputs, void *const *outputs) {
  const ams_run_options_t *options = run->options;
  const ams_abi_model_t *table = run->model->table;
  const int64_t position = first * ams_model_step_samples(run->model);
  ams_call_t call = {
      .model = run->model,
      .seed = options->seed,
      .first_sample = options->first_sample + (uint64_t)position,
      .position = position,
      .noise = options->noise,
      .threads = threads,
  };
  if (run->model->manifest->target == AMS_ABI_PLAIN)
    *table->plain_state = (ams_abi_plain_state_t){
        .seed = (int64_t)call.seed,
        .first_sample = (int64_t)call.first_sample,
        .noise = call.noise,
        .device_seed = (int64_t)run->model->device_seed};
  AMS_RETURN_IF_ERROR(
      ams_memory_pool_take(&run->model->workspaces, &call.workspace));
  ams_status_t status =
      ams_memory_pool_take(&run->model->clippings, &call.clipping);
  if (status) {
    ams_memory_pool_give(&run->model->workspaces, call.workspace);
    return status;
  }
  // Generated code and libraries that it calls ask OpenMP for their threads.
  int previous = omp_get_max_threads();
  omp_set_num_threads(threads);
  table->run(&call, inputs, outputs);
  omp_set_num_threads(previous);
  ams_call_end(&call);
  ams_memory_pool_give(&run->model->clippings, call.clipping);
  ams_memory_pool_give(&run->model->workspaces, call.workspace);
  return call.status;
}

/// Runs the last, partial batch through tensors of its own. `tensors` has room
/// for one pointer an input and output, all NULL.
static ams_status_t run_partial(const run_t *run, int64_t first, int64_t count,
                                int threads, void **tensors) {
  const ams_model_t *model = run->model;
  uint32_t num_inputs = model->manifest->num_inputs;
  uint32_t num_outputs = model->manifest->num_outputs;
  for (uint32_t i = 0; i < num_inputs; ++i) {
    const ams_abi_tensor_t *tensor = ams_model_input(model, i);
    size_t offset = (size_t)first * sample_size(model, tensor);
    AMS_RETURN_IF_ERROR(fill_input(model, tensor,
                                   (const char *)run->inputs[i] + offset, count,
                                   &tensors[i]));
  }
  void **results = tensors + num_inputs;
  for (uint32_t i = 0; i < num_outputs; ++i) {
    size_t size = sample_size(model, ams_model_output(model, i)) *
                  (size_t)model->manifest->batch;
    AMS_RETURN_IF_ERROR(
        ams_memory_allocate(1, ams_memory_align(size), &results[i]));
  }
  AMS_RETURN_IF_ERROR(
      call_code(run, first, threads, (const void *const *)tensors, results));
  for (uint32_t i = 0; i < num_outputs; ++i) {
    size_t size = sample_size(model, ams_model_output(model, i));
    memcpy((char *)run->outputs[i] + (size_t)first * size, results[i],
           (size_t)count * size);
  }
  return AMS_OK;
}

/// Runs a whole batch in place.
static ams_status_t run_whole(const run_t *run, int64_t first, int threads,
                              void **tensors) {
  const ams_model_t *model = run->model;
  uint32_t num_inputs = model->manifest->num_inputs;
  const void **inputs = (const void **)tensors;
  void **outputs = tensors + num_inputs;
  for (uint32_t i = 0; i < num_inputs; ++i)
    inputs[i] = (const char *)run->inputs[i] +
                (size_t)first * sample_size(model, ams_model_input(model, i));
  for (uint32_t i = 0; i < model->manifest->num_outputs; ++i)
    outputs[i] = (char *)run->outputs[i] +
                 (size_t)first * sample_size(model, ams_model_output(model, i));
  return call_code(run, first, threads, inputs, outputs);
}

static ams_status_t run_batch(const run_t *run, int64_t index, int threads) {
  const ams_abi_manifest_t *manifest = run->model->manifest;
  size_t num_tensors = (size_t)manifest->num_inputs + manifest->num_outputs;
  void **tensors = (void **)calloc(num_tensors + 1, sizeof *tensors);
  if (!tensors)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  int64_t first = index * manifest->batch;
  int64_t left = run->samples - first;
  ams_status_t status;
  ams_float_state_t state = ams_float_enter();
  if (left >= manifest->batch) {
    status = run_whole(run, first, threads, tensors);
  } else {
    status = run_partial(run, first, left, threads, tensors);
    for (size_t i = 0; i < num_tensors; ++i)
      free(tensors[i]);
  }
  ams_float_leave(state);
  free((void *)tensors);
  return status;
}

//===----------------------------------------------------------------------===//
// All batches
//===----------------------------------------------------------------------===//

/// Samples up to number `end` whose noise would have no address are refused
/// (N2), whether code or runtime computes it.
static ams_status_t check_vectors(const ams_model_t *model, uint64_t end) {
  if (model->manifest->target == AMS_ABI_DIGITAL)
    return AMS_OK;
  for (uint32_t i = 0; i < model->manifest->num_layers; ++i) {
    const ams_abi_layer_t *layer = ams_model_layer(model, i);
    uint64_t per_sample = (uint64_t)ams_model_sample_vectors(model, layer);
    uint64_t vectors;
    if (__builtin_mul_overflow(end, per_sample, &vectors) ||
        vectors > AMS_MAX_VECTORS)
      return ams_status_make(
          AMS_STATUS_INVALID_ARGUMENT,
          "layer \"%s\": samples up to number %llu with %llu vectors each are "
          "past the 2^44 vectors that noise has addresses for; start at a "
          "smaller sample",
          ams_model_string(model, layer->name), (unsigned long long)end,
          (unsigned long long)per_sample);
  }
  return AMS_OK;
}

static ams_status_t check_run(const run_t *run) {
  if (run->samples < 0)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "%lld samples; the number must be at least 0",
                           (long long)run->samples);
  if (run->options->threads < 0 || run->options->threads > MAX_THREADS)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "%d threads; the number must be from 0, for all "
                           "processors, to %d",
                           run->options->threads, MAX_THREADS);
  // Room for the rounding up to whole batches, too.
  uint64_t samples =
      (uint64_t)run->samples + (uint64_t)run->model->manifest->batch;
  if (run->options->first_sample > UINT64_MAX / 2 ||
      __builtin_mul_overflow(
          samples, (uint64_t)ams_model_step_samples(run->model), &samples) ||
      samples > UINT64_MAX / 4)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "samples %llu and %lld more are too many to count",
                           (unsigned long long)run->options->first_sample,
                           (long long)run->samples);
  return check_vectors(run->model, run->options->first_sample + samples);
}

ams_status_t ams_model_run(ams_model_t *model, const ams_run_options_t *options,
                           int64_t samples, const void *const *inputs,
                           void *const *outputs) {
  run_t run = {model, options, samples, inputs, outputs};
  AMS_RETURN_IF_ERROR(check_run(&run));
  AMS_RETURN_IF_ERROR(ams_inputs_check(model, samples, inputs));
  int threads = options->threads ? options->threads : omp_get_num_procs();
  int64_t batch = model->manifest->batch;
  int64_t batches = samples / batch + (samples % batch != 0);
  bool serial = model->manifest->target == AMS_ABI_PLAIN || batches < threads;
  int outer = serial ? 1 : threads;
  int inner = serial ? threads : 1;
  ams_first_error_t error = {INT64_MAX, AMS_OK};
#pragma omp parallel for num_threads(outer) schedule(dynamic) if (outer > 1)
  for (int64_t index = 0; index < batches; ++index)
    if (!ams_first_error_precedes(&error, index))
      ams_first_error_add(&error, index, run_batch(&run, index, inner));
  return error.status;
}
