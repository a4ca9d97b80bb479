//===-- multiply.h - The product, strip by strip ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a panel's product (kernel.h): for each strip of outputs, for each chunk
// of blocks, for each tile of vectors, the dot products of a kernel, the draws
// of noise and the conversion.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_MULTIPLY_H
#define AMS_ARCH_MULTIPLY_H

#include "convert.h"
#include "draws.h"
#include "layout.h"
#include "noise.h"

/// A kernel's dot products of one block: `vectors` vectors (1 to 4) by 64
/// outputs, from start values on.
typedef void dot_block_t(int64_t vectors, int64_t words, const int32_t *inputs,
                         const void *weights, const int32_t start[TILE_VECTORS],
                         float dots[TILE_VECTORS][STRIP_OUTPUTS]);

/// Whether partial sums, c * r with r = (k * s^w) * s^x, keep clear of what
/// ROUNDING_BY_SUM cannot do.
static inline bool partials_are_plain(const ams_multiply_args_t *args) {
  const scale_range_t *weights = args->weights, *inputs = args->inputs;
  double least = (double)args->k * weights->least * inputs->least;
  double greatest = (double)args->k * weights->greatest * inputs->greatest;
  double least_step = (double)args->k * weights->least;
  double greatest_step = (double)args->k * weights->greatest;
  return least > 0x1p-100 && greatest < 0x1p90 && least_step > 0x1p-100 &&
         greatest_step < 0x1p100;
}

static inline conversion_t conversion_of(const ams_multiply_args_t *args) {
  const ams_geometry_t *geometry = args->geometry;
  const float offset = dots_fit_floats(geometry) ? INTEGER_FLOAT_OFFSET : 0;
  const float product = offset * args->alpha;
  conversion_t conversion = {
      .alpha = args->alpha,
      .offset = offset,
      .largest = (float)((1 << (geometry->bits_output - 1)) - 1),
      .width = args->noise.uniform,
      .scaling = SCALING_TWO_STEPS,
      .noise = NOISE_NONE,
      .rounding = ROUNDING_NONE,
  };
  if ((double)product == (double)offset * args->alpha && product < 0x1p100f)
    conversion.scaling = SCALING_FUSED;
  if (ams_noise_is_on(&args->noise))
    conversion.noise = conversion.width == 1 ? NOISE_UNIT : NOISE_SCALED;
  if (geometry->partial_format == AMS_ABI_FORMAT_BF16) {
    // With wider noise a code may be negative where r = 0.
    bool zero_is_positive =
        conversion.noise == NOISE_NONE || fabsf(conversion.width) <= 1;
    conversion.rounding = zero_is_positive && partials_are_plain(args)
                              ? ROUNDING_BY_SUM
                              : ROUNDING_BY_BITS;
  }
  return conversion;
}

/// Draws for outputs that begin `shift` rows into a noise group, from those of
/// that group and the next.
static inline void shift_draws(draws_t *draws, const draws_t *next,
                               int64_t shift) {
  uint16_t row[2 * STRIP_OUTPUTS];
  for (int i = 0; i < STRIP_OUTPUTS; ++i) {
    int word = i / 32 * 16 + i % 16, bits = i / 16 % 2 * 16;
    row[i] = (uint16_t)(draws->word[word] >> bits);
    row[i + STRIP_OUTPUTS] = (uint16_t)(next->word[word] >> bits);
  }
  for (int word = 0; word < STRIP_OUTPUTS / 2; ++word) {
    const uint16_t *lower = row + shift + word / 16 * 32 + word % 16;
    draws->word[word] = lower[0] | (uint32_t)lower[16] << 16;
  }
}

/// Draws of a tile for the strip at output `first` of the product.
static inline void draw_strip_tile(draw_stream_t *stream,
                                   const ams_noise_t *noise, int64_t first,
                                   int64_t vector, int64_t vectors,
                                   int64_t block, int64_t blocks,
                                   draws_t draws[][TILE_VECTORS]) {
  const int64_t row = noise->first_row + first;
  const int64_t shift = row % STRIP_OUTPUTS;
  const uint64_t number = noise->first_vector + (uint64_t)vector;
  draw_tile(stream, number, vectors, block, blocks, draws);
  if (shift == 0)
    return;
  draws_t next[CHUNK_MOST_BLOCKS][TILE_VECTORS];
  draw_stream_seek(stream, (uint32_t)(row / STRIP_OUTPUTS + 1));
  draw_tile(stream, number, vectors, block, blocks, next);
  draw_stream_seek(stream, (uint32_t)(row / STRIP_OUTPUTS));
  for (int64_t b = 0; b < blocks; ++b)
    for (int64_t r = 0; r < vectors; ++r)
      shift_draws(&draws[b][r], &next[b][r], shift);
}

