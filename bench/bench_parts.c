//===-- bench_parts.c - The fused product's parts, each alone -----*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Times what the AVX-512 VNNI kernel is made of, each part alone on operands
// that stay in the first-level cache: dot products, draws of noise, conversion.
// Their sum over SGEMM's time is what these instructions allow at best; the
// product itself quantises and moves data besides.
//
//===----------------------------------------------------------------------===//

#include "support.h"
#include "timing.h"
#include "vnni.h"
#include "yardstick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VECTORS = 768, OUTPUTS = 1024, REDUCTION = 1024, REPEATS = 31 };
enum { CALLS = 500, STEP_VALUES = STEP_BLOCKS * TILE_VECTORS * STRIP_OUTPUTS };

/// Operands of one step: four vectors, 64 outputs, some blocks.
static _Alignas(64) float dots[STEP_BLOCKS][TILE_VECTORS][STRIP_OUTPUTS];
static draws_t draws[STEP_BLOCKS][TILE_VECTORS];
static _Alignas(64) float weight_scales[STEP_BLOCKS][STRIP_OUTPUTS];
static _Alignas(64) float input_scales[STEP_BLOCKS][TILE_VECTORS];
static _Alignas(64) float y[TILE_VECTORS][STRIP_OUTPUTS];
static _Alignas(64) char inputs[1 << 13], weights[1 << 14];

static void step_draws(void) {
  static draw_stream_t stream;
  static draw_vector_t states[TILE_VECTORS];
  static bool begun;
  if (!begun) {
    draw_stream_begin(&stream, 1, 0);
    draw_stream_seek(&stream, 0);
    for (uint64_t r = 0; r < TILE_VECTORS; ++r)
      draw_vector_begin(&states[r], &stream, r);
    begun = true;
  }
  draw_vectors(&stream, states, TILE_VECTORS, 0, STEP_BLOCKS, draws);
}

static void step_convert(noise_kind_t noise, bool saturates) {
  const conversion_t conversion = {
      .scaling = SCALING_FUSED,
      .noise = noise,
      .rounding = PLAIN_ROUNDING,
      .saturates = saturates,
      .alpha = 1 / 1016.0f,
      .offset = INTEGER_FLOAT_OFFSET,
      .largest = 127,
      .width = 1,
  };
  const conversion_tile_t tile = {
      .width = STRIP_OUTPUTS,
      .vectors = TILE_VECTORS,
      .blocks = STEP_BLOCKS,
      .dots = dots,
      .draws = draws,
      .weight_scales = weight_scales,
      .input_scales = input_scales[0],
      .input_stride = sizeof input_scales[0],
      .y = y,
  };
  convert_tile(&conversion, &tile);
}

/// Dot products of as many blocks of n rows as a chunk has.
static int64_t step_dots(int n) {
  const int64_t words = n / CODES_PER_WORD;
  const ams_geometry_t geometry = {.n = n};
  const dot_args_t args = {
      .width = STRIP_OUTPUTS,
      .vectors = TILE_VECTORS,
      .blocks = chunk_blocks(&geometry),
      .words = words,
      .last_words = words,
      .inputs = inputs,
      .weights = weights,
      .input_size = inputs_block_size(words),
      .weights_size = weights_block_size(words),
  };
  dot_blocks(&args, dots);
  return args.blocks * TILE_VECTORS * STRIP_OUTPUTS;
}

typedef enum part {
  PART_DRAWS,
  PART_OFF,
  PART_OFF_SATURATING,
  PART_ON,
  PART_ON_SATURATING,
  PART_DOTS_8,
  PART_DOTS_32,
  PART_DOTS_128,
  PARTS
} part_t;

/// Runs a part once; returns how many conversions that is for.
static int64_t run(part_t part) {
  switch (part) {
  case PART_DRAWS:
    step_draws();
    return STEP_VALUES;
  case PART_OFF:
  case PART_OFF_SATURATING:
    step_convert(NOISE_NONE, part == PART_OFF_SATURATING);
    return STEP_VALUES;
  case PART_ON:
  case PART_ON_SATURATING:
    step_convert(NOISE_UNIT, part == PART_ON_SATURATING);
    return STEP_VALUES;
  case PART_DOTS_8:
    return step_dots(8);
  case PART_DOTS_32:
    return step_dots(32);
  case PART_DOTS_128:
    return step_dots(128);
  default:
    return 1;
  }
}

