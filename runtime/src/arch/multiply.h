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

/// Operands of dot products of some blocks.
typedef struct dot_args {
  int width; // of the strip
  int64_t vectors, blocks;
  int64_t words, last_words;       // of a block; of the last, those that count
  const char *inputs;              // at the first block
  const char *weights;             // likewise
  size_t input_size, weights_size; // bytes from block to block
} dot_args_t;

/// A kernel's dot products: up to TILE_VECTORS vectors by the strip's outputs,
/// block by block, each from its start value on.
typedef void dot_blocks_t(const dot_args_t *args,
                          float dots[][TILE_VECTORS][STRIP_OUTPUTS]);

/// Whether partial sums, c * r with r = (k * s^w) * s^x, keep clear of what
/// PLAIN_ROUNDING cannot do.
static inline bool partials_are_plain(const ams_multiply_args_t *args) {
  const scale_range_t *weights = args->weights, *inputs = args->inputs;
  const double least_step = (double)args->gains.least_k * weights->least;
  const double greatest_step =
      (double)args->gains.greatest_k * weights->greatest;
  const double least = least_step * inputs->least;
  const double greatest = greatest_step * inputs->greatest;
  return least > 0x1p-100 && greatest < 0x1p90 && least_step > 0x1p-100 &&
         greatest_step < 0x1p100;
}

/// Whether the ADC's range is less than what a block can hand to it.
static inline bool can_saturate(const conversion_t *conversion,
                                const ams_geometry_t *geometry) {
  const int64_t weight = (1 << (geometry->bits_weight - 1)) - 1;
  const int64_t input = (1 << (geometry->bits_input - 1)) - 1;
  const float a = (float)(geometry->n * weight * input) * conversion->alpha;
  const float e = conversion->noise == NOISE_NONE
                      ? 0
                      : fabsf(conversion->width) * (32767.5f * 0x1p-16f);
  return !(rintf(a + e) <= conversion->largest);
}

static inline conversion_t conversion_of(const ams_multiply_args_t *args) {
  const ams_geometry_t *geometry = args->geometry;
  const float alpha = args->gains.constants->alpha;
  const float offset = dots_fit_floats(geometry) ? INTEGER_FLOAT_OFFSET : 0;
  const float product = offset * alpha;
  conversion_t conversion = {
      .alpha = alpha,
      .offset = offset,
      .largest = (float)((1 << (geometry->bits_output - 1)) - 1),
      .width = args->noise.uniform,
      .scaling = SCALING_TWO_STEPS,
      .noise = NOISE_NONE,
      .rounding = ROUNDING_NONE,
      .mean = args->means != NULL,
      .differs = ams_gains_differ(&args->gains),
  };
  if ((double)product == (double)offset * alpha && product < 0x1p100f)
    conversion.scaling = SCALING_FUSED;
  if (ams_noise_is_on(&args->noise))
    conversion.noise = conversion.width == 1 ? NOISE_UNIT : NOISE_SCALED;
  conversion.saturates = can_saturate(&conversion, geometry);
  if (geometry->partial_format == AMS_ABI_FORMAT_BF16) {
    // With wider noise a code may be negative where r = 0.
    bool zero_is_positive =
        conversion.noise == NOISE_NONE || fabsf(conversion.width) <= 1;
    // Between two partial sums comes a mean's part.
    partial_rounding_t plain = conversion.mean || conversion.differs
                                   ? ROUNDING_BY_DIFFERENCE
                                   : PLAIN_ROUNDING;
    conversion.rounding =
        zero_is_positive && partials_are_plain(args) ? plain : ROUNDING_BY_BITS;
  }
  if (conversion.differs && conversion.noise == NOISE_UNIT)
    conversion.noise = NOISE_SCALED; // by 1
  return conversion;
}

/// Draws for outputs that begin `shift` rows into a noise group, from those of
/// that group and, unless it is NULL, the next.
static inline void shift_draws(draws_t *draws, const draws_t *next,
                               int64_t shift) {
  uint16_t row[2 * STRIP_OUTPUTS] = {0};
  for (int i = 0; i < STRIP_OUTPUTS; ++i) {
    int word = i / 32 * 16 + i % 16, bits = i / 16 % 2 * 16;
    row[i] = (uint16_t)(draws->word[word] >> bits);
    if (next)
      row[i + STRIP_OUTPUTS] = (uint16_t)(next->word[word] >> bits);
  }
  for (int word = 0; word < STRIP_OUTPUTS / 2; ++word) {
    const uint16_t *lower = row + shift + word / 16 * 32 + word % 16;
    draws->word[word] = lower[0] | (uint32_t)lower[16] << 16;
  }
}

