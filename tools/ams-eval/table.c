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

enum { ROWS_WIDTH = 6, WAYS_WIDTH = 17, SEPARATOR_WIDTH = 2 };

/// A kind of figure that cells have.
typedef struct kind {
  const char *title;
  ams_figure_t (*figure)(const ams_cell_t *cell);
  bool varies;   // with the seed
  bool for_ways; // only where rows differ in more than n
} kind_t;

static ams_figure_t accuracy(const ams_cell_t *cell) { return cell->accuracy; }
static ams_figure_t decibels(const ams_cell_t *cell) { return cell->decibels; }
static ams_figure_t agreement(const ams_cell_t *cell) {
  return cell->agreement;
}
static ams_figure_t mean_gain(const ams_cell_t *cell) {
  return (ams_figure_t){.mean = cell->mean_gain};
}
static ams_figure_t adc_energy(const ams_cell_t *cell) {
  return (ams_figure_t){.mean = cell->adc_energy};
}

static const kind_t kinds[] = {
    {"top-1 accuracy in %", accuracy, true, false},
    {"scores over their error against float32 in dB", decibels, true, false},
    {"agreement with float32's class in %", agreement, true, true},
    {"mean gain of all conversions", mean_gain, false, true},
    {"energy of the ADCs in nJ a sample", adc_energy, false, true},
};

/// The lengths that a table's lines are made of.
typedef struct layout {
  char label[256]; // network and float32's figure
  int label_width, rows_width, cell_width;
  size_t blocks; // side by side
} layout_t;

static layout_t make_layout(const ams_results_t *results, size_t width) {
  const bool ways = ams_sweep_has_ways(results->sweep);
  layout_t layout = {.cell_width = results->seeds > 1 ? 15 : 8,
                     .rows_width = ROWS_WIDTH + (ways ? WAYS_WIDTH : 0)};
  snprintf(layout.label, sizeof layout.label, "%s (%.2f)", results->network,
           results->float32);
  size_t label = strlen(layout.label), title = strlen("network (float32)");
  layout.label_width = (int)(label > title ? label : title);
  size_t first = (size_t)layout.label_width + (size_t)layout.rows_width;
  size_t block =
      (size_t)layout.cell_width * results->sweep->num_gains + SEPARATOR_WIDTH;
  layout.blocks = width > first + block ? (width - first) / block : 1;
  return layout;
}

static void print_cell(const ams_results_t *results, const layout_t *layout,
                       const kind_t *kind, const ams_cell_t *cell,
                       FILE *stream) {
  const ams_figure_t figure = kind->figure(cell);
  char text[64];
  if (results->seeds > 1 && kind->varies)
    snprintf(text, sizeof text, "%.2f (%.2f)", figure.mean, figure.deviation);
  else
    snprintf(text, sizeof text, "%.2f", figure.mean);
  fprintf(stream, "%*s", layout->cell_width, text);
}

