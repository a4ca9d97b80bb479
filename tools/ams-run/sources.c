//===-- sources.c - A device's sources of error in words ----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "sources.h"

#define INDENT "          "

static void print_cells(const ams_abi_sources_t *s, FILE *stream) {
  const float *programming = s->programming;
  if (programming[0] != 0 || programming[1] != 0 || programming[2] != 0)
    fprintf(
        stream,
        INDENT "weights are programmed with deviation %g + %g t + %g t^2 of "
               "the largest, t = |w| over it\n",
        (double)programming[0], (double)programming[1], (double)programming[2]);
  if (s->drift_kind != AMS_ABI_DRIFT_NONE)
    fprintf(stream,
            INDENT "weights have drifted for %g times the reference time, "
                   "exponent %g with deviation %g%s\n",
            (double)s->drift_time_ratio, (double)s->drift_exponent,
            (double)s->drift_deviation,
            s->drift_kind == AMS_ABI_DRIFT_COMPENSATED
                ? ", compensated on the outputs"
                : "");
  if (s->stuck_low > 0 || s->stuck_high > 0)
    fprintf(stream, INDENT "cells are stuck: %g of them at 0, %g at full\n",
            (double)s->stuck_low, (double)s->stuck_high);
  if (s->ir_drop > 0)
    fprintf(stream,
            INDENT "voltage drops along columns: the farthest cell of a full "
                   "one loses %g\n",
            (double)s->ir_drop);
}

static void print_columns(const ams_abi_sources_t *s, FILE *stream) {
  if (s->dac_noise > 0 || s->dac_integral != 0)
    fprintf(stream,
            INDENT "DACs have noise of deviation %g and a bow of %g LSB of the "
                   "input\n",
            (double)s->dac_noise, (double)s->dac_integral);
  if (s->read_noise > 0)
    fprintf(stream,
            INDENT "reading a weight has noise of deviation %g of the "
                   "largest\n",
            (double)s->read_noise);
  if (s->column_gain != 0 || s->column_gain_deviation > 0 ||
      s->column_offset != 0 || s->column_offset_deviation > 0)
    fprintf(stream,
            INDENT "columns have gain %g with deviation %g, offset %g with "
                   "deviation %g LSB\n",
            1 + (double)s->column_gain, (double)s->column_gain_deviation,
            (double)s->column_offset, (double)s->column_offset_deviation);
  if (s->common_deviation > 0)
    fprintf(stream, INDENT "all columns share noise of deviation %g LSB\n",
            (double)s->common_deviation);
}

static void print_adc(const ams_abi_sources_t *s, FILE *stream) {
  switch ((ams_abi_noise_t)s->noise_kind) {
  case AMS_ABI_NOISE_NONE:
    break;
  case AMS_ABI_NOISE_NORMAL:
  case AMS_ABI_NOISE_LOGISTIC:
    fprintf(stream, INDENT "ADCs have %s noise of deviation %g LSB\n",
            s->noise_kind == AMS_ABI_NOISE_NORMAL ? "normal" : "logistic",
            (double)s->noise_deviation);
    break;
  case AMS_ABI_NOISE_HISTOGRAM:
    fprintf(stream,
            INDENT "ADCs have noise by a histogram of %d bins from %g to %g "
                   "LSB\n",
            s->bins, (double)s->histogram_low, (double)s->histogram_high);
    break;
  }
  if (s->noise_spread > 0 || s->noise_growth > 0)
    fprintf(stream,
            INDENT "that noise deviates by %g of itself over columns and grows "
                   "by %g over the ADC's range\n",
            (double)s->noise_spread, (double)s->noise_growth);
  if (s->adc_integral != 0 || s->adc_differential > 0)
    fprintf(stream,
            INDENT "ADCs have a bow of %g LSB and steps that deviate by %g "
                   "LSB\n",
            (double)s->adc_integral, (double)s->adc_differential);
  if (s->repeats > 1)
    fprintf(stream, INDENT "each product is averaged over %d\n", s->repeats);
}

void ams_sources_print(const ams_abi_device_t *device, FILE *stream) {
  print_cells(&device->sources, stream);
  print_columns(&device->sources, stream);
  print_adc(&device->sources, stream);
}
