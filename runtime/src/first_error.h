//===-- first_error.h - The first of several errors ---------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// When threads share a loop and several iterations fail, the error of the first
// iteration counts, so that messages do not depend on the threads. Exported for
// libams_float.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_FIRST_ERROR_H
#define AMS_FIRST_ERROR_H

#include "ams/abi.h"
#include "ams/status.h"

#include <stdatomic.h>
#include <stdint.h>

/// Starts as {INT64_MAX, AMS_OK}.
typedef struct ams_first_error {
  _Atomic int64_t iteration; // that failed, or INT64_MAX
  ams_status_t status;
} ams_first_error_t;

/// Whether an iteration can be left out, as an earlier one failed.
static inline int ams_first_error_precedes(const ams_first_error_t *error,
                                           int64_t iteration) {
  return atomic_load(&error->iteration) < iteration;
}

/// Keeps `status` of `iteration` if it is an error and none of an earlier
/// iteration is kept; takes ownership. Call from inside a parallel loop.
AMS_EXPORT void ams_first_error_add(ams_first_error_t *error, int64_t iteration,
                                    ams_status_t status);

#endif // AMS_FIRST_ERROR_H
