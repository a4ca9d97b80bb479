//===-- device.c - The device of a cell ---------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Presets are the published configurations; any other is described in a file
// that differs from them in nothing but sizes and bits.
//
//===----------------------------------------------------------------------===//

#include "device.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// The preset's suffix for `bits`, or NULL.
static const char *preset_suffix(ams_bits_t bits) {
  if (bits.output != 8 || bits.weight != bits.input)
    return NULL;
  return bits.weight == 8 ? "" : bits.weight == 6 ? "-668" : NULL;
}

static bool has_preset(int32_t rows) {
  return rows == 8 || rows == 32 || rows == 128;
}

static ams_status_t write_device(const char *path, int32_t rows,
                                 ams_bits_t bits) {
  FILE *stream = fopen(path, "w");
  if (!stream)
    return ams_status_make(AMS_STATUS_IO, "cannot write %s: %s", path,
                           strerror(errno));
  fprintf(stream,
          "#ams.device<rows = %d, columns = %d, weight_bits = %d, "
          "input_bits = %d, output_bits = %d, partials = bf16, "
          "noise = [#ams.uniform<width = 1.0>]>\n",
          rows, rows, bits.weight, bits.input, bits.output);
  if (fclose(stream) != 0)
    return ams_status_make(AMS_STATUS_IO, "cannot write %s: %s", path,
                           strerror(errno));
  return AMS_OK;
}

ams_status_t ams_device_choose(int32_t rows, ams_bits_t bits,
                               const char *directory, char **out_device) {
  const char *suffix = preset_suffix(bits);
  bool preset = suffix && has_preset(rows);
  char *device = NULL;
  int length = preset ? asprintf(&device, "abfp-n%d%s", rows, suffix)
                      : asprintf(&device, "%s/n%d-%d-%d-%d.mlir", directory,
                                 rows, bits.weight, bits.input, bits.output);
  if (length < 0)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  ams_status_t status = preset ? AMS_OK : write_device(device, rows, bits);
  if (status)
    free(device);
  else
    *out_device = device;
  return status;
}
