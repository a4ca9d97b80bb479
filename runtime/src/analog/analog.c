//===-- analog.c - Sources made ready, operands packed ------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analog.h"

#include "bfloat16.h"
#include "condition.h"
#include "device.h"
#include "layer.h"
#include "memory.h"
#include "quantise.h"
#include "source.h"

#include <stdlib.h>
#include <string.h>

/// Bits of a signed fixed-point number of 16 bits below its sign, of which one
/// is left for values beyond the largest code.
#define FIXED_POINT_BITS 15

//===----------------------------------------------------------------------===//
// Sources
//===----------------------------------------------------------------------===//

/// A converter's bow at `t` of its range, -1 to 1: 0 at the middle and both
/// ends, 1 at most (S8, S14).
static double bow(double t) { return 2.59807621135331594029 * (t - t * t * t); }

/// What is subtracted at each code of the ADC (S14).
static float *make_adc_curve(const ams_analog_t *analog) {
  const ams_abi_sources_t *sources = &analog->device.sources;
  int32_t largest = ams_largest_code(analog->device.bits_output);
  float *curve = malloc((2 * (size_t)largest + 1) * sizeof *curve);
  if (!curve)
    return NULL;
  ams_address_t address = {.key = analog->device_seed,
                           .source = AMS_SOURCE_ADC_STEPS};
  float deviation = sources->adc_differential * 0x1.6a09e6p-1f; // 1 / sqrt(2)
  for (int32_t code = -largest; code <= largest; ++code) {
    double t = (double)code / largest;
    float smooth = (float)((double)sources->adc_integral * bow(t));
    uint16_t draw = ams_address_draw(&address, (uint32_t)(code + largest));
    curve[code + largest] = smooth + deviation * analog->tables.normal[draw];
  }
  return curve;
}

/// What the DAC gives for each code (S8).
static float *make_dac_curve(const ams_analog_t *analog) {
  int32_t largest = ams_largest_code(analog->device.bits_input);
  float *curve = malloc((2 * (size_t)largest + 1) * sizeof *curve);
  for (int32_t code = -largest; curve && code <= largest; ++code)
    curve[code + largest] =
        (float)(code + (double)analog->device.sources.dac_integral *
                           bow((double)code / largest));
  return curve;
}

/// Makes the converters' curves; false where memory is short.
static bool make_curves(ams_analog_t *analog) {
  const ams_abi_sources_t *sources = &analog->device.sources;
  if (sources->adc_integral != 0 || sources->adc_differential > 0) {
    analog->adc_curve = make_adc_curve(analog);
    if (!analog->adc_curve)
      return false;
  }
  if (sources->dac_integral != 0) {
    analog->dac_curve = make_dac_curve(analog);
    if (!analog->dac_curve)
      return false;
  }
  return true;
}

static int32_t fraction(bool errs, int32_t bits) {
  return errs && bits < FIXED_POINT_BITS ? FIXED_POINT_BITS - bits : 0;
}

static int64_t largest_value(bool errs, int32_t bits) {
  return errs ? INT16_MAX : ams_largest_code(bits);
}

ams_status_t ams_analog_make(const ams_abi_layer_t *layer, uint64_t device_seed,
                             ams_watch_t watch, ams_analog_t **out_analog) {
  const ams_abi_device_t *device = &layer->device;
  bool cells_err = ams_cells_err(&device->sources);
  bool dac_errs =
      device->sources.dac_noise > 0 || device->sources.dac_integral != 0;
  ams_device_tables_t tables;
  AMS_RETURN_IF_ERROR(ams_device_tables_make(device, &tables));
  ams_analog_t *analog = malloc(sizeof *analog);
  if (!analog) {
    ams_device_tables_free(&tables);
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  }
  *analog = (ams_analog_t){
      .device = *device,
      .layer = layer->index,
      .device_seed = device_seed,
      .weight_fraction = fraction(cells_err, device->bits_weight),
      .input_fraction = fraction(dac_errs, device->bits_input),
      .repeats = device->sources.repeats > 1 ? device->sources.repeats : 1,
      .tables = tables,
      .watch = watch,
  };
  analog->chunk_words =
      INT32_MAX / (2 * largest_value(cells_err, device->bits_weight) *
                   largest_value(dac_errs, device->bits_input));
  if (make_curves(analog)) {
    *out_analog = analog;
    return AMS_OK;
  }
  ams_analog_free(analog);
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                         "out of memory for the device's curves");
}

