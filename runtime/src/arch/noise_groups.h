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

enum { NOISE_ROUNDS = 10 };

#define NOISE_MULTIPLIER0 UINT32_C(0xD2511F53)
#define NOISE_MULTIPLIER1 UINT32_C(0xCD9E8D57)

/// What a call's counters have in common (T3). Only word 0 differs, so that
/// half of the products of the first two rounds are constants.
typedef struct noise_stream {
  uint32_t key0[NOISE_ROUNDS], key1[NOISE_ROUNDS];
  uint32_t first_word2;         // after round 1, but for word 0's share
  uint32_t word0, word2, word3; // after round 2, likewise
} noise_stream_t;

static inline noise_stream_t noise_stream_of(const ams_add_noise_args_t *args) {
  noise_stream_t stream;
  for (uint32_t i = 0; i < NOISE_ROUNDS; ++i) {
    stream.key0[i] = (uint32_t)args->seed + i * UINT32_C(0x9E3779B9);
    stream.key1[i] = (uint32_t)(args->seed >> 32) + i * UINT32_C(0xBB67AE85);
  }
  const uint64_t product1 =
      (uint64_t)NOISE_MULTIPLIER1 * (uint32_t)args->sample;
  const uint32_t word0 = (uint32_t)(product1 >> 32) ^
                         (uint32_t)(args->sample >> 32 << 20) ^ stream.key0[0];
  const uint64_t product0 = (uint64_t)NOISE_MULTIPLIER0 * word0;
  stream.first_word2 =
      args->layer ^ AMS_ADD_NOISE_SOURCE << 16 ^ stream.key1[0];
  stream.word0 = (uint32_t)product1 ^ stream.key0[1];
  stream.word2 = (uint32_t)(product0 >> 32) ^ stream.key1[1];
  stream.word3 = (uint32_t)product0;
  return stream;
}

/// The words of group `group`, in the order of elements (T3). Philox's words
/// stand in the lower halves of 64 bits; what the upper halves hold is not
/// read.
static inline __attribute__((always_inline)) void
draw_words(const noise_stream_t *stream, uint32_t group, uint32_t *words) {
  uint64_t word0[LANES], word1[LANES], word2[LANES], word3[LANES];
  for (uint32_t l = 0; l < LANES; ++l) {
    uint64_t product0 =
        UINT64_C(1) * NOISE_MULTIPLIER0 * (uint32_t)(LANES * group + l);
    uint64_t product1 = UINT64_C(1) * NOISE_MULTIPLIER1 *
                        ((uint32_t)(product0 >> 32) ^ stream->first_word2);
    word0[l] = (product1 >> 32) ^ stream->word0;
    word1[l] = product1;
    word2[l] = product0 ^ stream->word2;
    word3[l] = stream->word3;
  }
  for (int round = 2; round < NOISE_ROUNDS; ++round) {
    const uint32_t key0 = stream->key0[round], key1 = stream->key1[round];
    for (int l = 0; l < LANES; ++l) {
      uint64_t product0 = UINT64_C(1) * NOISE_MULTIPLIER0 * (uint32_t)word0[l];
      uint64_t product1 = UINT64_C(1) * NOISE_MULTIPLIER1 * (uint32_t)word2[l];
      word0[l] = (product1 >> 32) ^ word1[l] ^ key0;
      word1[l] = product1;
      word2[l] = (product0 >> 32) ^ word3[l] ^ key1;
      word3[l] = product0;
    }
  }
  for (int l = 0; l < LANES; ++l) {
    words[l] = (uint32_t)word0[l];
    words[l + LANES] = (uint32_t)word1[l];
    words[l + 2 * LANES] = (uint32_t)word2[l];
    words[l + 3 * LANES] = (uint32_t)word3[l];
  }
}

/// Adds to a group the draws of its words, from the rows at `offsets` of the
/// table (T4). Loops that read the table do nothing else.
static inline __attribute__((always_inline)) void
add_draws(const uint32_t *restrict words, const float *restrict table,
          const int32_t *restrict offsets, float *restrict y) {
  enum { GROUP = AMS_ADD_NOISE_GROUP };
  int32_t side[GROUP];
  float inside[GROUP], threshold[GROUP], low[GROUP], slope[GROUP];
  for (int i = 0; i < GROUP; ++i)
    side[i] = offsets[i] + (int32_t)(words[i] >> 25);
  for (int i = 0; i < GROUP; ++i)
    threshold[i] = table[side[i] + PART(threshold)];
  for (int i = 0; i < GROUP; ++i) {
    float position = (float)(int32_t)(words[i] >> 1 & 0xffffff) * 0x1p-24f;
    bool other = !(position < threshold[i]);
    side[i] += other ? COLUMNS : 0;
    inside[i] = position - (other ? threshold[i] : 0);
  }
  for (int i = 0; i < GROUP; ++i) {
    low[i] = table[side[i] + PART(low)];
    slope[i] = table[side[i] + PART(slope)];
  }
  for (int i = 0; i < GROUP; ++i) {
    float noise = low[i] + slope[i] * inside[i];
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
  const noise_stream_t stream = noise_stream_of(args);
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
    draw_words(&stream, (uint32_t)(first / AMS_ADD_NOISE_GROUP), words);
    add_draws(words, table, offsets, y);
    if (!whole)
      memcpy(args->y + first, rest, (size_t)left * sizeof *rest);
  }
}

#endif // AMS_ARCH_NOISE_GROUPS_H
