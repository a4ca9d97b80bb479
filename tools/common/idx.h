//===-- idx.h - IDX files of images and labels --------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The format of the MNIST family, plain or compressed by gzip. Images (two
// dimensions or more) become float32 from 0 to 1, labels int64.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TOOLS_IDX_H
#define AMS_TOOLS_IDX_H

#include "ams/status.h"
#include "tensor.h"

#include <stdbool.h>
#include <stddef.h>

/// Whether a file that begins with these bytes may be an IDX file.
bool ams_idx_recognise(const unsigned char *bytes, size_t size);

ams_status_t ams_idx_read(const char *path, ams_tensor_t *out_tensor);

#endif // AMS_TOOLS_IDX_H
