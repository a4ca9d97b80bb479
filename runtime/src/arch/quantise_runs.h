//===-- quantise_runs.h - Vectors of rounded chunks ---------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The vector kernels' quantiser for vectors that come in runs of chunks, which
// were rounded ahead, four rows at a time (quantise_rows.h).
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_QUANTISE_RUNS_H
#define AMS_ARCH_QUANTISE_RUNS_H

#include "quantise_rows.h"

static void round_chunks(const float *x, int64_t count, float *values,
                         uint32_t *greatest) {
  for (int64_t c = 0; c < count; ++c) {
    ints_t most = ints_splat(0);
    for (int i = 0; i < AMS_CHUNK; i += VECTOR_LANES) {
      const floats_t v = floats_load_any(x + c * AMS_CHUNK + i);
      most = ints_greatest(most,
                           ints_and(floats_as_ints(v), ints_splat(0x7fffffff)));
      floats_store(values + c * AMS_CHUNK + i, floats_round_bfloat16(v));
    }
    __m128i four = greatest_of_lanes(most);
    four = _mm_max_epu32(four, _mm_unpackhi_epi64(four, four));
    four = _mm_max_epu32(four, _mm_srli_epi64(four, 32));
    greatest[c] = (uint32_t)_mm_cvtsi128_si32(four);
  }
}

/// A place in vectors that are runs.
typedef struct run_place {
  int64_t run, chunk;
} run_place_t;

/// Chunks from `place` to the end of its run, at most `most`.
static inline int64_t chunks_here(const ams_runs_t *runs,
                                  const run_place_t *place, int64_t most) {
  const int64_t left = runs->chunks - place->chunk;
  return left < most ? left : most;
}

static inline void move_on(const ams_runs_t *runs, run_place_t *place,
                           int64_t chunks) {
  place->chunk += chunks;
  if (place->chunk == runs->chunks)
    *place = (run_place_t){.run = place->run + 1};
}

/// Float bits of the greatest magnitudes of `chunks` chunks of four vectors.
static inline __m128i runs_greatest(const ams_runs_t *runs,
                                    const int64_t first[QUANTISE_ROWS],
                                    run_place_t place, int64_t chunks) {
  ints_t most[QUANTISE_ROWS];
  for (int r = 0; r < QUANTISE_ROWS; ++r)
    most[r] = ints_splat(0);
  while (chunks > 0) {
    const int64_t here = chunks_here(
        runs, &place, chunks < VECTOR_LANES ? chunks : VECTOR_LANES);
    for (int r = 0; r < QUANTISE_ROWS; ++r) {
      const float *from =
          (const float *)(runs->greatest[first[r] + place.run] + place.chunk);
      most[r] =
          ints_greatest(most[r], floats_as_ints(floats_load_first(from, here)));
    }
    move_on(runs, &place, here);
    chunks -= here;
  }
  __m128i reduced[QUANTISE_ROWS];
  for (int r = 0; r < QUANTISE_ROWS; ++r)
    reduced[r] = greatest_of_lanes(most[r]);
  transpose4(reduced);
  return _mm_max_epu32(_mm_max_epu32(reduced[0], reduced[1]),
                       _mm_max_epu32(reduced[2], reduced[3]));
}

/// Codes of `chunks` chunks of four vectors from `place` on, whose words begin
/// `stride` words apart; returns the sums of the codes of each.
static inline __attribute__((always_inline)) __m128i
runs_codes(const ams_runs_t *runs, const int64_t first[QUANTISE_ROWS],
           run_place_t place, int64_t chunks, bool scales,
           const multipliers_t *multipliers, int64_t stride, int32_t *to) {
  const int64_t step = VECTOR_LANES / CODES_PER_WORD;
  ints_t sums[QUANTISE_ROWS];
  for (int r = 0; r < QUANTISE_ROWS; ++r)
    sums[r] = ints_splat(0);
  while (chunks > 0) {
    const int64_t here = chunks_here(runs, &place, chunks);
    const float *from[QUANTISE_ROWS];
    for (int r = 0; r < QUANTISE_ROWS; ++r)
      from[r] = runs->values[first[r] + place.run] + place.chunk * AMS_CHUNK;
    for (int64_t i = 0; i < here * AMS_CHUNK; i += VECTOR_LANES, to += step) {
      ints_t codes[QUANTISE_ROWS];
      for (int r = 0; r < QUANTISE_ROWS; ++r) {
        floats_t v = floats_load(from[r] + i);
        if (scales)
          v = floats_multiply(v, floats_splat(multipliers->factor[r]));
        codes[r] = quantise_rounded(v, floats_splat(multipliers->inverse[r]));
        if (WEIGHT_BIAS)
          sums[r] = ints_add(sums[r], codes[r]);
      }
      store_rows(codes, step, stride, to);
    }
    move_on(runs, &place, here);
    chunks -= here;
  }
  return rows_sums(sums);
}

