//===-- run_grid.c - Crossbars that runs program ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads condition and quantise ranges of outputs; then all is packed.
//
//===----------------------------------------------------------------------===//

#include "run_grid.h"

#include "device.h"
#include "first_error.h"
#include "float_state.h"
#include "layer.h"
#include "memory.h"
#include "product.h"

#include <stdlib.h>

/// Outputs that a thread quantises at a time.
#define RANGE 16

struct ams_run_grid {
  ams_abi_layer_t layer;
  ams_grid_t *grid;
  int64_t blocks, width; // of an output's conditioned weights
  char *codes;           // [N][T][n]
  uint16_t *scales;      // [N][T]
  float *conditioned;    // [N][width]; NULL where blocks are plain
  float *sums;           // [N][T]; NULL where means stay
};

/// Room for `count` elements of `size` bytes; both were checked with the layer.
static ams_status_t allocate(int64_t count, size_t size, void **out_memory) {
  size_t bytes;
  if (__builtin_mul_overflow((size_t)count, size, &bytes))
    bytes = SIZE_MAX;
  return ams_memory_allocate(1, ams_memory_align(bytes), out_memory);
}

static ams_status_t allocate_all(ams_run_grid_t *grid) {
  const ams_abi_layer_t *layer = &grid->layer;
  const int64_t scales = layer->outputs * grid->blocks;
  void *memory;
  AMS_RETURN_IF_ERROR(allocate(scales,
                               (size_t)layer->device.rows *
                                   ams_code_size(layer->device.bits_weight),
                               &memory));
  grid->codes = memory;
  AMS_RETURN_IF_ERROR(allocate(scales, sizeof *grid->scales, &memory));
  grid->scales = memory;
  if (!layer->condition.flags)
    return AMS_OK;
  AMS_RETURN_IF_ERROR(allocate(layer->outputs,
                               (size_t)grid->width * sizeof *grid->conditioned,
                               &memory));
  grid->conditioned = memory;
  if (!(layer->condition.flags & AMS_ABI_CONDITION_MEAN))
    return AMS_OK;
  AMS_RETURN_IF_ERROR(allocate(scales, sizeof *grid->sums, &memory));
  grid->sums = memory;
  return AMS_OK;
}

ams_status_t ams_run_grid_make(const ams_abi_layer_t *layer,
                               uint64_t device_seed, ams_watch_t watch,
                               const char *kernel, ams_run_grid_t **out_grid) {
  ams_run_grid_t *grid = calloc(1, sizeof *grid);
  if (!grid)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  grid->layer = *layer;
  ams_float_state_t state = ams_float_enter();
  ams_status_t status =
      ams_grid_allocate(layer, device_seed, watch, kernel, &grid->grid);
  ams_float_leave(state);
  if (!status) {
    ams_geometry_t geometry = ams_layer_geometry(layer);
    grid->blocks = geometry.blocks;
    grid->width = geometry.reduction;
    status = allocate_all(grid);
  }
  if (status) {
    ams_run_grid_free(grid);
    return status;
  }
  *out_grid = grid;
  return AMS_OK;
}

/// Outputs first..first + count - 1. A message of its own, as the quantiser
/// counts from the first of them.
static ams_status_t quantise(const ams_run_grid_t *grid, const float *w,
                             int64_t first, int64_t count) {
  const ams_abi_layer_t *layer = &grid->layer;
  const ams_abi_device_t *device = &layer->device;
  const int64_t block = first * grid->blocks;
  const float *elements = w + first * layer->reduction;
  ams_status_t status = AMS_OK;
  if (grid->conditioned) {
    float *conditioned = grid->conditioned + first * grid->width;
    status = ams_condition_weights(&layer->condition, count, layer->reduction,
                                   device->rows, elements, conditioned,
                                   grid->sums ? grid->sums + block : NULL);
    elements = conditioned;
  }
  if (!status)
    status = ams_quantise(count, grid->width, grid->width, device->rows,
                          device->bits_weight, elements,
                          grid->codes + (size_t)(block * device->rows) *
                                            ams_code_size(device->bits_weight),
                          grid->scales + block);
  if (!status)
    return AMS_OK;
  ams_status_free(status);
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "weights of output %lld or one of the %d after it are "
                         "NaN or infinite as bfloat16; every weight must be "
                         "finite",
                         (long long)first, RANGE - 1);
}

ams_status_t ams_run_grid_program(ams_run_grid_t *grid, const float *w,
                                  int threads) {
  const int64_t outputs = grid->layer.outputs;
  ams_first_error_t error = {INT64_MAX, AMS_OK};
#pragma omp parallel for num_threads(threads) if (threads > 1)
  for (int64_t first = 0; first < outputs; first += RANGE)
    ams_first_error_add(
        &error, first,
        quantise(grid, w, first,
                 outputs - first < RANGE ? outputs - first : RANGE));
  if (error.status)
    return error.status;
  ams_float_state_t state = ams_float_enter();
  ams_grid_write(grid->grid, grid->codes, grid->scales, grid->sums);
  ams_float_leave(state);
  return AMS_OK;
}

const ams_grid_t *ams_run_grid_of(const ams_run_grid_t *grid) {
  return grid->grid;
}

void ams_run_grid_free(ams_run_grid_t *grid) {
  if (!grid)
    return;
  ams_grid_free(grid->grid);
  free(grid->codes);
  free(grid->scales);
  free(grid->conditioned);
  free(grid->sums);
  free(grid);
}
