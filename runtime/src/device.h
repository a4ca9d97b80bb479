//===-- device.h - Checks and constants of a device ---------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the runtime needs to know of a device and of a gain beside product.h.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_DEVICE_H
#define AMS_DEVICE_H

#include "ams/product.h"

/// L_v, the largest code of `bits` bits (V3).
static inline int32_t ams_largest_code(int32_t bits) {
  return (INT32_C(1) << (bits - 1)) - 1;
}

/// Bytes of a code of `bits` bits.
static inline size_t ams_code_size(int32_t bits) { return bits > 8 ? 2 : 1; }

/// Code number `index` of an array of codes of `bits` bits.
static inline int16_t ams_code_at(const void *codes, int32_t bits,
                                  int64_t index) {
  return bits > 8 ? ((const int16_t *)codes)[index]
                  : ((const int8_t *)codes)[index];
}

/// Checks that `gain` is finite and positive, and that both constants that are
/// made of it (A1, D1) are too.
ams_status_t ams_gain_check(const ams_abi_device_t *device, float gain);

#endif // AMS_DEVICE_H
