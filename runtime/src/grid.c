//===-- grid.c - Programmed crossbars -----------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A layer's weights in a kernel's layout, and products with them. Each group of
// a convolution is a product of its own.
//
//===----------------------------------------------------------------------===//

#include "analog/analog.h"
#include "bfloat16.h"
#include "depthwise.h"
#include "device.h"
#include "float_state.h"
#include "kernel_select.h"
#include "layer.h"
#include "product.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ams_grid {
  ams_abi_layer_t layer;
  ams_analog_t *analog; // NULL: the device needs none
  ams_weights_t weights;
};

/// Kernels rely on codes within the device's range and on finite scales.
static ams_status_t check_weights(const ams_abi_layer_t *layer,
                                  const void *codes, const uint16_t *scales) {
  int32_t largest = ams_largest_code(layer->device.bits_weight);
  int64_t blocks = ams_layer_geometry(layer).blocks;
  int64_t row_codes = blocks * layer->device.rows;
  for (int64_t i = 0; i < layer->outputs; ++i) {
    int32_t most = 0;
    for (int64_t c = 0; c < row_codes; ++c) {
      int32_t magnitude =
          abs(ams_code_at(codes, layer->device.bits_weight, i * row_codes + c));
      most = magnitude > most ? magnitude : most;
    }
    bool finite = true;
    for (int64_t j = 0; j < blocks; ++j)
      finite &= scales[i * blocks + j] < 0x7f80;
    if (most > largest || !finite)
      return ams_status_make(
          AMS_STATUS_INVALID_DATA,
          "weights of output %lld: largest code is %d, where %d bits allow %d, "
          "or a scale is negative or not finite; compile the model again",
          (long long)i, most, layer->device.bits_weight, largest);
  }
  return AMS_OK;
}

static ams_status_t check_sums(const ams_abi_layer_t *layer,
                               const float *sums) {
  if (!(layer->condition.flags & AMS_ABI_CONDITION_MEAN))
    return AMS_OK;
  if (!sums)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "means of inputs are removed, but the sums of the "
                           "weights are missing; program the layer with "
                           "ams_grid_program_conditioned");
  int64_t blocks = ams_layer_geometry(layer).blocks;
  for (int64_t i = 0; i < layer->outputs * blocks; ++i)
    if (!isfinite(sums[i]))
      return ams_status_make(AMS_STATUS_INVALID_DATA,
                             "weights of output %lld: their sum in block %lld "
                             "is not finite; compile the model again",
                             (long long)(i / blocks), (long long)(i % blocks));
  return AMS_OK;
}

/// Puts sums [N][T] where products read them (C5).
static void pack_sums(const ams_abi_layer_t *layer, const float *sums,
                      const ams_weights_t *weights) {
  const ams_geometry_t *geometry = &weights->geometry;
  memset(weights->sums, 0,
         (size_t)(layer->groups * geometry->blocks * weights->sums_stride) *
             sizeof *sums);
  for (int64_t i = 0; i < layer->outputs; ++i) {
    int64_t first = i / geometry->outputs * geometry->blocks;
    for (int64_t j = 0; j < geometry->blocks; ++j)
      weights
          ->sums[(first + j) * weights->sums_stride + i % geometry->outputs] =
          sums[i * geometry->blocks + j];
  }
}

/// Packs all groups' codes and scales.
static void pack(const ams_abi_layer_t *layer, const void *codes,
                 const uint16_t *scales, const ams_weights_t *weights) {
  const ams_geometry_t *geometry = &weights->geometry;
  if (weights->depthwise) {
    weights->kernel->depthwise->pack(geometry, layer->groups, codes, scales,
                                     weights->data);
    return;
  }
  int64_t group_scales = geometry->outputs * geometry->blocks;
  size_t group_codes = (size_t)(group_scales * geometry->n) *
                       ams_code_size(layer->device.bits_weight);
  for (int64_t group = 0; group < layer->groups; ++group) {
    const void *own_codes = (const char *)codes + (size_t)group * group_codes;
    const uint16_t *own_scales = scales + group * group_scales;
    void *data = (char *)weights->data + (size_t)group * weights->group_size;
    if (weights->analog)
      ams_analog_pack(weights->analog, geometry, group * geometry->outputs,
                      own_codes, own_scales, data);
    else
      weights->kernel->pack(geometry, own_codes, own_scales, data);
  }
}

static ams_status_t check(const ams_abi_layer_t *layer) {
  if (layer->kind == AMS_ABI_BATCH_MATMUL)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "a product of two activations has no weights to "
                           "program");
  AMS_RETURN_IF_ERROR(ams_layer_check_shape(layer));
  return ams_layer_check_device(layer);
}

