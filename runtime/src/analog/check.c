//===-- check.c - Checks of a device's sources --------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges of ams_abi_sources_t; a model may come from anywhere. Bounds keep
// every number of S1 to S15 finite.
//
//===----------------------------------------------------------------------===//

#include "analog.h"

#include <math.h>

/// Most LSB of any noise or error.
#define MOST_LSB 1e6f

typedef struct range {
  const char *field;
  float value, least, most;
} range_t;

static ams_status_t check_range(const range_t *range) {
  if (range->value >= range->least && range->value <= range->most)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "device: %s is %g; it must be from %g to %g",
                         range->field, (double)range->value,
                         (double)range->least, (double)range->most);
}

static ams_status_t check_histogram(const ams_abi_device_t *device) {
  const ams_abi_sources_t *sources = &device->sources;
  if (sources->noise_kind != AMS_ABI_NOISE_HISTOGRAM)
    return AMS_OK;
  if (sources->bins < 1 || sources->bins > AMS_ABI_MAX_BINS)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "device: histogram has %d bins; it must have from 1 "
                           "to %d",
                           sources->bins, AMS_ABI_MAX_BINS);
  float most = 0;
  for (int32_t b = 0; b < sources->bins; ++b) {
    if (!(sources->histogram[b] >= 0) || isinf(sources->histogram[b]))
      return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                             "device: bin %d of the histogram has weight %g; "
                             "it must be finite and at least 0",
                             b, (double)sources->histogram[b]);
    most = sources->histogram[b] > most ? sources->histogram[b] : most;
  }
  if (most > 0 && sources->histogram_low < sources->histogram_high)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                         "device: the histogram from %g to %g LSB is empty",
                         (double)sources->histogram_low,
                         (double)sources->histogram_high);
}

ams_status_t ams_sources_check(const ams_abi_device_t *device) {
  const ams_abi_sources_t *s = &device->sources;
  const range_t ranges[] = {
      {"kind of ADC noise", (float)s->noise_kind, 0, AMS_ABI_NOISE_HISTOGRAM},
      {"deviation of the ADC noise", s->noise_deviation, 0, MOST_LSB},
      {"spread of the ADC noise over columns", s->noise_spread, 0, 10},
      {"growth of the ADC noise", s->noise_growth, 0, 1000},
      {"deviation of the common noise", s->common_deviation, 0, MOST_LSB},
      {"gain error of columns", s->column_gain, -1, 10},
      {"deviation of columns' gain", s->column_gain_deviation, 0, 10},
      {"offset of columns", s->column_offset, -MOST_LSB, MOST_LSB},
      {"deviation of columns' offset", s->column_offset_deviation, 0, MOST_LSB},
      {"integral non-linearity of the ADC", s->adc_integral, -MOST_LSB,
       MOST_LSB},
      {"differential non-linearity of the ADC", s->adc_differential, 0,
       MOST_LSB},
      {"noise of the DAC", s->dac_noise, 0, MOST_LSB},
      {"integral non-linearity of the DAC", s->dac_integral, -MOST_LSB,
       MOST_LSB},
      {"constant part of the programming error", s->programming[0], -10, 10},
      {"proportional part of the programming error", s->programming[1], -10,
       10},
      {"quadratic part of the programming error", s->programming[2], -10, 10},
      {"rate of cells stuck low", s->stuck_low, 0, 1},
      {"rate of cells stuck high", s->stuck_high, 0, 1},
      {"rate of stuck cells", s->stuck_low + s->stuck_high, 0, 1},
      {"read noise", s->read_noise, 0, 10},
      {"kind of drift", (float)s->drift_kind, 0, AMS_ABI_DRIFT_COMPENSATED},
      {"mean exponent of the drift", s->drift_exponent, 0, 1},
      {"deviation of the drift's exponent", s->drift_deviation, 0, 1},
      {"voltage drop along a column", s->ir_drop, 0, 1},
      {"number of repeats", (float)s->repeats, 0, 256},
      {"histogram's low end", s->histogram_low, -MOST_LSB, MOST_LSB},
      {"histogram's high end", s->histogram_high, -MOST_LSB, MOST_LSB},
  };
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; ++i)
    AMS_RETURN_IF_ERROR(check_range(&ranges[i]));
  if (s->noise_kind != AMS_ABI_NOISE_NONE && device->noise_uniform > 0)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "device: the ADC has uniform noise and another "
                           "kind; it must have one");
  if (s->drift_kind != AMS_ABI_DRIFT_NONE) {
    const range_t time = {"drift's time over its reference",
                          s->drift_time_ratio, 1, 1e20f};
    AMS_RETURN_IF_ERROR(check_range(&time));
  }
  return check_histogram(device);
}

const char *ams_device_general(const ams_abi_device_t *device) {
  const ams_abi_sources_t *s = &device->sources;
  const float *programming = s->programming;
  const struct {
    bool present;
    const char *name;
  } sources[] = {
      {device->bits_weight > 8 || device->bits_input > 8,
       "converters of more than 8 bits"},
      {programming[0] != 0 || programming[1] != 0 || programming[2] != 0,
       "programming"},
      {s->drift_kind != AMS_ABI_DRIFT_NONE, "drift"},
      {s->stuck_low > 0 || s->stuck_high > 0, "stuck"},
      {s->ir_drop > 0, "ir_drop"},
      {s->dac_noise > 0 || s->dac_integral != 0, "dac"},
      {s->read_noise > 0, "read_noise"},
      {s->column_gain != 0 || s->column_gain_deviation > 0 ||
           s->column_offset != 0 || s->column_offset_deviation > 0,
       "column_error"},
      {s->common_deviation > 0, "common"},
      {s->noise_kind == AMS_ABI_NOISE_NORMAL, "normal"},
      {s->noise_kind == AMS_ABI_NOISE_LOGISTIC, "logistic"},
      {s->noise_kind == AMS_ABI_NOISE_HISTOGRAM, "histogram"},
      {s->noise_spread > 0 || s->noise_growth > 0, "adc_spread"},
      {s->adc_integral != 0 || s->adc_differential > 0, "adc_nonlinearity"},
      {s->repeats > 1, "repeat"},
  };
  for (size_t i = 0; i < sizeof sources / sizeof *sources; ++i)
    if (sources[i].present)
      return sources[i].name;
  return NULL;
}