/// Writes finished sums, rounded (D4) unless the format is float32.
static inline void write_outputs(const ams_multiply_args_t *args, int64_t first,
                                 float y[][STRIP_OUTPUTS]) {
  const bool rounds = args->geometry->partial_format == AMS_ABI_FORMAT_BF16;
  const int64_t outputs = args->end - first;
  for (int64_t r = 0; r < args->vectors; ++r)
    for (int64_t i = 0; i < STRIP_OUTPUTS && i < outputs; i += VECTOR_LANES) {
      int64_t left = outputs - i;
      floats_t sum = floats_load(&y[r][i]);
      floats_store_first(args->y + r * args->y_stride + first + i,
                         left < VECTOR_LANES ? left : VECTOR_LANES,
                         rounds ? floats_round_bfloat16(sum) : sum);
    }
}

static inline __attribute__((always_inline)) void
multiply_panel(const ams_multiply_args_t *args, int64_t per_word,
               dot_block_t *dot_block) {
  const ams_geometry_t *geometry = args->geometry;
  const int64_t words = block_words(geometry, per_word);
  const int64_t tiles = divide_up(args->vectors, TILE_VECTORS);
  const int64_t chunk = chunk_blocks(geometry);
  const size_t block_size = weights_block_size(words);
  const size_t strip_size = weights_strip_size(geometry, words);
  const bool converts = !dots_fit_floats(geometry);
  const conversion_t conversion = conversion_of(args);
  _Alignas(64) float dots[CHUNK_MOST_BLOCKS][TILE_VECTORS][STRIP_OUTPUTS];
  _Alignas(64) float weight_scales[CHUNK_MOST_BLOCKS][STRIP_OUTPUTS];
  _Alignas(64) float y[AMS_PANEL_VECTORS][STRIP_OUTPUTS];
  draws_t draws[CHUNK_MOST_BLOCKS][TILE_VECTORS];
  draw_stream_t stream;
  draw_stream_begin(&stream, args->noise.seed, args->noise.layer);

  for (int64_t first = args->begin; first < args->end; first += STRIP_OUTPUTS) {
    const char *strip = (const char *)args->weights + sizeof(scale_range_t) +
                        (size_t)(first / STRIP_OUTPUTS) * strip_size;
    const float *scales =
        (const float *)(strip + (size_t)geometry->blocks * block_size);
    draw_stream_seek(
        &stream, (uint32_t)((args->noise.first_row + first) / STRIP_OUTPUTS));
    // Sums begin at -0, to which adding changes nothing.
    for (int64_t r = 0; r < args->vectors; ++r)
      for (int i = 0; i < STRIP_OUTPUTS; i += VECTOR_LANES)
        floats_store(&y[r][i], floats_splat(-0.0f));

    for (int64_t block = 0; block < geometry->blocks; block += chunk) {
      const int64_t left = geometry->blocks - block;
      const int64_t blocks = left < chunk ? left : chunk;
      for (int64_t b = 0; b < blocks; ++b)
        for (int i = 0; i < STRIP_OUTPUTS; i += VECTOR_LANES)
          floats_store(
              &weight_scales[b][i],
              floats_multiply(
                  floats_splat(args->k),
                  floats_load(scales + (block + b) * STRIP_OUTPUTS + i)));
      for (int64_t tile = 0; tile < tiles; ++tile) {
        const int64_t vector = tile * TILE_VECTORS;
        const int64_t more = args->vectors - vector;
        const int64_t vectors = more < TILE_VECTORS ? more : TILE_VECTORS;
        const char *inputs =
            (const char *)args->inputs +
            inputs_block_offset(geometry, words, tiles, tile, block);
        const size_t input_size = inputs_block_size(words);
        const input_block_end_t *end =
            (const input_block_end_t *)(inputs + input_size) - 1;
        for (int64_t b = 0; b < blocks; ++b) {
          const char *codes = inputs + (size_t)b * input_size;
          dot_block(
              vectors, words, (const int32_t *)codes,
              strip + (size_t)(block + b) * block_size,
              ((const input_block_end_t *)(codes + input_size) - 1)->start,
              dots[b]);
          if (converts)
            for (int64_t r = 0; r < vectors; ++r)
              for (int i = 0; i < STRIP_OUTPUTS; i += VECTOR_LANES)
                floats_store(&dots[b][r][i],
                             floats_from_ints(ints_load(&dots[b][r][i])));
        }
        if (conversion.noise != NOISE_NONE)
          draw_strip_tile(&stream, &args->noise, first, vector, vectors, block,
                          blocks, draws);
        const conversion_tile_t converted = {
            .vectors = vectors,
            .blocks = blocks,
            .dots = dots,
            .draws = draws,
            .weight_scales = weight_scales,
            .input_scales = end->scale,
            .input_stride = input_size,
            .y = y + vector,
        };
        convert_tile(&conversion, &converted);
      }
    }
    write_outputs(args, first, y);
  }
}

#endif // AMS_ARCH_MULTIPLY_H