ams_status_t ams_grid_allocate(const ams_abi_layer_t *layer,
                               uint64_t device_seed, ams_watch_t watch,
                               const char *kernel, ams_grid_t **out_grid) {
  AMS_RETURN_IF_ERROR(check(layer));
  const ams_kernel_t *chosen;
  AMS_RETURN_IF_ERROR(ams_kernel_find(kernel, &chosen));

  ams_grid_t *grid = calloc(1, sizeof *grid);
  if (!grid)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  grid->layer = *layer;
  ams_status_t status = AMS_OK;
  if (ams_device_general(&layer->device) || ams_watches(watch))
    status = ams_analog_make(layer, device_seed, watch, &grid->analog);
  if (!status)
    status = ams_weights_allocate(chosen, grid->analog, layer, &grid->weights);
  if (status) {
    ams_grid_free(grid);
    return status;
  }
  *out_grid = grid;
  return AMS_OK;
}

void ams_grid_write(ams_grid_t *grid, const void *codes, const uint16_t *scales,
                    const float *sums) {
  pack(&grid->layer, codes, scales, &grid->weights);
  if (sums && grid->weights.sums)
    pack_sums(&grid->layer, sums, &grid->weights);
}

static ams_status_t make(const ams_abi_layer_t *layer, uint64_t device_seed,
                         ams_watch_t watch, const void *codes,
                         const uint16_t *scales, const float *sums,
                         const char *kernel, ams_grid_t **out_grid) {
  AMS_RETURN_IF_ERROR(check(layer));
  AMS_RETURN_IF_ERROR(check_weights(layer, codes, scales));
  AMS_RETURN_IF_ERROR(check_sums(layer, sums));
  AMS_RETURN_IF_ERROR(
      ams_grid_allocate(layer, device_seed, watch, kernel, out_grid));
  ams_grid_write(*out_grid, codes, scales, sums);
  return AMS_OK;
}

ams_status_t ams_grid_make(const ams_abi_layer_t *layer, uint64_t device_seed,
                           ams_watch_t watch, const void *codes,
                           const uint16_t *scales, const float *sums,
                           const char *kernel, ams_grid_t **out_grid) {
  ams_float_state_t state = ams_float_enter();
  ams_status_t status =
      make(layer, device_seed, watch, codes, scales, sums, kernel, out_grid);
  ams_float_leave(state);
  return status;
}

ams_status_t ams_grid_program_conditioned(const ams_abi_layer_t *layer,
                                          uint64_t device_seed,
                                          const void *codes,
                                          const uint16_t *scales,
                                          const float *sums, const char *kernel,
                                          ams_grid_t **out_grid) {
  return ams_grid_make(layer, device_seed, (ams_watch_t){0}, codes, scales,
                       sums, kernel, out_grid);
}

ams_status_t ams_grid_program_device(const ams_abi_layer_t *layer,
                                     uint64_t device_seed, const void *codes,
                                     const uint16_t *scales, const char *kernel,
                                     ams_grid_t **out_grid) {
  return ams_grid_make(layer, device_seed, (ams_watch_t){0}, codes, scales,
                       NULL, kernel, out_grid);
}

ams_status_t ams_grid_program(const ams_abi_layer_t *layer, const void *codes,
                              const uint16_t *scales, const char *kernel,
                              ams_grid_t **out_grid) {
  return ams_grid_make(layer, 0, (ams_watch_t){0}, codes, scales, NULL, kernel,
                       out_grid);
}

void ams_grid_free(ams_grid_t *grid) {
  if (!grid)
    return;
  ams_weights_free(&grid->weights);
  ams_analog_free(grid->analog);
  free(grid);
}

ams_status_t ams_grid_compute(const ams_grid_t *grid,
                              const ams_product_options_t *options,
                              int64_t vectors, const float *x, float *y,
                              uint8_t *clipped, int64_t *out_bad_vector) {
  *out_bad_vector = -1;
  const ams_abi_conv_t *conv = &grid->layer.conv;
  if (grid->layer.kind == AMS_ABI_CONV &&
      vectors % ((int64_t)conv->out_h * conv->out_w) != 0)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "%lld vectors are not whole images of %d * %d "
                           "output pixels",
                           (long long)vectors, conv->out_h, conv->out_w);
  ams_float_state_t state = ams_float_enter();
  ams_product_t product = {0};
  ams_status_t status = ams_product_make(&grid->layer, options, &grid->weights,
                                         vectors, x, y, clipped, &product);
  if (!status)
    status = ams_product_compute(&product, options->threads, out_bad_vector);
  ams_product_free(&product);
  ams_float_leave(state);
  return status;
}

ams_status_t ams_grid_multiply(const ams_grid_t *grid,
                               const ams_product_options_t *options,
                               int64_t vectors, const float *x, float *y) {
  int64_t bad_vector;
  AMS_RETURN_IF_ERROR(
      ams_grid_compute(grid, options, vectors, x, y, NULL, &bad_vector));
  return ams_product_status(bad_vector);
}
