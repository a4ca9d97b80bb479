//===-- noise_portable.c - Differential noise on any processor ----*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "noise_groups.h"

void ams_add_noise_portable(const ams_add_noise_args_t *args) {
  add_noise(args);
}
