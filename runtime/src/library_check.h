//===-- library_check.h - Checks of a shared library's file -------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_LIBRARY_CHECK_H
#define AMS_LIBRARY_CHECK_H

#include "ams/status.h"

/// Checks that the file at `path` can be read and holds all the bytes that its
/// program headers speak of: the system's loader maps a truncated library
/// without complaint, and the process dies when it touches what is missing.
ams_status_t ams_library_check(const char *path);

#endif // AMS_LIBRARY_CHECK_H
