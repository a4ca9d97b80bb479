//===-- describe.h - A layer as an operation of oneDNN ------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The operation that each kind of layer is for oneDNN: which descriptor, which
// shapes, in which layout the model holds its weights.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_FLOAT_DESCRIBE_H
#define AMS_FLOAT_DESCRIBE_H

#include "ams/abi.h"
#include "onednn.h"

typedef struct ams_float_description {
  union {
    dnnl_matmul_desc_t matmul;
    dnnl_convolution_desc_t convolution;
  } operation;
  dnnl_memory_desc_t weights; // as the model holds them
} ams_float_description_t;

/// Activations keep the model's layout; programmed weights may take any.
ams_status_t ams_float_describe(const ams_abi_layer_t *layer,
                                ams_float_description_t *out_description);

/// A float32 tensor of `rank` dimensions with the strides of `order`, which
/// lists dimensions from the slowest to the fastest.
ams_status_t ams_float_describe_tensor(int rank, const dnnl_dims_t dims,
                                       const int *order,
                                       dnnl_memory_desc_t *out_tensor);

/// The filters of a convolution as the model holds them, channels last; groups
/// are a dimension only where there are several.
ams_status_t ams_float_describe_kernels(const ams_abi_layer_t *layer,
                                        dnnl_memory_desc_t *out_weights);

/// The shape of `tensor` in whatever layout oneDNN likes best.
ams_status_t ams_float_free_layout(const dnnl_memory_desc_t *tensor,
                                   dnnl_memory_desc_t *out_tensor);

/// Elements of the layer's result.
int64_t ams_float_result_count(const ams_abi_layer_t *layer);

#endif // AMS_FLOAT_DESCRIBE_H
