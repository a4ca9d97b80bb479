/*===-- DeviceText.c - The text of a device file ------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* First comments go, which the C API's parser of attributes would count as   *|
|* trailing characters; then histograms are filled in. Whatever else is wrong *|
|* is the parser's to say.                                                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "DeviceText.h"

#include "Build.h"
#include "ErrorHistogram.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define HISTOGRAM "#ams.histogram<"

enum { DEFAULT_BINS = 64 };

static char *withoutComments(const char *text) {
  char *stripped = amsAllocate(strlen(text) + 1, 1);
  size_t size = 0;
  bool quoted = false;
  while (*text) {
    quoted ^= *text == '"';
    if (!quoted && text[0] == '/' && text[1] == '/')
      text += strcspn(text, "\n");
    else if (size || !isspace((unsigned char)*text))
      stripped[size++] = *text++;
    else
      ++text;
  }
  while (size && isspace((unsigned char)stripped[size - 1]))
    --size;
  stripped[size] = '\0';
  return stripped;
}

/* Moves `*at` over white space and `token`, if they are next. */
static bool accept(const char **at, const char *token) {
  const char *next = *at + strspn(*at, " \t\r\n");
  size_t size = strlen(token);
  if (strncmp(next, token, size) != 0)
    return false;
  *at = next + size;
  return true;
}

/* The file `name`, beside the file at `path` unless it is absolute. */
static char *besides(const char *path, const char *name, size_t size) {
  AmsText text = {0};
  const char *slash = strrchr(path, '/');
  if (slash && name[0] != '/')
    amsTextAppendBytes(&text, path, (size_t)(slash - path) + 1);
  amsTextAppendBytes(&text, name, size);
  return text.data;
}

/* What follows "#ams.histogram<file": reads it, moves `*at` behind it, and
 * appends the parameters that it stands for. */
static bool expandHistogram(MlirLocation loc, const char *path, const char **at,
                            AmsText *out) {
  const char *name = NULL;
  size_t nameSize = 0;
  long bins = DEFAULT_BINS;
  bool ok = accept(at, "=") && accept(at, "\"");
  if (ok) {
    name = *at;
    nameSize = strcspn(name, "\"");
    *at += nameSize;
    ok = nameSize && accept(at, "\"");
  }
  if (ok && accept(at, ",")) {
    ok = accept(at, "bins") && accept(at, "=");
    char *end = NULL;
    bins = ok ? strtol(*at, &end, 10) : 0;
    if (ok)
      *at = end;
  }
  if (!ok || !accept(at, ">")) {
    amsEmitError(loc,
                 "device file '%s': a histogram from a file is written "
                 "#ams.histogram<file = \"errors.txt\", bins = 64>",
                 path);
    return false;
  }
  if (bins < 1 || bins > AMS_ABI_MAX_BINS) {
    amsEmitError(loc,
                 "device file '%s': a histogram has from 1 to %d bins, not %ld",
                 path, AMS_ABI_MAX_BINS, bins);
    return false;
  }
  char *file = besides(path, name, nameSize);
  AmsErrorHistogram histogram = {.bins = (int)bins};
  ok = amsErrorHistogramRead(loc, file, &histogram);
  free(file);
  if (ok) {
    amsErrorHistogramPrint(&histogram, out);
    amsTextAppend(out, ">");
  }
  return ok;
}

char *amsDeviceTextExpand(MlirLocation loc, const char *path,
                          const char *text) {
  char *stripped = withoutComments(text);
  AmsText out = {0};
  const char *at = stripped;
  bool ok = true;
  for (const char *next; ok && (next = strstr(at, HISTOGRAM));) {
    next += strlen(HISTOGRAM);
    amsTextAppendBytes(&out, at, (size_t)(next - at));
    at = next;
    if (accept(&next, "file")) {
      ok = expandHistogram(loc, path, &next, &out);
      at = next;
    }
  }
  amsTextAppendBytes(&out, at, strlen(at));
  free(stripped);
  if (ok)
    return out.data;
  free(out.data);
  return NULL;
}
