//===-- output_file.c - Writing files whole or not at all ---------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Temporary file in the same directory, then rename.
//
//===----------------------------------------------------------------------===//

#include "output_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_standard_output(const char *path) {
  return strcmp(path, "-") == 0;
}

static ams_status_t cannot_write(const char *path, int error) {
  if (is_standard_output(path))
    return ams_status_make(AMS_STATUS_IO, "cannot write standard output: %s",
                           strerror(error));
  return ams_status_make(AMS_STATUS_IO, "cannot write '%s': %s", path,
                         strerror(error));
}

/// Opens a new file beside `file->path` with the permissions that a plain
/// creation would give.
static ams_status_t open_temporary(ams_output_file_t *file) {
  static const char suffix[] = ".XXXXXX";
  size_t size = strlen(file->path);
  file->temporary = malloc(size + sizeof suffix);
  if (!file->temporary)
    return cannot_write(file->path, ENOMEM);
  memcpy(file->temporary, file->path, size);
  memcpy(file->temporary + size, suffix, sizeof suffix);

  int descriptor = mkstemp(file->temporary);
  if (descriptor < 0) {
    int error = errno;
    free(file->temporary);
    file->temporary = NULL;
    return cannot_write(file->path, error);
  }
  mode_t mask = umask(0);
  umask(mask);
  fchmod(descriptor, 0666 & ~mask);
  file->stream = fdopen(descriptor, "wb");
  if (!file->stream) {
    int error = errno;
    close(descriptor);
    return cannot_write(file->path, error);
  }
  return AMS_OK;
}

ams_status_t ams_output_file_open(const char *path,
                                  ams_output_file_t *out_file) {
  if (!*path)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "the output file has no name");
  struct stat information;
  bool exists = !is_standard_output(path) && stat(path, &information) == 0;
  ams_output_file_t file = {0};
  file.path = exists ? realpath(path, NULL) : strdup(path);
  if (!file.path)
    return cannot_write(path, errno);

  ams_status_t status = AMS_OK;
  if (is_standard_output(path))
    file.stream = stdout;
  else if (!exists || S_ISREG(information.st_mode)) {
    if (exists && access(file.path, W_OK) != 0)
      status = cannot_write(path, errno);
    else
      status = open_temporary(&file);
  } else {
    file.stream = fopen(file.path, "wb");
    if (!file.stream)
      status = cannot_write(path, errno);
  }
  if (status)
    ams_output_file_discard(&file);
  else
    *out_file = file;
  return status;
}

ams_status_t ams_output_file_probe(const char *path) {
  struct stat information;
  if (is_standard_output(path))
    return AMS_OK;
  if (stat(path, &information) == 0 && !S_ISREG(information.st_mode) &&
      !S_ISDIR(information.st_mode))
    return access(path, W_OK) == 0 ? AMS_OK : cannot_write(path, errno);
  ams_output_file_t file;
  AMS_RETURN_IF_ERROR(ams_output_file_open(path, &file));
  ams_output_file_discard(&file);
  return AMS_OK;
}

ams_status_t ams_output_file_write(ams_output_file_t *file, const void *data,
                                   size_t size) {
  if (fwrite(data, 1, size, file->stream) != size)
    return cannot_write(file->path, errno);
  return AMS_OK;
}

/// Writes out what is buffered, and closes the stream unless it is standard
/// output. The first error counts; one of an earlier write, whose number is no
/// longer known, is any error.
static int finish(FILE *stream) {
  int error = fflush(stream) != 0 ? errno : ferror(stream) ? EIO : 0;
  if (stream != stdout && fclose(stream) != 0 && !error)
    error = errno;
  return error;
}

ams_status_t ams_output_file_commit(ams_output_file_t *file) {
  int error = finish(file->stream);
  file->stream = NULL;
  if (!error && file->temporary && rename(file->temporary, file->path) != 0)
    error = errno;
  ams_status_t status = error ? cannot_write(file->path, error) : AMS_OK;
  if (!error) {
    free(file->temporary);
    file->temporary = NULL;
  }
  ams_output_file_discard(file);
  return status;
}

void ams_output_file_discard(ams_output_file_t *file) {
  if (file->stream && file->stream != stdout)
    fclose(file->stream);
  if (file->temporary)
    unlink(file->temporary);
  free(file->temporary);
  free(file->path);
  *file = (ams_output_file_t){0};
}
