//===-- conv_shared.h - Blocks that output pixels share -----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_CONV_SHARED_H
#define AMS_CONV_SHARED_H

#include "product.h"

/// How a convolution's vectors share blocks; one for all threads.
typedef struct ams_conv_shared ams_conv_shared_t;

/// NULL where sharing would not pay. `panel` is the most vectors of a call of
/// ams_conv_shared_fill. Freed with free().
ams_status_t ams_conv_shared_make(const ams_product_t *product, int64_t panel,
                                  ams_conv_shared_t **out_shared);

/// Bytes of a thread's memory, and makes it ready.
size_t ams_conv_shared_size(const ams_conv_shared_t *shared);
void ams_conv_shared_begin(const ams_conv_shared_t *shared, void *memory);

/// Quantises `vectors` vectors of `group` from number `first` on to `inputs`.
/// Blocks that former calls with the same memory have quantised are taken from
/// there, if they lie in the last rows. Returns the first vector that holds a
/// NaN or infinity, or -1.
int64_t ams_conv_shared_fill(const ams_conv_shared_t *shared, int64_t group,
                             int64_t first, int64_t vectors, void *memory,
                             void *inputs);

#endif // AMS_CONV_SHARED_H
