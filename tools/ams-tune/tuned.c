//===-- tuned.c - A copy of the model's file with other weights ---*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tuned.h"

#include "ModelWeights.h"
#include "output_file.h"

#include <zlib.h>

enum { REASON_SIZE = 512 };

ams_status_t ams_tuned_open(const char *path, ams_tuned_t **out_tuned) {
  char reason[REASON_SIZE];
  *out_tuned = amsModelWeightsOpen(path, reason, sizeof reason);
  if (*out_tuned)
    return AMS_OK;
  return ams_status_make(AMS_STATUS_INVALID_DATA, "%s: %s", path, reason);
}

void ams_tuned_close(ams_tuned_t *tuned) { amsModelWeightsClose(tuned); }

uint32_t ams_tuned_checksum(const ams_tuned_t *tuned) {
  size_t size = 0;
  const void *bytes = amsModelWeightsBytes(tuned, &size);
  return (uint32_t)crc32_z(crc32_z(0, NULL, 0), bytes, size);
}

ams_status_t ams_tuned_load(const ams_tuned_t *tuned, const char *path,
                            ams_parameters_t *parameters) {
  char reason[REASON_SIZE];
  for (size_t i = 0; i < parameters->count; ++i) {
    const ams_parameter_t *parameter = &parameters->items[i];
    if (!amsModelWeightsGet(tuned, parameter->name, parameter->count,
                            parameter->weights, reason, sizeof reason))
      return ams_status_make(AMS_STATUS_INVALID_DATA, "%s: %s", path, reason);
  }
  return AMS_OK;
}

static ams_status_t write_bytes(const ams_tuned_t *tuned, const char *path) {
  size_t size = 0;
  const void *bytes = amsModelWeightsBytes(tuned, &size);
  ams_output_file_t file;
  AMS_RETURN_IF_ERROR(ams_output_file_open(path, &file));
  ams_status_t status = ams_output_file_write(&file, bytes, size);
  if (!status)
    return ams_output_file_commit(&file);
  ams_output_file_discard(&file);
  return status;
}

ams_status_t ams_tuned_write(ams_tuned_t *tuned,
                             const ams_parameters_t *parameters, bool best,
                             const char *path) {
  char reason[REASON_SIZE];
  for (size_t i = 0; i < parameters->count; ++i) {
    const ams_parameter_t *parameter = &parameters->items[i];
    if (!amsModelWeightsSet(tuned, parameter->name, parameter->count,
                            best ? parameter->best : parameter->weights, reason,
                            sizeof reason))
      return ams_status_make(AMS_STATUS_INVALID_DATA, "%s: %s", path, reason);
  }
  return write_bytes(tuned, path);
}