/// Rows of outputs to fetch ahead of writing them.
#define WRITE_AHEAD 8

/// Writes finished sums, rounded (D4) unless the format is float32.
static inline void write_outputs(const ams_multiply_args_t *args, int64_t first,
                                 float y[][STRIP_OUTPUTS]) {
  const bool rounds = args->geometry->partial_format == AMS_ABI_FORMAT_BF16;
  const int64_t outputs = args->end - first;
  for (int64_t r = 0; r < args->vectors; ++r) {
    float *to = args->y + r * args->y_stride + first;
    for (int64_t i = 0; i < STRIP_OUTPUTS && i < outputs; i += VECTOR_LANES) {
      if (r + WRITE_AHEAD < args->vectors)
        __builtin_prefetch(to + WRITE_AHEAD * args->y_stride + i, 1);
      int64_t left = outputs - i;
      floats_t sum = floats_load(&y[r][i]);
      floats_store_first(to + i, left < VECTOR_LANES ? left : VECTOR_LANES,
                         rounds ? floats_round_bfloat16(sum) : sum);
    }
  }
}

/// Vectors whose sums for one strip stay in the first-level cache, with a
/// chunk's weights.
#define GROUP_VECTORS 48

/// A product on its way: constants, and the strip, chunk and tile at hand.
typedef struct product {
  const ams_multiply_args_t *args;
  conversion_t conversion;
  int64_t words, tiles;
  size_t block_size, input_size; // of weights, of inputs
  // The strip: its first output, its weights, and draws of the noise group
  // where it begins, and of the next if it begins `shift` rows into the first
  // and `reaches` the next.
  int64_t first;
  int width;
  const char *weights;
  int64_t shift;
  bool reaches;
  draw_stream_t stream, next_stream;
  // The chunk.
  int64_t block, blocks;
  // The tile.
  int64_t vector, vectors;
  const char *inputs; // at the step's first block
  draw_vector_t states[TILE_VECTORS], next_states[TILE_VECTORS];

  _Alignas(64) float weight_scales[CHUNK_MOST_BLOCKS][STRIP_OUTPUTS];
  _Alignas(64) float weight_sums[CHUNK_MOST_BLOCKS][STRIP_OUTPUTS]; // C5
  _Alignas(64) float dots[STEP_BLOCKS][TILE_VECTORS][STRIP_OUTPUTS];
  draws_t draws[STEP_BLOCKS][TILE_VECTORS],
      next_draws[STEP_BLOCKS][TILE_VECTORS];
  _Alignas(64) float y[AMS_PANEL_VECTORS][STRIP_OUTPUTS];
  _Alignas(64) float alphas[CHUNK_MOST_BLOCKS][STRIP_OUTPUTS]; // differing (G1)
} product_t;

static inline void begin_strip(product_t *product, int64_t first) {
  const ams_multiply_args_t *args = product->args;
  const int64_t row = args->noise.first_row + first;
  product->first = first;
  product->width = product->conversion.differs ? STRIP_OUTPUTS
                                               : strip_width(args->end - first);
  product->weights = (const char *)args->weights + sizeof(scale_range_t) +
                     (size_t)(first / STRIP_OUTPUTS) *
                         weights_strip_size(args->geometry, product->words);
  product->shift = row % STRIP_OUTPUTS;
  product->reaches = product->shift + product->width > STRIP_OUTPUTS;
  draw_stream_seek(&product->stream, (uint32_t)(row / STRIP_OUTPUTS));
  draw_stream_seek(&product->next_stream, (uint32_t)(row / STRIP_OUTPUTS + 1));
  // Sums begin at -0, to which adding changes nothing.
  for (int64_t r = 0; r < args->vectors; ++r)
    for (int i = 0; i < product->width; i += VECTOR_LANES)
      floats_store(&product->y[r][i], floats_splat(-0.0f));
}

