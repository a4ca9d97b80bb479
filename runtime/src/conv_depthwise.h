//===-- conv_depthwise.h - Convolutions of single channels --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_CONV_DEPTHWISE_H
#define AMS_CONV_DEPTHWISE_H

#include "product.h"

/// Whether `kernel` has a way of its own for `layer`.
bool ams_conv_is_depthwise(const ams_abi_layer_t *layer,
                           const ams_kernel_t *kernel);

/// ams_product_compute for such a layer, whose weights kernel->depthwise has
/// packed.
ams_status_t ams_conv_depthwise_compute(const ams_product_t *product,
                                        int threads, int64_t *out_bad_vector);

#endif // AMS_CONV_DEPTHWISE_H
