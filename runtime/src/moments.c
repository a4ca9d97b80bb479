//===-- moments.c - Second moments of a layer's inputs ------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Inputs are rounded to whole numbers of the grid and laid out column by
// column, so that a moment is a dot product of 16-bit numbers.
//
//===----------------------------------------------------------------------===//

#include "moments.h"

#include "analog/analog.h"
#include "device.h"
#include "layer.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/// The grid's largest number, and vectors whose products' sum fits 32 bits.
#define LARGEST 2047
#define CHUNK 256

struct ams_moments {
  pthread_mutex_t mutex;
  ams_moments_phase_t phase;
  float range; // largest scale of any input
  int64_t groups, columns, span, vectors;
  bool failed;   // memory was short
  int64_t *sums; // where a <= b; NULL until they are gathered
};

bool ams_moments_count(int64_t groups, int64_t columns, int64_t span,
                       size_t *out_count) {
  int64_t last = (columns - 1) % span + 1, square, count;
  if (__builtin_mul_overflow(span, span, &square) ||
      __builtin_mul_overflow((columns - 1) / span, square, &count) ||
      __builtin_add_overflow(count, last * last, &count) ||
      __builtin_mul_overflow(count, groups, &count) ||
      count > INT64_MAX / (int64_t)sizeof(double))
    return false;
  *out_count = (size_t)count;
  return true;
}

ams_moments_t *ams_moments_make(const ams_abi_layer_t *layer) {
  ams_moments_t *moments = calloc(1, sizeof *moments);
  if (!moments)
    return NULL;
  int64_t n = layer->device.rows;
  moments->groups = layer->groups;
  moments->columns = ams_layer_geometry(layer).reduction;
  moments->span =
      n < AMS_MOMENTS_MOST_COLUMNS ? AMS_MOMENTS_MOST_COLUMNS / n * n : n;
  if (moments->span > moments->columns)
    moments->span = moments->columns;
  if (pthread_mutex_init(&moments->mutex, NULL) == 0)
    return moments;
  free(moments);
  return NULL;
}

void ams_moments_free(ams_moments_t *moments) {
  if (!moments)
    return;
  pthread_mutex_destroy(&moments->mutex);
  free(moments->sums);
  free(moments);
}

bool ams_moments_begin(ams_moments_t *moments, ams_moments_phase_t phase) {
  moments->phase = phase;
  moments->vectors = 0;
  moments->failed = false;
  free(moments->sums);
  moments->sums = NULL;
  if (phase == AMS_MOMENTS_RANGE)
    moments->range = 0;
  if (phase != AMS_MOMENTS_SUMS)
    return true;
  size_t count;
  if (ams_moments_count(moments->groups, moments->columns, moments->span,
                        &count))
    moments->sums = calloc(count, sizeof *moments->sums);
  return moments->sums != NULL;
}

static void add_range(ams_moments_t *moments, const float *scales,
                      int64_t count) {
  float range = 0;
  for (int64_t i = 0; i < count; ++i)
    range = scales[i] > range ? scales[i] : range;
  pthread_mutex_lock(&moments->mutex);
  moments->range = range > moments->range ? range : moments->range;
  pthread_mutex_unlock(&moments->mutex);
}

/// Some vectors of quantised inputs.
typedef struct part {
  const ams_geometry_t *geometry;
  ams_analog_inputs_t inputs;
  int64_t first, vectors; // at most CHUNK
} part_t;

