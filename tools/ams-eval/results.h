//===-- results.h - The figures of a table ------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_EVAL_RESULTS_H
#define AMS_EVAL_RESULTS_H

#include "ams/status.h"
#include "sweep.h"

#include <stdint.h>

/// Mean and sample deviation over the seeds.
typedef struct ams_figure {
  double mean, deviation;
} ams_figure_t;

typedef struct ams_cell {
  ams_figure_t accuracy;     // in per cent
  ams_figure_t decibels;     // scores over what they differ by from float32's
  ams_figure_t agreement;    // with float32's class, in per cent
  double mean_gain;          // of all conversions of a sample
  double energy, adc_energy; // of a sample, in nanojoules (docs/cost.md): of
                             // all, of the ADCs
} ams_cell_t;

typedef struct ams_results {
  char *network; // the model's name; owned
  const ams_sweep_t *sweep;
  int64_t samples, seeds;
  double float32;    // the digital model's figure, in per cent
  ams_cell_t *cells; // of ams_results_cell
} ams_results_t;

/// Takes ownership of `network`.
ams_status_t ams_results_create(char *network, const ams_sweep_t *sweep,
                                int64_t seeds, ams_results_t *out_results);

void ams_results_free(ams_results_t *results);

/// The cell of bits number `bits`, row number `row` of ams_sweep_row and gain
/// number `gain`.
ams_cell_t *ams_results_cell(const ams_results_t *results, size_t bits,
                             size_t row, size_t gain);

/// Mean and deviation of `count` numbers.
ams_figure_t ams_figure_of(const double *figures, int64_t count);

#endif // AMS_EVAL_RESULTS_H
