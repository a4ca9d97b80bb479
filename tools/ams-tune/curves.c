//===-- curves.c - The course of a run in files -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "curves.h"

#include "csv.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static double step_of(const ams_curves_t *curves, size_t row) {
  return curves->values[row * (curves->num_curves + 1)];
}

static double value_of(const ams_curves_t *curves, size_t row, size_t curve) {
  return curves->values[row * (curves->num_curves + 1) + 1 + curve];
}

//===----------------------------------------------------------------------===//
// Comma-separated values
//===----------------------------------------------------------------------===//

/// A field in quotes where it needs them.
static void write_field(const char *text, FILE *stream) {
  if (strpbrk(text, ",\"\n"))
    ams_csv_print_quoted(text, stream);
  else
    fputs(text, stream);
}

void ams_curves_write_csv(const ams_curves_t *curves, FILE *stream) {
  fputs("step", stream);
  for (size_t c = 0; c < curves->num_curves; ++c) {
    fputc(',', stream);
    write_field(curves->curves[c].name, stream);
  }
  for (size_t row = 0; row < curves->num_rows; ++row) {
    fprintf(stream, "\n%.0f", step_of(curves, row));
    for (size_t c = 0; c < curves->num_curves; ++c) {
      fputc(',', stream);
      if (!isnan(value_of(curves, row, c)))
        fprintf(stream, "%.9g", value_of(curves, row, c));
    }
  }
  fputc('\n', stream);
}

//===----------------------------------------------------------------------===//
// A page
//===----------------------------------------------------------------------===//

enum {
  WIDTH = 760,
  HEIGHT = 260,
  LEFT = 70,
  RIGHT = 10,
  TOP = 10,
  BOTTOM = 30
};

/// Colours that stay apart for most kinds of colour vision.
static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73",
                                      "#cc79a7", "#56b4e9", "#e69f00",
                                      "#7f7f7f", "#000000"};
enum { NUM_COLOURS = sizeof colours / sizeof *colours };

/// Dashes of lines that have colours of others.
static const char *const dashes[] = {"none", "6 3", "2 2", "8 3 2 3"};
enum { NUM_DASHES = sizeof dashes / sizeof *dashes };

/// The stroke of line number `index` of a panel.
static void write_stroke(size_t index, FILE *stream) {
  fprintf(stream, "stroke=\"%s\" stroke-dasharray=\"%s\"",
          colours[index % NUM_COLOURS],
          dashes[index / NUM_COLOURS % NUM_DASHES]);
}

static const char style[] =
    "body{font:15px/1.4 sans-serif;max-width:800px;margin:2em auto;"
    "padding:0 1em;color:#222}h1{font-size:1.3em}h2{font-size:1em;margin:2em 0 "
    "0}"
    "svg{width:100%;height:auto}text{font:12px sans-serif;fill:#555}"
    ".axis{stroke:#ccc}polyline,path{fill:none;stroke-width:1.5}"
    ".key{width:24px;height:8px}"
    "li{display:inline;margin-right:1.5em}ul{padding:0;margin:.3em 0}";

static void write_escaped(const char *text, FILE *stream) {
  for (; *text; ++text)
    switch (*text) {
    case '&':
      fputs("&amp;", stream);
      break;
    case '<':
      fputs("&lt;", stream);
      break;
    default:
      fputc(*text, stream);
    }
}

static bool in_panel(const ams_curves_t *curves, size_t curve,
                     const char *panel) {
  return !strcmp(curves->curves[curve].panel, panel);
}

/// What a panel shows: steps across, values upwards.
typedef struct frame {
  double first, last; // steps
  double low, high;   // values
} frame_t;

static void include(frame_t *frame, double step, double value) {
  if (!isfinite(value))
    return;
  frame->first = fmin(frame->first, step);
  frame->last = fmax(frame->last, step);
  frame->low = fmin(frame->low, value);
  frame->high = fmax(frame->high, value);
}

