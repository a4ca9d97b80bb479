/*===-- Output.c - Files whole or not at all ---------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Renaming for outputs, unlinked files for what lies between phases.         *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool isStandardOutput(const char *path) {
  return strcmp(path, "-") == 0;
}

static ams_status_t cannotWrite(const char *path, int error) {
  if (isStandardOutput(path))
    return ams_status_make(AMS_STATUS_IO, "cannot write standard output: %s",
                           strerror(error));
  return ams_status_make(AMS_STATUS_IO, "cannot write '%s': %s", path,
                         strerror(error));
}

static ams_status_t outOfMemory(void) {
  return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
}

/* The directory that holds `path`; free it. */
static char *directoryOf(const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash)
    return strdup(".");
  return slash == path ? strdup("/") : strndup(path, slash - path);
}

/* A pattern for mkostemp beside `path`; free it. */
static char *temporaryBeside(const char *path) {
  char *pattern = NULL;
  return asprintf(&pattern, "%s.tmpXXXXXX", path) < 0 ? NULL : pattern;
}

/* Whether something other than an ordinary file (a device, a pipe) is there,
 * which must be written in place. */
static bool isSpecial(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

ams_status_t amsOutputCheck(const char *path) {
  if (isStandardOutput(path))
    return AMS_OK;
  if (!*path)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT,
                           "the output file has no name");
  struct stat info;
  if (stat(path, &info) == 0) {
    if (S_ISDIR(info.st_mode))
      return cannotWrite(path, EISDIR);
    if (access(path, W_OK) != 0)
      return cannotWrite(path, errno);
    if (!S_ISREG(info.st_mode))
      return AMS_OK;
  }
  char *directory = directoryOf(path);
  if (!directory)
    return outOfMemory();
  int error = 0;
  if (stat(directory, &info) != 0)
    error = errno;
  else if (!S_ISDIR(info.st_mode))
    error = ENOTDIR;
  else if (access(directory, W_OK | X_OK) != 0)
    error = errno;
  free(directory);
  return error ? cannotWrite(path, error) : AMS_OK;
}

ams_status_t amsOutputOpen(AmsOutput *output, const char *path) {
  *output = (AmsOutput){.path = path};
  if (isStandardOutput(path)) {
    output->stream = stdout;
    return AMS_OK;
  }
  if (isSpecial(path)) {
    output->stream = fopen(path, "w");
    return output->stream ? AMS_OK : cannotWrite(path, errno);
  }
  char *temporary = temporaryBeside(path);
  if (!temporary)
    return outOfMemory();
  int descriptor = mkostemp(temporary, O_CLOEXEC);
  if (descriptor < 0) {
    int error = errno;
    free(temporary);
    return cannotWrite(path, error);
  }
  mode_t mask = umask(0);
  umask(mask);
  fchmod(descriptor, 0666 & ~mask);
  output->temporary = temporary;
  output->stream = fdopen(descriptor, "w");
  if (output->stream)
    return AMS_OK;
  unlink(temporary);
  free(temporary);
  close(descriptor);
  return outOfMemory();
}

ams_status_t amsOutputCommit(AmsOutput *output) {
  bool failed = fflush(output->stream) != 0 || ferror(output->stream);
  int error = failed ? errno : 0;
  if (output->stream != stdout && fclose(output->stream) != 0 && !failed) {
    failed = true;
    error = errno;
  }
  if (output->temporary) {
    if (!failed && rename(output->temporary, output->path) != 0) {
      failed = true;
      error = errno;
    }
    if (failed)
      unlink(output->temporary);
  }
  free(output->temporary);
  return failed ? cannotWrite(output->path, error) : AMS_OK;
}

ams_status_t amsOutputMakeDirectory(const char *path) {
  struct stat info;
  if (mkdir(path, 0777) != 0 && errno != EEXIST)
    return ams_status_make(AMS_STATUS_IO, "cannot make the directory '%s': %s",
                           path, strerror(errno));
  if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
    return ams_status_make(AMS_STATUS_IO,
                           "'%s' is there but is not a directory", path);
  return AMS_OK;
}

/* A new file beside `path`, without its name; NULL, errno set, on error. */
static FILE *openNameless(const char *path) {
  char *temporary = temporaryBeside(path);
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

ams_status_t amsScratchOpen(const char *beside, FILE **outStream) {
  *outStream = isSpecial(beside) ? NULL : openNameless(beside);
  if (*outStream)
    return AMS_OK;
  const char *directory = getenv("TMPDIR");
  if (!directory || !*directory)
    directory = "/tmp";
  char *path = NULL;
  if (asprintf(&path, "%s/ams", directory) < 0)
    return outOfMemory();
  *outStream = openNameless(path);
  int error = errno;
  free(path);
  if (*outStream)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_IO,
                         "cannot make a temporary file beside '%s' or in '%s': "
                         "%s",
                         beside, directory, strerror(error));
}

ams_status_t amsScratchFinish(FILE *stream, const char *beside) {
  if (fflush(stream) == 0 && !ferror(stream))
    return AMS_OK;
  return ams_status_make(AMS_STATUS_IO,
                         "cannot write a temporary file beside '%s': %s",
                         beside, strerror(errno));
}
