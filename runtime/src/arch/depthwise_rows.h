//===-- depthwise_rows.h - Depthwise convolutions, strip by strip -*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What depthwise.h asks of a kernel, a channel a lane. The rows of the image
// that a row of output pixels reads lie in scratch memory, as many as the
// convolution's kernel is high, rounded to bfloat16 and with their padding; a
// new row takes the place of the oldest.
//
//   weights: for each strip, for each position of the kernel: 64 codes of 32
//            bits, the upper 16 of them 0; then for each block 64 float scales.
//
// A code is rne(v * L / s). In its place u = v * float32(L / s) + 384 is taken,
// rounded once to a multiple of 2^-15, and then to an integer. The quotient is
// within 2^-17 of v * float32(L / s), so that ties become ties; and all others,
// for bfloat16 numbers v and s and L up to 127, stay on their side: each pair
// of significands and distance of exponents was tried. Scales near the ends of
// float32's range are first multiplied by a power of two, as are their values.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_DEPTHWISE_ROWS_H
#define AMS_ARCH_DEPTHWISE_ROWS_H

#include "convert.h"
#include "depthwise.h"
#include "noise.h"

/// What leaves multiples of 2^-15 when added to codes.
#define TIE_OFFSET 0x1.8p8f

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

static size_t depthwise_strip_size(const ams_geometry_t *geometry) {
  return (size_t)(geometry->reduction + geometry->blocks) *
         AMS_DEPTHWISE_STRIP * sizeof(int32_t);
}

static size_t depthwise_weights_size(const ams_geometry_t *geometry,
                                     int64_t channels) {
  return (size_t)divide_up(channels, AMS_DEPTHWISE_STRIP) *
         depthwise_strip_size(geometry);
}

static void depthwise_pack(const ams_geometry_t *geometry, int64_t channels,
                           const int8_t *codes, const uint16_t *scales,
                           void *weights) {
  const int64_t blocks = geometry->blocks;
  const size_t strip_size = depthwise_strip_size(geometry);
  memset(weights, 0, depthwise_weights_size(geometry, channels));
  for (int64_t c = 0; c < channels; ++c) {
    char *strip =
        (char *)weights + (size_t)(c / AMS_DEPTHWISE_STRIP) * strip_size;
    uint32_t *codes_to = (uint32_t *)strip + c % AMS_DEPTHWISE_STRIP;
    for (int64_t e = 0; e < geometry->reduction; ++e)
      codes_to[e * AMS_DEPTHWISE_STRIP] =
          (uint16_t)codes[c * blocks * geometry->n + e];
    float *scales_to = (float *)strip +
                       geometry->reduction * AMS_DEPTHWISE_STRIP +
                       c % AMS_DEPTHWISE_STRIP;
    for (int64_t j = 0; j < blocks; ++j)
      scales_to[j * AMS_DEPTHWISE_STRIP] =
          ams_bfloat16_to_float(scales[c * blocks + j]);
  }
}

//===----------------------------------------------------------------------===//
// Rows of the image
//===----------------------------------------------------------------------===//

/// Rows that one row of output pixels reaches over, and pixels of a row with
/// its padding.
static inline int64_t rows_reached(const ams_abi_conv_t *conv) {
  return (int64_t)conv->dilation_h * (conv->kernel_h - 1) + 1;
}
static inline int64_t padded_width(const ams_abi_conv_t *conv) {
  return (int64_t)conv->pad_left + conv->in_w + conv->pad_right;
}

static size_t depthwise_scratch_size(const ams_abi_conv_t *conv) {
  return (size_t)rows_reached(conv) * (size_t)padded_width(conv) *
         AMS_DEPTHWISE_STRIP * sizeof(float);
}

/// Least magnitude, as float32 bits, that bfloat16 rounds to infinity.
#define FIRST_NOT_FINITE UINT32_C(0x7f7f8000)

/// The magnitudes of some rows' values, as float bits before rounding: the
/// greatest, and 1 less than the least that is not 0.
typedef struct row_values {
  ints_t most, least;
} row_values_t;

/// Pixels of the image to fetch ahead of copying them.
#define COPY_AHEAD 8

