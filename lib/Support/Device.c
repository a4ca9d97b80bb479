/*===-- Device.c - Finding a device -------------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Presets are the files of devices/, held in the library as text.            *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Device.h"

#include "Build.h"
#include "DeviceText.h"
#include "ams-c/Dialect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *name, *text;
} presets[] = {
#include "DevicePresets.inc"
};

enum { NUM_PRESETS = sizeof presets / sizeof *presets };

/* Larger files are no device's. */
enum { MAX_FILE_SIZE = 1 << 20 };

static char *readFile(MlirLocation loc, const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    char names[512] = "";
    for (size_t i = 0; i < NUM_PRESETS; ++i) {
      strncat(names, i ? ", " : "", sizeof names - strlen(names) - 1);
      strncat(names, presets[i].name, sizeof names - strlen(names) - 1);
    }
    amsEmitError(loc,
                 "device '%s' is no preset (%s) and cannot be read as a file: "
                 "%s",
                 path, names, strerror(errno));
    return NULL;
  }
  char *text = amsAllocate(MAX_FILE_SIZE + 1, 1);
  size_t size = fread(text, 1, MAX_FILE_SIZE, file);
  bool failed = ferror(file) || (size == MAX_FILE_SIZE && fgetc(file) != EOF) ||
                memchr(text, '\0', size);
  fclose(file);
  if (failed) {
    amsEmitError(
        loc, "device file '%s' is not a readable text of at most 1 MiB", path);
    free(text);
    return NULL;
  }
  text[size] = '\0';
  return text;
}

/* The device that `text`, of the file at `path`, holds. */
static MlirAttribute parseDevice(MlirLocation loc, const char *path,
                                 const char *text) {
  char *expanded = amsDeviceTextExpand(loc, path, text);
  if (!expanded)
    return mlirAttributeGetNull();
  MlirAttribute attr = mlirAttributeParseGet(mlirLocationGetContext(loc),
                                             amsStringRef(expanded));
  free(expanded);
  if (!mlirAttributeIsNull(attr) && amsAttributeIsADevice(attr))
    return attr;
  amsEmitError(loc, "device file '%s' does not hold an #ams.device attribute",
               path);
  return mlirAttributeGetNull();
}

MlirAttribute amsDeviceFind(MlirLocation loc, const char *device) {
  for (size_t i = 0; i < NUM_PRESETS; ++i)
    if (!strcmp(device, presets[i].name))
      return parseDevice(loc, device, presets[i].text);
  char *text = readFile(loc, device);
  if (!text)
    return mlirAttributeGetNull();
  MlirAttribute attr = parseDevice(loc, device, text);
  free(text);
  return attr;
}