void ams_analog_free(ams_analog_t *analog) {
  if (!analog)
    return;
  ams_device_tables_free(&analog->tables);
  free(analog->adc_curve);
  free(analog->dac_curve);
  free(analog);
}

//===----------------------------------------------------------------------===//
// Layout
//===----------------------------------------------------------------------===//

static int64_t count_strips(const ams_geometry_t *geometry) {
  return (geometry->outputs - 1) / AMS_ANALOG_STRIP + 1;
}

static bool has_gain(const ams_abi_sources_t *sources) {
  return sources->column_gain != 0 || sources->column_gain_deviation > 0;
}

static bool has_offset(const ams_abi_sources_t *sources) {
  return sources->column_offset != 0 || sources->column_offset_deviation > 0;
}

/// Whether codes are kept beside cells that differ from them.
static bool keeps_codes(const ams_analog_t *analog) {
  return analog->watch.statistics && ams_cells_err(&analog->device.sources);
}

size_t ams_analog_weights_size(const ams_analog_t *analog,
                               const ams_geometry_t *geometry) {
  const ams_abi_sources_t *sources = &analog->device.sources;
  size_t words = (size_t)ams_analog_words(geometry);
  size_t per_output = words + 1 + (keeps_codes(analog) ? words : 0);
  per_output += has_gain(sources);
  per_output += has_offset(sources);
  per_output += sources->noise_spread > 0;
  size_t columns = (size_t)count_strips(geometry) * AMS_ANALOG_STRIP *
                   (size_t)geometry->blocks;
  size_t size;
  return __builtin_mul_overflow(columns, per_output * sizeof(float), &size)
             ? SIZE_MAX
             : size;
}

ams_analog_weights_t ams_analog_view_weights(const ams_analog_t *analog,
                                             const ams_geometry_t *geometry,
                                             const void *data) {
  const ams_abi_sources_t *sources = &analog->device.sources;
  size_t columns = (size_t)count_strips(geometry) * AMS_ANALOG_STRIP *
                   (size_t)geometry->blocks;
  ams_analog_weights_t view = {.words = (int32_t *)data};
  size_t words = columns * (size_t)ams_analog_words(geometry);
  view.codes = keeps_codes(analog) ? view.words + words : view.words;
  float *next = (float *)(view.codes + words);
  view.scales = next;
  next += columns;
  if (has_gain(sources)) {
    view.gain = next;
    next += columns;
  }
  if (has_offset(sources)) {
    view.offset = next;
    next += columns;
  }
  if (sources->noise_spread > 0)
    view.deviation = next;
  return view;
}

size_t ams_analog_inputs_size(const ams_geometry_t *geometry, int64_t vectors) {
  return (size_t)vectors * (size_t)geometry->blocks *
         (size_t)(ams_analog_words(geometry) + 1) * sizeof(int32_t);
}

ams_analog_inputs_t ams_analog_view_inputs(const ams_geometry_t *geometry,
                                           int64_t vectors, const void *data) {
  ams_analog_inputs_t view = {.words = (int32_t *)data};
  view.scales = (float *)(view.words + vectors * geometry->blocks *
                                           ams_analog_words(geometry));
  return view;
}

//===----------------------------------------------------------------------===//
// Packing and quantising
//===----------------------------------------------------------------------===//

/// A static draw of one column.
static float draw_column(const ams_analog_t *analog, uint32_t source,
                         int64_t row, int64_t block) {
  ams_address_t address = {.key = analog->device_seed,
                           .layer = analog->layer,
                           .source = source,
                           .block = (uint32_t)block};
  return analog->tables.normal[ams_address_draw(&address, (uint32_t)row)];
}

/// What the noise's quantile or unit draw is multiplied by (S13), before a
/// column's spread.
static float noise_scale(const ams_abi_device_t *device) {
  switch ((ams_abi_noise_t)device->sources.noise_kind) {
  case AMS_ABI_NOISE_NONE:
    return device->noise_uniform;
  case AMS_ABI_NOISE_HISTOGRAM:
    return 1;
  default:
    return device->sources.noise_deviation;
  }
}

