//===-- batch_matmul.c - Products of two activations --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// y[b] = a[b] b[b]^T with both sides quantised now (Q5): each b[b] is quantised
// and packed as weights are, used once, and forgotten.
//
//===----------------------------------------------------------------------===//

#include "analog/analog.h"
#include "clipping.h"
#include "device.h"
#include "first_error.h"
#include "float_state.h"
#include "kernel_select.h"
#include "layer.h"
#include "memory.h"
#include "product.h"
#include "quantise.h"

#include <stdlib.h>

/// Room for one matrix of b: quantised, then packed.
typedef struct side {
  void *codes;
  uint16_t *scales;
  ams_weights_t weights;
} side_t;

static void free_side(side_t *side) {
  free(side->codes);
  free(side->scales);
  ams_weights_free(&side->weights);
}

static ams_status_t allocate_side(const ams_abi_layer_t *layer,
                                  const ams_kernel_t *kernel,
                                  const ams_analog_t *analog,
                                  side_t *out_side) {
  *out_side = (side_t){0};
  AMS_RETURN_IF_ERROR(
      ams_weights_allocate(kernel, analog, layer, &out_side->weights));
  const ams_geometry_t *geometry = &out_side->weights.geometry;
  size_t blocks = (size_t)geometry->outputs * (size_t)geometry->blocks;
  out_side->codes = calloc(blocks, (size_t)geometry->n *
                                       ams_code_size(geometry->bits_weight));
  out_side->scales = calloc(blocks, sizeof *out_side->scales);
  if (out_side->codes && out_side->scales)
    return AMS_OK;
  free_side(out_side);
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                         "out of memory: %zu blocks of %d codes", blocks,
                         geometry->n);
}

/// Packs b[0..N-1]. Returns false if it holds a NaN or infinity.
static bool pack_side(const side_t *side, const float *b) {
  const ams_weights_t *weights = &side->weights;
  const ams_geometry_t *geometry = &weights->geometry;
  ams_status_t status = ams_quantise(
      geometry->outputs, geometry->reduction, geometry->reduction, geometry->n,
      geometry->bits_weight, b, side->codes, side->scales);
  if (status) {
    ams_status_free(status);
    return false;
  }
  if (weights->analog)
    ams_analog_pack(weights->analog, geometry, 0, side->codes, side->scales,
                    weights->data);
  else
    weights->kernel->pack(geometry, side->codes, side->scales, weights->data);
  return true;
}

/// Matrix `index` of the batch. `*out_bad_vector` counts over the whole batch;
/// a bad element of b[b] is charged to the matrix's first vector.
static ams_status_t multiply_matrix(const ams_abi_layer_t *layer,
                                    const ams_product_options_t *options,
                                    const ams_kernel_t *kernel,
                                    const ams_analog_t *analog, int64_t index,
                                    int threads, const float *a, const float *b,
                                    float *y, uint8_t *clipped,
                                    int64_t *out_bad_vector) {
  int64_t first = index * layer->vectors;
  side_t side;
  AMS_RETURN_IF_ERROR(allocate_side(layer, kernel, analog, &side));
  ams_product_options_t own = *options;
  own.first_vector += (uint64_t)first;
  ams_abi_layer_t one = *layer;
  one.batch = 1;
  if (own.epilogue.residual)
    own.epilogue.residual += first * layer->outputs;
  ams_float_state_t state = ams_float_enter();
  ams_product_t product = {0};
  ams_status_t status = ams_product_make(
      layer, &own, &side.weights, layer->vectors, a + first * layer->reduction,
      y + first * layer->outputs,
      clipped ? clipped + (size_t)index * ams_clipping_size(&one) : NULL,
      &product);
  *out_bad_vector = 0;
  if (!status &&
      pack_side(&side, b + index * layer->outputs * layer->reduction))
    status = ams_product_compute(&product, threads, out_bad_vector);
  if (*out_bad_vector >= 0)
    *out_bad_vector += first;
  ams_product_free(&product);
  ams_float_leave(state);
  free_side(&side);
  return status;
}

/// The device's sources for matrices that were written just now: without drift.
static ams_status_t make_analog(const ams_abi_layer_t *layer,
                                const ams_product_options_t *options,
                                ams_watch_t watch, ams_analog_t **out_analog) {
  ams_abi_layer_t fresh = *layer;
  fresh.device.sources.drift_kind = AMS_ABI_DRIFT_NONE;
  ams_float_state_t state = ams_float_enter();
  ams_status_t status =
      ams_analog_make(&fresh, options->device_seed, watch, out_analog);
  ams_float_leave(state);
  return status;
}

ams_status_t ams_batch_compute(const ams_abi_layer_t *layer,
                               const ams_product_options_t *options,
                               ams_watch_t watch, const ams_kernel_t *kernel,
                               const float *a, const float *b, float *y,
                               uint8_t *clipped, int64_t *out_bad_vector) {
  *out_bad_vector = -1;
  if (layer->vectors == 0)
    return AMS_OK;
  if (options->first_vector > AMS_MAX_VECTORS || options->threads < 1)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "product from vector %llu on, on %d threads; "
                           "vectors are below 2^44, threads at least 1",
                           (unsigned long long)options->first_vector,
                           options->threads);
  ams_analog_t *analog = NULL;
  if (ams_device_general(&layer->device) || ams_watches(watch))
    AMS_RETURN_IF_ERROR(make_analog(layer, options, watch, &analog));
  bool by_matrix = layer->batch >= options->threads;
  int outer = by_matrix ? options->threads : 1;
  int inner = by_matrix ? 1 : options->threads;
  int64_t first_bad = INT64_MAX;
  ams_first_error_t error = {INT64_MAX, AMS_OK};
#pragma omp parallel for num_threads(outer) schedule(dynamic)                  \
    reduction(min : first_bad) if (outer > 1)
  for (int64_t index = 0; index < layer->batch; ++index) {
    int64_t bad = -1;
    ams_first_error_add(&error, index,
                        multiply_matrix(layer, options, kernel, analog, index,
                                        inner, a, b, y, clipped, &bad));
    if (bad >= 0 && bad < first_bad)
      first_bad = bad;
  }
  ams_analog_free(analog);
  if (first_bad != INT64_MAX)
    *out_bad_vector = first_bad;
  return error.status;
}

ams_status_t ams_batch_multiply(const ams_abi_layer_t *layer,
                                const ams_product_options_t *options,
                                const char *kernel, const float *a,
                                const float *b, float *y) {
  if (layer->kind != AMS_ABI_BATCH_MATMUL)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "the layer is not a product of two activations");
  AMS_RETURN_IF_ERROR(ams_layer_check_shape(layer));
  AMS_RETURN_IF_ERROR(ams_layer_check_device(layer));
  const ams_kernel_t *chosen;
  AMS_RETURN_IF_ERROR(ams_kernel_find(kernel, &chosen));
  int64_t bad_vector;
  AMS_RETURN_IF_ERROR(ams_batch_compute(layer, options, (ams_watch_t){0},
                                        chosen, a, b, y, NULL, &bad_vector));
  return ams_product_status(bad_vector);
}