/// Copies the strip's channels of row `row` of the image, which may lie in the
/// padding, with what pads it.
static inline void copy_row(const ams_depthwise_args_t *args, int64_t row,
                            float *to, row_values_t *values) {
  const ams_abi_conv_t *conv = args->conv;
  const size_t pixel = AMS_DEPTHWISE_STRIP * sizeof *to;
  if (row < 0 || row >= conv->in_h) {
    memset(to, 0, (size_t)padded_width(conv) * pixel);
    return;
  }
  const float *from = args->x + row * conv->in_w * conv->in_c + args->channel;
  const int64_t channels = conv->in_c - args->channel;
  memset(to, 0, (size_t)conv->pad_left * pixel);
  to += conv->pad_left * AMS_DEPTHWISE_STRIP;
  row_values_t own = *values;
  for (int64_t column = 0; column < conv->in_w; ++column) {
    for (int64_t c = 0; c < AMS_DEPTHWISE_STRIP && c < channels;
         c += VECTOR_LANES) {
      int64_t left = channels - c;
      __builtin_prefetch(from + COPY_AHEAD * conv->in_c + c);
      floats_t v = floats_load_first(from + c,
                                     left < VECTOR_LANES ? left : VECTOR_LANES);
      ints_t magnitude = ints_and(floats_as_ints(v), ints_splat(0x7fffffff));
      own.most = ints_greatest(own.most, magnitude);
      own.least =
          ints_least(own.least, ints_add(magnitude, ints_splat(UINT32_MAX)));
      floats_store(to + c, floats_round_bfloat16(v));
    }
    from += conv->in_c;
    to += AMS_DEPTHWISE_STRIP;
  }
  memset(to, 0, (size_t)conv->pad_right * pixel);
  *values = own;
}

/// The greatest lane.
static inline uint32_t greatest_lane(ints_t a) {
  uint32_t four[4], most = 0;
  _mm_storeu_si128((__m128i *)four, greatest_of_lanes(a));
  for (int i = 0; i < 4; ++i)
    most = four[i] > most ? four[i] : most;
  return most;
}

static inline bool row_values_are_finite(const row_values_t *values) {
  return greatest_lane(values->most) < FIRST_NOT_FINITE;
}

/// Whether all are 0 or from 2^-95 to below 2^96.
static inline bool row_values_are_moderate(const row_values_t *values) {
  const ints_t least_below = ints_xor(values->least, ints_splat(UINT32_MAX));
  return greatest_lane(values->most) < ams_float_bits(0x1p96f) &&
         UINT32_MAX - greatest_lane(least_below) >=
             ams_float_bits(0x1p-95f) - 1;
}

//===----------------------------------------------------------------------===//
// Output pixels
//===----------------------------------------------------------------------===//

/// A call on its way.
typedef struct depthwise {
  const ams_depthwise_args_t *args;
  conversion_vectors_t conversion;
  noise_kind_t noise;
  bool rounds;         // partial sums and results
  float largest;       // L_X
  int64_t channels;    // of the strip
  row_values_t values; // of rows so far
  bool moderate;       // whether those are
  const int32_t *codes;
  draw_stream_t stream;
  /// The row of output pixels: where the positions of its first pixel lie.
  const float *at[AMS_DEPTHWISE_MOST_POSITIONS];
  /// The tile: pixels that follow each other.
  draw_vector_t states[TILE_VECTORS];
  draws_t draws[1][TILE_VECTORS];
  _Alignas(64) float y[TILE_VECTORS][AMS_DEPTHWISE_STRIP];
  /// Of each block and channel: A1's constant, and k * s^w.
  _Alignas(64) float alphas[AMS_DEPTHWISE_MOST_POSITIONS][AMS_DEPTHWISE_STRIP];
  _Alignas(64) float scales[AMS_DEPTHWISE_MOST_POSITIONS][AMS_DEPTHWISE_STRIP];
} depthwise_t;

/// Dot products of some channels, whose values are multiplied by `factor` if
/// `scaled`, and by `inverse`. Positions lie `offset` elements from where each
/// line begins; a line is `columns` of them side by side.
static inline __attribute__((always_inline)) ints_t
dot_positions(const float *const *lines, int64_t num_lines, int64_t columns,
              int64_t offset, const int32_t *codes, bool scaled,
              floats_t factor, floats_t inverse) {
  enum { CHAINS = 3 };
  const floats_t integers = floats_splat(INTEGER_FLOAT_OFFSET - TIE_OFFSET);
  ints_t sum[CHAINS];
  for (int i = 0; i < CHAINS; ++i)
    sum[i] = ints_splat(0);
  for (int64_t line = 0; line < num_lines; ++line)
    for (int64_t c = 0; c < columns; ++c, codes += AMS_DEPTHWISE_STRIP) {
      floats_t v = floats_load(lines[line] + offset + c * AMS_DEPTHWISE_STRIP);
      v = scaled ? floats_multiply(v, factor) : v;
      floats_t u = floats_fused(v, inverse, floats_splat(TIE_OFFSET));
      sum[c % CHAINS] =
          ints_add_products(sum[c % CHAINS], ints_load(codes),
                            floats_as_ints(floats_add(u, integers)));
    }
  return ints_add(ints_add(sum[0], sum[1]), sum[2]);
}