static void print_headings(const ams_sweep_t *sweep, const layout_t *layout,
                           size_t begin, size_t end, FILE *stream) {
  int width = layout->cell_width * (int)sweep->num_gains;
  fprintf(stream, "%*s", layout->label_width + layout->rows_width, "");
  for (size_t b = begin; b < end; ++b) {
    char bits[32];
    snprintf(bits, sizeof bits, "%d/%d/%d", sweep->bits[b].weight,
             sweep->bits[b].input, sweep->bits[b].output);
    fprintf(stream, "%s%*s", b == begin ? "" : " |", width, bits);
  }
  fprintf(stream, "\n%-*s%*s", layout->label_width, "network (float32)",
          ROWS_WIDTH, "n");
  if (layout->rows_width > ROWS_WIDTH)
    fprintf(stream, "%8s%9s", "blocks", "weights");
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

static const char *rounding_name(const ams_sweep_row_t *row) {
  return row->feedback ? "feedback" : "nearest";
}

/// Prints bits number `begin` to `end` side by side.
static void print_blocks(const ams_results_t *results, const layout_t *layout,
                         const kind_t *kind, size_t begin, size_t end,
                         FILE *stream) {
  const ams_sweep_t *sweep = results->sweep;
  print_headings(sweep, layout, begin, end, stream);
  for (size_t r = 0; r < ams_sweep_num_rows(sweep); ++r) {
    const ams_sweep_row_t row = ams_sweep_row(sweep, r);
    fprintf(stream, "%-*s%*" PRId32, layout->label_width,
            r == 0 ? layout->label : "", ROWS_WIDTH, row.rows);
    if (layout->rows_width > ROWS_WIDTH)
      fprintf(stream, "%8s%9s", row.condition, rounding_name(&row));
    for (size_t b = begin; b < end; ++b) {
      fputs(b == begin ? "" : " |", stream);
      for (size_t g = 0; g < sweep->num_gains; ++g)
        print_cell(results, layout, kind, ams_results_cell(results, b, r, g),
                   stream);
    }
    fputc('\n', stream);
  }
}

/// Prints one kind of figure of all cells.
static void print_figures(const ams_results_t *results, const layout_t *layout,
                          const kind_t *kind, FILE *stream) {
  fputs(kind->title, stream);
  if (kind->varies)
    fprintf(stream, ", %" PRId64 " samples", results->samples);
  if (results->seeds > 1 && kind->varies)
    fprintf(stream, ", mean (deviation) of %" PRId64 " seeds", results->seeds);
  fputs("\n", stream);
  size_t num_bits = results->sweep->num_bits;
  for (size_t begin = 0; begin < num_bits; begin += layout->blocks) {
    size_t end = begin + layout->blocks;
    fputc('\n', stream);
    print_blocks(results, layout, kind, begin, end < num_bits ? end : num_bits,
                 stream);
  }
}

void ams_table_print(const ams_results_t *results, size_t width, FILE *stream) {
  const layout_t layout = make_layout(results, width);
  const bool ways = ams_sweep_has_ways(results->sweep);
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; ++k) {
    if (kinds[k].for_ways && !ways)
      continue;
    if (k > 0)
      fputc('\n', stream);
    print_figures(results, &layout, &kinds[k], stream);
  }
}

void ams_table_write_csv(const ams_results_t *results, FILE *stream) {
  const ams_sweep_t *sweep = results->sweep;
  fputs("network,metric,samples,seeds,n,bits_weight,bits_input,bits_output,"
        "gain,mean,deviation,float32,decibels,decibels_deviation,"
        "energy_nj,conditioning,rounding,agreement,agreement_deviation,"
        "mean_gain,adc_nj\n",
        stream);
  for (size_t b = 0; b < sweep->num_bits; ++b)
    for (size_t r = 0; r < ams_sweep_num_rows(sweep); ++r)
      for (size_t g = 0; g < sweep->num_gains; ++g) {
        const ams_sweep_row_t row = ams_sweep_row(sweep, r);
        const ams_cell_t *cell = ams_results_cell(results, b, r, g);
        ams_csv_print_quoted(results->network, stream);
        fprintf(stream, ",top1,%" PRId64 ",%" PRId64 ",%d,%d,%d,%d,",
                results->samples, results->seeds, row.rows,
                sweep->bits[b].weight, sweep->bits[b].input,
                sweep->bits[b].output);
        if (sweep->gains[g] == AMS_SWEEP_CALIBRATED)
          fputs("calibrated", stream);
        else
          fprintf(stream, "%g", (double)sweep->gains[g]);
        fprintf(stream,
                ",%.4f,%.4f,%.4f,%.4f,%.4f,%.6g,%s,%s,%.4f,%.4f,%.6g,"
                "%.6g\n",
                cell->accuracy.mean, cell->accuracy.deviation, results->float32,
                cell->decibels.mean, cell->decibels.deviation, cell->energy,
                row.condition, rounding_name(&row), cell->agreement.mean,
                cell->agreement.deviation, cell->mean_gain, cell->adc_energy);
      }
}
