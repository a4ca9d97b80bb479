//===-- input_file.c - Reading files ------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Opening, checking and reading of regular files.
//
//===----------------------------------------------------------------------===//

#include "input_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

ams_status_t ams_input_file_open(const char *path, ams_input_file_t *out_file) {
  FILE *stream = fopen(path, "rb");
  if (!stream)
    return ams_status_make(errno == ENOENT ? AMS_STATUS_NOT_FOUND
                                           : AMS_STATUS_IO,
                           "%s: %s", path, strerror(errno));
  struct stat information;
  if (fstat(fileno(stream), &information) != 0 ||
      !S_ISREG(information.st_mode)) {
    fclose(stream);
    return ams_status_make(AMS_STATUS_INVALID_DATA, "%s: not a regular file",
                           path);
  }
  *out_file = (ams_input_file_t){
      .path = path, .stream = stream, .size = information.st_size};
  return AMS_OK;
}

void ams_input_file_close(ams_input_file_t *file) { fclose(file->stream); }

int64_t ams_input_file_left(const ams_input_file_t *file) {
  return file->size - file->position;
}

ams_status_t ams_input_file_read(ams_input_file_t *file, void *buffer,
                                 size_t size, const char *what) {
  size_t count = size ? fread(buffer, 1, size, file->stream) : 0;
  file->position += (int64_t)count;
  if (count == size)
    return AMS_OK;
  if (ferror(file->stream))
    return ams_status_make(AMS_STATUS_IO, "%s: %s", file->path,
                           strerror(errno));
  if (file->size == 0)
    return ams_status_make(AMS_STATUS_INVALID_DATA, "%s: the file is empty",
                           file->path);
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "%s: the file is truncated: it ends inside %s",
                         file->path, what);
}
