//===-- stop.h - Runs that have to stop ---------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Errors of a run that met NaN or infinity: what it met, after which step, the
// node and the sample where it began (culprit.h), and what is left of the run.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TUNE_STOP_H
#define AMS_TUNE_STOP_H

#include "culprit.h"
#include "run.h"

/// The run met `what` ("the loss is NaN or infinite") in a step on `suspects`,
/// or as it was measured by them.
ams_status_t ams_stop(const ams_tune_run_t *run, const ams_suspects_t *suspects,
                      const char *what);

/// The same for `error`, which it frees.
ams_status_t ams_stop_for(const ams_tune_run_t *run,
                          const ams_suspects_t *suspects, ams_status_t error);

/// The same for `what` ("the gradient of") of `parameter`.
ams_status_t ams_stop_parameter(const ams_tune_run_t *run,
                                const ams_suspects_t *suspects,
                                const char *what,
                                const ams_parameter_t *parameter);

/// Refuses weights of the model's file that are NaN or infinite, with the node
/// where the first batch of training samples meets them.
ams_status_t ams_stop_bad_model(const ams_tune_run_t *run);

#endif // AMS_TUNE_STOP_H
