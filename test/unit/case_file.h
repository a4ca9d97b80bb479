//===-- case_file.h - Settings of a known answer ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TEST_CASE_FILE_H
#define AMS_TEST_CASE_FILE_H

#include "ams/abi.h"

#include <stdbool.h>

typedef struct case_file {
  char op[32]; // "matmul", ...; "" if the file could not be read
  ams_abi_device_t device;
  float gain;
  int32_t stride, pad, dilation, groups; // convolutions
  bool mean, spread;                     // how blocks are conditioned
} case_file_t;

/// Reads DIRECTORY/case.json.
case_file_t case_file_read(const char *directory);

#endif // AMS_TEST_CASE_FILE_H