/// The k of each output of block `b` of the chunk, whose alphas it keeps: where
/// gains differ. Outputs beyond the last have any.
static __attribute__((noinline)) void
spread_gains(product_t *product, int64_t b, float ks[STRIP_OUTPUTS]) {
  const ams_multiply_args_t *args = product->args;
  const int64_t left = args->geometry->outputs - product->first;
  memset(product->alphas[b], 0, sizeof product->alphas[b]);
  memset(ks, 0, STRIP_OUTPUTS * sizeof *ks);
  ams_gains_spread(&args->gains, product->first,
                   left < STRIP_OUTPUTS ? left : STRIP_OUTPUTS,
                   product->block + b, product->alphas[b], ks);
}

static inline void begin_chunk(product_t *product, int64_t block) {
  const ams_geometry_t *geometry = product->args->geometry;
  const int64_t left = geometry->blocks - block;
  const int64_t chunk = chunk_blocks(geometry);
  const float *scales =
      (const float *)(product->weights +
                      (size_t)geometry->blocks * product->block_size) +
      block * STRIP_OUTPUTS;
  product->block = block;
  product->blocks = left < chunk ? left : chunk;
  const bool differs = product->conversion.differs;
  floats_t k = floats_splat(product->args->gains.constants->k);
  for (int64_t b = 0; b < product->blocks; ++b) {
    _Alignas(64) float ks[STRIP_OUTPUTS];
    if (differs)
      spread_gains(product, b, ks);
    for (int i = 0; i < STRIP_OUTPUTS; i += VECTOR_LANES) {
      k = differs ? floats_load(ks + i) : k;
      floats_store(
          &product->weight_scales[b][i],
          floats_multiply(k, floats_load(scales + b * STRIP_OUTPUTS + i)));
    }
  }
  if (!product->conversion.mean)
    return;
  const ams_multiply_args_t *args = product->args;
  for (int64_t b = 0; b < product->blocks; ++b)
    for (int i = 0; i < STRIP_OUTPUTS; i += VECTOR_LANES)
      floats_store(&product->weight_sums[b][i],
                   floats_load(args->sums + (block + b) * args->sums_stride +
                               product->first + i));
}

static inline void begin_tile(product_t *product, int64_t vector) {
  const ams_multiply_args_t *args = product->args;
  const int64_t left = args->vectors - vector;
  product->vector = vector;
  product->vectors = left < TILE_VECTORS ? left : TILE_VECTORS;
  if (product->conversion.noise == NOISE_NONE)
    return;
  for (int64_t r = 0; r < product->vectors; ++r) {
    uint64_t number = args->noise.first_vector + (uint64_t)(vector + r);
    draw_vector_begin(&product->states[r], &product->stream, number);
    if (product->reaches)
      draw_vector_begin(&product->next_states[r], &product->next_stream,
                        number);
  }
}

/// Dot products of `blocks` blocks from number `begin` of the chunk.
static inline __attribute__((always_inline)) void
compute_dots(product_t *product, int64_t begin, int64_t blocks,
             dot_blocks_t *dot_blocks) {
  const dot_args_t args = {
      .width = product->width,
      .vectors = product->vectors,
      .blocks = blocks,
      .words = product->words,
      .last_words = filled_words(product->args->geometry,
                                 product->block + begin + blocks - 1),
      .inputs = product->inputs,
      .weights = product->weights +
                 (size_t)(product->block + begin) * product->block_size,
      .input_size = product->input_size,
      .weights_size = product->block_size,
  };
  dot_blocks(&args, product->dots);
  // Turns integers into floats where they did not start as such.
  if (product->conversion.offset == 0)
    for (int64_t b = 0; b < blocks; ++b)
      for (int64_t r = 0; r < product->vectors; ++r)
        for (int i = 0; i < product->width; i += VECTOR_LANES) {
          float *dots = &product->dots[b][r][i];
          floats_store(dots, floats_from_ints(ints_load(dots)));
        }
}

