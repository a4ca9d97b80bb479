//===-- tensor_file.c - Files of numbers of any known format ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The choice of a reader by content.
//
//===----------------------------------------------------------------------===//

#include "tensor_file.h"

#include "idx.h"
#include "input_file.h"
#include "npy.h"

#include <string.h>

static bool has_extension(const char *path, const char *extension) {
  size_t size = strlen(path), suffix = strlen(extension);
  return size >= suffix && strcmp(path + size - suffix, extension) == 0;
}

ams_status_t ams_tensor_file_read(const char *path, ams_tensor_t *out_tensor) {
  ams_input_file_t file;
  AMS_RETURN_IF_ERROR(ams_input_file_open(path, &file));
  unsigned char bytes[8];
  size_t size =
      file.size < (int64_t)sizeof bytes ? (size_t)file.size : sizeof bytes;
  ams_status_t status =
      ams_input_file_read(&file, bytes, size ? size : 1, "the first bytes");
  ams_input_file_close(&file);
  AMS_RETURN_IF_ERROR(status);

  if (ams_npy_recognise(bytes, size) || has_extension(path, ".npy"))
    return ams_npy_read(path, out_tensor);
  if (ams_idx_recognise(bytes, size))
    return ams_idx_read(path, out_tensor);
  if (size >= 4 && memcmp(bytes, "PK\x03\x04", 4) == 0)
    return ams_status_make(AMS_STATUS_UNSUPPORTED,
                           "%s: an archive (.npz); save its array by "
                           "numpy.save to a .npy file",
                           path);
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "%s: neither a .npy nor an IDX file", path);
}