/// The same for any scales, where the values may be beyond what is moderate.
static inline ints_t dot_extreme_positions(const float *const *at,
                                           int64_t offset, int64_t count,
                                           const int32_t *codes, float largest,
                                           floats_t scale) {
  _Alignas(64) float scales[VECTOR_LANES], factors[VECTOR_LANES];
  floats_store(scales, scale);
  for (int i = 0; i < VECTOR_LANES; ++i)
    factors[i] = scales[i] < 1 ? 0x1p64f : 0x1p-64f;
  const floats_t factor = floats_load(factors);
  return dot_positions(
      at, count, 1, offset, codes, true, factor,
      floats_quotient(largest, floats_multiply(scale, factor)));
}

/// Partial sums, not rounded, of dot products of pixel `r` of the tile and
/// channels `i` and on, whose scales of inputs and weights (with k) those are.
static inline __attribute__((always_inline)) floats_t
partials_of_dots(const depthwise_t *run, const conversion_vectors_t *conversion,
                 int64_t r, int64_t i, noise_kind_t noise, ints_t dot,
                 floats_t scale, floats_t weight_scale) {
  const int64_t word = i / 32 * 16 + i % 16;
  floats_t draw = scale; // 2^16 * u (N6), in HALVES_UNIT
  if (noise != NOISE_NONE) {
    ints_t words = ints_load(run->draws[0][r].word + word);
    draw = floats_from_ints(i / 16 % 2 ? halves_upper(words)
                                       : halves_lower(words));
  }
  floats_t code = adc_code(conversion, SCALING_FUSED, noise, true,
                           floats_from_ints(dot), draw);
  return floats_multiply(code, floats_multiply(weight_scale, scale));
}

/// What converts dot products of block `block` and channels `i` and on.
static inline conversion_vectors_t
conversion_of_channels(const depthwise_t *run, int64_t block, int64_t i) {
  conversion_vectors_t conversion = run->conversion;
  conversion.alpha = floats_load(&run->alphas[block][i]);
  return conversion;
}

/// Adds block `block` of `count` positions to the outputs of `pixels` pixels,
/// the first one `offset` elements from the row's first.
static inline __attribute__((always_inline)) void
add_block(depthwise_t *run, int64_t block, int64_t count, int64_t offset,
          int64_t pixels, noise_kind_t noise) {
  const ams_geometry_t *geometry = run->args->geometry;
  const int64_t first = block * geometry->n;
  const int64_t step = (int64_t)run->args->conv->stride_w * AMS_DEPTHWISE_STRIP;
  const bool rounds = run->rounds && geometry->blocks > 1;
  const float *const *at = run->at + first;
  for (int64_t i = 0; i < run->channels; i += VECTOR_LANES) {
    const int32_t *codes = run->codes + first * AMS_DEPTHWISE_STRIP + i;
    const floats_t weight_scale = floats_load(&run->scales[block][i]);
    const conversion_vectors_t conversion =
        conversion_of_channels(run, block, i);
    for (int64_t r = 0; r < pixels; ++r) {
      const int64_t here = offset + r * step + i;
      floats_t scale = floats_splat(0);
      for (int64_t e = 0; e < count; ++e)
        scale = floats_greatest_magnitude(scale, floats_load(at[e] + here));
      const ints_t dot =
          run->moderate ? dot_positions(at, count, 1, here, codes, false, scale,
                                        floats_quotient(run->largest, scale))
                        : dot_extreme_positions(at, here, count, codes,
                                                run->largest, scale);
      floats_t partial = partials_of_dots(run, &conversion, r, i, noise, dot,
                                          scale, weight_scale);
      partial = rounds ? floats_round_bfloat16(partial) : partial;
      floats_t sum = block ? floats_load(&run->y[r][i]) : floats_splat(-0.0f);
      floats_store(&run->y[r][i], floats_add(sum, partial));
    }
  }
}

//===----------------------------------------------------------------------===//
// The commonest kernel: 3 by 3 positions
//===----------------------------------------------------------------------===//

