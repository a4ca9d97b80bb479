//===-- statistics.h - Statistics of a run ------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_RUN_STATISTICS_H
#define AMS_RUN_STATISTICS_H

#include "request.h"

/// Writes what each layer did, as JSON, to the file that was asked for or to
/// standard output.
ams_status_t ams_statistics_write(const ams_model_t *model,
                                  const ams_run_request_t *request);

#endif // AMS_RUN_STATISTICS_H
