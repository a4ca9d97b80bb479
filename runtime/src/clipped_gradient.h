//===-- clipped_gradient.h - Gradients without clipped parts ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_CLIPPED_GRADIENT_H
#define AMS_CLIPPED_GRADIENT_H

#include "ams/abi.h"
#include "ams/status.h"

#include <stdbool.h>
#include <stdint.h>

/// Whether `gradient` is a gradient of `product`, by kind and sizes.
bool ams_is_gradient_of(const ams_abi_layer_t *gradient,
                        const ams_abi_layer_t *product);

/// Takes the parts of conversions that `clipped` (clipping.h) marks out of y,
/// the result of `gradient` (B3, B4), which is one of `product`; both have been
/// checked. `dy` is the gradient of the product's result, `other` the product's
/// other operand. The number of threads changes no bit.
ams_status_t ams_clipped_gradient_drop(const ams_abi_layer_t *gradient,
                                       const ams_abi_layer_t *product,
                                       const uint8_t *clipped, const float *dy,
                                       const float *other, int threads,
                                       float *y);

#endif // AMS_CLIPPED_GRADIENT_H
