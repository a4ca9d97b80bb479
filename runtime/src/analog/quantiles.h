//===-- quantiles.h - Distributions as tables ---------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A draw of 16 bits (N5), read as unsigned, is an index into a table of 65,536
// quantiles (S2).
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ANALOG_QUANTILES_H
#define AMS_ANALOG_QUANTILES_H

#include "ams/abi.h"

#define AMS_QUANTILES 65536

/// Quantiles of the normal and of the logistic distribution, of mean 0 and
/// deviation 1; made on first use and kept.
const float *ams_quantiles_normal(void);
const float *ams_quantiles_logistic(void);

/// Quantiles of the histogram of `sources`, in LSB, into `table`.
void ams_quantiles_histogram(const ams_abi_sources_t *sources,
                             float table[AMS_QUANTILES]);

#endif // AMS_ANALOG_QUANTILES_H
