//===-- timing.h - Process time and medians -----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_BENCH_TIMING_H
#define AMS_BENCH_TIMING_H

/// Seconds of processor time that this process has used.
double bench_seconds(void);

/// Seconds on a clock that runs on, from some point.
double bench_elapsed(void);

/// Keeps the process on the processor that it runs on.
void bench_pin(void);

/// The median of `count` values, which are sorted.
double bench_median(double *values, int count);

/// The processor's name, in static storage.
const char *bench_processor(void);

#endif // AMS_BENCH_TIMING_H
