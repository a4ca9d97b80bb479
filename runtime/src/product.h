//===-- product.h - A product, panel by panel ---------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What grids and products of activations share: a product of packed weights
// with any number of input vectors, cut into panels, on some threads.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_SRC_PRODUCT_H
#define AMS_SRC_PRODUCT_H

#include "ams/product.h"
#include "kernel.h"
#include "watch.h"

/// Packed weights of one or more groups of equal shape.
typedef struct ams_weights {
  const ams_kernel_t *kernel;
  const ams_analog_t *analog; // NULL: the kernel's own layout and product
  ams_geometry_t geometry;    // of one group
  int64_t groups;
  bool depthwise; // packed by kernel->depthwise, all groups together
  ams_condition_t *condition; // NULL: blocks are plain
  float *sums;                // of weights, where means are removed (C5):
  int64_t sums_stride;        // [groups][blocks][sums_stride]
  size_t group_size;          // bytes from group to group
  void *data;
} ams_weights_t;

/// Allocates room for packed weights, which ams_weights_free frees. `analog` is
/// NULL where the device does not need it.
ams_status_t ams_weights_allocate(const ams_kernel_t *kernel,
                                  const ams_analog_t *analog,
                                  const ams_abi_layer_t *layer,
                                  ams_weights_t *out_weights);
void ams_weights_free(ams_weights_t *weights);

typedef struct ams_product {
  const ams_weights_t *weights;
  ams_gain_constants_t *constants; // what `gains` points to
  ams_gains_t gains;               // of group 0
  int64_t group_gains;             // constants from group to group
  ams_noise_t noise;               // of vector 0 and row 0
  int64_t vectors;
  int64_t reduction;          // K
  const float *x;             // vectors [vectors][K], or with `conv` images
  const ams_abi_conv_t *conv; // NULL: not a convolution
  float *y;                   // [vectors][groups * outputs]
  uint8_t *clipped;           // clipping.h; NULL: not recorded
  ams_epilogue_t epilogue;    // of all of y
} ams_product_t;

/// The product of `layer` with `vectors` vectors at `x` into `y`, after checks
/// of the options. `layer` has been checked. ams_product_free frees what it
/// holds.
ams_status_t ams_product_make(const ams_abi_layer_t *layer,
                              const ams_product_options_t *options,
                              const ams_weights_t *weights, int64_t vectors,
                              const float *x, float *y, uint8_t *clipped,
                              ams_product_t *out_product);

void ams_product_free(ams_product_t *product);

/// Computes it. `*out_bad_vector` becomes -1, or the first vector that holds a
/// NaN or infinity; then y is unspecified.
ams_status_t ams_product_compute(const ams_product_t *product, int threads,
                                 int64_t *out_bad_vector);

/// What the public products return for `bad_vector` of `layer`.
ams_status_t ams_product_status(int64_t bad_vector);

/// ams_grid_program_conditioned, with all products watched; what `watch` points
/// to must outlive the grid.
ams_status_t ams_grid_make(const ams_abi_layer_t *layer, uint64_t device_seed,
                           ams_watch_t watch, const void *codes,
                           const uint16_t *scales, const float *sums,
                           const char *kernel, ams_grid_t **out_grid);

/// The same in two parts: crossbars of `layer` that hold nothing yet, and
/// weights into them, as often as one likes. Codes are in range, scales and
/// sums finite; no product may use the crossbars meanwhile.
ams_status_t ams_grid_allocate(const ams_abi_layer_t *layer,
                               uint64_t device_seed, ams_watch_t watch,
                               const char *kernel, ams_grid_t **out_grid);
void ams_grid_write(ams_grid_t *grid, const void *codes, const uint16_t *scales,
                    const float *sums);

/// ams_grid_multiply and ams_batch_multiply, except that vectors with NaN or
/// infinity are reported by `*out_bad_vector`, as above, and that clipped
/// conversions are recorded in `clipped` (clipping.h) unless it is NULL; where
/// it is not, `watch` says so, for a grid the one that it was made with.
ams_status_t ams_grid_compute(const ams_grid_t *grid,
                              const ams_product_options_t *options,
                              int64_t vectors, const float *x, float *y,
                              uint8_t *clipped, int64_t *out_bad_vector);
ams_status_t ams_batch_compute(const ams_abi_layer_t *layer,
                               const ams_product_options_t *options,
                               ams_watch_t watch, const ams_kernel_t *kernel,
                               const float *a, const float *b, float *y,
                               uint8_t *clipped, int64_t *out_bad_vector);

#endif // AMS_SRC_PRODUCT_H
