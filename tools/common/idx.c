//===-- idx.c - IDX files of images and labels --------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// zlib reads plain files as they are. The header is big-endian: two zero bytes,
// the element type, the rank, then a 32-bit size for each dimension.
//
//===----------------------------------------------------------------------===//

#include "idx.h"

#include "input_file.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#define IDX_UINT8 0x08

/// More bytes than this from one compressed byte deflate cannot give.
#define MAX_EXPANSION 1032

bool ams_idx_recognise(const unsigned char *bytes, size_t size) {
  bool compressed = size >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
  bool plain = size >= 4 && bytes[0] == 0 && bytes[1] == 0 &&
               bytes[2] >= 0x08 && bytes[2] <= 0x0e && bytes[3] >= 1;
  return compressed || plain;
}

typedef struct reader {
  const char *path;
  gzFile stream;
  int64_t file_size;
} reader_t;

static ams_status_t read_bytes(reader_t *reader, unsigned char *buffer,
                               int64_t size, const char *what) {
  while (size > 0) {
    unsigned part = size < INT_MAX ? (unsigned)size : INT_MAX;
    int count = gzread(reader->stream, buffer, part);
    if (count < 0) {
      int error;
      return ams_status_make(AMS_STATUS_INVALID_DATA, "%s: corrupt data: %s",
                             reader->path, gzerror(reader->stream, &error));
    }
    if (count == 0)
      return ams_status_make(AMS_STATUS_INVALID_DATA,
                             "%s: the file is truncated: it ends inside %s",
                             reader->path, what);
    buffer += count;
    size -= count;
  }
  return AMS_OK;
}

static ams_status_t read_shape(reader_t *reader, int *out_rank, int64_t *dims) {
  unsigned char bytes[4] = {0};
  AMS_RETURN_IF_ERROR(read_bytes(reader, bytes, 4, "the header"));
  if (bytes[0] != 0 || bytes[1] != 0)
    return ams_status_make(AMS_STATUS_INVALID_DATA, "%s: not an IDX file",
                           reader->path);
  if (bytes[2] != IDX_UINT8)
    return ams_status_make(AMS_STATUS_UNSUPPORTED,
                           "%s: IDX elements of type 0x%02x; only unsigned "
                           "bytes (0x08) are read",
                           reader->path, bytes[2]);
  if (bytes[3] < 1 || bytes[3] > AMS_ABI_MAX_RANK)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%s: %d dimensions; 1 to %d are read", reader->path,
                           bytes[3], AMS_ABI_MAX_RANK);
  *out_rank = bytes[3];
  for (int i = 0; i < *out_rank; ++i) {
    AMS_RETURN_IF_ERROR(read_bytes(reader, bytes, 4, "the header"));
    dims[i] = (int64_t)bytes[0] << 24 | (int64_t)bytes[1] << 16 |
              (int64_t)bytes[2] << 8 | (int64_t)bytes[3];
  }
  return AMS_OK;
}

/// Spreads `count` bytes over the tensor's elements.
static void fill(ams_tensor_t *tensor, const unsigned char *bytes) {
  for (int64_t i = 0; i < tensor->count; ++i) {
    if (tensor->element == AMS_ELEMENT_F32)
      ((float *)tensor->data)[i] = (float)bytes[i] / 255.0f;
    else
      ((int64_t *)tensor->data)[i] = bytes[i];
  }
}

/// Reads the elements, and nothing may follow them.
static ams_status_t read_elements(reader_t *reader, int64_t count,
                                  unsigned char *bytes) {
  AMS_RETURN_IF_ERROR(read_bytes(reader, bytes, count, "the elements"));
  unsigned char surplus;
  int error = 0;
  if (gzread(reader->stream, &surplus, 1) > 0)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%s: the file is longer than its array",
                           reader->path);
  const char *message = gzerror(reader->stream, &error);
  if (error != Z_OK && error != Z_STREAM_END)
    return ams_status_make(AMS_STATUS_INVALID_DATA, "%s: corrupt data: %s",
                           reader->path, message);
  return AMS_OK;
}

static ams_status_t read_array(reader_t *reader, ams_tensor_t *out_tensor) {
  int rank = 0;
  int64_t dims[AMS_ABI_MAX_RANK];
  AMS_RETURN_IF_ERROR(read_shape(reader, &rank, dims));
  int64_t count = 0;
  AMS_RETURN_IF_ERROR(
      ams_shape_count(rank, dims, sizeof(int64_t), reader->path, &count));
  if (count / MAX_EXPANSION > reader->file_size) {
    char shape[AMS_SHAPE_TEXT_SIZE];
    ams_shape_format(rank, dims, shape);
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%s: the file is too short for its shape %s",
                           reader->path, shape);
  }

  bool images = rank > 1;
  ams_tensor_t tensor;
  AMS_RETURN_IF_ERROR(
      ams_tensor_allocate(images ? AMS_ELEMENT_F32 : AMS_ELEMENT_I64, rank,
                          dims, reader->path, &tensor));
  tensor.images = images;
  unsigned char *bytes = calloc(count ? (size_t)count : 1, 1);
  ams_status_t status =
      bytes ? read_elements(reader, count, bytes)
            : ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                              "%s: no memory for its elements", reader->path);
  if (!status)
    fill(&tensor, bytes);
  free(bytes);
  if (status)
    ams_tensor_free(&tensor);
  else
    *out_tensor = tensor;
  return status;
}

ams_status_t ams_idx_read(const char *path, ams_tensor_t *out_tensor) {
  ams_input_file_t file;
  AMS_RETURN_IF_ERROR(ams_input_file_open(path, &file));
  int64_t size = file.size;
  ams_input_file_close(&file);
  reader_t reader = {
      .path = path, .stream = gzopen(path, "rb"), .file_size = size};
  if (!reader.stream)
    return ams_status_make(AMS_STATUS_IO, "%s: cannot be opened", path);
  ams_status_t status = read_array(&reader, out_tensor);
  gzclose_r(reader.stream);
  return status;
}
