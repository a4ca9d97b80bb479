//===-- statistics.c - What the products of a layer did -----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "statistics.h"

#include "analog/analog.h"
#include "device.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct ams_statistics {
  int32_t largest;
  pthread_mutex_t mutex; // for the sums
  double signal, error, seconds;
  _Atomic uint64_t codes[]; // [2 * largest + 1]
};

ams_statistics_t *ams_statistics_make(int32_t largest) {
  ams_statistics_t *statistics =
      calloc(1, sizeof *statistics +
                    (2 * (size_t)largest + 1) * sizeof *statistics->codes);
  if (!statistics)
    return NULL;
  statistics->largest = largest;
  if (pthread_mutex_init(&statistics->mutex, NULL) == 0)
    return statistics;
  free(statistics);
  return NULL;
}

void ams_statistics_free(ams_statistics_t *statistics) {
  if (!statistics)
    return;
  pthread_mutex_destroy(&statistics->mutex);
  free(statistics);
}

void ams_statistics_count(ams_statistics_t *statistics, const int32_t *codes,
                          int64_t count) {
  for (int64_t i = 0; i < count; ++i)
    atomic_fetch_add_explicit(
        &statistics->codes[codes[i] + statistics->largest], 1,
        memory_order_relaxed);
}

/// The exact dot product of one vector's block with one column, codes by codes.
static int64_t exact_dot(int64_t words, const int32_t *x, const int32_t *w) {
  const int16_t *pairs = (const int16_t *)x, *column = (const int16_t *)w;
  int64_t sum = 0;
  for (int64_t word = 0; word < words; ++word)
    for (int64_t odd = 0; odd < 2; ++odd)
      sum += (int64_t)pairs[2 * word + odd] *
             column[2 * word * AMS_ANALOG_STRIP + odd];
  return sum;
}

void ams_statistics_compare(ams_statistics_t *statistics,
                            const ams_multiply_args_t *args) {
  const ams_geometry_t *geometry = args->geometry;
  const int64_t words = ams_analog_words(geometry);
  ams_analog_weights_t weights =
      ams_analog_view_weights(args->analog, geometry, args->weights);
  ams_analog_inputs_t inputs =
      ams_analog_view_inputs(geometry, args->vectors, args->inputs);
  double unit = 1.0 / ((double)ams_largest_code(geometry->bits_weight) *
                       ams_largest_code(geometry->bits_input));
  double signal = 0, error = 0;
  for (int64_t r = 0; r < args->vectors; ++r)
    for (int64_t i = args->begin; i < args->end; ++i) {
      double exact = 0;
      for (int64_t j = 0; j < geometry->blocks; ++j) {
        int64_t strip = i / AMS_ANALOG_STRIP * geometry->blocks + j;
        int64_t lane = i % AMS_ANALOG_STRIP, input = r * geometry->blocks + j;
        int64_t d =
            exact_dot(words, inputs.words + input * words,
                      weights.codes + strip * words * AMS_ANALOG_STRIP + lane);
        exact += (double)d * unit *
                 (double)weights.scales[strip * AMS_ANALOG_STRIP + lane] *
                 (double)inputs.scales[input];
        if (args->means)
          exact += (double)args->means[input] *
                   (double)args->sums[j * args->sums_stride + i];
      }
      double difference = (double)args->y[r * args->y_stride + i] - exact;
      signal += exact * exact;
      error += difference * difference;
    }
  pthread_mutex_lock(&statistics->mutex);
  statistics->signal += signal;
  statistics->error += error;
  pthread_mutex_unlock(&statistics->mutex);
}

void ams_statistics_add_time(ams_statistics_t *statistics, double seconds) {
  pthread_mutex_lock(&statistics->mutex);
  statistics->seconds += seconds;
  pthread_mutex_unlock(&statistics->mutex);
}

ams_layer_statistics_t ams_statistics_read(const ams_statistics_t *statistics) {
  return (ams_layer_statistics_t){
      .largest_code = statistics->largest,
      .codes = (const uint64_t *)statistics->codes,
      .signal = statistics->signal,
      .error = statistics->error,
      .seconds = statistics->seconds,
  };
}
