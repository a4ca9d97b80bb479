//===-- layer.h - Checks of a layer -------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_LAYER_H
#define AMS_LAYER_H

#include "ams/abi.h"
#include "ams/status.h"
#include "kernel.h"

#include <stdbool.h>

/// Vectors below which a noise address stays (N2).
#define AMS_MAX_VECTORS (UINT64_C(1) << 44)

/// Whether a layer of `kind` is a gradient, in float32 for any target.
static inline bool ams_layer_is_gradient(uint32_t kind) {
  return kind >= AMS_ABI_MATMUL_INPUT_GRADIENT;
}

/// Whether a layer of `kind` has the sizes of a convolution.
static inline bool ams_layer_is_conv(uint32_t kind) {
  return kind == AMS_ABI_CONV || kind == AMS_ABI_CONV_INPUT_GRADIENT ||
         kind == AMS_ABI_CONV_WEIGHT_GRADIENT;
}

/// Whether weights of `layer` arrive while a model runs, by ams_rt_program.
static inline bool ams_layer_is_rewritten(const ams_abi_layer_t *layer) {
  return (layer->kind == AMS_ABI_MATMUL || layer->kind == AMS_ABI_CONV) &&
         layer->codes_section == AMS_ABI_NO_SECTION;
}

/// Checks the shape of a layer for any target; products of its sizes cannot
/// overflow afterwards.
ams_status_t ams_layer_check_shape(const ams_abi_layer_t *layer);

/// Checks what the device's arithmetic needs beside: device, gain and noise
/// address (V1, V3, N2).
ams_status_t ams_layer_check_device(const ams_abi_layer_t *layer);

/// Crossbar tiles of one of a checked layer's matrices (of all groups): P2.
int64_t ams_layer_tiles(const ams_abi_layer_t *layer);

/// Whether a checked layer can have `count` gains: one a block, or one a tile
/// (G1).
ams_status_t ams_layer_check_gains(const ams_abi_layer_t *layer, int64_t count);

/// The product of one group of a checked layer.
ams_geometry_t ams_layer_geometry(const ams_abi_layer_t *layer);

#endif // AMS_LAYER_H
