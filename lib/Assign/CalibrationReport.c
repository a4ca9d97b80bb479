/*===-- CalibrationReport.c - What was chosen, and why ------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "CalibrationReport.h"

#include "Conditioning.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static double decibels(double signal, double error) {
  return 10 * log10(signal / error);
}

/* A number, or a dash for what is infinite or unknown. */
static void printDecibels(FILE *stream, double value) {
  if (isfinite(value))
    fprintf(stream, " %8.1f dB", value);
  else
    fprintf(stream, " %8s   ", "-");
}

static int nameWidth(const AmsProfile *profile) {
  size_t width = strlen("layer");
  for (size_t i = 0; i < profile->numLayers; ++i)
    if (strlen(profile->layers[i].name) > width)
      width = strlen(profile->layers[i].name);
  return (int)width;
}

/* "8", or "4-16" of blocks or tiles. */
static void printGain(char *text, size_t size, const AmsAssignedGain *own) {
  float least = own->gain, most = own->gain;
  for (int64_t j = 0; j < own->numGains; ++j) {
    least = own->gains[j] < least ? own->gains[j] : least;
    most = own->gains[j] > most ? own->gains[j] : most;
  }
  if (least < most)
    snprintf(text, size, "%g-%g", (double)least, (double)most);
  else
    snprintf(text, size, "%g", (double)own->gain);
}

static bool anyConditioned(const AmsProfile *profile) {
  bool any = false;
  for (size_t i = 0; i < profile->numLayers; ++i)
    any |= amsProfileCondition(&profile->layers[i]) != 0;
  return any;
}

static void printLayers(const AmsCalibrationResult *result, int width,
                        FILE *stream) {
  const AmsProfile *profile = &result->profile;
  double signal = profile->outputSignal / (double)profile->samples;
  bool conditioned = anyConditioned(profile);
  fprintf(stream, "%-*s %s%6s %10s %11s %11s  %s\n", width, "layer",
          conditioned ? "blocks " : "", "gain", "saturated", "at outputs",
          "energy", "why");
  for (size_t i = 0; i < profile->numLayers; ++i) {
    const AmsAssignedGain *own = &result->gains[i];
    char gain[48];
    printGain(gain, sizeof gain, own);
    fprintf(stream, "%-*s ", width, profile->layers[i].name);
    if (conditioned)
      fprintf(stream, "%-6s ",
              amsConditionName(amsProfileCondition(&profile->layers[i])));
    fprintf(stream, "%6s %9.4f%%", gain, 100 * own->saturation);
    printDecibels(stream, decibels(signal, own->error));
    fprintf(stream, " %8.4g nJ  %s\n", own->energy * 1e-3,
            amsGainReasonText(own->reason));
  }
}

static void printNetwork(FILE *stream, const char *what, double signal,
                         double error, double energy) {
  fprintf(stream, "%-32s", what);
  printDecibels(stream, decibels(signal, error));
  if (energy > 0)
    fprintf(stream, " %8.4g nJ", energy * 1e-3);
  fputc('\n', stream);
}

void amsCalibrationReport(const AmsCalibration *asked,
                          const AmsCalibrationResult *result, FILE *stream) {
  const AmsProfile *profile = &result->profile;
  printLayers(result, nameWidth(profile), stream);
  fprintf(stream,
          "\noutputs over their error, %" PRId64 " samples, against %s:\n",
          profile->samples, asked->reference ? "float32" : "ideal ADCs");
  if (asked->reference)
    printNetwork(stream, "ideal ADCs", result->signal, result->idealError, 0);
  if (isfinite(result->singleError[result->bestSingle])) {
    char what[48];
    snprintf(what, sizeof what, "best single gain, %g",
             (double)profile->gains[result->bestSingle]);
    printNetwork(stream, what, result->signal,
                 result->singleError[result->bestSingle], result->singleEnergy);
  }
  printNetwork(stream, "by the profile", result->signal, result->assignedError,
               0);
  if (isfinite(result->blocksError))
    printNetwork(stream, "by the profile, a gain a block", result->signal,
                 result->blocksError, 0);
  if (isfinite(result->tilesError))
    printNetwork(stream, "by the profile, a gain a tile", result->signal,
                 result->tilesError, 0);
  char what[64];
  snprintf(what, sizeof what, "chosen, after %d trials", result->trials);
  printNetwork(stream, what, result->signal, result->error, result->energy);
}

void amsCalibrationSuggest(const AmsCalibrationResult *result, FILE *stream) {
  enum { most = 3 };
  const AmsProfile *profile = &result->profile;
  double samples = (double)profile->samples, sum = result->idealError;
  for (size_t l = 0; l < profile->numLayers; ++l)
    sum += isnan(result->gains[l].error) ? 0 : result->gains[l].error * samples;
  double last = INFINITY;
  for (size_t i = 0; i < most; ++i) {
    size_t worst = profile->numLayers;
    for (size_t l = 0; l < profile->numLayers; ++l) {
      double error = result->gains[l].error;
      if (error > 0 && error < last &&
          (worst == profile->numLayers || error > result->gains[worst].error))
        worst = l;
    }
    if (worst == profile->numLayers)
      return;
    last = result->gains[worst].error;
    if (i == 0)
      fprintf(stream, "\nkept digital, these would save most, of what their "
                      "converters cost alone:\n");
    fprintf(stream, "%-32s %8.2f dB\n", profile->layers[worst].name,
            decibels(sum, sum - last * samples));
  }
}