static inline void compute_draws(product_t *product, int64_t begin,
                                 int64_t blocks) {
  const int64_t vectors = product->vectors, block = product->block + begin;
  draw_vectors(&product->stream, product->states, vectors, block, blocks,
               product->draws);
  if (product->shift == 0)
    return;
  if (product->reaches)
    draw_vectors(&product->next_stream, product->next_states, vectors, block,
                 blocks, product->next_draws);
  for (int64_t b = 0; b < blocks; ++b)
    for (int64_t r = 0; r < vectors; ++r)
      shift_draws(&product->draws[b][r],
                  product->reaches ? &product->next_draws[b][r] : NULL,
                  product->shift);
}

/// What C5 needs from block `begin` of the chunk on.
static inline void add_means(const product_t *product, int64_t begin,
                             conversion_tile_t *tile) {
  const ams_multiply_args_t *args = product->args;
  const int64_t block = product->block + begin;
  tile->sums = product->weight_sums[begin];
  tile->sums_stride = STRIP_OUTPUTS;
  tile->means = args->means + product->vector * args->geometry->blocks + block;
  tile->means_stride = args->geometry->blocks;
}

/// Converts `blocks` blocks from number `begin` of the chunk on.
static inline __attribute__((always_inline)) void
convert_blocks(product_t *product, int64_t begin, int64_t blocks) {
  conversion_tile_t tile = {
      .width = product->width,
      .vectors = product->vectors,
      .blocks = blocks,
      .dots = product->dots,
      .draws = product->draws,
      .weight_scales = product->weight_scales + begin,
      .alphas = product->alphas + begin,
      .input_scales = block_end(product->inputs, product->input_size)->scale,
      .input_stride = product->input_size,
      .y = product->y + product->vector,
  };
  if (product->conversion.mean)
    add_means(product, begin, &tile);
  if (product->conversion.differs || product->width < STRIP_OUTPUTS)
    convert_rare_tile(&product->conversion, &tile);
  else
    convert_tile(&product->conversion, &tile);
  product->inputs += (size_t)blocks * product->input_size;
}

/// The chunk for `tiles` tiles from `vector` on, whose inputs follow each
/// other.
static inline __attribute__((always_inline)) void
multiply_chunk(product_t *product, int64_t vector, int64_t tiles,
               dot_blocks_t *dot_blocks) {
  product->inputs = (const char *)product->args->inputs +
                    inputs_block_offset(product->args->geometry, product->words,
                                        product->tiles, vector / TILE_VECTORS,
                                        product->block);
  const int64_t step =
      product->conversion.mean ? MEAN_STEP_BLOCKS : STEP_BLOCKS;
  for (int64_t tile = 0; tile < tiles; ++tile) {
    begin_tile(product, vector + tile * TILE_VECTORS);
    for (int64_t b = 0; b < product->blocks; b += step) {
      const int64_t left = product->blocks - b;
      const int64_t blocks = left < step ? left : step;
      compute_dots(product, b, blocks, dot_blocks);
      if (product->conversion.noise != NOISE_NONE)
        compute_draws(product, b, blocks);
      convert_blocks(product, b, blocks);
    }
  }
}

static inline __attribute__((always_inline)) void
multiply_panel(const ams_multiply_args_t *args, dot_blocks_t *dot_blocks) {
  const int64_t group = GROUP_VECTORS / TILE_VECTORS;
  product_t product;
  product.args = args;
  product.conversion = conversion_of(args);
  product.words = block_words(args->geometry);
  product.tiles = divide_up(args->vectors, TILE_VECTORS);
  product.block_size = weights_block_size(product.words);
  product.input_size = inputs_block_size(product.words);
  draw_stream_begin(&product.stream, args->noise.seed, args->noise.layer);
  draw_stream_begin(&product.next_stream, args->noise.seed, args->noise.layer);
  for (int64_t first = args->begin; first < args->end; first += STRIP_OUTPUTS) {
    begin_strip(&product, first);
    for (int64_t tile = 0; tile < product.tiles; tile += group) {
      const int64_t left = product.tiles - tile;
      for (int64_t block = 0; block < args->geometry->blocks;
           block += product.blocks) {
        begin_chunk(&product, block);
        multiply_chunk(&product, tile * TILE_VECTORS,
                       left < group ? left : group, dot_blocks);
      }
    }
    write_outputs(args, first, product.y);
  }
}

#endif // AMS_ARCH_MULTIPLY_H
