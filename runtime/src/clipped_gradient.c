//===-- clipped_gradient.c - Gradients without clipped parts ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Few conversions are clipped where a gain is well chosen. So the gradient is
// computed as if none were, and then their parts are subtracted, each output,
// block and vector that is marked.
//
//===----------------------------------------------------------------------===//

#include "clipped_gradient.h"

#include "clipping.h"
#include "condition.h"
#include "first_error.h"
#include "float_state.h"
#include "layer.h"
#include "patches.h"

#include <stdlib.h>
#include <string.h>

/// One call of ams_clipped_gradient_drop.
typedef struct drop {
  const ams_abi_layer_t *product;
  const uint8_t *clipped;
  const float *dy, *other;
  float *y;
  ams_condition_t condition; // cuts vectors into blocks
  int64_t blocks, row;       // of the record
  int64_t outputs;           // of a group
} drop_t;

bool ams_is_gradient_of(const ams_abi_layer_t *gradient,
                        const ams_abi_layer_t *product) {
  const bool same_kind =
      product->kind == AMS_ABI_CONV
          ? gradient->kind == AMS_ABI_CONV_INPUT_GRADIENT ||
                gradient->kind == AMS_ABI_CONV_WEIGHT_GRADIENT
          : gradient->kind == AMS_ABI_MATMUL_INPUT_GRADIENT ||
                gradient->kind == AMS_ABI_MATMUL_WEIGHT_GRADIENT;
  return same_kind && !ams_layer_is_gradient(product->kind) &&
         gradient->batch == product->batch &&
         gradient->vectors == product->vectors &&
         gradient->outputs == product->outputs &&
         gradient->reduction == product->reduction &&
         gradient->groups == product->groups &&
         memcmp(&gradient->conv, &product->conv, sizeof gradient->conv) == 0;
}

/// Bits of vector `v`, counted over all matrices, of block `j` of `group`.
static const uint8_t *bits_of(const drop_t *drop, int64_t v, int64_t group,
                              int64_t j) {
  return drop->clipped +
         ((v * drop->product->groups + group) * drop->blocks + j) * drop->row;
}

static int64_t block_begin(const drop_t *drop, int64_t j) {
  return j * drop->condition.piece;
}

/// What a clipped conversion leaves of a factor where means are removed: the
/// mean over its block (B4).
static float remains(const drop_t *drop, const float *elements,
                     int64_t length) {
  double sum = 0;
  for (int64_t k = 0; k < length && drop->condition.mean; ++k)
    sum += (double)elements[k];
  return (float)(sum / (double)length);
}

/// to -= factor * (from - remains)
static void subtract(int64_t length, float factor, const float *from,
                     float remaining, float *to) {
  for (int64_t k = 0; k < length; ++k)
    to[k] -= factor * (from[k] - remaining);
}

//===----------------------------------------------------------------------===//
// Gradients of inputs
//===----------------------------------------------------------------------===//

/// Whether any conversion of vector `v` of `group` was clipped.
static bool any_clipped(const drop_t *drop, int64_t v, int64_t group) {
  const uint8_t *bits = bits_of(drop, v, group, 0);
  for (int64_t i = 0; i < drop->blocks * drop->row; ++i)
    if (bits[i])
      return true;
  return false;
}

/// Subtracts what vector `v` of `group` was given by clipped conversions from
/// `to` [K]; `weights` are the group's, `remaining` what each block of them
/// leaves.
static void drop_from_vector(const drop_t *drop, int64_t v, int64_t group,
                             const float *weights, const float *remaining,
                             float *to) {
  const int64_t reduction = drop->product->reduction;
  const float *dy =
      drop->dy + v * drop->product->outputs + group * drop->outputs;
  for (int64_t j = 0; j < drop->blocks; ++j) {
    const uint8_t *bits = bits_of(drop, v, group, j);
    const int64_t begin = block_begin(drop, j);
    const int64_t length = ams_condition_length(&drop->condition, j);
    for (int64_t i = 0; i < drop->outputs; ++i)
      if (bits[i / 8] >> (i % 8) & 1)
        subtract(length, dy[i], weights + i * reduction + begin,
                 remaining[i * drop->blocks + j], to + begin);
  }
}