/// Columns first .. first + size - 1 of `part` on the grid, to
/// [size][CHUNK].
static void lay_out(const ams_moments_t *moments, const part_t *part,
                    int64_t first, int64_t size, int16_t *columns) {
  const ams_geometry_t *geometry = part->geometry;
  const int64_t words = ams_analog_words(geometry);
  const float unit = LARGEST / (float)ams_largest_code(geometry->bits_input);
  for (int64_t v = 0; v < part->vectors; ++v)
    for (int64_t a = 0; a < size; ++a) {
      const int64_t block =
          (part->first + v) * geometry->blocks + (first + a) / geometry->n;
      const int16_t *codes =
          (const int16_t *)(part->inputs.words + block * words);
      const float code = codes[(first + a) % geometry->n];
      const float scale = part->inputs.scales[block] / moments->range;
      columns[a * CHUNK + v] = (int16_t)rintf(code * unit * scale);
    }
}

static int32_t dot(const int16_t *a, const int16_t *b, int64_t count) {
  int32_t sum = 0;
  for (int64_t v = 0; v < count; ++v)
    sum += a[v] * b[v];
  return sum;
}

static void add_chunk(ams_moments_t *moments, const part_t *part, int64_t *sums,
                      int16_t *columns, int32_t *row) {
  for (int64_t first = 0; first < moments->columns; first += moments->span) {
    const int64_t left = moments->columns - first;
    const int64_t size = left < moments->span ? left : moments->span;
    lay_out(moments, part, first, size, columns);
    for (int64_t a = 0; a < size; ++a) {
      for (int64_t b = a; b < size; ++b)
        row[b] = dot(columns + a * CHUNK, columns + b * CHUNK, part->vectors);
      pthread_mutex_lock(&moments->mutex);
      for (int64_t b = a; b < size; ++b)
        sums[a * size + b] += row[b];
      pthread_mutex_unlock(&moments->mutex);
    }
    sums += size * size;
  }
}

static void add_sums(ams_moments_t *moments, part_t part, int64_t group,
                     int64_t vectors) {
  size_t count;
  int16_t *columns = malloc((size_t)moments->span * CHUNK * sizeof *columns);
  int32_t *row = malloc((size_t)moments->span * sizeof *row);
  const bool ok =
      columns && row &&
      ams_moments_count(group, moments->columns, moments->span, &count);
  for (; ok && part.first < vectors; part.first += CHUNK) {
    part.vectors = vectors - part.first < CHUNK ? vectors - part.first : CHUNK;
    add_chunk(moments, &part, moments->sums + count, columns, row);
  }
  pthread_mutex_lock(&moments->mutex);
  moments->failed |= !ok;
  if (group == 0)
    moments->vectors += vectors;
  pthread_mutex_unlock(&moments->mutex);
  free(columns);
  free(row);
}

void ams_moments_add(ams_moments_t *moments, const ams_geometry_t *geometry,
                     int64_t group, int64_t vectors, const void *inputs) {
  const part_t part = {
      .geometry = geometry,
      .inputs = ams_analog_view_inputs(geometry, vectors, inputs),
  };
  if (moments->phase == AMS_MOMENTS_RANGE)
    add_range(moments, part.inputs.scales, vectors * geometry->blocks);
  else if (moments->phase == AMS_MOMENTS_SUMS && moments->range > 0)
    add_sums(moments, part, group, vectors);
}

ams_status_t ams_moments_read(ams_moments_t *moments,
                              ams_layer_moments_t *out_moments) {
  if (!moments->sums)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "its second moments were not summed");
  if (moments->failed)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                           "out of memory for second moments");
  int64_t *sums = moments->sums;
  for (int64_t group = 0; group < moments->groups; ++group)
    for (int64_t first = 0; first < moments->columns; first += moments->span) {
      const int64_t left = moments->columns - first;
      const int64_t size = left < moments->span ? left : moments->span;
      for (int64_t a = 0; a < size; ++a)
        for (int64_t b = 0; b < a; ++b)
          sums[a * size + b] = sums[b * size + a];
      sums += size * size;
    }
  *out_moments = (ams_layer_moments_t){.groups = moments->groups,
                                       .columns = moments->columns,
                                       .span = moments->span,
                                       .vectors = moments->vectors,
                                       .sums = moments->sums};
  return AMS_OK;
}
