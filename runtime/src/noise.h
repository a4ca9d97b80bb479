//===-- noise.h - The noise of an ADC, by coordinates -------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The noise source 0, repeat 0, of a panel: rules N1 to N6, for scalar code.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_NOISE_H
#define AMS_NOISE_H

#include "kernel.h"
#include "philox.h"

/// Rows that share the counters of one group.
#define AMS_NOISE_GROUP 64

/// Whether anything is added at all (A2).
static inline bool ams_noise_is_on(const ams_noise_t *noise) {
  return noise->enabled && noise->uniform != 0;
}

/// The random words for rows 2 * pair and 2 * pair + 1 of each quarter of
/// `group`, rows 64 * group to 64 * group + 63 (N4).
static inline ams_philox_block_t ams_noise_words(const ams_noise_t *noise,
                                                 uint64_t vector,
                                                 uint32_t block, uint32_t group,
                                                 uint32_t pair) {
  ams_philox_block_t counter = {{8 * group + pair,
                                 block + ((uint32_t)(vector >> 32) << 20),
                                 (uint32_t)vector, noise->layer}};
  return ams_philox(counter, noise->seed);
}

/// e in LSB from the word that holds the draw of a row in quarter `quarter`
/// (N5, N6).
static inline float ams_noise_value(const ams_noise_t *noise, uint32_t word,
                                    uint32_t quarter) {
  int32_t draw = (int16_t)(quarter % 2 ? word >> 16 : word & 0xffff);
  return noise->uniform * (((float)draw + 0.5f) * 0x1p-16f);
}

/// e of one draw. `vector` and `row` are addresses: they count from the run's
/// first vector and the layer's first output.
static inline float ams_noise_draw(const ams_noise_t *noise, uint64_t vector,
                                   uint32_t block, uint32_t row) {
  uint32_t quarter = row / 16 % 4, odd = row % 2;
  ams_philox_block_t words =
      ams_noise_words(noise, vector, block, row / AMS_NOISE_GROUP, row / 2 % 8);
  return ams_noise_value(noise, words.word[2 * (quarter / 2) + 1 - odd],
                         quarter);
}

/// The 64 draws of rows 64 * group to 64 * group + 63.
static inline void ams_noise_draw_group(const ams_noise_t *noise,
                                        uint64_t vector, uint32_t block,
                                        uint32_t group,
                                        float e[AMS_NOISE_GROUP]) {
  for (uint32_t pair = 0; pair < 8; ++pair) {
    ams_philox_block_t words =
        ams_noise_words(noise, vector, block, group, pair);
    for (uint32_t quarter = 0; quarter < 4; ++quarter)
      for (uint32_t odd = 0; odd < 2; ++odd)
        e[16 * quarter + 2 * pair + odd] = ams_noise_value(
            noise, words.word[2 * (quarter / 2) + 1 - odd], quarter);
  }
}

#endif // AMS_NOISE_H
