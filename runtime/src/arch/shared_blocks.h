//===-- shared_blocks.h - Blocks that several vectors share -------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The vector kernels' blocks on their own (kernel.h): words of codes, then a
// shared_block_end_t. They are written four at a time, and copied to where a
// panel's layout wants them.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_SHARED_BLOCKS_H
#define AMS_ARCH_SHARED_BLOCKS_H

#include "layout.h"
#include "quantise_rows.h"

_Static_assert(AMS_BLOCKS_TOGETHER % QUANTISE_ROWS == 0, "rows of blocks");

typedef struct shared_block_end {
  int32_t start;
  float scale;
} shared_block_end_t;

static int64_t shared_block_words(const ams_geometry_t *geometry) {
  return block_words(geometry) +
         (int64_t)(sizeof(shared_block_end_t) / sizeof(int32_t));
}

static size_t block_size(const ams_geometry_t *geometry) {
  return (size_t)shared_block_words(geometry) * sizeof(int32_t);
}

/// Where missing blocks to a group of four would be, the group's first one is
/// written again.
static bool quantise_blocks(const ams_geometry_t *geometry,
                            const float *const *x, int64_t length,
                            int64_t count, void *blocks) {
  const int64_t words = block_words(geometry);
  const int64_t stride = shared_block_words(geometry);
  row_scales_t scales = no_scales();
  int32_t *to = blocks;
  for (int64_t first = 0; first < count; first += QUANTISE_ROWS) {
    const float *rows[QUANTISE_ROWS];
    for (int64_t r = 0; r < QUANTISE_ROWS; ++r)
      rows[r] = x[first + r < count ? first + r : first];
    const group_scale_t own = scale_of(geometry, block_greatest(rows, length));
    const block_ends_t ends =
        quantise_block(geometry, &own, rows, length, stride, to);
    add_scales(&scales, ends.scale);
    int32_t start[QUANTISE_ROWS];
    float scale[QUANTISE_ROWS];
    _mm_storeu_si128((__m128i *)start, ends.start);
    _mm_storeu_ps(scale, ends.scale);
    for (int r = 0; r < QUANTISE_ROWS; ++r, to += stride)
      *(shared_block_end_t *)(to + words) =
          (shared_block_end_t){start[r], scale[r]};
  }
  return first_not_finite(&scales) < 0;
}

static void place_blocks(const ams_geometry_t *geometry, int64_t vectors,
                         int64_t block, const void *const *blocks,
                         void *inputs) {
  const int64_t words = block_words(geometry);
  const int64_t tiles = divide_up(vectors, TILE_VECTORS);
  row_scales_t scales = no_scales();
  for (int64_t tile = 0; tile < tiles; ++tile) {
    char *to = (char *)inputs +
               inputs_block_offset(geometry, words, tiles, tile, block);
    input_block_end_t *end =
        (input_block_end_t *)(to + inputs_block_size(words)) - 1;
    const int64_t left = vectors - tile * TILE_VECTORS;
    for (int64_t r = 0; r < TILE_VECTORS && r < left; ++r) {
      const int32_t *from = blocks[tile * TILE_VECTORS + r];
      const shared_block_end_t *from_end =
          (const shared_block_end_t *)(from + words);
      copy_words((int32_t *)to + r * words, from, words);
      end->start[r] = from_end->start;
      end->scale[r] = from_end->scale;
    }
    for (int64_t r = 0; r < TILE_VECTORS; r += QUANTISE_ROWS) {
      const __m128i here = _mm_cmpgt_epi32(_mm_set1_epi32((int32_t)(left - r)),
                                           _mm_setr_epi32(0, 1, 2, 3));
      add_scales(&scales, _mm_maskload_ps(end->scale + r, here));
    }
  }
  scale_range_t *range = inputs;
  if (block == 0)
    *range = (scale_range_t){.least = INFINITY, .greatest = 0};
  widen_range(range, &scales);
}

#endif // AMS_ARCH_SHARED_BLOCKS_H
