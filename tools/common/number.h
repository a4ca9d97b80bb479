//===-- number.h - Numbers on the command line --------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Strict parsing of numbers: the whole text must be one number in range. The
// status names what was being read, the text and the range.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TOOLS_NUMBER_H
#define AMS_TOOLS_NUMBER_H

#include "ams/status.h"

#include <stdint.h>

/// Parses a whole number from `least` to `most`; `what` is its name in the
/// message, for example "option '--threads'".
ams_status_t ams_number_parse_int(const char *text, const char *what,
                                  int64_t least, int64_t most,
                                  int64_t *out_value);

/// Parses a seed: a whole number from 0 to 2^64 - 1, decimal or 0x....
ams_status_t ams_number_parse_uint64(const char *text, const char *what,
                                     uint64_t *out_value);

/// Parses a finite positive float32, as a gain is.
ams_status_t ams_number_parse_positive(const char *text, const char *what,
                                       float *out_value);

/// Parses a float32 from 0 to below 1.
ams_status_t ams_number_parse_part(const char *text, const char *what,
                                   float *out_value);

#endif // AMS_TOOLS_NUMBER_H
