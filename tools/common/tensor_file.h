//===-- tensor_file.h - Files of numbers of any known format ------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One reader for the inputs of every tool: .npy, or IDX plain or gzip.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TOOLS_TENSOR_FILE_H
#define AMS_TOOLS_TENSOR_FILE_H

#include "ams/status.h"
#include "tensor.h"

/// Reads the file at `path`, whose format its first bytes tell.
ams_status_t ams_tensor_file_read(const char *path, ams_tensor_t *out_tensor);

#endif // AMS_TOOLS_TENSOR_FILE_H
