//===-- avx512vnni.c - Products by AVX-512 VNNI -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "vnni.h"

static bool is_supported(void) { return has_vnni(); }

const ams_kernel_t ams_kernel_avx512vnni = {
    .name = "avx512vnni",
    .supported = is_supported,
    .weights_size = weights_size,
    .pack = pack,
    .inputs_size = inputs_size,
    .quantise = quantise,
    .multiply = multiply,
    .multiply_analog = ams_multiply_analog_avx512vnni,
};
