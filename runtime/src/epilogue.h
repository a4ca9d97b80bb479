//===-- epilogue.h - What follows a product -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Bias, residual and clamp, applied to parts of a result while they are in the
// cache (D7).
//
//===----------------------------------------------------------------------===//

#ifndef AMS_SRC_EPILOGUE_H
#define AMS_SRC_EPILOGUE_H

#include "ams/product.h"

/// The epilogue that `given` describes with these addends, or an error where
/// one that it needs is NULL. Exported for libams_float.
AMS_EXPORT ams_status_t ams_epilogue_make(const ams_abi_epilogue_t *given,
                                          const float *bias,
                                          const float *residual,
                                          ams_epilogue_t *out_epilogue);

/// A rectangle of a result y: rows are vectors.
typedef struct ams_epilogue_part {
  int64_t first, vectors; // rows
  int64_t begin, end;     // columns
  int64_t stride;         // columns of y: all outputs
} ams_epilogue_part_t;

/// Does what `epilogue` says to a part of y.
typedef void ams_epilogue_function_t(const ams_epilogue_t *epilogue,
                                     const ams_epilogue_part_t *part, float *y);

/// Implementations, of which kernels name one.
AMS_EXPORT ams_epilogue_function_t ams_epilogue_apply;
#if defined(__x86_64__)
ams_epilogue_function_t ams_epilogue_apply_avx2;
#endif

/// Does it to elements begin..end - 1 of y [rows][outputs].
void ams_epilogue_apply_range(const ams_epilogue_t *epilogue,
                              ams_epilogue_function_t *apply, int64_t outputs,
                              int64_t begin, int64_t end, float *y);

/// Checks a layer's epilogue as a model holds it.
ams_status_t ams_epilogue_check(const ams_abi_epilogue_t *epilogue);

#endif // AMS_SRC_EPILOGUE_H
