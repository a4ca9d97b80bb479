//===-- evaluate.h - Fills a table --------------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_EVAL_EVALUATE_H
#define AMS_EVAL_EVALUATE_H

#include "request.h"
#include "results.h"

/// Compiles and runs all that `request` asks for. Compiled models go into
/// `directory`. Free the results.
ams_status_t ams_evaluate(const ams_eval_request_t *request,
                          const char *directory, ams_results_t *out_results);

#endif // AMS_EVAL_EVALUATE_H
