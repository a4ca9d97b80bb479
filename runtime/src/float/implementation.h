//===-- implementation.h - oneDNN's best way to compute -----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Choice among oneDNN's implementations of an operation, and its threads.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_FLOAT_IMPLEMENTATION_H
#define AMS_FLOAT_IMPLEMENTATION_H

#include "onednn.h"

#include <stdbool.h>

/// Sets how many threads oneDNN gets from OpenMP, when a primitive is made and
/// when it runs; gives the number before.
int ams_float_exchange_threads(int threads);

/// Whether `word` is in oneDNN's name for the implementation.
bool ams_float_has_in_name(const_dnnl_primitive_desc_t candidate,
                           const char *word);

/// The implementation of `operation`, a descriptor of oneDNN, to use; of a
/// gradient, `forward` is that of the product itself, else NULL.
ams_status_t ams_float_find_implementation(const void *operation,
                                           const_dnnl_primitive_desc_t forward,
                                           dnnl_engine_t engine,
                                           dnnl_primitive_desc_t *out_chosen);

#endif // AMS_FLOAT_IMPLEMENTATION_H
