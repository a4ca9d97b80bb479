//===-- support.c - What benchmarks share -------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

void bench_check(ams_status_t status) {
  if (!status)
    return;
  fprintf(stderr, "%s: error: %s\n", program_invocation_short_name,
          ams_status_message(status));
  exit(1);
}

void *bench_allocate(size_t size) {
  void *memory = NULL;
  if (posix_memalign(&memory, 64, size ? size : 1) == 0)
    return memory;
  fprintf(stderr, "%s: error: out of memory\n", program_invocation_short_name);
  exit(1);
}

/// Sums of twelve uniform numbers.
float *bench_numbers(int64_t count) {
  static uint64_t state = 1;
  float *values = bench_allocate((size_t)count * sizeof *values);
  for (int64_t i = 0; i < count; ++i) {
    double sum = -6;
    for (int part = 0; part < 12; ++part) {
      state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
      sum += (double)(state >> 40) * 0x1p-24;
    }
    values[i] = (float)sum;
  }
  return values;
}
