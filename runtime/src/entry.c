//===-- entry.c - Functions that generated code calls -------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The products and conversions of abi.h: they find the layer, address its
// noise, and keep errors in the call.
//
//===----------------------------------------------------------------------===//

#include "bfloat16.h"
#include "clipped_gradient.h"
#include "device.h"
#include "epilogue.h"
#include "layer.h"
#include "model.h"
#include "product.h"
#include "statistics.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

/// Fills an output after an error, so that code that goes on reads numbers.
static void fill_zeros(float *y, int64_t count) {
  memset(y, 0, (size_t)count * sizeof *y);
}

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/// What one product of `own` is given in this call. ams_model_run has checked
/// that the noise of its samples has addresses.
static ams_product_options_t make_options(const ams_call_t *call,
                                          const ams_model_layer_t *own) {
  return (ams_product_options_t){
      .seed = call->seed,
      .device_seed = call->model->device_seed,
      .first_vector = call->first_sample * (uint64_t)ams_model_sample_vectors(
                                               call->model, own->layer),
      .noise = call->noise,
      .threads = call->threads,
      .gain = own->gain,
      .gains = own->gains,
      .num_gains = own->num_gains,
  };
}

/// The epilogue of a product; false after an error, with the output filled.
static bool make_epilogue(ams_call_t *call, const ams_model_layer_t *own,
                          const float *bias, const float *residual, float *y,
                          ams_epilogue_t *out_epilogue) {
  const ams_abi_layer_t *layer = own->layer;
  if (!ams_call_failed(call))
    ams_call_fail(call, ams_epilogue_make(&layer->epilogue, bias, residual,
                                          out_epilogue));
  if (ams_call_failed(call))
    fill_zeros(y, layer->batch * layer->vectors * layer->outputs);
  return !ams_call_failed(call);
}

/// Keeps what went wrong in a product, if anything did, and fills its output.
/// Takes ownership of `status`.
static void finish(ams_call_t *call, const ams_model_layer_t *own,
                   ams_status_t status, int64_t bad_vector, float *y) {
  const ams_abi_layer_t *layer = own->layer;
  const char *name = ams_model_string(call->model, layer->name);
  if (status) {
    ams_call_fail(call,
                  ams_status_make(ams_status_code(status), "layer \"%s\": %s",
                                  name, ams_status_message(status)));
    ams_status_free(status);
  } else if (bad_vector >= 0) {
    int64_t sample = bad_vector / ams_model_sample_vectors(call->model, layer);
    ams_call_fail(
        call,
        ams_status_make(AMS_STATUS_INVALID_DATA,
                        "layer \"%s\": sample %" PRId64
                        ": input is NaN or infinite; every number that enters "
                        "a product must be finite as bfloat16",
                        name, call->position + sample));
  } else {
    return;
  }
  fill_zeros(y, layer->batch * layer->vectors * layer->outputs);
}

/// Where this call records which conversions of `own` were clipped, if it does.
static uint8_t *clipped_of(const ams_call_t *call,
                           const ams_model_layer_t *own) {
  return own->layer->flags & AMS_ABI_LAYER_RECORDS_CLIPPING
             ? (uint8_t *)call->clipping + own->clipping
             : NULL;
}

/// Layer `layer`, if weights are programmed for it; else keeps an error and
/// returns NULL.
static const ams_abi_layer_t *find_programmed(ams_call_t *call, int64_t layer) {
  const ams_abi_layer_t *found =
      layer >= 0 ? ams_model_layer(call->model, (size_t)layer) : NULL;
  bool convolves = found && found->kind == AMS_ABI_CONV;
  return ams_call_layer(call, layer, convolves ? AMS_ABI_CONV : AMS_ABI_MATMUL);
}

/// The crossbars of a layer that this call programs: those it has, or spare
/// ones, or new ones.
static ams_status_t take_grid(ams_call_t *call, int64_t layer,
                              ams_run_grid_t **out_grid) {
  ams_model_t *model = call->model;
  ams_model_layer_t *own = &model->layers[layer];
  if (!call->programmed)
    call->programmed = (ams_run_grid_t **)calloc(model->manifest->num_layers,
                                                 sizeof(ams_run_grid_t *));
  if (!call->programmed)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  ams_run_grid_t **grid = &call->programmed[layer];
  if (!*grid)
    *grid = atomic_exchange(&own->spare, NULL);
  if (!*grid)
    AMS_RETURN_IF_ERROR(ams_run_grid_make(
        own->layer, model->device_seed, own->watch, model->kernel->name, grid));
  *out_grid = *grid;
  return AMS_OK;
}

void ams_rt_program(ams_call_t *call, int64_t layer, const float *w) {
  if (!find_programmed(call, layer) || ams_call_failed(call))
    return;
  ams_run_grid_t *grid;
  ams_status_t status = take_grid(call, layer, &grid);
  if (!status)
    status = ams_run_grid_program(grid, w, call->threads);
  if (!status)
    return;
  const ams_model_layer_t *own = &call->model->layers[layer];
  ams_call_fail(call,
                ams_status_make(ams_status_code(status), "layer \"%s\": %s",
                                ams_model_string(call->model, own->layer->name),
                                ams_status_message(status)));
  ams_status_free(status);
}

/// What was programmed for `own`, number `layer`; NULL if nothing was.
static const ams_grid_t *find_grid(const ams_call_t *call, int64_t layer) {
  if (call->model->layers[layer].grid)
    return call->model->layers[layer].grid;
  return call->programmed && call->programmed[layer]
             ? ams_run_grid_of(call->programmed[layer])
             : NULL;
}

