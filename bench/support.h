//===-- support.h - What benchmarks share -------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_BENCH_SUPPORT_H
#define AMS_BENCH_SUPPORT_H

#include "ams/status.h"

#include <stddef.h>
#include <stdint.h>

/// Ends the program with the error's message, if there is one.
void bench_check(ams_status_t status);

/// Aligned memory; the program ends where there is none.
void *bench_allocate(size_t size);

/// Nearly normal numbers, the same on every run of a program; never NULL.
float *bench_numbers(int64_t count);

#endif // AMS_BENCH_SUPPORT_H
