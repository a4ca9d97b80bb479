//===-- yardstick.h - Float32 products to compare with ------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// OpenBLAS's SGEMM on one thread, and how much of the processor's peak it
// reaches: a ratio to a slow yardstick says nothing.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_BENCH_YARDSTICK_H
#define AMS_BENCH_YARDSTICK_H

#include <stdbool.h>
#include <stdint.h>

/// Least share of the peak at which SGEMM of a large product is a yardstick.
#define YARDSTICK_LEAST_SHARE 0.70

/// Starts the program again, with the same arguments, where its environment
/// gives OpenBLAS more than one thread or kernels other than `core` (NULL:
/// those that OpenBLAS chooses, or SKYLAKEX where it overlooks AVX-512).
void yardstick_settle(char **argv, const char *core);

/// The name of the kernels that OpenBLAS uses.
const char *yardstick_core(void);

/// Floating-point operations a second in fused multiply-adds of independent
/// registers, as wide as those that OpenBLAS's kernels use.
double yardstick_peak(void);

/// y [m, n] = x [m, k] w [n, k]^T; rows of y are `stride` elements apart.
void yardstick_sgemm(int64_t m, int64_t n, int64_t k, const float *x,
                     const float *w, float *y, int64_t stride);

/// Prints how fast SGEMM is at its best; false, with a message from `program`,
/// where that is too slow to compare with.
bool yardstick_check(const char *program);

#endif // AMS_BENCH_YARDSTICK_H
