//===-- runner.h - The program ams-run as a function --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A model that is linked into a program of its own takes the same options as
// ams-run: both are this function.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_RUNNER_H
#define AMS_RUNNER_H

#include "ams/abi.h"

/// Runs a model as the command line says and returns the exit code. The model
/// is `embedded`, or, where that is NULL, the file that the command line names.
int ams_run_main(int argc, char **argv, const ams_abi_model_t *embedded);

#endif // AMS_RUNNER_H
