//===-- scratch_file.c - Files without a name ---------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Made beside an output, or among temporary files, and unlinked at once.
//
//===----------------------------------------------------------------------===//

#include "scratch_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ams_status_t out_of_memory(void) {
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
}

/// A pattern for mkostemp beside `path`; free it.
static char *pattern_beside(const char *path) {
  char *pattern = NULL;
  return asprintf(&pattern, "%s.tmpXXXXXX", path) < 0 ? NULL : pattern;
}

/// Whether something other than an ordinary file (a device, a pipe) is there,
/// beside which nothing can be made.
static bool is_special(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

/// A new file beside `path`, without its name; NULL, errno set, on error.
static FILE *open_nameless(const char *path) {
  char *temporary = pattern_beside(path);
  if (!temporary)
    return NULL;
  int descriptor = mkostemp(temporary, O_CLOEXEC);
  if (descriptor >= 0)
    unlink(temporary);
  free(temporary);
  FILE *stream = descriptor >= 0 ? fdopen(descriptor, "w+") : NULL;
  if (descriptor >= 0 && !stream)
    close(descriptor);
  return stream;
}

ams_status_t ams_scratch_open(const char *beside, FILE **out_stream) {
  *out_stream = is_special(beside) ? NULL : open_nameless(beside);
  if (*out_stream)
    return AMS_OK;
  const char *directory = getenv("TMPDIR");
  if (!directory || !*directory)
    directory = "/tmp";
  char *path = NULL;
  if (asprintf(&path, "%s/ams", directory) < 0)
    return out_of_memory();
  *out_stream = open_nameless(path);
  int error = errno;
  free(path);
  if (*out_stream)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_IO,
                         "cannot make a temporary file beside '%s' or in '%s': "
                         "%s",
                         beside, directory, strerror(error));
}

ams_status_t ams_scratch_finish(FILE *stream, const char *beside) {
  if (fflush(stream) == 0 && !ferror(stream))
    return AMS_OK;
  return ams_status_make(AMS_STATUS_IO,
                         "cannot write a temporary file beside '%s': %s",
                         beside, strerror(errno));
}
