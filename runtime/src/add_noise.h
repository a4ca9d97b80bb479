//===-- add_noise.h - Differential noise ---------------------------*- C
//-*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What kernels add to part of a layer's result: rules T1, T3 and T4.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ADD_NOISE_H
#define AMS_ADD_NOISE_H

#include "ams/abi.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/// Elements whose draws share 16 counters (T3).
#define AMS_ADD_NOISE_GROUP 64

/// Number of the source of these draws (T3).
#define AMS_ADD_NOISE_SOURCE UINT32_C(4)

/// Elements `begin` to `end` - 1 of one sample's result; begin is a multiple of
/// AMS_ADD_NOISE_GROUP.
typedef struct ams_add_noise_args {
  uint64_t seed, sample;
  uint32_t layer;
  const ams_abi_noise_row_t *rows; // [channels][classes], T1
  int64_t channels, classes;
  int64_t begin, end;
  float *y; // of the whole sample
} ams_add_noise_args_t;

typedef void ams_add_noise_function_t(const ams_add_noise_args_t *args);

/// Implementations of `add_noise` of kernels.
ams_add_noise_function_t ams_add_noise_portable;
#if defined(__x86_64__)
ams_add_noise_function_t ams_add_noise_avx2, ams_add_noise_avx512;
#endif

#endif // AMS_ADD_NOISE_H
