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

#include "bfloat16.h"
#include "device.h"
#include "kernel_select.h"
#include "layer.h"
#include "product.h"

#include <stdlib.h>

struct ams_grid {
  ams_abi_layer_t layer;
  ams_weights_t weights;
};

/// Kernels rely on codes within the device's range and on finite scales.
static ams_status_t check_weights(const ams_abi_layer_t *layer,
                                  const int8_t *codes, const uint16_t *scales) {
  int32_t largest = ams_largest_code(layer->device.bits_weight);
  int64_t blocks = ams_layer_geometry(layer).blocks;
  int64_t row_codes = blocks * layer->device.rows;
  for (int64_t i = 0; i < layer->outputs; ++i) {
    int32_t most = 0;
    for (int64_t c = 0; c < row_codes; ++c) {
      int32_t magnitude = abs(codes[i * row_codes + c]);
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

ams_status_t ams_grid_program(const ams_abi_layer_t *layer, const int8_t *codes,
                              const uint16_t *scales, const char *kernel,
                              ams_grid_t **out_grid) {
  if (layer->kind == AMS_ABI_BATCH_MATMUL)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "a product of two activations has no weights to "
                           "program");
  AMS_RETURN_IF_ERROR(ams_layer_check_shape(layer));
  AMS_RETURN_IF_ERROR(ams_layer_check_device(layer));
  AMS_RETURN_IF_ERROR(check_weights(layer, codes, scales));
  const ams_kernel_t *chosen;
  AMS_RETURN_IF_ERROR(ams_kernel_find(kernel, &chosen));

  ams_weights_t weights;
  AMS_RETURN_IF_ERROR(ams_weights_allocate(chosen, layer, &weights));
  ams_grid_t *grid = malloc(sizeof *grid);
  if (!grid) {
    free(weights.data);
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  }
  *grid = (ams_grid_t){.layer = *layer, .weights = weights};
  const ams_geometry_t *geometry = &weights.geometry;
  int64_t group_scales = geometry->outputs * geometry->blocks;
  for (int64_t group = 0; group < layer->groups; ++group)
    chosen->pack(geometry, codes + group * group_scales * geometry->n,
                 scales + group * group_scales,
                 (char *)weights.data + (size_t)group * weights.group_size);
  *out_grid = grid;
  return AMS_OK;
}

void ams_grid_free(ams_grid_t *grid) {
  if (!grid)
    return;
  free(grid->weights.data);
  free(grid);
}

ams_status_t ams_grid_compute(const ams_grid_t *grid,
                              const ams_product_options_t *options,
                              int64_t vectors, const float *x, float *y,
                              int64_t *out_bad_vector) {
  *out_bad_vector = -1;
  const ams_abi_conv_t *conv = &grid->layer.conv;
  if (grid->layer.kind == AMS_ABI_CONV &&
      vectors % ((int64_t)conv->out_h * conv->out_w) != 0)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "%lld vectors are not whole images of %d * %d "
                           "output pixels",
                           (long long)vectors, conv->out_h, conv->out_w);
  ams_product_t product;
  AMS_RETURN_IF_ERROR(ams_product_make(&grid->layer, options, &grid->weights,
                                       vectors, x, y, &product));
  return ams_product_compute(&product, options->threads, out_bad_vector);
}

ams_status_t ams_grid_multiply(const ams_grid_t *grid,
                               const ams_product_options_t *options,
                               int64_t vectors, const float *x, float *y) {
  int64_t bad_vector;
  AMS_RETURN_IF_ERROR(
      ams_grid_compute(grid, options, vectors, x, y, &bad_vector));
  return ams_product_status(bad_vector);
}
