//===-- noise_groups.h - Differential noise, 64 elements at a time -*- C
//-*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules T1, T3 and T4 in loops of fixed length over arrays, which compilers
// make vectors of; an instruction set's file compiles them with its flags.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_NOISE_GROUPS_H
#define AMS_ARCH_NOISE_GROUPS_H

#include "add_noise.h"

#include <math.h>
#include <stddef.h>

enum { LANES = AMS_ADD_NOISE_GROUP / 4, COLUMNS = AMS_ABI_NOISE_COLUMNS };

/// Where parts of a row begin, in numbers.
#define PART(name)                                                             \
  ((int32_t)(offsetof(ams_abi_noise_row_t, name) / sizeof(float)))

/// The words of group `group`, in the order of elements (T3). Philox's words
/// stand in the lower halves of 64 bits; what the upper halves hold is not
/// read.
static inline __attribute__((always_inline)) void
draw_words(const ams_add_noise_args_t *args, uint32_t group, uint32_t *words) {
  uint64_t word0[LANES], word1[LANES], word2[LANES], word3[LANES];
  for (uint32_t l = 0; l < LANES; ++l) {
    word0[l] = LANES * group + l;
    word1[l] = args->sample >> 32 << 20;
    word2[l] = args->sample;
    word3[l] = args->layer | AMS_ADD_NOISE_SOURCE << 16;
  }
  uint32_t key0 = (uint32_t)args->seed, key1 = (uint32_t)(args->seed >> 32);
  for (int round = 0; round < 10; ++round) {
    for (int l = 0; l < LANES; ++l) {
      uint64_t product0 = UINT64_C(0xD2511F53) * (uint32_t)word0[l];
      uint64_t product1 = UINT64_C(0xCD9E8D57) * (uint32_t)word2[l];
      word0[l] = (product1 >> 32) ^ word1[l] ^ key0;
      word1[l] = product1;
      word2[l] = (product0 >> 32) ^ word3[l] ^ key1;
      word3[l] = product0;
    }
    key0 += UINT32_C(0x9E3779B9);
    key1 += UINT32_C(0xBB67AE85);
  }
  for (int l = 0; l < LANES; ++l) {
    words[l] = (uint32_t)word0[l];
    words[l + LANES] = (uint32_t)word1[l];
    words[l + 2 * LANES] = (uint32_t)word2[l];
    words[l + 3 * LANES] = (uint32_t)word3[l];
  }
}

/// Adds to a group the draws of its words, from the rows at `offsets` of the
/// table (T4).
static inline __attribute__((always_inline)) void
add_draws(const uint32_t *restrict words, const float *restrict table,
          const int32_t *restrict offsets, float *restrict y) {
  for (int i = 0; i < AMS_ADD_NOISE_GROUP; ++i) {
    int32_t column = offsets[i] + (int32_t)(words[i] >> 25);
    float position = (float)(int32_t)(words[i] >> 1 & 0xffffff) * 0x1p-24f;
    float threshold = table[column + PART(threshold)];
    bool other = !(position < threshold);
    int32_t side = column + (other ? COLUMNS : 0);
    float begin = other ? threshold : 0;
    float noise = table[side + PART(low)] +
                  table[side + PART(slope)] * (position - begin);
    y[i] = y[i] + noise;
  }
}

/// Offsets of the rows of a group's channels, the first range of each (T1).
static inline void find_channels(const ams_add_noise_args_t *args,
                                 int64_t first, int32_t *offsets) {
  const int32_t step = (int32_t)(args->classes * AMS_ABI_NOISE_ROW);
  const int32_t end = (int32_t)args->channels * step;
  int32_t offset = (int32_t)(first % args->channels) * step;
  for (int i = 0; i < AMS_ADD_NOISE_GROUP; ++i) {
    offsets[i] = offset;
    offset += step;
    offset = offset == end ? 0 : offset;
  }
}

/// Moves offsets on to the ranges of the elements' magnitudes (T1).
static inline __attribute__((always_inline)) void
find_classes(const float *restrict table, int64_t classes,
             const float *restrict y, int32_t *restrict offsets) {
  int32_t found[AMS_ADD_NOISE_GROUP] = {0};
  for (int32_t c = 1; c < (int32_t)classes; ++c)
    for (int i = 0; i < AMS_ADD_NOISE_GROUP; ++i) {
      int32_t at = c * AMS_ABI_NOISE_ROW;
      found[i] = fabsf(y[i]) >= table[offsets[i] + at] ? at : found[i];
    }
  for (int i = 0; i < AMS_ADD_NOISE_GROUP; ++i)
    offsets[i] += found[i];
}

static inline void add_noise(const ams_add_noise_args_t *args) {
  const float *table = &args->rows->bound;
  int32_t offsets[AMS_ADD_NOISE_GROUP] = {0};
  uint32_t words[AMS_ADD_NOISE_GROUP];
  float rest[AMS_ADD_NOISE_GROUP] = {0};
  for (int64_t first = args->begin; first < args->end;
       first += AMS_ADD_NOISE_GROUP) {
    // A last, partial group is computed apart.
    int64_t left = args->end - first;
    bool whole = left >= AMS_ADD_NOISE_GROUP;
    float *y = whole ? args->y + first : rest;
    if (!whole)
      memcpy(rest, args->y + first, (size_t)left * sizeof *rest);
    if (args->channels > 1)
      find_channels(args, first, offsets);
    else if (args->classes > 1)
      memset(offsets, 0, sizeof offsets);
    if (args->classes > 1)
      find_classes(table, args->classes, y, offsets);
    draw_words(args, (uint32_t)(first / AMS_ADD_NOISE_GROUP), words);
    add_draws(words, table, offsets, y);
    if (!whole)
      memcpy(args->y + first, rest, (size_t)left * sizeof *rest);
  }
}

#endif // AMS_ARCH_NOISE_GROUPS_H
