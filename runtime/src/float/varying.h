//===-- varying.h - Products whose operands all vary --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Training changes weights between runs, and gradients are products of two
// values of the same run: nothing is packed ahead. Each kind of layer, seen so,
// is an operation of oneDNN on three tensors, which the model holds row-major.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_FLOAT_VARYING_H
#define AMS_FLOAT_VARYING_H

#include "ams/abi.h"
#include "onednn.h"

#include <stdbool.h>

/// Left operand, right operand, result.
enum { AMS_FLOAT_SIDES = 3 };

typedef struct ams_float_side {
  int argument;             // DNNL_ARG_...
  dnnl_query_t query;       // its layout in an implementation
  dnnl_memory_desc_t given; // as the model holds it
} ams_float_side_t;

typedef union ams_float_operation {
  dnnl_matmul_desc_t matmul;
  dnnl_convolution_desc_t convolution;
} ams_float_operation_t;

typedef struct ams_float_varying {
  ams_float_operation_t operation;
  bool is_gradient;              // then oneDNN wants to know, as a hint,
  ams_float_operation_t forward; // the product whose gradient it is
  ams_float_side_t sides[AMS_FLOAT_SIDES];
} ams_float_varying_t;

/// Describes `layer`, a product or a gradient.
ams_status_t ams_float_describe_varying(const ams_abi_layer_t *layer,
                                        ams_float_varying_t *out_varying);

/// Elements of the result of `layer`.
int64_t ams_float_varying_count(const ams_abi_layer_t *layer);

#endif // AMS_FLOAT_VARYING_H
