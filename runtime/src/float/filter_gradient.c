//===-- filter_gradient.c - Gradients of filters, in pieces -------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A piece is a layer of fewer images, of which there are two sizes at most.
//
//===----------------------------------------------------------------------===//

#include "filter_gradient.h"

#include "first_error.h"
#include "memory_pool.h"
#include "varying.h"
#include "varying_pool.h"

#include <stdlib.h>

/// Fewer images a piece cost more than they gain: each piece has a sum of its
/// own to add.
enum { LEAST_IMAGES = 8, MOST_PIECES = 8 };

/// Pieces of one size.
typedef struct part {
  ams_abi_layer_t layer; // of one piece
  ams_varying_pool_t *pool;
} part_t;

struct ams_filter_gradient {
  int64_t pieces, longer;         // the first `longer` have one image more
  int64_t images;                 // of the others
  int64_t image_size, value_size; // elements of an image, of its result
  int64_t count;                  // elements of the gradient
  part_t parts[2];                // shorter pieces, longer ones
  ams_memory_pool_t sums;         // of all pieces but the first
};

static ams_status_t open_part(const ams_filter_gradient_t *gradient,
                              const ams_abi_layer_t *layer, bool is_longer,
                              part_t *part) {
  int64_t values = (int64_t)layer->conv.out_h * layer->conv.out_w;
  part->layer = *layer;
  part->layer.vectors = (gradient->images + is_longer) * values;
  return ams_varying_pool_create(&part->layer, NULL, (void **)&part->pool);
}

static ams_status_t open_parts(ams_filter_gradient_t *gradient,
                               const ams_abi_layer_t *layer) {
  if (gradient->longer < gradient->pieces)
    AMS_RETURN_IF_ERROR(open_part(gradient, layer, false, &gradient->parts[0]));
  if (gradient->longer > 0)
    AMS_RETURN_IF_ERROR(open_part(gradient, layer, true, &gradient->parts[1]));
  return AMS_OK;
}

ams_status_t ams_filter_gradient_create(const ams_abi_layer_t *layer,
                                        void *context, void **out_gradient) {
  (void)context;
  const ams_abi_conv_t *conv = &layer->conv;
  int64_t values = (int64_t)conv->out_h * conv->out_w;
  int64_t images = layer->vectors / values;
  int64_t pieces = images / LEAST_IMAGES;
  pieces = pieces < 1 ? 1 : pieces > MOST_PIECES ? MOST_PIECES : pieces;
  ams_filter_gradient_t *gradient = calloc(1, sizeof *gradient);
  if (!gradient)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "no memory for a layer");
  gradient->pieces = pieces;
  gradient->longer = images % pieces;
  gradient->images = images / pieces;
  gradient->image_size = (int64_t)conv->in_h * conv->in_w * conv->in_c;
  gradient->value_size = values * layer->outputs;
  gradient->count = ams_float_varying_count(layer);
  ams_status_t status = ams_memory_pool_open(
      &gradient->sums,
      (size_t)((pieces - 1) * gradient->count) * sizeof(float));
  if (status) {
    free(gradient);
    return status;
  }
  status = open_parts(gradient, layer);
  if (status)
    ams_filter_gradient_free(gradient);
  else
    *out_gradient = gradient;
  return status;
}

void ams_filter_gradient_free(void *state) {
  ams_filter_gradient_t *gradient = state;
  for (int i = 0; i < 2; ++i)
    if (gradient->parts[i].pool)
      ams_varying_pool_free(gradient->parts[i].pool);
  ams_memory_pool_close(&gradient->sums);
  free(gradient);
}

/// The sum of piece `index`: the first into y, the others into `sums`.
static ams_status_t run_piece(const ams_filter_gradient_t *gradient,
                              int64_t index, const float *a, const float *b,
                              float *sums, float *y) {
  bool is_longer = index < gradient->longer;
  int64_t first =
      index * gradient->images + (is_longer ? index : gradient->longer);
  return ams_varying_pool_run(
      gradient->parts[is_longer].pool, 1, a + first * gradient->value_size,
      b + first * gradient->image_size,
      index == 0 ? y : sums + (index - 1) * gradient->count);
}

ams_status_t ams_filter_gradient_run(ams_filter_gradient_t *gradient,
                                     int threads, const float *a,
                                     const float *b, float *y) {
  int64_t pieces = gradient->pieces;
  int used = threads < pieces ? threads : (int)pieces;
  void *memory;
  AMS_RETURN_IF_ERROR(ams_memory_pool_take(&gradient->sums, &memory));
  float *sums = memory;
  ams_first_error_t error = {INT64_MAX, AMS_OK};
#pragma omp parallel for num_threads(used) schedule(dynamic) if (used > 1)
  for (int64_t i = 0; i < pieces; ++i)
    ams_first_error_add(&error, i, run_piece(gradient, i, a, b, sums, y));
  for (int64_t i = 0; i < (pieces - 1) * gradient->count; i += gradient->count)
    for (int64_t k = 0; k < gradient->count; ++k)
      y[k] += sums[i + k];
  ams_memory_pool_give(&gradient->sums, memory);
  return error.status;
}
