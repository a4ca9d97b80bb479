//===-- first_error.c - The first of several errors ---------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keeps the error of the loop's first failing iteration.
//
//===----------------------------------------------------------------------===//

#include "first_error.h"

void ams_first_error_add(ams_first_error_t *error, int64_t iteration,
                         ams_status_t status) {
  if (!status)
    return;
#pragma omp critical(ams_first_error)
  {
    if (iteration < atomic_load(&error->iteration)) {
      ams_status_t previous = error->status;
      error->status = status;
      status = previous;
      atomic_store(&error->iteration, iteration);
    }
  }
  ams_status_free(status);
}
