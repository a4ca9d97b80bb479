//===-- input_check.h - What inputs may hold ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_INPUT_CHECK_H
#define AMS_INPUT_CHECK_H

#include "model.h"

/// Fails, naming input and sample, where an element of a bounded input is
/// outside its range. Nothing that code takes elements by is unchecked then.
ams_status_t ams_inputs_check(const ams_model_t *model, int64_t samples,
                              const void *const *inputs);

#endif // AMS_INPUT_CHECK_H