void ams_rt_mvm(ams_call_t *call, int64_t layer, const float *x,
                const float *bias, const float *residual, float *y) {
  const ams_abi_layer_t *found = find_programmed(call, layer);
  if (!found)
    return;
  const ams_model_layer_t *own = &call->model->layers[layer];
  ams_product_options_t options = make_options(call, own);
  if (!make_epilogue(call, own, bias, residual, y, &options.epilogue))
    return;
  int64_t bad_vector = -1;
  double begin = own->watch.statistics ? seconds_now() : 0;
  const ams_grid_t *grid = find_grid(call, layer);
  ams_status_t status =
      grid ? ams_grid_compute(grid, &options, found->vectors, x, y,
                              clipped_of(call, own), &bad_vector)
           : ams_status_make(AMS_STATUS_INVALID_DATA,
                             "the model's code multiplies by weights that it "
                             "has not programmed; compile the model again");
  if (own->watch.statistics)
    ams_statistics_add_time(own->watch.statistics, seconds_now() - begin);
  finish(call, own, status, bad_vector, y);
}

void ams_rt_batch_matmul(ams_call_t *call, int64_t layer, const float *a,
                         const float *b, const float *bias,
                         const float *residual, float *y) {
  const ams_abi_layer_t *found =
      ams_call_layer(call, layer, AMS_ABI_BATCH_MATMUL);
  if (!found)
    return;
  const ams_model_layer_t *own = &call->model->layers[layer];
  ams_product_options_t options = make_options(call, own);
  if (!make_epilogue(call, own, bias, residual, y, &options.epilogue))
    return;
  int64_t bad_vector = -1;
  double begin = own->watch.statistics ? seconds_now() : 0;
  ams_status_t status =
      ams_batch_compute(found, &options, own->watch, call->model->kernel, a, b,
                        y, clipped_of(call, own), &bad_vector);
  if (own->watch.statistics)
    ams_statistics_add_time(own->watch.statistics, seconds_now() - begin);
  finish(call, own, status, bad_vector, y);
}

/// Elements of the result of a gradient.
static int64_t count_gradient(const ams_abi_layer_t *gradient) {
  const ams_abi_conv_t *conv = &gradient->conv;
  switch ((ams_abi_layer_kind_t)gradient->kind) {
  case AMS_ABI_MATMUL_INPUT_GRADIENT:
    return gradient->batch * gradient->vectors * gradient->reduction;
  case AMS_ABI_CONV_INPUT_GRADIENT:
    return gradient->vectors / ((int64_t)conv->out_h * conv->out_w) *
           conv->in_h * conv->in_w * conv->in_c;
  default:
    return gradient->batch * gradient->outputs * gradient->reduction;
  }
}

void ams_rt_drop_clipped(ams_call_t *call, int64_t gradient, int64_t product,
                         const float *dy, const float *other, float *y) {
  const ams_abi_layer_t *of = ams_call_any_layer(call, gradient);
  const ams_abi_layer_t *found = ams_call_any_layer(call, product);
  if (!of || !found)
    return;
  const uint8_t *clipped = clipped_of(call, &call->model->layers[product]);
  if (!clipped || !ams_is_gradient_of(of, found)) {
    ams_call_fail(
        call, ams_status_make(AMS_STATUS_INVALID_DATA,
                              "layer \"%s\": the model's code asks for a "
                              "record of clipped conversions that this "
                              "layer does not make; compile the model again",
                              ams_model_string(call->model, found->name)));
    return;
  }
  if (!ams_call_failed(call))
    ams_call_fail(call, ams_clipped_gradient_drop(of, found, clipped, dy, other,
                                                  call->threads, y));
  if (ams_call_failed(call))
    fill_zeros(y, count_gradient(of));
}

void ams_rt_quantize(ams_call_t *call, int64_t vectors, int64_t k, int64_t n,
                     int64_t bits, const float *x, void *codes,
                     uint16_t *scales) {
  if (n < 1 || n > 1024 || bits < 2 || bits > 16 || k < 1) {
    ams_call_fail(call, ams_status_make(AMS_STATUS_INVALID_DATA,
                                        "the model's code quantises vectors of "
                                        "%" PRId64 " in blocks of %" PRId64
                                        " to %" PRId64
                                        " bits; compile the model again",
                                        k, n, bits));
    return;
  }
  if (!ams_call_failed(call))
    ams_call_fail(call, ams_quantise(vectors, k, k, (int32_t)n, (int32_t)bits,
                                     x, codes, scales));
  if (ams_call_failed(call)) {
    size_t blocks = (size_t)vectors * (size_t)((k - 1) / n + 1);
    memset(codes, 0, blocks * (size_t)n * ams_code_size((int32_t)bits));
    memset(scales, 0, blocks * sizeof *scales);
  }
}

void ams_rt_dequantize(ams_call_t *call, int64_t vectors, int64_t k, int64_t n,
                       int64_t bits, const void *codes, const uint16_t *scales,
                       float *y) {
  if (ams_call_failed(call)) {
    fill_zeros(y, vectors * k);
    return;
  }
  float step = 1.0f / (float)ams_largest_code((int32_t)bits);
  int64_t blocks = (k - 1) / n + 1;
  for (int64_t v = 0; v < vectors; ++v)
    for (int64_t i = 0; i < k; ++i) {
      int64_t block = v * blocks + i / n;
      float unit = ams_bfloat16_to_float(scales[block]) * step;
      float code = ams_code_at(codes, (int32_t)bits, block * n + i % n);
      y[v * k + i] = ams_bfloat16_round(code * unit);
    }
}
