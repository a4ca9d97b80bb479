//===-- multiply.h - The general product --------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A1 to D5 with the sources of S1 to S15, for a file that is compiled for one
// instruction set: loops over 64 outputs that compilers turn into vectors. Such
// a file defines, before it includes this,
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ANALOG_MULTIPLY_H
#define AMS_ANALOG_MULTIPLY_H

#include "analog.h"
#include "bfloat16.h"
#include "device.h"
#include "noise.h"
#include "profile.h"
#include "rounding.h"
#include "source.h"
#include "statistics.h"

#include <math.h>

/// Exact dot products of one vector's block with 64 columns. Sums of
/// `chunk_words` words fit 32 bits; sums of chunks are exact in float64.
typedef void analog_dot_t(int64_t words, int64_t chunk_words, const int32_t *x,
                          const int32_t *w, double d[AMS_ANALOG_STRIP]);

/// Vectors that share a strip's weights while these are in the cache.
#define ANALOG_TILE 8

/// One vector and block, ready for its dot products.
typedef struct analog_input {
  const int32_t *words;
  double length; // of the vector of its inputs, for read noise (S10)
  float common;  // what is added to every column (S12)
  _Alignas(64) int32_t converted[AMS_ANALOG_MOST_ROWS / 2]; // by the DAC
} analog_input_t;

/// What gains make of one block and strip (G1): A1's constants for a unit of
/// the fixed-point dot product, and D1's with what the outputs are scaled by.
typedef struct analog_gains {
  double step[AMS_ANALOG_STRIP];
  float k[AMS_ANALOG_STRIP];
} analog_gains_t;

typedef struct analog_run {
  const ams_multiply_args_t *args;
  const ams_analog_t *analog;
  analog_dot_t *dot;
  ams_analog_weights_t weights;
  ams_analog_inputs_t inputs;
  int64_t blocks, words;
  const analog_gains_t *gains; // of the block and strip at hand
  double unit;                 // of the fixed-point dot product
  int32_t largest;             // code of the ADC
  bool dynamic;                // whether there is noise from draw to draw
  bool redraws;                // whether each repeat has inputs of its own
} analog_run_t;

/// Finds them for the strip from output `first` on. Outputs beyond the last
/// have any.
static void analog_find_gains(const analog_run_t *run, const ams_gains_t *gains,
                              int64_t block, int64_t first,
                              analog_gains_t *found) {
  const int64_t left = run->args->geometry->outputs - first;
  float alphas[AMS_ANALOG_STRIP] = {0}, ks[AMS_ANALOG_STRIP] = {0};
  ams_gains_spread(gains, first,
                   left < AMS_ANALOG_STRIP ? left : AMS_ANALOG_STRIP, block,
                   alphas, ks);
  for (int i = 0; i < AMS_ANALOG_STRIP; ++i) {
    found->step[i] = (double)alphas[i] * run->unit;
    found->k[i] = ks[i] * run->analog->tables.output_factor;
  }
}

static inline ams_address_t analog_address(const analog_run_t *run,
                                           uint32_t source, int64_t r,
                                           int64_t block, int32_t repeat) {
  const ams_noise_t *noise = &run->args->noise;
  return (ams_address_t){.key = noise->seed,
                         .layer = noise->layer,
                         .source = source,
                         .repeat = (uint32_t)repeat,
                         .vector = noise->first_vector + (uint64_t)r,
                         .block = (uint32_t)block};
}