/// Adds `patch`, the gradient of output pixel `pixel`'s input vector, to that
/// of its image.
static void add_patch(const ams_abi_conv_t *conv, int64_t groups, int64_t group,
                      int64_t pixel, const float *patch, float *image) {
  const int64_t channels = conv->in_c / groups;
  const ams_patch_t at = ams_patch_of_vector(conv, groups, pixel);
  for (int64_t kh = 0; kh < conv->kernel_h; ++kh)
    for (int64_t kw = 0; kw < conv->kernel_w; ++kw, patch += channels) {
      const int64_t row = at.row + kh * conv->dilation_h;
      const int64_t column = at.column + kw * conv->dilation_w;
      if (row < 0 || row >= conv->in_h || column < 0 || column >= conv->in_w)
        continue;
      float *to =
          image + (row * conv->in_w + column) * conv->in_c + group * channels;
      for (int64_t c = 0; c < channels; ++c)
        to[c] += patch[c];
    }
}

/// Image number `image`, with room for one vector.
static void drop_from_image(const drop_t *drop, int64_t image,
                            const float *remaining, float *room) {
  const ams_abi_layer_t *layer = drop->product;
  const ams_abi_conv_t *conv = &layer->conv;
  const int64_t pixels = (int64_t)conv->out_h * conv->out_w;
  float *to = drop->y + image * conv->in_h * conv->in_w * conv->in_c;
  for (int64_t pixel = 0; pixel < pixels; ++pixel)
    for (int64_t group = 0; group < layer->groups; ++group) {
      const int64_t v = image * pixels + pixel, first = group * drop->outputs;
      if (!any_clipped(drop, v, group))
        continue;
      memset(room, 0, (size_t)layer->reduction * sizeof *room);
      drop_from_vector(drop, v, group, drop->other + first * layer->reduction,
                       remaining + first * drop->blocks, room);
      add_patch(conv, layer->groups, group, pixel, room, to);
    }
}

/// What each block of each output's weights leaves, [batch * N][T].
static float *make_remaining(const drop_t *drop) {
  const ams_abi_layer_t *layer = drop->product;
  const int64_t rows = layer->batch * layer->outputs;
  float *remaining =
      calloc((size_t)rows * (size_t)drop->blocks, sizeof *remaining);
  for (int64_t i = 0; i < rows && remaining && drop->condition.mean; ++i)
    for (int64_t j = 0; j < drop->blocks; ++j)
      remaining[i * drop->blocks + j] = remains(
          drop, drop->other + i * layer->reduction + block_begin(drop, j),
          ams_condition_length(&drop->condition, j));
  return remaining;
}

static ams_status_t out_of_memory(void) {
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
}

/// Vector number `v` of a product that is no convolution.
static void drop_from_row(const drop_t *drop, int64_t v,
                          const float *remaining) {
  const ams_abi_layer_t *layer = drop->product;
  const int64_t first = v / layer->vectors * layer->outputs;
  if (any_clipped(drop, v, 0))
    drop_from_vector(drop, v, 0, drop->other + first * layer->reduction,
                     remaining + first * drop->blocks,
                     drop->y + v * layer->reduction);
}

static ams_status_t drop_from_input(const drop_t *drop, int threads) {
  const ams_abi_layer_t *layer = drop->product;
  const bool conv = layer->kind == AMS_ABI_CONV;
  const int64_t vectors = layer->batch * layer->vectors;
  const int64_t tasks =
      conv ? vectors / ((int64_t)layer->conv.out_h * layer->conv.out_w)
           : vectors;
  float *remaining = make_remaining(drop);
  if (!remaining)
    return out_of_memory();
  ams_first_error_t error = {INT64_MAX, AMS_OK};
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
  for (int64_t task = 0; task < tasks; ++task) {
    ams_float_state_t state = ams_float_enter();
    float *room = conv ? calloc((size_t)layer->reduction, sizeof *room) : NULL;
    if (!conv)
      drop_from_row(drop, task, remaining);
    else if (room)
      drop_from_image(drop, task, remaining, room);
    else
      ams_first_error_add(&error, task, out_of_memory());
    free(room);
    ams_float_leave(state);
  }
  free(remaining);
  return error.status;
}

