//===-- directory.h - Directories of outputs ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Making one that may be there already.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_FILE_DIRECTORY_H
#define AMS_FILE_DIRECTORY_H

#include "ams/status.h"

/// Makes the directory `path` unless it is there.
ams_status_t ams_directory_make(const char *path);

#endif // AMS_FILE_DIRECTORY_H
