//===-- information.h - A model in words --------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_RUN_INFORMATION_H
#define AMS_RUN_INFORMATION_H

#include "request.h"

#include <stdio.h>

/// Prints what the model `name` is: inputs and outputs, target, device, and
/// each layer's shape, gain and crossbars, and the seeds of a run. `gains`
/// holds the gain in use of each layer.
void ams_information_print(const ams_model_t *model, const char *name,
                           const float *gains, const ams_run_request_t *request,
                           FILE *stream);

#endif // AMS_RUN_INFORMATION_H
