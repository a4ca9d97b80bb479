//===-- directory.c - Directories of outputs ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Making one that may be there already.
//
//===----------------------------------------------------------------------===//

#include "directory.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

ams_status_t ams_directory_make(const char *path) {
  struct stat info;
  if (mkdir(path, 0777) != 0 && errno != EEXIST)
    return ams_status_make(AMS_STATUS_IO, "cannot make the directory '%s': %s",
                           path, strerror(errno));
  if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
    return ams_status_make(AMS_STATUS_IO,
                           "'%s' is there but is not a directory", path);
  return AMS_OK;
}