static frame_t measure(const ams_curves_t *curves, const char *panel) {
  frame_t frame = {INFINITY, -INFINITY, INFINITY, -INFINITY};
  for (size_t row = 0; row < curves->num_rows; ++row)
    for (size_t c = 0; c < curves->num_curves; ++c)
      if (in_panel(curves, c, panel))
        include(&frame, step_of(curves, row), value_of(curves, row, c));
  if (frame.first == frame.last)
    frame.last += 1;
  if (frame.low == frame.high) {
    frame.low -= 0.5;
    frame.high += 0.5;
  }
  return frame;
}

static double across(const frame_t *frame, double step) {
  return LEFT + (WIDTH - LEFT - RIGHT) * (step - frame->first) /
                    (frame->last - frame->first);
}

static double down(const frame_t *frame, double value) {
  return TOP + (HEIGHT - TOP - BOTTOM) * (frame->high - value) /
                   (frame->high - frame->low);
}

static void write_axes(const frame_t *frame, FILE *stream) {
  enum { TICKS = 4 };
  for (int i = 0; i <= TICKS; ++i) {
    double part = (double)i / TICKS;
    double value = frame->low + part * (frame->high - frame->low);
    double step = frame->first + part * (frame->last - frame->first);
    fprintf(stream,
            "<line class=axis x1=%d x2=%d y1=%.1f y2=%.1f />"
            "<text x=%d y=%.1f text-anchor=end>%.4g</text>"
            "<text x=%.1f y=%d text-anchor=%s>%.0f</text>\n",
            LEFT, WIDTH - RIGHT, down(frame, value), down(frame, value),
            LEFT - 6, down(frame, value) + 4, value, across(frame, step),
            HEIGHT - 8, i == TICKS ? "end" : "middle", step);
  }
}

static void write_line(const ams_curves_t *curves, const frame_t *frame,
                       size_t curve, size_t index, FILE *stream) {
  fputs("<polyline ", stream);
  write_stroke(index, stream);
  fputs(" points=\"", stream);
  for (size_t row = 0; row < curves->num_rows; ++row) {
    double value = value_of(curves, row, curve);
    if (isfinite(value))
      fprintf(stream, "%.1f,%.1f ", across(frame, step_of(curves, row)),
              down(frame, value));
  }
  fputs("\"><title>", stream);
  write_escaped(curves->curves[curve].name, stream);
  fputs("</title></polyline>\n", stream);
}

static void write_panel(const ams_curves_t *curves, const char *panel,
                        FILE *stream) {
  fputs("<h2>", stream);
  write_escaped(panel, stream);
  fprintf(stream, "</h2>\n<svg viewBox=\"0 0 %d %d\" role=img>\n", WIDTH,
          HEIGHT);
  frame_t frame = measure(curves, panel);
  const bool empty = frame.first > frame.last;
  if (!empty)
    write_axes(&frame, stream);
  size_t used = 0;
  for (size_t c = 0; !empty && c < curves->num_curves; ++c)
    if (in_panel(curves, c, panel))
      write_line(curves, &frame, c, used++, stream);
  fputs("</svg>\n<ul>", stream);
  used = 0;
  for (size_t c = 0; c < curves->num_curves; ++c)
    if (in_panel(curves, c, panel)) {
      fputs("<li><svg class=key viewBox=\"0 0 24 8\"><path d=\"M0 4h24\" ",
            stream);
      write_stroke(used++, stream);
      fputs("/></svg> ", stream);
      write_escaped(curves->curves[c].name, stream);
      fputs("</li>", stream);
    }
  fputs("</ul>\n", stream);
}

void ams_curves_write_html(const ams_curves_t *curves, FILE *stream) {
  fputs("<!doctype html>\n<html lang=en><meta charset=utf-8>\n<title>", stream);
  write_escaped(curves->title, stream);
  fprintf(stream, "</title>\n<style>%s</style>\n<h1>", style);
  write_escaped(curves->title, stream);
  fputs("</h1>\n", stream);
  for (size_t c = 0; c < curves->num_curves; ++c) {
    bool first = true;
    for (size_t before = 0; before < c; ++before)
      first &= !in_panel(curves, before, curves->curves[c].panel);
    if (first)
      write_panel(curves, curves->curves[c].panel, stream);
  }
  fputs("<p>Across: steps.</p>\n</html>\n", stream);
}
