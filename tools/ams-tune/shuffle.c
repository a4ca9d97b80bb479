//===-- shuffle.c - The order of samples in an epoch --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fisher and Yates's shuffle, with Philox's words as random numbers: swap i
// takes word i mod 4 of counter (i / 4, epoch, 0, 255 * 2^16), a source that no
// device has (N2), so that no noise shares them.
//
//===----------------------------------------------------------------------===//

#include "shuffle.h"

#include "philox.h"

void ams_shuffle(uint64_t seed, uint32_t epoch, int64_t count,
                 uint32_t *order) {
  for (int64_t i = 0; i < count; ++i)
    order[i] = (uint32_t)i;
  ams_philox_block_t words = {{0}};
  for (int64_t i = 0; i + 1 < count; ++i) {
    if (i % 4 == 0)
      words = ams_philox((ams_philox_block_t){{(uint32_t)(i / 4), epoch, 0,
                                               UINT32_C(255) << 16}},
                         seed);
    uint64_t left = (uint64_t)(count - i);
    int64_t other = i + (int64_t)((words.word[i % 4] * left) >> 32);
    uint32_t swapped = order[i];
    order[i] = order[other];
    order[other] = swapped;
  }
}