#define COMMON_SIDE 3

/// Whether add_common can do in place of add_block.
static inline bool is_common(const depthwise_t *run) {
  const ams_abi_conv_t *conv = run->args->conv;
  return conv->kernel_h == COMMON_SIDE && conv->kernel_w == COMMON_SIDE &&
         conv->dilation_w == 1 && conv->stride_w < COMMON_SIDE &&
         run->args->geometry->blocks == 1 && run->moderate;
}

/// The greatest magnitudes of a column of positions.
static inline floats_t column_greatest(const float *const lines[COMMON_SIDE],
                                       int64_t offset) {
  const floats_t two = floats_greatest_magnitude(
      floats_load(lines[0] + offset), floats_load(lines[1] + offset));
  return floats_greatest_magnitude(two, floats_load(lines[2] + offset));
}

/// add_block, with scales from columns of positions, most of which are part of
/// more than one output pixel.
static inline __attribute__((always_inline)) void
add_common(depthwise_t *run, int64_t offset, int64_t pixels,
           noise_kind_t noise) {
  const bool steps_by_two = run->args->conv->stride_w == 2;
  const int64_t step = (int64_t)run->args->conv->stride_w * AMS_DEPTHWISE_STRIP;
  const float *const lines[COMMON_SIDE] = {run->at[0], run->at[COMMON_SIDE],
                                           run->at[2 * COMMON_SIDE]};
  for (int64_t i = 0; i < run->channels; i += VECTOR_LANES) {
    const floats_t weight_scale = floats_load(&run->scales[0][i]);
    const conversion_vectors_t conversion = conversion_of_channels(run, 0, i);
    int64_t here = offset + i;
    floats_t left, middle = column_greatest(lines, here), right = middle;
    if (!steps_by_two)
      right = column_greatest(lines, here + AMS_DEPTHWISE_STRIP);
    for (int64_t r = 0; r < pixels; ++r, here += step) {
      left = steps_by_two ? right : middle;
      middle = steps_by_two ? column_greatest(lines, here + AMS_DEPTHWISE_STRIP)
                            : right;
      right = column_greatest(lines, here + 2 * AMS_DEPTHWISE_STRIP);
      const floats_t scale = floats_greatest_magnitude(
          floats_greatest_magnitude(left, middle), right);
      const ints_t dot =
          dot_positions(lines, COMMON_SIDE, COMMON_SIDE, here, run->codes + i,
                        false, scale, floats_quotient(run->largest, scale));
      floats_store(&run->y[r][i],
                   partials_of_dots(run, &conversion, r, i, noise, dot, scale,
                                    weight_scale));
    }
  }
}

//===----------------------------------------------------------------------===//
// Rows of output pixels
//===----------------------------------------------------------------------===//

static inline __attribute__((always_inline)) void
add_block_as(depthwise_t *run, int64_t block, int64_t count, int64_t offset,
             int64_t pixels, noise_kind_t noise) {
  if (is_common(run))
    add_common(run, offset, pixels, noise);
  else
    add_block(run, block, count, offset, pixels, noise);
}

/// Computes `pixels` pixels of output row `row` from column `column` on.
static void multiply_tile(depthwise_t *run, int64_t row, int64_t column,
                          int64_t pixels) {
  const ams_depthwise_args_t *args = run->args;
  const ams_geometry_t *geometry = args->geometry;
  const int64_t vector = row * args->conv->out_w + column;
  const int64_t offset = column * args->conv->stride_w * AMS_DEPTHWISE_STRIP;
  for (int64_t r = 0; r < pixels && run->noise != NOISE_NONE; ++r)
    draw_vector_begin(&run->states[r], &run->stream,
                      args->noise.first_vector + (uint64_t)(vector + r));
  for (int64_t block = 0; block < geometry->blocks; ++block) {
    const int64_t left = geometry->reduction - block * geometry->n;
    const int64_t count = left < geometry->n ? left : geometry->n;
    if (run->noise != NOISE_NONE)
      draw_vectors(&run->stream, run->states, pixels, block, 1, run->draws);
    if (run->noise == NOISE_NONE)
      add_block_as(run, block, count, offset, pixels, NOISE_NONE);
    else if (run->noise == NOISE_UNIT)
      add_block_as(run, block, count, offset, pixels, NOISE_UNIT);
    else
      add_block_as(run, block, count, offset, pixels, NOISE_SCALED);
  }
  for (int64_t r = 0; r < pixels; ++r) {
    float *to = args->y + (vector + r) * args->conv->in_c + args->channel;
    for (int64_t i = 0; i < run->channels; i += VECTOR_LANES) {
      floats_t sum = floats_load(&run->y[r][i]);
      int64_t left = run->channels - i;
      floats_store_first(to + i, left < VECTOR_LANES ? left : VECTOR_LANES,
                         run->rounds ? floats_round_bfloat16(sum) : sum);
    }
  }
}