/// Nanoseconds for 16 conversions.
static double time_part(part_t part) {
  int64_t conversions = 0;
  const double begin = bench_seconds();
  for (int call = 0; call < CALLS; ++call) {
    conversions += run(part);
    __asm__ volatile("" : : : "memory");
  }
  return (bench_seconds() - begin) * 1e9 * VECTOR_LANES / (double)conversions;
}

static void fill_operands(void) {
  float *numbers = bench_numbers(STEP_VALUES);
  float *to = &dots[0][0][0];
  for (int i = 0; i < STEP_VALUES; ++i)
    to[i] = INTEGER_FLOAT_OFFSET + 20000 * numbers[i];
  free(numbers);
  for (int b = 0; b < STEP_BLOCKS; ++b) {
    for (int r = 0; r < TILE_VECTORS; ++r)
      input_scales[b][r] = 1 + (float)(b + r) / 128;
    for (int i = 0; i < STRIP_OUTPUTS; ++i)
      weight_scales[b][i] = 1 + (float)i / STRIP_OUTPUTS;
  }
  for (size_t i = 0; i < sizeof inputs; ++i)
    inputs[i] = (char)(i * 37 % 101);
  for (size_t i = 0; i < sizeof weights; ++i)
    weights[i] = (char)(i * 53 % 103);
}

static double time_sgemm(const float *x, const float *w, float *to) {
  const double begin = bench_seconds();
  yardstick_sgemm(VECTORS, OUTPUTS, REDUCTION, x, w, to, OUTPUTS);
  return bench_seconds() - begin;
}

static void report(double seconds_sgemm, const double part[PARTS]) {
  static const int rows[] = {8, 32, 128};
  printf("nanoseconds for 16 conversions: draws %.2f; conversion without noise "
         "%.2f, saturating %.2f; with noise %.2f, saturating %.2f\n"
         "    n     dots    SGEMM   sum / SGEMM: off      on\n",
         part[PART_DRAWS], part[PART_OFF], part[PART_OFF_SATURATING],
         part[PART_ON], part[PART_ON_SATURATING]);
  for (int i = 0; i < 3; ++i) {
    const double blocks = (double)REDUCTION / rows[i];
    const double sgemm =
        seconds_sgemm * 1e9 * VECTOR_LANES / (VECTORS * blocks * OUTPUTS);
    const double dot = part[PART_DOTS_8 + i];
    const bool saturates = rows[i] > 8; // with the gains of bench_product.c
    printf("%5d  %7.2f  %7.2f           %8.3f %7.3f\n", rows[i], dot, sgemm,
           (dot + part[saturates ? PART_OFF_SATURATING : PART_OFF]) / sgemm,
           (dot + part[PART_DRAWS] +
            part[saturates ? PART_ON_SATURATING : PART_ON]) /
               sgemm);
  }
}

int main(int argc, char **argv) {
  if (argc > 1) {
    puts("Usage: ams-bench-parts\n\n"
         "Times of the AVX-512 VNNI kernel's parts, each alone, over SGEMM's.");
    return strcmp(argv[1], "--help") == 0 ? 0 : 1;
  }
  if (!has_vnni()) {
    puts("ams-bench-parts: this processor lacks AVX-512 VNNI");
    return 0;
  }
  yardstick_settle(argv, NULL);
  bench_pin();
  printf("%s; OpenBLAS core %s; one thread, median of %d\n", bench_processor(),
         yardstick_core(), REPEATS);
  if (!yardstick_check("ams-bench-parts"))
    return 1;
  float *x = bench_numbers(VECTORS * REDUCTION);
  float *w = bench_numbers(OUTPUTS * REDUCTION);
  float *to = bench_numbers(VECTORS * OUTPUTS);
  fill_operands();
  static double sgemm[REPEATS], part[PARTS][REPEATS];
  for (int repeat = 0; repeat < REPEATS; ++repeat) {
    sgemm[repeat] = time_sgemm(x, w, to);
    for (int p = 0; p < PARTS; ++p)
      part[p][repeat] = time_part((part_t)p);
  }
  double median[PARTS];
  for (int p = 0; p < PARTS; ++p)
    median[p] = bench_median(part[p], REPEATS);
  report(bench_median(sgemm, REPEATS), median);
  free(x);
  free(w);
  free(to);
  return 0;
}
