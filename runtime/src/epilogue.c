//===-- epilogue.c - What follows a product -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Making and checking; parts of a result. The loops are those of
// arch/epilogue_loops.h, here as any processor runs them.
//
//===----------------------------------------------------------------------===//

#include "epilogue.h"

#include "arch/epilogue_loops.h"

#include <math.h>

ams_status_t ams_epilogue_make(const ams_abi_epilogue_t *given,
                               const float *bias, const float *residual,
                               ams_epilogue_t *out_epilogue) {
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

void ams_epilogue_apply(const ams_epilogue_t *epilogue,
                        const ams_epilogue_part_t *part, float *y) {
  apply_epilogue(epilogue, part, y);
}

void ams_epilogue_apply_range(const ams_epilogue_t *epilogue,
                              ams_epilogue_function_t *apply, int64_t outputs,
                              int64_t begin, int64_t end, float *y) {
  while (begin < end) {
    // The rest of a row, whole rows, or the beginning of one.
    const int64_t column = begin % outputs;
    const int64_t left = end - begin;
    const bool is_whole = column == 0 && left >= outputs;
    const int64_t of_row = left < outputs - column ? left : outputs - column;
    const ams_epilogue_part_t part = {
        .first = begin / outputs,
        .vectors = is_whole ? left / outputs : 1,
        .begin = column,
        .end = column + of_row,
        .stride = outputs,
    };
    apply(epilogue, &part, y);
    begin += part.vectors * of_row;
  }
}
