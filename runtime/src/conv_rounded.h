//===-- conv_rounded.h - Pixels that are rounded once -------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_CONV_ROUNDED_H
#define AMS_CONV_ROUNDED_H

#include "product.h"

/// How a convolution's rows are kept, rounded; one for all threads.
typedef struct ams_conv_rounded ams_conv_rounded_t;

/// NULL where it would not pay or the kernel has no way to. `panel` is the most
/// vectors of a call of ams_conv_rounded_fill. Freed with free().
ams_status_t ams_conv_rounded_make(const ams_product_t *product, int64_t panel,
                                   ams_conv_rounded_t **out_rounded);

/// Bytes of a thread's memory, and makes it ready.
size_t ams_conv_rounded_size(const ams_conv_rounded_t *rounded);
void ams_conv_rounded_begin(const ams_conv_rounded_t *rounded, void *memory);

/// Quantises `vectors` vectors from number `first` on to `inputs`. Rows that
/// former calls with the same memory have rounded are taken from there, if they
/// are among the last ones. Returns the first vector that holds a NaN or
/// infinity, or -1.
int64_t ams_conv_rounded_fill(const ams_conv_rounded_t *rounded, int64_t first,
                              int64_t vectors, void *memory, void *inputs);

#endif // AMS_CONV_ROUNDED_H
