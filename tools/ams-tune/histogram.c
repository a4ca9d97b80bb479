//===-- histogram.c - Recorded noise into tables of draws ---------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Probabilities are whole multiples of 2^-31, a column of the alias table 2^24
// of them, so that shares are exact and sum up to one.
//
//===----------------------------------------------------------------------===//

#include "histogram.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { BINS = AMS_HISTOGRAM_BINS, COLUMNS = AMS_ABI_NOISE_COLUMNS };

/// Shares that a column holds, and all columns.
#define COLUMN_SHARES (INT64_C(1) << 24)
#define ALL_SHARES (COLUMN_SHARES * COLUMNS)

//===----------------------------------------------------------------------===//
// Alias tables
//===----------------------------------------------------------------------===//

/// The shares of the bins: their sum is ALL_SHARES. What rounding down leaves
/// over goes to the first bins whose remainder is not 0.
static void make_shares(const int64_t *counts, int64_t *shares) {
  // In halves: each bin has one more.
  int64_t total = BINS, left = ALL_SHARES;
  for (int b = 0; b < BINS; ++b)
    total += 2 * counts[b];
  bool rounded[BINS];
  for (int b = 0; b < BINS; ++b) {
    __int128 wanted = (__int128)(2 * counts[b] + 1) * ALL_SHARES;
    shares[b] = (int64_t)(wanted / total);
    rounded[b] = wanted % total != 0;
    left -= shares[b];
  }
  for (int b = 0; b < BINS && left > 0; ++b)
    if (rounded[b]) {
      ++shares[b];
      --left;
    }
}

/// The side of a column that leads to bin `bin`, by `shares` of the column.
static void set_side(ams_abi_noise_row_t *row, int side, int column, int bin,
                     int64_t shares, double low, double width) {
  if (shares == 0)
    return;
  double part = (double)shares / (double)COLUMN_SHARES;
  row->low[side][column] = (float)(low + width * bin);
  row->slope[side][column] = (float)(width / part);
}

void ams_histogram_alias(const int64_t *counts, double low, double high,
                         ams_abi_noise_row_t *row) {
  const float bound = row->bound;
  memset(row, 0, sizeof *row);
  row->bound = bound;
  const double width = (high - low) / BINS;
  int64_t shares[COLUMNS] = {0};
  make_shares(counts, shares);
  // Columns that a bin does not fill take the rest from one that overflows.
  int small[COLUMNS], large[COLUMNS], num_small = 0, num_large = 0;
  for (int c = 0; c < COLUMNS; ++c)
    if (shares[c] < COLUMN_SHARES)
      small[num_small++] = c;
    else
      large[num_large++] = c;
  while (num_small > 0) {
    int column = small[--num_small], donor = large[num_large - 1];
    int64_t own = shares[column], rest = COLUMN_SHARES - own;
    row->threshold[column] = (float)own / (float)COLUMN_SHARES;
    set_side(row, 0, column, column, own, low, width);
    set_side(row, 1, column, donor, rest, low, width);
    shares[donor] -= rest;
    if (shares[donor] < COLUMN_SHARES) {
      --num_large;
      small[num_small++] = donor;
    }
  }
  while (num_large > 0) {
    int column = large[--num_large];
    row->threshold[column] = 1;
    set_side(row, 0, column, column, COLUMN_SHARES, low, width);
  }
}

//===----------------------------------------------------------------------===//
// Histograms
//===----------------------------------------------------------------------===//

/// What one row of a table is made of: elements first, first + stride, ….
typedef struct selection {
  const ams_noise_record_t *record;
  int64_t first, stride;
} selection_t;

/// The range of an element's magnitude: the last bound that it reaches.
static int64_t find_class(float output, const ams_abi_noise_row_t *rows,
                          int64_t classes) {
  int64_t found = 0;
  for (int64_t c = 1; c < classes; ++c)
    if (fabsf(output) >= rows[c].bound)
      found = c;
  return found;
}

