//===-- hand_model.h - A compiled model made by hand --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TEST_HAND_MODEL_H
#define AMS_TEST_HAND_MODEL_H

#include "ams/abi.h"

/// Samples of one call, and elements of one sample's input and output.
enum { HAND_BATCH = 4, HAND_INPUT = 50, HAND_OUTPUT = 3 };

/// Layers: a convolution, a product of activations, a product with weights.
enum { HAND_CONV, HAND_ATTENTION, HAND_HEAD, HAND_LAYERS };

typedef struct hand_manifest {
  ams_abi_manifest_t head;
  ams_abi_tensor_t input, output;
  ams_abi_layer_t layers[HAND_LAYERS];
  uint64_t section_sizes[4];
  char strings[64];
} hand_manifest_t;

/// The table; its manifest is a hand_manifest_t.
extern AMS_EXPORT const ams_abi_model_t ams_model;

#endif // AMS_TEST_HAND_MODEL_H