//===----------------------------------------------------------------------===//
// Gradients of weights
//===----------------------------------------------------------------------===//

/// Block `j` of vector `v`, as it lies in the operand or gathered to `room`.
static const float *find_block(const drop_t *drop, int64_t v, int64_t group,
                               int64_t j, float *room) {
  const ams_abi_layer_t *layer = drop->product;
  const int64_t begin = block_begin(drop, j);
  if (layer->kind != AMS_ABI_CONV)
    return drop->other + v * layer->reduction + begin;
  const ams_abi_conv_t *conv = &layer->conv;
  const int64_t pixels = (int64_t)conv->out_h * conv->out_w;
  const int64_t channels = conv->in_c / layer->groups;
  const int64_t position = begin / channels;
  ams_patch_t patch = ams_patch_of_vector(conv, layer->groups, v % pixels);
  patch.row += position / conv->kernel_w * conv->dilation_h;
  patch.kernel_column = position % conv->kernel_w;
  patch.column += patch.kernel_column * conv->dilation_w;
  patch.channel = begin % channels;
  patch.length = ams_condition_length(&drop->condition, j);
  return ams_patch_find(conv, layer->groups, group,
                        drop->other +
                            v / pixels * conv->in_h * conv->in_w * conv->in_c,
                        &patch, room);
}

/// The eight outputs from 8 * `byte` on of `group`, or of matrix `matrix`.
static void drop_from_outputs(const drop_t *drop, int64_t matrix, int64_t group,
                              int64_t byte, float *room) {
  const ams_abi_layer_t *layer = drop->product;
  const int64_t first = group * drop->outputs + 8 * byte;
  float *to = drop->y + (matrix * layer->outputs + first) * layer->reduction;
  for (int64_t v = matrix * layer->vectors; v < (matrix + 1) * layer->vectors;
       ++v)
    for (int64_t j = 0; j < drop->blocks; ++j) {
      const int bits = bits_of(drop, v, group, j)[byte];
      if (!bits)
        continue;
      const int64_t length = ams_condition_length(&drop->condition, j);
      const float *x = find_block(drop, v, group, j, room);
      const float remaining = remains(drop, x, length);
      for (int64_t i = 0; i < 8; ++i)
        if (bits >> i & 1)
          subtract(length, drop->dy[v * layer->outputs + first + i], x,
                   remaining, to + i * layer->reduction + block_begin(drop, j));
    }
}

static ams_status_t drop_from_weights(const drop_t *drop, int threads) {
  const ams_abi_layer_t *layer = drop->product;
  const int64_t units = layer->batch * layer->groups;
  ams_first_error_t error = {INT64_MAX, AMS_OK};
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (threads > 1)
  for (int64_t task = 0; task < units * drop->row; ++task) {
    const int64_t unit = task / drop->row;
    ams_float_state_t state = ams_float_enter();
    float *room = calloc((size_t)drop->condition.piece, sizeof *room);
    if (room)
      drop_from_outputs(drop, unit / layer->groups, unit % layer->groups,
                        task % drop->row, room);
    else
      ams_first_error_add(&error, task, out_of_memory());
    free(room);
    ams_float_leave(state);
  }
  return error.status;
}

ams_status_t ams_clipped_gradient_drop(const ams_abi_layer_t *gradient,
                                       const ams_abi_layer_t *product,
                                       const uint8_t *clipped, const float *dy,
                                       const float *other, int threads,
                                       float *y) {
  const ams_geometry_t geometry = ams_layer_geometry(product);
  const drop_t drop = {
      .product = product,
      .clipped = clipped,
      .dy = dy,
      .other = other,
      .y = y,
      .condition = ams_condition_make(&product->condition, product->reduction,
                                      product->device.rows),
      .blocks = geometry.blocks,
      .row = ams_clipping_row(geometry.outputs),
      .outputs = geometry.outputs,
  };
  const bool input = gradient->kind == AMS_ABI_MATMUL_INPUT_GRADIENT ||
                     gradient->kind == AMS_ABI_CONV_INPUT_GRADIENT;
  return input ? drop_from_input(&drop, threads)
               : drop_from_weights(&drop, threads);
}
