//===-- check_kernels.h - Every kernel against the definition -----*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TEST_CHECK_KERNELS_H
#define AMS_TEST_CHECK_KERNELS_H

#include "test_data.h"

/// Expects every kernel that can run here to give, with each of `num_threads`
/// numbers of threads, the bits that the definition gives for weights `w` and
/// inputs `x`.
void check_kernels(const ams_abi_layer_t *layer, ams_product_options_t options,
                   int64_t vectors, const float *w, const float *x,
                   size_t num_threads, const int *threads);

/// check_kernels with both formats of partial sums, noise on and off.
void check_kernels_variants(ams_abi_layer_t layer, int64_t vectors,
                            const float *w, const float *x, size_t num_threads,
                            const int *threads);

#endif // AMS_TEST_CHECK_KERNELS_H
