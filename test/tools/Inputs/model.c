//===-- model.c - A compiled model by hand ------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What ams-compile would make of a layer of 4 inputs and 3 outputs on crossbars
// of 2 rows and 2 columns, beside an int64 input that is doubled. VERSION,
// MAGIC and TARGET may be defined to be wrong.
//
//===----------------------------------------------------------------------===//

#include "ams/abi.h"

#include <stddef.h>

#ifndef VERSION
#define VERSION AMS_ABI_VERSION
#endif
#ifndef MAGIC
#define MAGIC AMS_ABI_MAGIC
#endif
#ifndef TARGET
#define TARGET AMS_ABI_DEVICE
#endif

enum { BATCH = 2, INPUTS = 4, OUTPUTS = 3, BLOCKS = 2 };

static const struct {
  ams_abi_manifest_t manifest;
  ams_abi_tensor_t inputs[2], outputs[2];
  ams_abi_layer_t layer;
  uint64_t section_sizes[2];
  char strings[64];
} description = {
    .manifest =
        {
            .size = sizeof description,
            .target = TARGET,
            .batch = BATCH,
            .num_inputs = 2,
            .num_outputs = 2,
            .num_layers = 1,
            .num_sections = 2,
            .inputs = __builtin_offsetof(__typeof__(description), inputs),
            .outputs = __builtin_offsetof(__typeof__(description), outputs),
            .layers = __builtin_offsetof(__typeof__(description), layer),
            .section_sizes =
                __builtin_offsetof(__typeof__(description), section_sizes),
            .strings = __builtin_offsetof(__typeof__(description), strings),
            .strings_size = sizeof description.strings,
            .device_text = 24,
        },
    .inputs = {{.name = 0, .rank = 3, .dims = {BATCH, 2, 2}},
               {.name = 6, .dtype = AMS_ABI_I64, .rank = 1, .dims = {BATCH}}},
    .outputs =
        {{.name = 9, .rank = 2, .dims = {BATCH, OUTPUTS}},
         {.name = 16, .dtype = AMS_ABI_I64, .rank = 2, .dims = {BATCH, 1}}},
    .section_sizes = {OUTPUTS * BLOCKS * 2, OUTPUTS * BLOCKS * 2},
    .layer =
        {
            .name = 19,
            .kind = AMS_ABI_MATMUL,
            .codes_section = 0,
            .scales_section = 1,
            .gain = 1.0f,
            .batch = 1,
            .vectors = BATCH,
            .outputs = OUTPUTS,
            .reduction = INPUTS,
            .groups = 1,
            .device = {.rows = 2,
                       .columns = 2,
                       .bits_weight = 8,
                       .bits_input = 8,
                       .bits_output = 16,
                       .partial_format = AMS_ABI_FORMAT_F32,
                       .noise_uniform = 1.0f},
        },
    //          0      6   9       16  19    24
    .strings = "image\0id\0scores\0id\0fc1\0\0#ams.device<rows = 2, ...>",
};

// Codes of +1 where output and input agree, and scales of 1.0.
static const int8_t codes[OUTPUTS][BLOCKS][2] = {
    {{127, 0}, {0, 0}}, {{0, 127}, {0, 0}}, {{0, 0}, {127, 127}}};
static const uint16_t scales[OUTPUTS][BLOCKS] = {
    {0x3f80, 0x3f80}, {0x3f80, 0x3f80}, {0x3f80, 0x3f80}};
static const void *const sections[] = {codes, scales};

static void run(ams_call_t *call, const void *const *inputs,
                void *const *outputs) {
  ams_rt_mvm(call, 0, inputs[0], NULL, NULL, outputs[0]);
  for (int i = 0; i < BATCH; ++i)
    ((int64_t *)outputs[1])[i] = 2 * ((const int64_t *)inputs[1])[i];
}

AMS_EXPORT const ams_abi_model_t ams_model = {
    .magic = MAGIC,
    .version = VERSION,
    .manifest = &description.manifest,
    .sections = sections,
    .run = run,
};
