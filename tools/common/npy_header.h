//===-- npy_header.h - The header of a .npy file ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The header is a Python dictionary in text, which may be corrupt: it is parsed
// strictly, apart from the file's reading, so that tests reach it directly.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TOOLS_NPY_HEADER_H
#define AMS_TOOLS_NPY_HEADER_H

#include "ams/status.h"
#include "tensor.h"

#include <stddef.h>

/// What comes before the dictionary: magic, version and the header's length.
#define AMS_NPY_MAGIC "\x93NUMPY"
#define AMS_NPY_MAGIC_SIZE 6

typedef struct ams_npy_header {
  ams_element_t element;
  int rank;
  int64_t dims[AMS_ABI_MAX_RANK];
} ams_npy_header_t;

/// Parses the dictionary in `text` of `size` bytes; `path` is for messages.
ams_status_t ams_npy_header_parse(const char *path, const char *text,
                                  size_t size, ams_npy_header_t *out_header);

/// Writes the whole header of `tensor`, magic included, to `buffer` of at least
/// AMS_NPY_HEADER_SIZE bytes and gives its size.
#define AMS_NPY_HEADER_SIZE 512
size_t ams_npy_header_format(const ams_tensor_t *tensor, char *buffer);

#endif // AMS_TOOLS_NPY_HEADER_H