/// The row of number `c` of the ranges of `rows`.
static void make_row(const selection_t *selection, ams_abi_noise_row_t *rows,
                     int64_t classes, int64_t c) {
  const ams_noise_record_t *record = selection->record;
  float low = INFINITY, high = -INFINITY;
  for (int64_t i = selection->first; i < record->count; i += selection->stride)
    if (classes == 1 || find_class(record->output[i], rows, classes) == c) {
      low = fminf(low, record->noise[i]);
      high = fmaxf(high, record->noise[i]);
    }
  if (low > high) // without elements
    return;
  int64_t counts[BINS] = {0};
  const double scale = high > low ? BINS / ((double)high - (double)low) : 0;
  for (int64_t i = selection->first; i < record->count; i += selection->stride)
    if (classes == 1 || find_class(record->output[i], rows, classes) == c) {
      int bin = (int)(((double)record->noise[i] - (double)low) * scale);
      ++counts[bin < BINS ? bin : BINS - 1];
    }
  ams_histogram_alias(counts, (double)low, (double)high, &rows[c]);
}

static int compare(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

/// Bounds between ranges of magnitude that hold equally many elements. `sorted`
/// has room for all of them.
static void make_bounds(const selection_t *selection, int64_t classes,
                        float *sorted, ams_abi_noise_row_t *rows) {
  const ams_noise_record_t *record = selection->record;
  int64_t count = 0;
  for (int64_t i = selection->first; i < record->count; i += selection->stride)
    sorted[count++] = fabsf(record->output[i]);
  qsort(sorted, (size_t)count, sizeof *sorted, compare);
  for (int64_t c = 1; c < classes; ++c)
    rows[c].bound = sorted[(int64_t)((__int128)count * c / classes)];
}

//===----------------------------------------------------------------------===//
// Records
//===----------------------------------------------------------------------===//

static ams_status_t check_finite(const ams_noise_record_t *record,
                                 const float *numbers, const char *what) {
  for (int64_t i = 0; i < record->count; ++i)
    if (!isfinite(numbers[i]))
      return ams_status_make(
          AMS_STATUS_INVALID_DATA,
          "layer \"%s\": element %lld of its %s is no finite "
          "number, so no histogram can be made: look for "
          "what made it in the model and its samples",
          record->layer, (long long)i, what);
  return AMS_OK;
}

static ams_status_t check_record(const ams_noise_record_t *record) {
  if (record->count < 1 || record->channels < 1 ||
      record->count % record->channels)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "layer \"%s\": %lld recorded elements of %lld "
                           "channels: record at least one sample",
                           record->layer, (long long)record->count,
                           (long long)record->channels);
  return check_finite(record, record->noise, "noise");
}

ams_status_t ams_histogram_table(const ams_noise_record_t *record,
                                 int64_t table_channels, int64_t classes,
                                 ams_abi_noise_row_t *rows) {
  AMS_RETURN_IF_ERROR(check_record(record));
  if ((table_channels != 1 && table_channels != record->channels) ||
      classes < 1 || classes > AMS_HISTOGRAM_MAX_CLASSES)
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "layer \"%s\": histograms of %lld channels and %lld ranges of "
        "magnitude; there can be those of 1 channel or of %lld, and 1 to %d "
        "ranges",
        record->layer, (long long)table_channels, (long long)classes,
        (long long)record->channels, AMS_HISTOGRAM_MAX_CLASSES);
  if (classes > 1)
    AMS_RETURN_IF_ERROR(check_finite(record, record->output, "result"));
  float *sorted =
      classes > 1 ? calloc((size_t)record->count, sizeof *sorted) : NULL;
  if (classes > 1 && !sorted)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                           "out of memory: %lld recorded elements",
                           (long long)record->count);
  memset(rows, 0, (size_t)(table_channels * classes) * sizeof *rows);
  for (int64_t channel = 0; channel < table_channels; ++channel) {
    selection_t selection = {record, channel, table_channels};
    if (classes > 1)
      make_bounds(&selection, classes, sorted, rows);
    for (int64_t c = 0; c < classes; ++c)
      make_row(&selection, rows, classes, c);
    rows += classes;
  }
  free(sorted);
  return AMS_OK;
}

/// The standard deviation of `count` numbers.
static double deviation_of(const float *numbers, int64_t count) {
  double mean = 0, squares = 0;
  for (int64_t i = 0; i < count; ++i)
    mean += (double)numbers[i];
  mean /= (double)count;
  for (int64_t i = 0; i < count; ++i) {
    double difference = (double)numbers[i] - mean;
    squares += difference * difference;
  }
  return sqrt(squares / (double)count);
}

double ams_histogram_deviation(const ams_noise_record_t *record) {
  const double noise = deviation_of(record->noise, record->count);
  const double output = deviation_of(record->output, record->count);
  return noise == 0 && output == 0 ? 0 : noise / output;
}
