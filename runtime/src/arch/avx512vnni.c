//===-- avx512vnni.c - Products by AVX-512 VNNI -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "vnni.h"

#include "depthwise_rows.h"

static bool is_supported(void) { return has_vnni(); }

const ams_depthwise_t ams_depthwise_avx512vnni = {
    .weights_size = depthwise_weights_size,
    .pack = depthwise_pack,
    .scratch_size = depthwise_scratch_size,
    .multiply = depthwise_multiply,
};

const ams_kernel_t ams_kernel_avx512vnni = {
    .name = "avx512vnni",
    .supported = is_supported,
    .weights_size = weights_size,
    .pack = pack,
    .condition = ams_condition_avx512,
    .inputs_size = inputs_size,
    .quantise = quantise,
    .round_chunks = round_chunks,
    .quantise_runs = quantise_runs,
    .block_size = block_size,
    .quantise_blocks = quantise_blocks,
    .place_blocks = place_blocks,
    .multiply = multiply,
    .multiply_analog = ams_multiply_analog_avx512vnni,
    .epilogue = ams_epilogue_apply_avx2,
    .add_noise = ams_add_noise_avx512,
    .depthwise = &ams_depthwise_avx512vnni,
};
