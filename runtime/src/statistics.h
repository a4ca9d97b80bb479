//===-- statistics.h - What the products of a layer did -----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counts of ADC codes, and the power of signal and error, gathered by products
// that go the general way for it.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_STATISTICS_H
#define AMS_STATISTICS_H

#include "ams/runtime.h"
#include "kernel.h"
#include "watch.h"

/// Empty statistics for an ADC whose largest code is `largest`; NULL where
/// memory is short.
ams_statistics_t *ams_statistics_make(int32_t largest);
void ams_statistics_free(ams_statistics_t *statistics);

/// Counts `count` codes. This and what follows is safe from several threads.
void ams_statistics_count(ams_statistics_t *statistics, const int32_t *codes,
                          int64_t count);

/// Compares what the general product of `args` gave with the exact product of
/// the same quantised operands.
void ams_statistics_compare(ams_statistics_t *statistics,
                            const ams_multiply_args_t *args);

void ams_statistics_add_time(ams_statistics_t *statistics, double seconds);

/// What has been gathered; codes are `statistics`' own.
ams_layer_statistics_t ams_statistics_read(const ams_statistics_t *statistics);

#endif // AMS_STATISTICS_H
