//===-- npy.c - NumPy's .npy files --------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reading checks every size against the file's before memory is asked for.
//
//===----------------------------------------------------------------------===//

#include "npy.h"

#include "input_file.h"
#include "npy_header.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// NumPy's own limit is 10000 characters; this is where corruption is certain.
#define MAX_HEADER_SIZE (1u << 20)

bool ams_npy_recognise(const unsigned char *bytes, size_t size) {
  return size >= AMS_NPY_MAGIC_SIZE &&
         memcmp(bytes, AMS_NPY_MAGIC, AMS_NPY_MAGIC_SIZE) == 0;
}

/// Reads magic, version and the dictionary's size.
static ams_status_t read_prefix(ams_input_file_t *file, size_t *out_size) {
  unsigned char bytes[AMS_NPY_MAGIC_SIZE + 6];
  AMS_RETURN_IF_ERROR(
      ams_input_file_read(file, bytes, AMS_NPY_MAGIC_SIZE + 4, "the header"));
  if (!ams_npy_recognise(bytes, sizeof bytes))
    return ams_status_make(AMS_STATUS_INVALID_DATA, "%s: not a .npy file",
                           file->path);
  const unsigned char *length = bytes + AMS_NPY_MAGIC_SIZE + 2;
  unsigned major = bytes[AMS_NPY_MAGIC_SIZE];
  size_t size = length[0] | (size_t)length[1] << 8;
  if (major == 2 || major == 3) {
    AMS_RETURN_IF_ERROR(ams_input_file_read(
        file, bytes + AMS_NPY_MAGIC_SIZE + 4, 2, "the header"));
    size |= (size_t)length[2] << 16 | (size_t)length[3] << 24;
  } else if (major != 1) {
    return ams_status_make(AMS_STATUS_UNSUPPORTED,
                           "%s: .npy version %u is not supported", file->path,
                           major);
  }
  if (size > MAX_HEADER_SIZE)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%s: corrupt .npy header: it says that it has %zu "
                           "bytes",
                           file->path, size);
  *out_size = size;
  return AMS_OK;
}

static ams_status_t read_header(ams_input_file_t *file,
                                ams_npy_header_t *out_header) {
  size_t size = 0;
  AMS_RETURN_IF_ERROR(read_prefix(file, &size));
  char *text = malloc(size ? size : 1);
  if (!text)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                           "%s: no memory for the header", file->path);
  ams_status_t status = ams_input_file_read(file, text, size, "the header");
  if (!status)
    status = ams_npy_header_parse(file->path, text, size, out_header);
  free(text);
  return status;
}

static ams_status_t read_array(ams_input_file_t *file,
                               ams_tensor_t *out_tensor) {
  ams_npy_header_t header;
  AMS_RETURN_IF_ERROR(read_header(file, &header));
  int64_t count = 0;
  size_t element_size = ams_element_size(header.element);
  AMS_RETURN_IF_ERROR(ams_shape_count(header.rank, header.dims, element_size,
                                      file->path, &count));
  int64_t size = count * (int64_t)element_size;
  int64_t left = ams_input_file_left(file);
  if (left != size)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%s: %s: its header announces %" PRId64
                           " bytes of data, it holds %" PRId64,
                           file->path,
                           left < size ? "the file is truncated"
                                       : "the file is longer than its array",
                           size, left);

  ams_tensor_t tensor;
  AMS_RETURN_IF_ERROR(ams_tensor_allocate(header.element, header.rank,
                                          header.dims, file->path, &tensor));
  ams_status_t status =
      ams_input_file_read(file, tensor.data, (size_t)size, "the array");
  if (status)
    ams_tensor_free(&tensor);
  else
    *out_tensor = tensor;
  return status;
}

ams_status_t ams_npy_read(const char *path, ams_tensor_t *out_tensor) {
  ams_input_file_t file;
  AMS_RETURN_IF_ERROR(ams_input_file_open(path, &file));
  ams_status_t status = read_array(&file, out_tensor);
  ams_input_file_close(&file);
  return status;
}

ams_status_t ams_npy_write(ams_output_file_t *file,
                           const ams_tensor_t *tensor) {
  char header[AMS_NPY_HEADER_SIZE];
  size_t size = ams_npy_header_format(tensor, header);
  AMS_RETURN_IF_ERROR(ams_output_file_write(file, header, size));
  return ams_output_file_write(file, tensor->data,
                               (size_t)tensor->count *
                                   ams_element_size(tensor->element));
}
