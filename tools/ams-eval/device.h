//===-- device.h - The device of a cell ---------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_EVAL_DEVICE_H
#define AMS_EVAL_DEVICE_H

#include "ams/status.h"
#include "sweep.h"

/// Gives a preset's name where there is one for `rows` and `bits`, else writes
/// a device file into `directory` and gives its path. Free the text.
ams_status_t ams_device_choose(int32_t rows, ams_bits_t bits,
                               const char *directory, char **out_device);

#endif // AMS_EVAL_DEVICE_H
