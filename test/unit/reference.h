//===-- reference.h - Products by definition ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TEST_REFERENCE_H
#define AMS_TEST_REFERENCE_H

#include "test_data.h"

/// The product of `layer` (MATMUL or CONV) with `vectors` input vectors, one
/// output at a time, without kernels, panels or threads.
void reference_multiply(const ams_abi_layer_t *layer,
                        const test_weights_t *weights,
                        const ams_product_options_t *options, int64_t vectors,
                        const float *x, float *y);

/// The same, and which conversions were clipped (B2), 1 or 0: clipped
/// [vectors][outputs][T].
void reference_record(const ams_abi_layer_t *layer,
                      const test_weights_t *weights,
                      const ams_product_options_t *options, int64_t vectors,
                      const float *x, float *y, uint8_t *clipped);

#endif // AMS_TEST_REFERENCE_H
