//===-- epilogue.c - What follows a product -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One pass over a row for each step: each is a loop that compilers turn into
// vectors, and a row stays in the cache.
//
//===----------------------------------------------------------------------===//

#include "epilogue.h"

#include <math.h>

ams_status_t ams_epilogue_make(const ams_abi_layer_t *layer, const float *bias,
                               const float *residual,
                               ams_epilogue_t *out_epilogue) {
  const ams_abi_epilogue_t *given = &layer->epilogue;
  bool has_bias = given->flags & AMS_ABI_EPILOGUE_BIAS;
  bool has_residual = given->flags & AMS_ABI_EPILOGUE_RESIDUAL;
  if ((has_bias && !bias) || (has_residual && !residual))
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "the model's code passes no %s; compile the model "
                           "again",
                           has_bias && !bias ? "bias" : "residual");
  *out_epilogue = (ams_epilogue_t){
      .bias = has_bias ? bias : NULL,
      .residual = has_residual ? residual : NULL,
      .clamps = given->flags & AMS_ABI_EPILOGUE_CLAMP,
      .low = given->low,
      .high = given->high,
  };
  return AMS_OK;
}

ams_status_t ams_epilogue_check(const ams_abi_epilogue_t *epilogue) {
  const uint32_t known = AMS_ABI_EPILOGUE_BIAS | AMS_ABI_EPILOGUE_RESIDUAL |
                         AMS_ABI_EPILOGUE_CLAMP;
  if (epilogue->flags & ~known)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "its epilogue has the unknown flags %#x",
                           epilogue->flags & ~known);
  if (epilogue->flags & AMS_ABI_EPILOGUE_CLAMP &&
      !(epilogue->low <= epilogue->high))
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "its epilogue clamps to the range from %g to %g",
                           (double)epilogue->low, (double)epilogue->high);
  return AMS_OK;
}

static void add(float *restrict y, const float *restrict addend,
                int64_t count) {
  for (int64_t i = 0; i < count; ++i)
    y[i] = y[i] + addend[i];
}

/// NaN stays: it is neither above nor below.
static void clamp(float *y, float low, float high, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    float v = y[i];
    v = v <= low ? low : v;
    y[i] = v >= high ? high : v;
  }
}

void ams_epilogue_apply(const ams_epilogue_t *epilogue,
                        const ams_epilogue_part_t *part, float *y) {
  const int64_t count = part->end - part->begin;
  for (int64_t r = part->first; r < part->first + part->vectors; ++r) {
    const int64_t at = r * part->stride + part->begin;
    if (epilogue->bias)
      add(y + at, epilogue->bias + part->begin, count);
    if (epilogue->residual)
      add(y + at, epilogue->residual + at, count);
    if (epilogue->clamps)
      clamp(y + at, epilogue->low, epilogue->high, count);
  }
}
