//===-- shuffle.h - The order of samples in an epoch --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_SHUFFLE_H
#define AMS_TUNE_SHUFFLE_H

#include <stdint.h>

/// Fills `order` with 0 to count - 1 in the random order of epoch `epoch`: the
/// same for the same seed and epoch, whatever came before. `count` is at most
/// 2^31.
void ams_shuffle(uint64_t seed, uint32_t epoch, int64_t count, uint32_t *order);

#endif // AMS_TUNE_SHUFFLE_H