/// The draws of 64 rows from any row on.
static inline void analog_draw_rows(const ams_address_t *address, int64_t row,
                                    uint16_t draws[64]) {
  uint32_t group = (uint32_t)(row / 64), skip = (uint32_t)(row % 64);
  if (skip == 0) {
    ams_address_draw_group(address, group, draws);
    return;
  }
  uint16_t both[128];
  ams_address_draw_group(address, group, both);
  ams_address_draw_group(address, group + 1, both + 64);
  memcpy(draws, both + skip, 64 * sizeof *draws);
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

/// The DAC (S8): codes to fixed point. Idle rows stay at 0.
static void analog_convert(const analog_run_t *run, int64_t r, int64_t block,
                           int32_t repeat, analog_input_t *input) {
  const ams_analog_t *analog = run->analog;
  const ams_geometry_t *geometry = run->args->geometry;
  const int16_t *codes = (const int16_t *)input->words;
  int16_t *to = (int16_t *)input->converted;
  int64_t left = geometry->reduction - block * geometry->n;
  int64_t length = left < geometry->n ? left : geometry->n;
  int32_t largest = ams_largest_code(geometry->bits_input);
  float unit = (float)(INT32_C(1) << analog->input_fraction);
  float deviation = run->dynamic ? analog->device.sources.dac_noise : 0;
  ams_address_t address = analog_address(run, AMS_SOURCE_DAC, r, block, repeat);
  memset(to, 0, (size_t)run->words * sizeof(int32_t));
  for (int64_t first = 0; first < length; first += 64) {
    int64_t count = length - first < 64 ? length - first : 64;
    uint16_t draws[64] = {0};
    if (deviation > 0)
      ams_address_draw_group(&address, (uint32_t)(first / 64), draws);
    for (int64_t i = 0; i < count; ++i) {
      int16_t code = codes[first + i];
      float value =
          analog->dac_curve ? analog->dac_curve[code + largest] : code;
      if (deviation > 0)
        value += deviation * analog->tables.normal[draws[i]];
      to[first + i] = (int16_t)ams_round_clamped(value * unit, INT16_MAX);
    }
  }
  input->words = input->converted;
}

/// The sum of squares of a block's inputs in fixed point, exact.
static inline int64_t analog_squares(const analog_run_t *run,
                                     const int32_t *words) {
  const int16_t *x = (const int16_t *)words;
  int64_t sum = 0;
  for (int64_t k = 0; k < 2 * run->words; ++k)
    sum += (int32_t)x[k] * x[k];
  return sum;
}

static void analog_prepare(const analog_run_t *run, int64_t r, int64_t block,
                           int32_t repeat, analog_input_t *input) {
  const ams_abi_sources_t *sources = &run->analog->device.sources;
  input->words = run->inputs.words + (r * run->blocks + block) * run->words;
  input->length = 0;
  input->common = 0;
  if (run->analog->dac_curve || sources->dac_noise > 0)
    analog_convert(run, r, block, repeat, input);
  if (!run->dynamic)
    return;
  if (sources->read_noise > 0)
    input->length = sqrt((double)analog_squares(run, input->words));
  if (sources->common_deviation > 0) {
    ams_address_t address =
        analog_address(run, AMS_SOURCE_COMMON, r, block, repeat);
    input->common = sources->common_deviation *
                    run->analog->tables.normal[ams_address_draw(&address, 0)];
  }
}

//===----------------------------------------------------------------------===//
// Outputs
//===----------------------------------------------------------------------===//

/// S13: adds the ADC's noise to the values of 64 columns from `at` on.
static inline void analog_add_noise(const analog_run_t *run,
                                    const ams_address_t *address, int64_t row,
                                    size_t at, float values[64]) {
  const ams_abi_device_t *device = &run->analog->device;
  const float *table = run->analog->tables.noise;
  const float *deviation =
      run->weights.deviation ? run->weights.deviation + at : NULL;
  float scale = table ? device->sources.noise_kind == AMS_ABI_NOISE_HISTOGRAM
                            ? 1
                            : device->sources.noise_deviation
                      : device->noise_uniform;
  uint16_t draws[64];
  float noise[64];
  analog_draw_rows(address, row, draws);
  if (table)
    for (int i = 0; i < 64; ++i)
      noise[i] = table[draws[i]];
  else
    for (int i = 0; i < 64; ++i)
      noise[i] = ((float)(int16_t)draws[i] + 0.5f) * 0x1p-16f;
  if (deviation)
    for (int i = 0; i < 64; ++i)
      noise[i] = deviation[i] * noise[i];
  else
    for (int i = 0; i < 64; ++i)
      noise[i] = scale * noise[i];
  float growth = device->sources.noise_growth;
  if (growth > 0) {
    float range = (float)run->largest;
    for (int i = 0; i < 64; ++i) {
      float magnitude = fabsf(values[i]);
      magnitude = magnitude < range ? magnitude : range;
      noise[i] = noise[i] * (1 + growth * (magnitude / range));
    }
  }
  for (int i = 0; i < 64; ++i)
    values[i] = values[i] + noise[i];
}

/// Which of 64 values the ADC clips, as bits (B2).
static inline uint64_t analog_find_clipped(const float values[64],
                                           int32_t largest) {
  const float bound = (float)largest + 0.5f;
  int32_t any = 0;
  for (int i = 0; i < 64; ++i)
    any |= fabsf(values[i]) >= bound;
  uint64_t clipped = 0;
  for (int i = 0; i < 64 && any; ++i)
    clipped |= (uint64_t)(fabsf(values[i]) >= bound) << i;
  return clipped;
}

/// S10: adds read noise to the values of 64 columns.
static inline void analog_add_read_noise(const analog_run_t *run,
                                         const analog_input_t *input,
                                         const ams_address_t *address,
                                         int64_t row, float values[64]) {
  const ams_analog_t *analog = run->analog;
  // In units of the dot product's step: L_W codes of weight.
  const double deviation = (double)analog->device.sources.read_noise *
                           ams_largest_code(analog->device.bits_weight) *
                           (double)(INT64_C(1) << analog->weight_fraction);
  uint16_t draws[64];
  float read[64];
  analog_draw_rows(address, row, draws);
  for (int i = 0; i < 64; ++i)
    read[i] = (float)(deviation * run->gains->step[i] * input->length);
  for (int i = 0; i < 64; ++i)
    values[i] = values[i] + read[i] * analog->tables.normal[draws[i]];
}

/// S9 to S14 for one conversion of 64 columns: adds the codes to `sums`.
/// Returns which of them were clipped, if that is recorded.
static inline uint64_t
analog_digitise(const analog_run_t *run, const analog_input_t *input,
                const double d[64], int64_t r, int64_t block, int32_t repeat,
                int64_t first, size_t at, int32_t sums[64]) {
  const ams_analog_t *analog = run->analog;
  int64_t row = run->args->noise.first_row + first;
  float values[64];
  for (int i = 0; i < 64; ++i)
    values[i] = (float)(d[i] * run->gains->step[i]);
  if (input->length > 0) {
    ams_address_t address =
        analog_address(run, AMS_SOURCE_READ, r, block, repeat);
    analog_add_read_noise(run, input, &address, row, values);
  }
  if (run->weights.gain)
    for (int i = 0; i < 64; ++i)
      values[i] = run->weights.gain[at + (size_t)i] * values[i];
  if (run->weights.offset)
    for (int i = 0; i < 64; ++i)
      values[i] = values[i] + run->weights.offset[at + (size_t)i];
  if (run->dynamic && analog->device.sources.common_deviation > 0)
    for (int i = 0; i < 64; ++i)
      values[i] = values[i] + input->common;
  if (run->dynamic &&
      (analog->tables.noise || analog->device.noise_uniform > 0)) {
    ams_address_t address =
        analog_address(run, AMS_SOURCE_ADC, r, block, repeat);
    analog_add_noise(run, &address, row, at, values);
  }
  int32_t largest = run->largest;
  if (analog->adc_curve)
    for (int i = 0; i < 64; ++i) {
      int32_t code = ams_round_clamped(values[i], largest);
      values[i] = values[i] - analog->adc_curve[code + largest];
    }
  int32_t codes[64];
  for (int i = 0; i < 64; ++i) {
    codes[i] = ams_round_clamped(values[i], largest);
    sums[i] += codes[i];
  }
  if (analog->watch.statistics) {
    int64_t left = run->args->end - first;
    ams_statistics_count(analog->watch.statistics, codes,
                         left < 64 ? left : 64);
  }
  return run->args->clipped ? analog_find_clipped(values, largest) : 0;
}

/// Where the columns of a strip's block begin.
static inline size_t analog_column(const analog_run_t *run, int64_t block,
                                   int64_t first) {
  return (size_t)((first / AMS_ANALOG_STRIP * run->blocks + block) *
                  AMS_ANALOG_STRIP);
}

static inline void analog_dot(const analog_run_t *run,
                              const analog_input_t *input, size_t at,
                              double d[AMS_ANALOG_STRIP]) {
  run->dot(run->words, run->analog->chunk_words, input->words,
           run->weights.words + at * (size_t)run->words, d);
}

/// What the ADCs give for one vector, block and strip, over all repeats (S15),
/// of which the first has the dot products `d` of a prepared input. Returns
/// which were clipped in any repeat, if that is recorded.
static uint64_t analog_codes(const analog_run_t *run, analog_input_t *input,
                             const double d[AMS_ANALOG_STRIP], int64_t r,
                             int64_t block, int64_t first,
                             float codes[AMS_ANALOG_STRIP]) {
  const int32_t repeats = run->analog->repeats;
  const size_t at = analog_column(run, block, first);
  double redrawn[AMS_ANALOG_STRIP];
  int32_t sums[AMS_ANALOG_STRIP] = {0};
  uint64_t clipped = 0;
  for (int32_t repeat = 0; repeat < repeats; ++repeat) {
    if (repeat > 0)
      analog_prepare(run, r, block, repeat, input);
    bool redraws = repeat > 0 && run->redraws;
    if (redraws)
      analog_dot(run, input, at, redrawn);
    clipped |= analog_digitise(run, input, redraws ? redrawn : d, r, block,
                               repeat, first, at, sums);
  }
  for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
    codes[i] = (float)sums[i];
  if (repeats > 1)
    for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
      codes[i] = codes[i] / (float)repeats;
  return clipped;
}

#include "profile_gains.h"

/// Records what was clipped of one vector, block and strip; nothing of columns
/// that hold no output.
static inline void analog_record(const ams_multiply_args_t *args, int64_t r,
                                 int64_t block, int64_t first,
                                 uint64_t clipped) {
  const int64_t left = args->end - first;
  const int64_t count = left < AMS_ANALOG_STRIP ? left : AMS_ANALOG_STRIP;
  uint8_t *to = args->clipped + r * args->clipped_stride +
                block * args->clipped_row + first / 8;
  if (count < 64)
    clipped &= (UINT64_C(1) << count) - 1;
  for (int64_t i = 0; i < count; i += 8)
    to[i / 8] = (uint8_t)(clipped >> i);
}

/// One vector, block and strip: its results, and what follows them (D2, D3,
/// D4's sum).
static void analog_strip(const analog_run_t *run, analog_input_t *input,
                         int64_t r, int64_t block, int64_t first) {
  const ams_multiply_args_t *args = run->args;
  const size_t at = analog_column(run, block, first);
  double d[AMS_ANALOG_STRIP];
  float codes[AMS_ANALOG_STRIP], partials[AMS_ANALOG_STRIP];
  const analog_gains_t *gains = run->gains;
  if (run->analog->repeats > 1)
    analog_prepare(run, r, block, 0, input);
  analog_dot(run, input, at, d);
  uint64_t clipped = 0;
  if (run->analog->watch.ideal)
    for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
      codes[i] = (float)(d[i] * gains->step[i]);
  else
    clipped = analog_codes(run, input, d, r, block, first, codes);
  if (args->clipped)
    analog_record(args, r, block, first, clipped);
  const float *scales = run->weights.scales + at;
  float input_scale = run->inputs.scales[r * run->blocks + block];
  for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
    partials[i] = codes[i] * (gains->k[i] * scales[i] * input_scale);
  if (args->geometry->partial_format == AMS_ABI_FORMAT_BF16)
    for (int i = 0; i < AMS_ANALOG_STRIP; ++i)
      partials[i] = ams_bfloat16_round(partials[i]);
  int64_t left = args->end - first;
  int64_t count = left < AMS_ANALOG_STRIP ? left : AMS_ANALOG_STRIP;
  float *y = args->y + r * args->y_stride + first;
  for (int64_t i = 0; i < count; ++i)
    y[i] = block ? y[i] + partials[i] : partials[i];
  if (!args->means)
    return;
  const float mean = args->means[r * run->blocks + block];
  const float *weights = args->sums + block * args->sums_stride + first;
  for (int64_t i = 0; i < count; ++i)
    y[i] = y[i] + mean * weights[i]; // C5
}

static void analog_multiply(const ams_multiply_args_t *args,
                            analog_dot_t *dot) {
  const ams_analog_t *analog = args->analog;
  const ams_geometry_t *geometry = args->geometry;
  int32_t fraction = analog->weight_fraction + analog->input_fraction;
  analog_gains_t gains;
  const analog_run_t run = {
      .args = args,
      .analog = analog,
      .dot = dot,
      .weights = ams_analog_view_weights(analog, geometry, args->weights),
      .inputs = ams_analog_view_inputs(geometry, args->vectors, args->inputs),
      .blocks = geometry->blocks,
      .words = ams_analog_words(geometry),
      .gains = &gains,
      .unit = 1 / (double)(INT64_C(1) << fraction),
      .largest = ams_largest_code(geometry->bits_output),
      .dynamic = args->noise.enabled,
      .redraws = args->noise.enabled && analog->device.sources.dac_noise > 0,
  };
  const bool differ = ams_gains_differ(&args->gains);
  analog_find_gains(&run, &args->gains, 0, args->begin, &gains);
  analog_input_t inputs[ANALOG_TILE];
  for (int64_t tile = 0; tile < args->vectors; tile += ANALOG_TILE) {
    int64_t left = args->vectors - tile;
    int64_t vectors = left < ANALOG_TILE ? left : ANALOG_TILE;
    for (int64_t block = 0; block < geometry->blocks; ++block) {
      for (int64_t v = 0; v < vectors; ++v)
        analog_prepare(&run, tile + v, block, 0, &inputs[v]);
      for (int64_t first = args->begin; first < args->end;
           first += AMS_ANALOG_STRIP) {
        if (differ)
          analog_find_gains(&run, &args->gains, block, first, &gains);
        for (int64_t v = 0; v < vectors; ++v)
          analog_strip(&run, &inputs[v], tile + v, block, first);
      }
    }
  }
  if (geometry->partial_format == AMS_ABI_FORMAT_BF16)
    for (int64_t r = 0; r < args->vectors; ++r)
      for (int64_t i = args->begin; i < args->end; ++i)
        args->y[r * args->y_stride + i] =
            ams_bfloat16_round(args->y[r * args->y_stride + i]);
  if (analog->watch.statistics)
    ams_statistics_compare(analog->watch.statistics, args);
  if (analog->watch.profile)
    analog_profile(&run);
}

#endif // AMS_ANALOG_MULTIPLY_H
