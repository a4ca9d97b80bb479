//===-- execute.h - From input files to output files --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_RUN_EXECUTE_H
#define AMS_RUN_EXECUTE_H

#include "request.h"

/// Reads the inputs, runs the model as often as asked, prints times and writes
/// the outputs. No output file is made unless all went well.
ams_status_t ams_execute(ams_model_t *model, const ams_run_request_t *request);

#endif // AMS_RUN_EXECUTE_H
