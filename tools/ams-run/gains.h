//===-- gains.h - Gains set on the command line -------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_RUN_GAINS_H
#define AMS_RUN_GAINS_H

#include "request.h"

/// Sets the gains that were asked for. `out_gains`, to be freed, receives the
/// gain in use of each layer.
ams_status_t ams_gains_set(ams_model_t *model, const ams_run_request_t *request,
                           float **out_gains);

#endif // AMS_RUN_GAINS_H
