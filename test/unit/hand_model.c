//===-- hand_model.c - A compiled model made by hand --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the compiler would make of a network with a layer of each kind: images
// [4, 5, 5, 2], a 3 x 3 convolution to 4 channels, relu, the product of the
// result [4, 25, 4] with itself, and a product with weights to [4, 3]. What is
// between products stands in the call's workspace.
//
//===----------------------------------------------------------------------===//

#include "hand_model.h"

#include <stddef.h>
#include <string.h>

enum {
  PIXELS = 25,
  CHANNELS = 4,
  ROWS = 16,
  CONV_BLOCKS = 2,  // of 3 * 3 * 2
  HEAD_BLOCKS = 40, // of 25 * 25
};

static int8_t conv_codes[CHANNELS * CONV_BLOCKS * ROWS];
static uint16_t conv_scales[CHANNELS * CONV_BLOCKS];
static int8_t head_codes[HAND_OUTPUT * HEAD_BLOCKS * ROWS];
static uint16_t head_scales[HAND_OUTPUT * HEAD_BLOCKS];
static const void *const sections[] = {conv_codes, conv_scales, head_codes,
                                       head_scales};

/// Weights without order; what lies past the reduction stays 0.
static void fill(int8_t *codes, uint16_t *scales, int outputs, int blocks,
                 int reduction) {
  for (int i = 0; i < outputs; ++i)
    for (int k = 0; k < reduction; ++k)
      codes[i * blocks * ROWS + k] = (int8_t)((i * 977 + k * 331) % 255 - 127);
  for (int i = 0; i < outputs * blocks; ++i)
    scales[i] = (uint16_t)(0x3f00 + i * 37 % 128);
}

__attribute__((constructor)) static void fill_sections(void) {
  fill(conv_codes, conv_scales, CHANNELS, CONV_BLOCKS, 18);
  fill(head_codes, head_scales, HAND_OUTPUT, HEAD_BLOCKS, PIXELS * PIXELS);
}

typedef struct workspace {
  float features[HAND_BATCH * PIXELS * CHANNELS];
  float products[HAND_BATCH * PIXELS * PIXELS];
} workspace_t;

static void run(ams_call_t *call, const void *const *inputs,
                void *const *outputs) {
  workspace_t *workspace = ams_rt_workspace(call);
  float *features = workspace->features, *products = workspace->products;
  ams_rt_mvm(call, HAND_CONV, inputs[0], NULL, NULL, features);
  for (size_t i = 0; i < HAND_BATCH * PIXELS * CHANNELS; ++i)
    features[i] = features[i] > 0 ? features[i] : 0;
  ams_rt_batch_matmul(call, HAND_ATTENTION, features, features, NULL, NULL,
                      products);
  ams_rt_mvm(call, HAND_HEAD, products, NULL, NULL, outputs[0]);
}

#define DEVICE                                                                 \
  {.rows = ROWS,                                                               \
   .columns = 128,                                                             \
   .bits_weight = 8,                                                           \
   .bits_input = 8,                                                            \
   .bits_output = 8,                                                           \
   .noise_uniform = 1}

static const hand_manifest_t manifest = {
    .head = {.size = sizeof manifest,
             .target = AMS_ABI_DEVICE,
             .batch = HAND_BATCH,
             .num_inputs = 1,
             .num_outputs = 1,
             .num_layers = HAND_LAYERS,
             .num_sections = 4,
             .inputs = offsetof(hand_manifest_t, input),
             .outputs = offsetof(hand_manifest_t, output),
             .layers = offsetof(hand_manifest_t, layers),
             .section_sizes = offsetof(hand_manifest_t, section_sizes),
             .strings = offsetof(hand_manifest_t, strings),
             .strings_size = sizeof manifest.strings,
             .workspace =
                 (sizeof(workspace_t) - 1) / AMS_ABI_WORKSPACE_UNIT + 1},
    .input = {.name = 1, .rank = 4, .dims = {HAND_BATCH, 5, 5, 2}},
    .output = {.name = 7, .rank = 2, .dims = {HAND_BATCH, HAND_OUTPUT}},
    .section_sizes = {sizeof conv_codes, sizeof conv_scales, sizeof head_codes,
                      sizeof head_scales},
    .layers = {{.name = 14,
                .kind = AMS_ABI_CONV,
                .index = 0,
                .codes_section = 0,
                .scales_section = 1,
                .gain = 2,
                .batch = 1,
                .vectors = HAND_BATCH * PIXELS,
                .outputs = CHANNELS,
                .reduction = 18,
                .groups = 1,
                .device = DEVICE,
                .conv = {.in_h = 5,
                         .in_w = 5,
                         .in_c = 2,
                         .kernel_h = 3,
                         .kernel_w = 3,
                         .stride_h = 1,
                         .stride_w = 1,
                         .dilation_h = 1,
                         .dilation_w = 1,
                         .pad_top = 1,
                         .pad_left = 1,
                         .pad_bottom = 1,
                         .pad_right = 1,
                         .out_h = 5,
                         .out_w = 5}},
               {.name = 20,
                .kind = AMS_ABI_BATCH_MATMUL,
                .index = 1,
                .codes_section = AMS_ABI_NO_SECTION,
                .scales_section = AMS_ABI_NO_SECTION,
                .gain = 1,
                .batch = HAND_BATCH,
                .vectors = PIXELS,
                .outputs = PIXELS,
                .reduction = CHANNELS,
                .groups = 1,
                .device = DEVICE},
               {.name = 30,
                .kind = AMS_ABI_MATMUL,
                .index = 2,
                .codes_section = 2,
                .scales_section = 3,
                .gain = 1,
                .batch = 1,
                .vectors = HAND_BATCH,
                .outputs = HAND_OUTPUT,
                .reduction = PIXELS * PIXELS,
                .groups = 1,
                .device = DEVICE}},
    .strings = "\0image\0result\0conv1\0attention\0head",
};

const ams_abi_model_t ams_model = {
    .magic = AMS_ABI_MAGIC,
    .version = AMS_ABI_VERSION,
    .manifest = &manifest.head,
    .sections = sections,
    .run = run,
};
