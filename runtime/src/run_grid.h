//===-- run_grid.h - Crossbars that runs program ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A layer's crossbars with room for what they are programmed from, so that a
// run whose weights are arguments allocates nothing once there was one before.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_RUN_GRID_H
#define AMS_RUN_GRID_H

#include "ams/product.h"
#include "watch.h"

typedef struct ams_run_grid ams_run_grid_t;

/// Makes crossbars of `layer`, as ams_grid_make does, without weights.
ams_status_t ams_run_grid_make(const ams_abi_layer_t *layer,
                               uint64_t device_seed, ams_watch_t watch,
                               const char *kernel, ams_run_grid_t **out_grid);

/// Conditions and quantises weights w [N][K] and programs them, to the bits of
/// weights that were quantised ahead. Fails on NaN and infinity.
ams_status_t ams_run_grid_program(ams_run_grid_t *grid, const float *w,
                                  int threads);

/// The crossbars as last programmed.
const ams_grid_t *ams_run_grid_of(const ams_run_grid_t *grid);

void ams_run_grid_free(ams_run_grid_t *grid);

#endif // AMS_RUN_GRID_H
