/*===-- Analytic.c - What a gain does, without data ---------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Analytic.h"

#include <math.h>
#include <string.h>

static double upperTail(double t) { return 0.5 * erfc(t * M_SQRT1_2); }

/* t with upperTail(t) = p, by bisection. */
static double quantile(double p) {
  double low = -40, high = 40;
  for (int i = 0; i < 60; ++i) {
    double middle = (low + high) / 2;
    if (upperTail(middle) > p)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/* Mean and variance of one input's code, of a block of `length`: its scale is
 * taken to be the median of the largest magnitude. */
static void codeMoments(bool rectified, double length, double largest,
                        double *mean, double *variance) {
  double below =
      exp2(-1 / length); /* each one's, for a median of the largest */
  double scale = quantile(rectified ? 1 - below : (1 - below) / 2);
  if (scale < 1e-3)
    scale = 1e-3;
  double unit = largest / scale;
  double expected = rectified ? 1 / sqrt(2 * M_PI) : 0;
  *mean = unit * expected;
  *variance = unit * unit * ((rectified ? 0.5 : 1) - expected * expected);
}

/* The mean of max(0, x - limit)^2 for normal x, and the mass beyond it. */
static double excess(double mean, double deviation, double limit,
                     double *mass) {
  if (deviation <= 0) {
    *mass = mean > limit;
    return mean > limit ? (mean - limit) * (mean - limit) : 0;
  }
  double t = (limit - mean) / deviation, tail = upperTail(t);
  double density = exp(-t * t / 2) / sqrt(2 * M_PI);
  double value = (1 + t * t) * tail - t * density;
  *mass = tail;
  return value > 0 ? deviation * deviation * value : 0;
}

/* Variance of what the ADC adds, in LSB: rounding and noise. */
static double noiseVariance(const ams_abi_device_t *device) {
  double uniform = (double)device->noise_uniform;
  double other = (double)device->sources.noise_deviation;
  double common = (double)device->sources.common_deviation;
  return (1 + uniform * uniform) / 12 + other * other + common * common;
}

static double scaleAt(const AmsAnalyticLayer *layer, int64_t at) {
  if (!layer->scales)
    return 1;
  uint32_t bits = (uint32_t)layer->scales[at] << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return (double)value;
}

/* Sum and sum of squares of one column's codes. */
static void columnSums(const AmsAnalyticLayer *layer, int64_t at, double length,
                       double *sum, double *squares) {
  int32_t rows = layer->device.rows, bits = layer->device.bits_weight;
  if (!layer->codes) {
    double mean, variance;
    codeMoments(false, length, (double)((1 << (bits - 1)) - 1), &mean,
                &variance);
    *sum = 0;
    *squares = length * variance;
    return;
  }
  int64_t total = 0, totalSquares = 0;
  for (int64_t k = at * rows; k < (at + 1) * rows; ++k) {
    int64_t code = bits > 8 ? ((const int16_t *)layer->codes)[k]
                            : ((const int8_t *)layer->codes)[k];
    total += code;
    totalSquares += code * code;
  }
  *sum = (double)total;
  *squares = (double)totalSquares;
}

void amsAnalyticMeasure(const AmsAnalyticLayer *layer, const float *gains,
                        size_t count, AmsAnalyticFigures *figures) {
  const ams_abi_device_t *device = &layer->device;
  double largestX = (double)((1 << (device->bits_input - 1)) - 1);
  double largestW = (double)((1 << (device->bits_weight - 1)) - 1);
  double largestY = (double)((1 << (device->bits_output - 1)) - 1);
  double alpha = largestY / (device->rows * largestW * largestX);
  double variance = noiseVariance(device);
  int64_t blocks = (layer->reduction - 1) / device->rows + 1;
  /* Without weights all columns are alike. */
  int64_t outputs = layer->codes ? layer->outputs : 1;
  memset(figures, 0, count * sizeof *figures);
  for (int64_t j = 0; j < blocks; ++j) {
    int64_t left = layer->reduction - j * device->rows;
    double length = (double)(left < device->rows ? left : device->rows);
    double mean, spread;
    codeMoments(layer->rectified, length, largestX, &mean, &spread);
    for (int64_t i = 0; i < outputs; ++i) {
      double sum, squares, scale = scaleAt(layer, i * blocks + j);
      columnSums(layer, i * blocks + j, length, &sum, &squares);
      for (size_t g = 0; g < count; ++g) {
        double gain = (double)gains[g], above, below;
        double middle = gain * alpha * mean * sum;
        double deviation = gain * alpha * sqrt(spread * squares);
        double error = variance + excess(middle, deviation, largestY, &above) +
                       excess(-middle, deviation, largestY, &below);
        figures[g].error += error * (scale / gain) * (scale / gain);
        figures[g].saturation += above + below;
      }
    }
  }
  for (size_t g = 0; g < count; ++g) {
    figures[g].error /= (double)outputs;
    figures[g].saturation /= (double)outputs * (double)blocks;
  }
}

size_t amsAnalyticBest(const float *gains, size_t count,
                       const AmsAnalyticFigures *figures,
                       double mostSaturation) {
  size_t best = 0;
  for (size_t g = 1; g < count; ++g)
    if (gains[g] < gains[best])
      best = g;
  for (size_t g = 0; g < count; ++g)
    if (figures[g].saturation <= mostSaturation &&
        figures[g].error < figures[best].error)
      best = g;
  return best;
}
