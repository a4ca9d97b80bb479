//===-- table.c - Results on the terminal and as CSV --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "table.h"

#include "csv.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

enum { ROWS_WIDTH = 6, SEPARATOR_WIDTH = 2 };

/// The lengths that a table's lines are made of.
typedef struct layout {
  char label[256]; // network and float32's figure
  int label_width, cell_width;
  size_t blocks; // side by side
  bool decibels; // not accuracy
} layout_t;

static layout_t make_layout(const ams_results_t *results, size_t width) {
  layout_t layout = {.cell_width = results->seeds > 1 ? 15 : 8};
  snprintf(layout.label, sizeof layout.label, "%s (%.2f)", results->network,
           results->float32);
  size_t label = strlen(layout.label), title = strlen("network (float32)");
  layout.label_width = (int)(label > title ? label : title);
  size_t first = (size_t)layout.label_width + ROWS_WIDTH;
  size_t block =
      (size_t)layout.cell_width * results->sweep->num_gains + SEPARATOR_WIDTH;
  layout.blocks = width > first + block ? (width - first) / block : 1;
  return layout;
}

static void print_cell(const ams_results_t *results, const layout_t *layout,
                       const ams_cell_t *cell, FILE *stream) {
  const ams_figure_t *figure =
      layout->decibels ? &cell->decibels : &cell->accuracy;
  char text[64];
  if (results->seeds > 1)
    snprintf(text, sizeof text, "%.2f (%.2f)", figure->mean, figure->deviation);
  else
    snprintf(text, sizeof text, "%.2f", figure->mean);
  fprintf(stream, "%*s", layout->cell_width, text);
}

static void print_headings(const ams_sweep_t *sweep, const layout_t *layout,
                           size_t begin, size_t end, FILE *stream) {
  int width = layout->cell_width * (int)sweep->num_gains;
  fprintf(stream, "%*s", layout->label_width + ROWS_WIDTH, "");
  for (size_t b = begin; b < end; ++b) {
    char bits[32];
    snprintf(bits, sizeof bits, "%d/%d/%d", sweep->bits[b].weight,
             sweep->bits[b].input, sweep->bits[b].output);
    fprintf(stream, "%s%*s", b == begin ? "" : " |", width, bits);
  }
  fprintf(stream, "\n%-*s%*s", layout->label_width, "network (float32)",
          ROWS_WIDTH, "n");
  for (size_t b = begin; b < end; ++b) {
    fputs(b == begin ? "" : " |", stream);
    for (size_t g = 0; g < sweep->num_gains; ++g) {
      char gain[32];
      if (sweep->gains[g] == AMS_SWEEP_CALIBRATED)
        snprintf(gain, sizeof gain, "G=cal.");
      else
        snprintf(gain, sizeof gain, "G=%g", (double)sweep->gains[g]);
      fprintf(stream, "%*s", layout->cell_width, gain);
    }
  }
  fputc('\n', stream);
}

/// Prints bits number `begin` to `end` side by side.
static void print_blocks(const ams_results_t *results, const layout_t *layout,
                         size_t begin, size_t end, FILE *stream) {
  const ams_sweep_t *sweep = results->sweep;
  print_headings(sweep, layout, begin, end, stream);
  for (size_t n = 0; n < sweep->num_rows; ++n) {
    fprintf(stream, "%-*s%*" PRId32, layout->label_width,
            n == 0 ? layout->label : "", ROWS_WIDTH, sweep->rows[n]);
    for (size_t b = begin; b < end; ++b) {
      fputs(b == begin ? "" : " |", stream);
      for (size_t g = 0; g < sweep->num_gains; ++g)
        print_cell(results, layout, ams_results_cell(results, b, n, g), stream);
    }
    fputc('\n', stream);
  }
}

/// Prints one kind of figure of all cells.
static void print_figures(const ams_results_t *results, const layout_t *layout,
                          FILE *stream) {
  fprintf(stream, "%s, %" PRId64 " samples",
          layout->decibels ? "scores over their error against float32 in dB"
                           : "top-1 accuracy in %",
          results->samples);
  if (results->seeds > 1)
    fprintf(stream, ", mean (deviation) of %" PRId64 " seeds", results->seeds);
  fputs("\n", stream);
  size_t num_bits = results->sweep->num_bits;
  for (size_t begin = 0; begin < num_bits; begin += layout->blocks) {
    size_t end = begin + layout->blocks;
    fputc('\n', stream);
    print_blocks(results, layout, begin, end < num_bits ? end : num_bits,
                 stream);
  }
}

void ams_table_print(const ams_results_t *results, size_t width, FILE *stream) {
  layout_t layout = make_layout(results, width);
  print_figures(results, &layout, stream);
  fputc('\n', stream);
  layout.decibels = true;
  print_figures(results, &layout, stream);
}

void ams_table_write_csv(const ams_results_t *results, FILE *stream) {
  const ams_sweep_t *sweep = results->sweep;
  fputs("network,metric,samples,seeds,n,bits_weight,bits_input,bits_output,"
        "gain,mean,deviation,float32,decibels,decibels_deviation,"
        "energy_nj\n",
        stream);
  for (size_t b = 0; b < sweep->num_bits; ++b)
    for (size_t n = 0; n < sweep->num_rows; ++n)
      for (size_t g = 0; g < sweep->num_gains; ++g) {
        const ams_cell_t *cell = ams_results_cell(results, b, n, g);
        ams_csv_print_quoted(results->network, stream);
        fprintf(stream, ",top1,%" PRId64 ",%" PRId64 ",%d,%d,%d,%d,",
                results->samples, results->seeds, sweep->rows[n],
                sweep->bits[b].weight, sweep->bits[b].input,
                sweep->bits[b].output);
        if (sweep->gains[g] == AMS_SWEEP_CALIBRATED)
          fputs("calibrated", stream);
        else
          fprintf(stream, "%g", (double)sweep->gains[g]);
        fprintf(stream, ",%.4f,%.4f,%.4f,%.4f,%.4f,%.6g\n", cell->accuracy.mean,
                cell->accuracy.deviation, results->float32, cell->decibels.mean,
                cell->decibels.deviation, cell->energy);
      }
}
