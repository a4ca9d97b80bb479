//===-- npy.h - NumPy's .npy files --------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads and writes arrays in NumPy's format, versions 1 to 3: little-endian,
// C order.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TOOLS_NPY_H
#define AMS_TOOLS_NPY_H

#include "ams/status.h"
#include "output_file.h"
#include "tensor.h"

#include <stdbool.h>
#include <stddef.h>

/// Whether a file that begins with these bytes is meant to be a .npy file.
bool ams_npy_recognise(const unsigned char *bytes, size_t size);

/// Reads the array at `path` in the element type that the file has.
ams_status_t ams_npy_read(const char *path, ams_tensor_t *out_tensor);

/// Writes `tensor` to `file`.
ams_status_t ams_npy_write(ams_output_file_t *file, const ams_tensor_t *tensor);

#endif // AMS_TOOLS_NPY_H
