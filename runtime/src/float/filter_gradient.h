//===-- filter_gradient.h - Gradients of filters, in pieces -------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// oneDNN cuts a sum over images among its threads, so that its bits depend on
// their number. Here the images are cut into pieces that the layer's shape
// alone decides: each is summed by one thread, and the sums of pieces are added
// in their order.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_FLOAT_FILTER_GRADIENT_H
#define AMS_FLOAT_FILTER_GRADIENT_H

#include "ams/abi.h"
#include "ams/status.h"

typedef struct ams_filter_gradient ams_filter_gradient_t;

/// Prepares `layer`, of the kind AMS_ABI_CONV_WEIGHT_GRADIENT. The signatures
/// are those of call.h's layer state.
ams_status_t ams_filter_gradient_create(const ams_abi_layer_t *layer,
                                        void *context, void **out_gradient);
void ams_filter_gradient_free(void *gradient);

/// Computes the gradient y of the filters from that of the result, a, and the
/// images, b, by at most `threads` threads: the same bits whatever their
/// number.
ams_status_t ams_filter_gradient_run(ams_filter_gradient_t *gradient,
                                     int threads, const float *a,
                                     const float *b, float *y);

#endif // AMS_FLOAT_FILTER_GRADIENT_H
