//===-- histogram.h - Recorded noise into tables of draws ---------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Differential noise (arXiv 2205.06287): what a layer's result on the device
// differs by from its result in float32, as recorded once, becomes the table
// from which ams.add_noise draws (T1, T2): a histogram for all of the layer,
// one for each channel, or one for each range of the result's magnitude.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_HISTOGRAM_H
#define AMS_TUNE_HISTOGRAM_H

#include "ams/abi.h"
#include "ams/status.h"

#include <stdint.h>

/// Bins of a histogram.
#define AMS_HISTOGRAM_BINS 100

/// Most ranges of magnitude.
#define AMS_HISTOGRAM_MAX_CLASSES 16

/// What was recorded of one layer: `count` elements, row-major, channels last.
typedef struct ams_noise_record {
  const char *layer;   // for messages
  const float *noise;  // result on the device less that in float32
  const float *output; // result in float32; NULL where nothing asks for it
  int64_t count;       // a positive multiple of `channels`
  int64_t channels;    // elements of the last dimension
} ams_noise_record_t;

/// The table of a layer's noise, rows[table_channels][classes]:
/// `table_channels` is 1, for a histogram of all elements, or the record's
/// channels, for one of each; `classes` (1 to AMS_HISTOGRAM_MAX_CLASSES) ranges
/// of the magnitude of the output hold equally many elements each, as far as
/// elements differ. A histogram has AMS_HISTOGRAM_BINS bins between its least
/// and greatest number, and 0.5 is added to what each bin counts. A range
/// without elements has no noise. NaN and infinity are refused.
ams_status_t ams_histogram_table(const ams_noise_record_t *record,
                                 int64_t table_channels, int64_t classes,
                                 ams_abi_noise_row_t *rows);

/// The standard deviation of all of a layer's noise over that of its result in
/// float32, which must be there: 0 without noise, infinite for noise on a
/// result that is constant, NaN where a number is NaN or infinite.
double ams_histogram_deviation(const ams_noise_record_t *record);

/// The alias table (Walker 1977, Vose 1991) of `row`: bin b is from low to high
/// the b-th of AMS_HISTOGRAM_BINS bins of equal width, and its probability is
/// (counts[b] + 0.5) over the sum of these, to within 2^-31. The bound stays.
void ams_histogram_alias(const int64_t *counts, double low, double high,
                         ams_abi_noise_row_t *row);

#endif // AMS_TUNE_HISTOGRAM_H
