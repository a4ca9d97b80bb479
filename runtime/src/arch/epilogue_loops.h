//===-- epilogue_loops.h - What follows a product -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// D7 in one pass over a part, compiled for each choice of steps: loops which
// compilers make vectors of; an instruction set's file compiles them with its
// flags.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ARCH_EPILOGUE_LOOPS_H
#define AMS_ARCH_EPILOGUE_LOOPS_H

#include "epilogue.h"

#include <math.h>

/// Steps of an epilogue, as constants: BIAS, RESIDUAL, LOW (a clamp from below
/// only) and BOTH, or'ed.
enum { STEP_BIAS = 1, STEP_RESIDUAL = 2, STEP_LOW = 4, STEP_BOTH = 8 };

/// NaN stays: it is neither above nor below.
static inline __attribute__((always_inline)) void
apply_steps(int steps, const ams_epilogue_t *epilogue,
            const ams_epilogue_part_t *part, float *restrict y) {
  const float low = epilogue->low, high = epilogue->high;
  const int64_t begin = part->begin, end = part->end, stride = part->stride;
  const int64_t last = part->first + part->vectors;
  const float *restrict bias = epilogue->bias;
  for (int64_t r = part->first; r < last; ++r) {
    float *restrict row = y + r * stride;
    const float *restrict residual =
        steps & STEP_RESIDUAL ? epilogue->residual + r * stride : NULL;
    for (int64_t i = begin; i < end; ++i) {
      float v = row[i];
      if (steps & STEP_BIAS)
        v = v + bias[i];
      if (steps & STEP_RESIDUAL)
        v = v + residual[i];
      if (steps & (STEP_LOW | STEP_BOTH))
        v = v <= low ? low : v;
      if (steps & STEP_BOTH)
        v = v >= high ? high : v;
      row[i] = v;
    }
  }
}

static inline void apply_epilogue(const ams_epilogue_t *epilogue,
                                  const ams_epilogue_part_t *part, float *y) {
#define CASE(steps)                                                            \
  case (steps):                                                                \
    apply_steps(steps, epilogue, part, y);                                     \
    break;
#define CASES(clamp)                                                           \
  CASE((clamp) | STEP_BIAS)                                                    \
  CASE((clamp) | STEP_RESIDUAL)                                                \
  CASE((clamp) | STEP_BIAS | STEP_RESIDUAL)
  const int clamp = !epilogue->clamps            ? 0
                    : epilogue->high == INFINITY ? STEP_LOW
                                                 : STEP_BOTH;
  switch ((epilogue->bias ? STEP_BIAS : 0) |
          (epilogue->residual ? STEP_RESIDUAL : 0) | clamp) {
    CASES(0)
    CASES(STEP_LOW)
    CASES(STEP_BOTH)
    CASE(STEP_LOW)
    CASE(STEP_BOTH)
  default:
    break;
  }
#undef CASES
#undef CASE
}

#endif // AMS_ARCH_EPILOGUE_LOOPS_H