/// Errors of one column (S11, S13).
static void pack_column(const ams_analog_t *analog,
                        const ams_analog_weights_t *view, size_t at,
                        int64_t row, int64_t block) {
  const ams_abi_sources_t *sources = &analog->device.sources;
  if (view->gain)
    view->gain[at] =
        1 + sources->column_gain +
        sources->column_gain_deviation *
            draw_column(analog, AMS_SOURCE_COLUMN_GAIN, row, block);
  if (view->offset)
    view->offset[at] =
        sources->column_offset +
        sources->column_offset_deviation *
            draw_column(analog, AMS_SOURCE_COLUMN_OFFSET, row, block);
  if (view->deviation) {
    float relative =
        1 + sources->noise_spread *
                draw_column(analog, AMS_SOURCE_COLUMN_SPREAD, row, block);
    view->deviation[at] =
        relative > 0 ? noise_scale(&analog->device) * relative : 0;
  }
}

/// Puts one column's values where every 64th word is its own.
static void put_column(int32_t n, const int16_t *values, int32_t *words) {
  int16_t *to = (int16_t *)words;
  for (int32_t k = 0; k < n; ++k)
    to[k / 2 * AMS_ANALOG_STRIP * 2 + k % 2] = values[k];
}

void ams_analog_pack(const ams_analog_t *analog, const ams_geometry_t *geometry,
                     int64_t first_row, const void *codes,
                     const uint16_t *scales, void *data) {
  const int64_t words = ams_analog_words(geometry), blocks = geometry->blocks;
  const int32_t n = geometry->n;
  memset(data, 0, ams_analog_weights_size(analog, geometry));
  ams_analog_weights_t view = ams_analog_view_weights(analog, geometry, data);
  int16_t wide[AMS_ANALOG_MOST_ROWS], cells[AMS_ANALOG_MOST_ROWS];
  for (int64_t i = 0; i < geometry->outputs; ++i)
    for (int64_t j = 0; j < blocks; ++j) {
      for (int32_t k = 0; k < n; ++k)
        wide[k] =
            ams_code_at(codes, geometry->bits_weight, (i * blocks + j) * n + k);
      ams_cells_program(analog, first_row + i, j, n, wide, cells);
      size_t strip = (size_t)(i / AMS_ANALOG_STRIP * blocks + j);
      size_t lane = (size_t)(i % AMS_ANALOG_STRIP);
      size_t first = strip * (size_t)words * AMS_ANALOG_STRIP + lane;
      put_column(n, cells, view.words + first);
      if (view.codes != view.words)
        put_column(n, wide, view.codes + first);
      size_t at = strip * AMS_ANALOG_STRIP + lane;
      view.scales[at] = ams_bfloat16_to_float(scales[i * blocks + j]);
      pack_column(analog, &view, at, first_row + i, j);
    }
}

int64_t ams_analog_quantise(const ams_geometry_t *geometry,
                            const ams_conditioner_t *conditioner,
                            const float *const *x, int64_t vectors,
                            void *inputs) {
  const int64_t blocks = geometry->blocks, words = ams_analog_words(geometry);
  ams_analog_inputs_t view = ams_analog_view_inputs(geometry, vectors, inputs);
  const int32_t largest = ams_largest_code(geometry->bits_input);
  memset(view.words, 0,
         (size_t)(vectors * blocks * words) * sizeof *view.words);
  for (int64_t r = 0; r < vectors; ++r) {
    const float *row = ams_conditioner_apply(conditioner, x[r], r, 0);
    if (!row)
      return r;
    for (int64_t j = 0; j < blocks; ++j) {
      int64_t begin = j * geometry->n, left = geometry->reduction - begin;
      int64_t length = left < geometry->n ? left : geometry->n;
      uint16_t scale;
      int64_t at = r * blocks + j;
      if (ams_quantise_vector_wide(row + begin, length, geometry->n, largest,
                                   (int16_t *)(view.words + at * words),
                                   &scale) >= 0)
        return r;
      view.scales[at] = ams_bfloat16_to_float(scale);
    }
  }
  return -1;
}
