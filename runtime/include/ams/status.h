//===-- ams/status.h - Errors as values --------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A status is NULL for success, else an owned object with a code and a message
// that names the file, layer, shape or option at fault and what to do. The
// libraries return statuses; they never print, exit or abort.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_STATUS_H
#define AMS_STATUS_H

#include "ams/export.h"

typedef enum ams_status_code {
  AMS_STATUS_OK = 0,
  AMS_STATUS_INVALID_ARGUMENT, // a value the caller passed is out of range
  AMS_STATUS_INVALID_DATA,     // a file or tensor holds something unusable
  AMS_STATUS_UNSUPPORTED,      // valid, but this build cannot do it
  AMS_STATUS_NOT_FOUND,        // a file, symbol, layer or preset is missing
  AMS_STATUS_VERSION_MISMATCH, // a binary of another ABI version
  AMS_STATUS_OUT_OF_MEMORY,
  AMS_STATUS_IO, // the operating system refused a read or write
} ams_status_code_t;

typedef struct ams_status *ams_status_t;

/// The status of success.
#define AMS_OK ((ams_status_t)0)

/// Makes an error of `code` with a printf-formatted message. Never returns
/// AMS_OK: when memory is short it returns a static out-of-memory status.
AMS_EXPORT ams_status_t ams_status_make(ams_status_code_t code,
                                        const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));

/// The code of `status`; AMS_STATUS_OK for AMS_OK.
AMS_EXPORT ams_status_code_t ams_status_code(ams_status_t status);

/// The message of `status`, valid until it is freed; "" for AMS_OK.
AMS_EXPORT const char *ams_status_message(ams_status_t status);

/// Frees `status`; AMS_OK is allowed.
AMS_EXPORT void ams_status_free(ams_status_t status);

/// Returns from the calling function with the status of `expr` if it failed.
#define AMS_RETURN_IF_ERROR(expr)                                              \
  do {                                                                         \
    ams_status_t ams_status_local_ = (expr);                                   \
    if (ams_status_local_)                                                     \
      return ams_status_local_;                                                \
  } while (0)

#endif // AMS_STATUS_H
