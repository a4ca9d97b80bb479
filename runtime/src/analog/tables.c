//===-- tables.c - Tables of a device's distributions -------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a draw's 16 bits stand for on one device: quantiles (S2), and what drift
// leaves (S5).
//
//===----------------------------------------------------------------------===//

#include "ams/product.h"
#include "quantiles.h"
#include "real_math.h"

#include <stdlib.h>

/// What drift leaves of a weight by the draw of its exponent (S5), and the
/// mean of that.
static float *make_drift(const ams_abi_sources_t *sources, const float *normal,
                         double *out_mean) {
  float *drift = malloc(AMS_QUANTILES * sizeof *drift);
  double log_time = ams_real_log((double)sources->drift_time_ratio), sum = 0;
  for (int32_t i = 0; drift && i < AMS_QUANTILES; ++i) {
    double exponent = (double)sources->drift_exponent +
                      (double)sources->drift_deviation * (double)normal[i];
    drift[i] = (float)ams_real_exp(exponent > 0 ? -exponent * log_time : 0);
    sum += (double)drift[i];
  }
  *out_mean = sum / AMS_QUANTILES;
  return drift;
}

static float *make_histogram(const ams_abi_sources_t *sources) {
  float *histogram = malloc(AMS_QUANTILES * sizeof *histogram);
  if (histogram)
    ams_quantiles_histogram(sources, histogram);
  return histogram;
}

ams_status_t ams_device_tables_make(const ams_abi_device_t *device,
                                    ams_device_tables_t *out_tables) {
  const ams_abi_sources_t *sources = &device->sources;
  ams_device_tables_t tables = {.normal = ams_quantiles_normal(),
                                .output_factor = 1};
  bool made = true;
  if (sources->noise_kind == AMS_ABI_NOISE_NORMAL)
    tables.noise = tables.normal;
  if (sources->noise_kind == AMS_ABI_NOISE_LOGISTIC)
    tables.noise = ams_quantiles_logistic();
  if (sources->noise_kind == AMS_ABI_NOISE_HISTOGRAM) {
    tables.noise = tables.histogram = make_histogram(sources);
    made = tables.histogram;
  }
  if (sources->drift_kind != AMS_ABI_DRIFT_NONE) {
    double mean;
    tables.drift = make_drift(sources, tables.normal, &mean);
    made = made && tables.drift;
    if (sources->drift_kind == AMS_ABI_DRIFT_COMPENSATED)
      tables.output_factor = (float)(1 / mean);
  }
  if (made) {
    *out_tables = tables;
    return AMS_OK;
  }
  ams_device_tables_free(&tables);
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                         "out of memory for the device's tables");
}

void ams_device_tables_free(ams_device_tables_t *tables) {
  free(tables->histogram);
  free(tables->drift);
  *tables = (ams_device_tables_t){0};
}
