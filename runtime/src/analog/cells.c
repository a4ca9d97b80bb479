//===-- cells.c - What crossbars' cells hold ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From weight codes to what programming, drift, broken cells and the column's
// wire leave of them, in fixed point (S4 to S7).
//
//===----------------------------------------------------------------------===//

#include "analog.h"
#include "device.h"
#include "rounding.h"
#include "source.h"

#include <string.h>

/// Largest magnitude in fixed point.
#define LARGEST_CELL 32767

static bool has_programming(const ams_abi_sources_t *sources) {
  return sources->programming[0] != 0 || sources->programming[1] != 0 ||
         sources->programming[2] != 0;
}

bool ams_cells_err(const ams_abi_sources_t *sources) {
  return has_programming(sources) || sources->stuck_low > 0 ||
         sources->stuck_high > 0 || sources->drift_kind != AMS_ABI_DRIFT_NONE ||
         sources->ir_drop > 0;
}

/// The draws of a static source for 64 cells from number 64 * `group` on.
static void draw_cells(const ams_analog_t *analog, uint32_t source,
                       uint32_t repeat, int64_t output, int64_t block,
                       int32_t group, uint16_t draws[64]) {
  ams_address_t address = {.key = analog->device_seed,
                           .layer = analog->layer,
                           .source = source,
                           .repeat = repeat,
                           .vector = (uint64_t)output,
                           .block = (uint32_t)block};
  ams_address_draw_group(&address, (uint32_t)group, draws);
}

/// S4.
static void add_programming(const ams_analog_t *analog,
                            const uint16_t draws[64], float values[64]) {
  const float *part = analog->device.sources.programming;
  float largest = (float)ams_largest_code(analog->device.bits_weight);
  for (int i = 0; i < 64; ++i) {
    float relative = (values[i] < 0 ? -values[i] : values[i]) / largest;
    float deviation = part[0] + part[1] * relative;
    deviation += part[2] * relative * relative;
    deviation = deviation > 0 ? deviation * largest : 0;
    values[i] += deviation * analog->tables.normal[draws[i]];
  }
}

/// S6: of each cell's 32 bits, the lowest rates' share stay at 0, the next one
/// at full conductance.
static void break_cells(const ams_analog_t *analog, const uint16_t low[64],
                        const uint16_t high[64], float values[64]) {
  const ams_abi_sources_t *sources = &analog->device.sources;
  double stuck_low = (double)sources->stuck_low * 0x1p32;
  double stuck = stuck_low + (double)sources->stuck_high * 0x1p32;
  float largest = (float)ams_largest_code(analog->device.bits_weight);
  for (int i = 0; i < 64; ++i) {
    uint32_t number = (uint32_t)high[i] << 16 | low[i];
    if (number < stuck_low)
      values[i] = 0;
    else if (number < stuck)
      values[i] = number % 2 ? -largest : largest;
  }
}

/// S7: cell k, counted from the column's foot, loses `ir_drop` times
/// sum over m of min(k, m) |cell m|, both counted from 1, over what the last
/// cell of a full column has.
static void drop_voltage(const ams_analog_t *analog, int32_t n,
                         int16_t *cells) {
  int64_t above = 0; // sum of the cells from k on
  for (int32_t k = 0; k < n; ++k)
    above += cells[k] < 0 ? -cells[k] : cells[k];
  double full = (double)ams_largest_code(analog->device.bits_weight) *
                (double)(INT64_C(1) << analog->weight_fraction) * n * (n + 1) /
                2;
  double unit = (double)analog->device.sources.ir_drop / full;
  int64_t drop = 0;
  for (int32_t k = 0; k < n; ++k) {
    drop += above;
    above -= cells[k] < 0 ? -cells[k] : cells[k];
    double left = 1 - unit * (double)drop;
    left = left > 0 ? left : 0;
    cells[k] =
        (int16_t)ams_round_clamped((float)(cells[k] * left), LARGEST_CELL);
  }
}

void ams_cells_program(const ams_analog_t *analog, int64_t output,
                       int64_t block, int32_t n, const int16_t *codes,
                       int16_t *cells) {
  const ams_abi_sources_t *sources = &analog->device.sources;
  if (!ams_cells_err(sources)) {
    memcpy(cells, codes, (size_t)n * sizeof *cells);
    return;
  }
  float unit = (float)(INT32_C(1) << analog->weight_fraction);
  uint16_t draws[64], more[64];
  for (int32_t first = 0; first < n; first += 64) {
    int32_t count = n - first < 64 ? n - first : 64, group = first / 64;
    float values[64] = {0};
    for (int32_t i = 0; i < count; ++i)
      values[i] = codes[first + i];
    if (has_programming(sources)) {
      draw_cells(analog, AMS_SOURCE_PROGRAMMING, 0, output, block, group,
                 draws);
      add_programming(analog, draws, values);
    }
    if (analog->tables.drift) {
      draw_cells(analog, AMS_SOURCE_DRIFT, 0, output, block, group, draws);
      for (int i = 0; i < 64; ++i)
        values[i] *= analog->tables.drift[draws[i]];
    }
    if (sources->stuck_low > 0 || sources->stuck_high > 0) {
      draw_cells(analog, AMS_SOURCE_STUCK, 0, output, block, group, draws);
      draw_cells(analog, AMS_SOURCE_STUCK, 1, output, block, group, more);
      break_cells(analog, draws, more, values);
    }
    for (int32_t i = 0; i < count; ++i)
      cells[first + i] =
          (int16_t)ams_round_clamped(values[i] * unit, LARGEST_CELL);
  }
  if (sources->ir_drop > 0)
    drop_voltage(analog, n, cells);
}
