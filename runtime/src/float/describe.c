//===-- describe.c - A layer as an operation of oneDNN ------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// oneDNN names dimensions in an order of its own (channels second, whatever the
// layout in memory), so each tensor is described by dimensions and strides.
//
//===----------------------------------------------------------------------===//

#include "describe.h"

ams_status_t ams_float_describe_tensor(int rank, const dnnl_dims_t dims,
                                       const int *order,
                                       dnnl_memory_desc_t *out_tensor) {
  dnnl_dims_t strides;
  dnnl_dim_t stride = 1;
  for (int i = rank - 1; i >= 0; --i) {
    strides[order[i]] = stride;
    stride *= dims[order[i]];
  }
  return ams_onednn_check(dnnl_memory_desc_init_by_strides(
                              out_tensor, rank, dims, dnnl_f32, strides),
                          "describe a tensor");
}

ams_status_t ams_float_free_layout(const dnnl_memory_desc_t *tensor,
                                   dnnl_memory_desc_t *out_tensor) {
  return ams_onednn_check(
      dnnl_memory_desc_init_by_tag(out_tensor, tensor->ndims, tensor->dims,
                                   dnnl_f32, dnnl_format_tag_any),
      "describe weights");
}

static ams_status_t describe_matmul(const ams_abi_layer_t *layer,
                                    ams_float_description_t *description) {
  static const int as_listed[] = {0, 1}, transposed[] = {1, 0};
  dnnl_memory_desc_t x, y, w;
  AMS_RETURN_IF_ERROR(ams_float_describe_tensor(
      2, (dnnl_dims_t){layer->vectors, layer->reduction}, as_listed, &x));
  AMS_RETURN_IF_ERROR(ams_float_describe_tensor(
      2, (dnnl_dims_t){layer->reduction, layer->outputs}, transposed,
      &description->weights));
  AMS_RETURN_IF_ERROR(ams_float_describe_tensor(
      2, (dnnl_dims_t){layer->vectors, layer->outputs}, as_listed, &y));
  AMS_RETURN_IF_ERROR(ams_float_free_layout(&description->weights, &w));
  return ams_onednn_check(
      dnnl_matmul_desc_init(&description->operation.matmul, &x, &w, NULL, &y),
      "describe a matrix product");
}

static ams_status_t
describe_batch_matmul(const ams_abi_layer_t *layer,
                      ams_float_description_t *description) {
  static const int as_listed[] = {0, 1, 2}, transposed[] = {0, 2, 1};
  dnnl_memory_desc_t a, y;
  AMS_RETURN_IF_ERROR(ams_float_describe_tensor(
      3, (dnnl_dims_t){layer->batch, layer->vectors, layer->reduction},
      as_listed, &a));
  AMS_RETURN_IF_ERROR(ams_float_describe_tensor(
      3, (dnnl_dims_t){layer->batch, layer->reduction, layer->outputs},
      transposed, &description->weights));
  AMS_RETURN_IF_ERROR(ams_float_describe_tensor(
      3, (dnnl_dims_t){layer->batch, layer->vectors, layer->outputs}, as_listed,
      &y));
  return ams_onednn_check(dnnl_matmul_desc_init(&description->operation.matmul,
                                                &a, &description->weights, NULL,
                                                &y),
                          "describe a product of activations");
}

ams_status_t ams_float_describe_kernels(const ams_abi_layer_t *layer,
                                        dnnl_memory_desc_t *out_weights) {
  static const int plain[] = {0, 2, 3, 1}, grouped[] = {0, 1, 3, 4, 2};
  const ams_abi_conv_t *conv = &layer->conv;
  dnnl_dim_t groups = layer->groups;
  dnnl_dim_t filters = layer->outputs / groups, channels = conv->in_c / groups;
  if (groups == 1)
    return ams_float_describe_tensor(
        4, (dnnl_dims_t){filters, channels, conv->kernel_h, conv->kernel_w},
        plain, out_weights);
  return ams_float_describe_tensor(
      5,
      (dnnl_dims_t){groups, filters, channels, conv->kernel_h, conv->kernel_w},
      grouped, out_weights);
}

static ams_status_t describe_conv(const ams_abi_layer_t *layer,
                                  ams_float_description_t *description) {
  static const int channels_last[] = {0, 2, 3, 1};
  const ams_abi_conv_t *conv = &layer->conv;
  dnnl_dim_t images = layer->vectors / ((int64_t)conv->out_h * conv->out_w);
  dnnl_memory_desc_t x, y, w;
  AMS_RETURN_IF_ERROR(ams_float_describe_tensor(
      4, (dnnl_dims_t){images, conv->in_c, conv->in_h, conv->in_w},
      channels_last, &x));
  AMS_RETURN_IF_ERROR(ams_float_describe_tensor(
      4, (dnnl_dims_t){images, layer->outputs, conv->out_h, conv->out_w},
      channels_last, &y));
  AMS_RETURN_IF_ERROR(ams_float_describe_kernels(layer, &description->weights));
  AMS_RETURN_IF_ERROR(ams_float_free_layout(&description->weights, &w));
  // A dilation counts the elements that are skipped.
  dnnl_dims_t strides = {conv->stride_h, conv->stride_w};
  dnnl_dims_t dilation = {conv->dilation_h - 1, conv->dilation_w - 1};
  dnnl_dims_t before = {conv->pad_top, conv->pad_left};
  dnnl_dims_t after = {conv->pad_bottom, conv->pad_right};
  return ams_onednn_check(dnnl_dilated_convolution_forward_desc_init(
                              &description->operation.convolution,
                              dnnl_forward_inference, dnnl_convolution_direct,
                              &x, &w, NULL, &y, strides, dilation, before,
                              after),
                          "describe a convolution");
}

ams_status_t ams_float_describe(const ams_abi_layer_t *layer,
                                ams_float_description_t *out_description) {
  switch ((ams_abi_layer_kind_t)layer->kind) {
  case AMS_ABI_MATMUL:
    return describe_matmul(layer, out_description);
  case AMS_ABI_CONV:
    return describe_conv(layer, out_description);
  default:
    return describe_batch_matmul(layer, out_description);
  }
}

int64_t ams_float_result_count(const ams_abi_layer_t *layer) {
  return layer->batch * layer->vectors * layer->outputs;
}
