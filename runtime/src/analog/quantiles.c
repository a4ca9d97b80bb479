//===-- quantiles.c - Distributions as tables ---------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "quantiles.h"

#include "real_math.h"

#include <math.h>
#include <pthread.h>
#include <stddef.h>

static float normal[AMS_QUANTILES], logistic[AMS_QUANTILES];
static pthread_once_t tables_made = PTHREAD_ONCE_INIT;

/// Where in (0, 1) the draw with the bits of `index` lies: (w + 1/2) * 2^-16
/// from the middle.
static double position(uint32_t index) {
  return ((int16_t)(uint16_t)index + 32768.5) * 0x1p-16;
}

static double logistic_quantile(double p) { return ams_real_log(p / (1 - p)); }

/// Fills `table` with quantiles, divided by their own deviation.
static void fill(double (*quantile)(double), float table[AMS_QUANTILES]) {
  double squares = 0;
  for (int i = 0; i < AMS_QUANTILES; ++i) {
    double value = quantile((i + 0.5) * 0x1p-16);
    squares += value * value;
  }
  double deviation = sqrt(squares * 0x1p-16);
  for (uint32_t i = 0; i < AMS_QUANTILES; ++i)
    table[i] = (float)(quantile(position(i)) / deviation);
}

static void make_tables(void) {
  fill(ams_normal_quantile, normal);
  fill(logistic_quantile, logistic);
}

const float *ams_quantiles_normal(void) {
  pthread_once(&tables_made, make_tables);
  return normal;
}

const float *ams_quantiles_logistic(void) {
  pthread_once(&tables_made, make_tables);
  return logistic;
}

void ams_quantiles_histogram(const ams_abi_sources_t *sources,
                             float table[AMS_QUANTILES]) {
  double total = 0;
  for (int32_t b = 0; b < sources->bins; ++b)
    total += (double)sources->histogram[b];
  double low = (double)sources->histogram_low;
  double width = ((double)sources->histogram_high - low) / sources->bins;
  double below = 0; // weight of the bins under `bin`
  int32_t bin = 0;
  for (uint32_t i = 0; i < AMS_QUANTILES; ++i) {
    double target = (i + 0.5) * 0x1p-16 * total;
    while (bin + 1 < sources->bins &&
           below + (double)sources->histogram[bin] < target)
      below += (double)sources->histogram[bin++];
    double weight = (double)sources->histogram[bin];
    double inside = weight > 0 ? (target - below) / weight : 0.5;
    inside = inside > 1 ? 1 : inside;
    table[(uint16_t)(i - 32768)] = (float)(low + width * (bin + inside));
  }
}
