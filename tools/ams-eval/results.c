//===-- results.c - The figures of a table ------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "results.h"

#include <math.h>
#include <stdlib.h>

ams_status_t ams_results_create(char *network, const ams_sweep_t *sweep,
                                int64_t seeds, ams_results_t *out_results) {
  ams_results_t results = {.network = network, .sweep = sweep, .seeds = seeds};
  results.cells =
      calloc(sweep->num_bits * ams_sweep_num_rows(sweep) * sweep->num_gains,
             sizeof *results.cells);
  if (!results.cells) {
    free(network);
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  }
  *out_results = results;
  return AMS_OK;
}

void ams_results_free(ams_results_t *results) {
  free(results->network);
  free(results->cells);
}

ams_cell_t *ams_results_cell(const ams_results_t *results, size_t bits,
                             size_t row, size_t gain) {
  const ams_sweep_t *sweep = results->sweep;
  return &results->cells[(bits * ams_sweep_num_rows(sweep) + row) *
                             sweep->num_gains +
                         gain];
}

ams_figure_t ams_figure_of(const double *figures, int64_t count) {
  double sum = 0.0, squares = 0.0;
  for (int64_t i = 0; i < count; ++i)
    sum += figures[i];
  double mean = sum / (double)count;
  for (int64_t i = 0; i < count; ++i)
    squares += (figures[i] - mean) * (figures[i] - mean);
  return (ams_figure_t){
      .mean = mean,
      .deviation = count > 1 ? sqrt(squares / (double)(count - 1)) : 0.0,
  };
}
