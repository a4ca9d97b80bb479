//===-- clipping.h - Records of clipped conversions ---------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A bit for each conversion of a product (B2), [vectors][groups][blocks][row]:
// a row holds a group's outputs, bit i % 8 of byte i / 8 that of output i, and
// zeros behind them. Vectors of a batch of matrices follow each other.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_CLIPPING_H
#define AMS_CLIPPING_H

#include "ams/abi.h"

#include <stddef.h>

/// Bytes of the bits of `outputs` outputs.
static inline int64_t ams_clipping_row(int64_t outputs) {
  return (outputs - 1) / 8 + 1;
}

/// Bytes of the record of a checked `layer`; SIZE_MAX where that is too many to
/// count.
size_t ams_clipping_size(const ams_abi_layer_t *layer);

#endif // AMS_CLIPPING_H