/// The place `chunks` chunks further on.
static inline run_place_t moved_on(const ams_runs_t *runs, run_place_t place,
                                   int64_t chunks) {
  const int64_t chunk = place.chunk + chunks;
  return (run_place_t){place.run + chunk / runs->chunks, chunk % runs->chunks};
}

/// As quantise_groups.
static inline void
quantise_runs_groups(const ams_geometry_t *geometry, const ams_runs_t *runs,
                     int64_t first_run[QUANTISE_GROUPS][QUANTISE_ROWS],
                     int groups, int64_t tiles, int64_t first, void *inputs,
                     row_scales_t scales[QUANTISE_GROUPS]) {
  const int64_t words = block_words(geometry);
  run_place_t place = {0};
  for (int64_t block = 0; block < geometry->blocks; ++block) {
    const int64_t left = geometry->reduction - block * geometry->n;
    const int64_t chunks =
        (left < geometry->n ? left : geometry->n) / AMS_CHUNK;
    group_scale_t own[QUANTISE_GROUPS];
    for (int g = 0; g < groups; ++g)
      own[g] =
          scale_of(geometry, runs_greatest(runs, first_run[g], place, chunks));
    for (int g = 0; g < groups; ++g) {
      const int64_t row = first + g * QUANTISE_ROWS;
      const multipliers_t *multipliers = &own[g].multipliers;
      char *to =
          (char *)inputs + inputs_block_offset(geometry, words, tiles,
                                               row / TILE_VECTORS, block);
      int32_t *codes = (int32_t *)to + row % TILE_VECTORS * words;
      const __m128i sums = multipliers->scales
                               ? runs_codes(runs, first_run[g], place, chunks,
                                            true, multipliers, words, codes)
                               : runs_codes(runs, first_run[g], place, chunks,
                                            false, multipliers, words, codes);
      add_scales(&scales[g], own[g].scale);
      write_block_end((block_ends_t){start_of(geometry, sums), own[g].scale},
                      to, words, row % TILE_VECTORS);
    }
    place = moved_on(runs, place, chunks);
  }
}

/// Quantises a panel (kernel.h). Where rows are missing to a group of four, its
/// first row stands in.
static int64_t quantise_runs(const ams_geometry_t *geometry,
                             const ams_runs_t *runs, int64_t vectors,
                             void *inputs) {
  const int64_t tiles = divide_up(vectors, TILE_VECTORS);
  row_scales_t scales = no_scales();
  for (int64_t first = 0; first < vectors;
       first += QUANTISE_GROUPS * QUANTISE_ROWS) {
    int64_t first_run[QUANTISE_GROUPS][QUANTISE_ROWS];
    row_scales_t own[QUANTISE_GROUPS];
    int groups = 0;
    for (int64_t row = first; groups < QUANTISE_GROUPS && row < vectors;
         row += QUANTISE_ROWS, ++groups) {
      own[groups] = no_scales();
      for (int64_t r = 0; r < QUANTISE_ROWS; ++r)
        first_run[groups][r] =
            (row + r < vectors ? row + r : row) * runs->count;
    }
    quantise_runs_groups(geometry, runs, first_run, groups, tiles, first,
                         inputs, own);
    const int64_t bad = merge_scales(own, groups, first, &scales);
    if (bad >= 0)
      return bad;
  }
  write_range(inputs, &scales);
  return -1;
}

#endif // AMS_ARCH_QUANTISE_RUNS_H