/// The constants of a strip's channels, whose packed scales those are. Channels
/// beyond the last have any.
static void find_constants(depthwise_t *run, const float *weight_scales) {
  const ams_depthwise_args_t *args = run->args;
  for (int64_t block = 0; block < args->geometry->blocks; ++block) {
    float *alphas = run->alphas[block], *scales = run->scales[block];
    memset(alphas, 0, sizeof run->alphas[block]);
    memset(scales, 0, sizeof run->scales[block]);
    ams_gains_spread(&args->gains, args->channel, run->channels, block, alphas,
                     scales);
    for (int64_t i = 0; i < AMS_DEPTHWISE_STRIP; ++i)
      scales[i] = scales[i] * weight_scales[block * AMS_DEPTHWISE_STRIP + i];
  }
}

static void begin_depthwise(depthwise_t *run,
                            const ams_depthwise_args_t *args) {
  const ams_geometry_t *geometry = args->geometry;
  const float width = args->noise.uniform;
  run->args = args;
  run->conversion = (conversion_vectors_t){
      .offset = floats_splat(-0.0f),
      .largest = floats_splat((float)((1 << (geometry->bits_output - 1)) - 1)),
      .noise_factor = floats_splat(width * (0x1p-16f / HALVES_UNIT)),
  };
  run->noise = !ams_noise_is_on(&args->noise) ? NOISE_NONE
               : width == 1                   ? NOISE_UNIT
                                              : NOISE_SCALED;
  const int64_t channels = args->conv->in_c - args->channel;
  run->channels =
      channels < AMS_DEPTHWISE_STRIP ? channels : AMS_DEPTHWISE_STRIP;
  run->values = (row_values_t){ints_splat(0), ints_splat(UINT32_MAX)};
  run->rounds = geometry->partial_format == AMS_ABI_FORMAT_BF16;
  run->largest = (float)((1 << (geometry->bits_input - 1)) - 1);
  const char *strip = (const char *)args->weights +
                      (size_t)(args->channel / AMS_DEPTHWISE_STRIP) *
                          depthwise_strip_size(geometry);
  run->codes = (const int32_t *)strip;
  find_constants(run, (const float *)strip +
                          geometry->reduction * AMS_DEPTHWISE_STRIP);
  draw_stream_begin(&run->stream, args->noise.seed, args->noise.layer);
  draw_stream_seek(&run->stream, (uint32_t)(args->channel / STRIP_OUTPUTS));
}

static bool depthwise_multiply(const ams_depthwise_args_t *args) {
  const ams_abi_conv_t *conv = args->conv;
  const int64_t reach = rows_reached(conv);
  const int64_t row_size = padded_width(conv) * AMS_DEPTHWISE_STRIP;
  float *rows = args->scratch;
  depthwise_t run;
  begin_depthwise(&run, args);
  int64_t copied = args->begin * conv->stride_h; // rows, of the padded image
  for (int64_t y = args->begin; y < args->end; ++y) {
    const int64_t top = y * conv->stride_h;
    for (copied = copied < top ? top : copied; copied < top + reach; ++copied)
      copy_row(args, copied - conv->pad_top, rows + copied % reach * row_size,
               &run.values);
    run.moderate = row_values_are_moderate(&run.values);
    for (int64_t kh = 0, e = 0; kh < conv->kernel_h; ++kh)
      for (int64_t kw = 0; kw < conv->kernel_w; ++kw, ++e)
        run.at[e] = rows + (top + kh * conv->dilation_h) % reach * row_size +
                    kw * conv->dilation_w * AMS_DEPTHWISE_STRIP;
    for (int64_t column = 0; column < conv->out_w; column += TILE_VECTORS) {
      const int64_t left = conv->out_w - column;
      multiply_tile(&run, y, column, left < TILE_VECTORS ? left : TILE_VECTORS);
    }
  }
  return row_values_are_finite(&run.values);
}

#endif // AMS_ARCH_DEPTHWISE_ROWS_H
