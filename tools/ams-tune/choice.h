//===-- choice.h - Layers chosen by their noise -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Differential noise may be kept to the layers where it matters: those whose
// noise has the largest standard deviation, over that of their results.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_CHOICE_H
#define AMS_TUNE_CHOICE_H

#include "ams/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ams_choice {
  int64_t top; // this many layers; 0: by `least`
  float least; // the least deviation that counts; 0: all layers
} ams_choice_t;

/// Reads "0.02", a least deviation above 0, or "top:3". `what` names the text
/// in the message.
ams_status_t ams_choice_parse(const char *text, const char *what,
                              ams_choice_t *out_choice);

/// Sets chosen[i] for those of the `count` layers that are candidates and whose
/// deviation is large enough: all that reach `least`, or the `top` largest, of
/// equal ones the first. NaN is larger than any number. Returns how many are
/// chosen.
size_t ams_choice_apply(const ams_choice_t *choice, size_t count,
                        const double *deviations, const bool *candidates,
                        bool *chosen);

#endif // AMS_TUNE_CHOICE_H
