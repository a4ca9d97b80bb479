//===-- table.h - Results on the terminal and as CSV --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_EVAL_TABLE_H
#define AMS_EVAL_TABLE_H

#include "results.h"

#include <stdio.h>

/// Prints the results as the published Table II does: a row for each n, a
/// column for each gain, a block for each setting of bits, and float32's figure
/// beside the network's name. Blocks stand side by side as far as `width`
/// characters allow.
void ams_table_print(const ams_results_t *results, size_t width, FILE *stream);

/// Writes a line of CSV for each cell, after a line of names.
void ams_table_write_csv(const ams_results_t *results, FILE *stream);

#endif // AMS_EVAL_TABLE_H
