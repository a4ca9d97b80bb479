//===-- source.h - Addresses of the sources' draws ----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Source numbers of N2, the draws of static errors, and of one column or
// vector.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ANALOG_SOURCE_H
#define AMS_ANALOG_SOURCE_H

#include "philox.h"

/// Source numbers; from 16 on the key is the device's seed (S1).
enum {
  AMS_SOURCE_ADC = 0,
  AMS_SOURCE_COMMON = 1,
  AMS_SOURCE_READ = 2,
  AMS_SOURCE_DAC = 3,
  AMS_SOURCE_PROGRAMMING = 16,
  AMS_SOURCE_STUCK = 17,
  AMS_SOURCE_DRIFT = 18,
  AMS_SOURCE_COLUMN_GAIN = 19,
  AMS_SOURCE_COLUMN_OFFSET = 20,
  AMS_SOURCE_COLUMN_SPREAD = 21,
  AMS_SOURCE_ADC_STEPS = 22,
  AMS_SOURCE_SIGNS = 32, // of conditioned layers: the key is the compiler's
};

/// Counters of N4 but for the row: a key, and what words 1 to 3 are made of.
typedef struct ams_address {
  uint64_t key;
  uint32_t layer, source, repeat;
  uint64_t vector;
  uint32_t block;
} ams_address_t;

/// Words 1 to 3 of the counter.
static inline ams_philox_block_t
ams_address_counter(const ams_address_t *address) {
  return (ams_philox_block_t){
      {0, address->block + ((uint32_t)(address->vector >> 32) << 20),
       (uint32_t)address->vector,
       address->layer + (address->source << 16) + (address->repeat << 24)}};
}

/// The draw of one row (N5), its bits.
static inline uint16_t ams_address_draw(const ams_address_t *address,
                                        uint32_t row) {
  ams_philox_block_t counter = ams_address_counter(address);
  counter.word[0] = 8 * (row / 64) + row / 2 % 8;
  ams_philox_block_t words = ams_philox(counter, address->key);
  uint32_t quarter = row / 16 % 4;
  uint32_t word = words.word[2 * (quarter / 2) + 1 - row % 2];
  return (uint16_t)(quarter % 2 ? word >> 16 : word);
}

/// The draws of rows 64 * group to 64 * group + 63: eight Philox blocks side by
/// side, written so that compilers use vectors.
static inline void ams_address_draw_group(const ams_address_t *address,
                                          uint32_t group, uint16_t draws[64]) {
  ams_philox_block_t counter = ams_address_counter(address);
  uint32_t word[4][8];
  for (uint32_t pair = 0; pair < 8; ++pair) {
    word[0][pair] = 8 * group + pair;
    for (int w = 1; w < 4; ++w)
      word[w][pair] = counter.word[w];
  }
  uint32_t key0 = (uint32_t)address->key;
  uint32_t key1 = (uint32_t)(address->key >> 32);
  for (int round = 0; round < 10; ++round) {
    for (int pair = 0; pair < 8; ++pair) {
      uint64_t product0 = UINT64_C(0xD2511F53) * word[0][pair];
      uint64_t product1 = UINT64_C(0xCD9E8D57) * word[2][pair];
      word[0][pair] = (uint32_t)(product1 >> 32) ^ word[1][pair] ^ key0;
      word[1][pair] = (uint32_t)product1;
      word[2][pair] = (uint32_t)(product0 >> 32) ^ word[3][pair] ^ key1;
      word[3][pair] = (uint32_t)product0;
    }
    key0 += UINT32_C(0x9E3779B9);
    key1 += UINT32_C(0xBB67AE85);
  }
  for (int half = 0; half < 2; ++half)
    for (int pair = 0; pair < 8; ++pair)
      for (int odd = 0; odd < 2; ++odd) {
        uint32_t both = word[2 * half + 1 - odd][pair];
        draws[32 * half + 2 * pair + odd] = (uint16_t)both;
        draws[32 * half + 16 + 2 * pair + odd] = (uint16_t)(both >> 16);
      }
}

#endif // AMS_ANALOG_SOURCE_H
