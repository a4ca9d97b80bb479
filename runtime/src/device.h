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

/// Checks that `gain` is finite and positive, and that both constants that are
/// made of it (A1, D1) are too.
ams_status_t ams_gain_check(const ams_abi_device_t *device, float gain);

#endif // AMS_DEVICE_H
