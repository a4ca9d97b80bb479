//===-- statistics.c - Statistics of a run ------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One object a layer: how often its ADCs saturated, how often each code came,
// signal over error in dB, and seconds.
//
//===----------------------------------------------------------------------===//

#include "statistics.h"

#include "json_text.h"
#include "output_file.h"

#include <inttypes.h>
#include <math.h>

/// Counts of codes from the lowest to the highest that came.
static void print_codes(const ams_layer_statistics_t *statistics,
                        FILE *stream) {
  int32_t largest = statistics->largest_code, low = 0, high = 0;
  while (low < 2 * largest && statistics->codes[low] == 0)
    ++low;
  for (int32_t i = low; i <= 2 * largest; ++i)
    high = statistics->codes[i] ? i : high;
  fprintf(stream, "\"first_code\": %d, \"codes\": [", low - largest);
  for (int32_t i = low; i <= high; ++i)
    fprintf(stream, "%s%" PRIu64, i > low ? ", " : "", statistics->codes[i]);
  fputc(']', stream);
}

/// Signal over error in dB; null where either is 0 or not finite.
static void print_ratio(const ams_layer_statistics_t *statistics,
                        FILE *stream) {
  double ratio = 10 * log10(statistics->signal / statistics->error);
  if (isfinite(ratio))
    fprintf(stream, "%.2f", ratio);
  else
    fprintf(stream, "null");
}

static void print_layer(const ams_model_t *model, size_t index,
                        const ams_layer_statistics_t *statistics,
                        FILE *stream) {
  int32_t largest = statistics->largest_code;
  uint64_t conversions = 0;
  for (int32_t i = 0; i <= 2 * largest; ++i)
    conversions += statistics->codes[i];
  uint64_t saturated = statistics->codes[0] + statistics->codes[2 * largest];
  fprintf(stream, "    {\"name\": ");
  ams_json_print_text(
      ams_model_string(model, ams_model_layer(model, index)->name), stream);
  fprintf(stream,
          ", \"conversions\": %" PRIu64 ", \"saturated\": %" PRIu64
          ", \"saturation_rate\": %.6g,\n     \"signal_to_noise_db\": ",
          conversions, saturated,
          conversions ? (double)saturated / (double)conversions : 0);
  print_ratio(statistics, stream);
  fprintf(stream, ", \"seconds\": %.6g,\n     ", statistics->seconds);
  print_codes(statistics, stream);
  fputc('}', stream);
}

static void print_model(const ams_model_t *model,
                        const ams_run_request_t *request, FILE *stream) {
  fprintf(stream,
          "{\"seed\": %" PRIu64 ", \"device_seed\": %" PRIu64
          ", \"first_sample\": %" PRIu64 ", \"noise\": %s,\n"
          " \"layers\": [",
          request->options.seed, request->device_seed,
          request->options.first_sample,
          request->options.noise ? "true" : "false");
  ams_layer_statistics_t statistics;
  for (size_t i = 0; ams_model_layer_statistics(model, i, &statistics); ++i) {
    fprintf(stream, i ? ",\n" : "\n");
    print_layer(model, i, &statistics, stream);
  }
  fprintf(stream, "\n ]}\n");
}

ams_status_t ams_statistics_write(const ams_model_t *model,
                                  const ams_run_request_t *request) {
  if (!request->statistics_path) {
    print_model(model, request, stdout);
    return AMS_OK;
  }
  ams_output_file_t file;
  AMS_RETURN_IF_ERROR(ams_output_file_open(request->statistics_path, &file));
  print_model(model, request, file.stream);
  return ams_output_file_commit(&file);
}
