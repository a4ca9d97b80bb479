//===-- philox.h - Philox4x32-10 ----------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel
// random numbers: as easy as 1, 2, 3" (SC 2011), as Random123 defines it.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_PHILOX_H
#define AMS_PHILOX_H

#include <stdint.h>

typedef struct ams_philox_block {
  uint32_t word[4];
} ams_philox_block_t;

/// The block of random words at `counter` under the key of two words that
/// `key` holds, low word first (N1).
static inline ams_philox_block_t ams_philox(ams_philox_block_t counter,
                                            uint64_t key) {
  uint32_t key0 = (uint32_t)key, key1 = (uint32_t)(key >> 32);
  ams_philox_block_t c = counter;
  for (int round = 0; round < 10; ++round) {
    uint64_t product0 = UINT64_C(0xD2511F53) * c.word[0];
    uint64_t product1 = UINT64_C(0xCD9E8D57) * c.word[2];
    c = (ams_philox_block_t){
        {(uint32_t)(product1 >> 32) ^ c.word[1] ^ key0, (uint32_t)product1,
         (uint32_t)(product0 >> 32) ^ c.word[3] ^ key1, (uint32_t)product0}};
    key0 += UINT32_C(0x9E3779B9);
    key1 += UINT32_C(0xBB67AE85);
  }
  return c;
}

#endif // AMS_PHILOX_H
