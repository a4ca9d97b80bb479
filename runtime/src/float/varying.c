//===-- varying.c - Products whose operands all vary --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "varying.h"

#include "describe.h"

static bool is_conv(const ams_abi_layer_t *layer) {
  return layer->kind == AMS_ABI_CONV ||
         layer->kind == AMS_ABI_CONV_INPUT_GRADIENT ||
         layer->kind == AMS_ABI_CONV_WEIGHT_GRADIENT;
}

static int64_t images(const ams_abi_layer_t *layer) {
  return layer->vectors / ((int64_t)layer->conv.out_h * layer->conv.out_w);
}

int64_t ams_float_varying_count(const ams_abi_layer_t *layer) {
  const ams_abi_conv_t *conv = &layer->conv;
  switch ((ams_abi_layer_kind_t)layer->kind) {
  case AMS_ABI_MATMUL_INPUT_GRADIENT:
    return layer->batch * layer->vectors * layer->reduction;
  case AMS_ABI_MATMUL_WEIGHT_GRADIENT:
    return layer->batch * layer->outputs * layer->reduction;
  case AMS_ABI_CONV_INPUT_GRADIENT:
    return images(layer) * conv->in_h * conv->in_w * conv->in_c;
  case AMS_ABI_CONV_WEIGHT_GRADIENT:
    return layer->outputs * layer->reduction;
  default:
    return layer->batch * layer->vectors * layer->outputs;
  }
}

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

/// A batch of matrices of `rows` by `columns`, stored so or transposed.
static ams_status_t matrices(const ams_abi_layer_t *layer, int64_t rows,
                             int64_t columns, bool transposed,
                             dnnl_memory_desc_t *out_tensor) {
  static const int plain[] = {0, 1, 2}, swapped[] = {0, 2, 1};
  return ams_float_describe_tensor(3,
                                   (dnnl_dims_t){layer->batch, rows, columns},
                                   transposed ? swapped : plain, out_tensor);
}

/// result = left right, with the inner dimension `inner`; sides that are stored
/// transposed say so.
static ams_status_t describe_matmul(const ams_abi_layer_t *layer, int64_t rows,
                                    int64_t inner, int64_t columns,
                                    bool left_transposed, bool right_transposed,
                                    ams_float_varying_t *varying) {
  static const int arguments[] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST};
  static const dnnl_query_t queries[] = {
      dnnl_query_src_md, dnnl_query_weights_md, dnnl_query_dst_md};
  ams_float_side_t *sides = varying->sides;
  for (int i = 0; i < AMS_FLOAT_SIDES; ++i) {
    sides[i].argument = arguments[i];
    sides[i].query = queries[i];
  }
  AMS_RETURN_IF_ERROR(
      matrices(layer, rows, inner, left_transposed, &sides[0].given));
  AMS_RETURN_IF_ERROR(
      matrices(layer, inner, columns, right_transposed, &sides[1].given));
  AMS_RETURN_IF_ERROR(matrices(layer, rows, columns, false, &sides[2].given));
  return ams_onednn_check(
      dnnl_matmul_desc_init(&varying->operation.matmul, &sides[0].given,
                            &sides[1].given, NULL, &sides[2].given),
      "describe a matrix product");
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

/// The three tensors of a convolution, and how the filters take what they see.
typedef struct conv_tensors {
  dnnl_memory_desc_t image, filters, result, any_filters;
  dnnl_dims_t strides, dilations, before, after;
} conv_tensors_t;

static ams_status_t describe_tensors(const ams_abi_layer_t *layer,
                                     conv_tensors_t *tensors) {
  static const int channels_last[] = {0, 2, 3, 1};
  const ams_abi_conv_t *conv = &layer->conv;
  // A dilation counts the elements that are skipped.
  *tensors = (conv_tensors_t){
      .strides = {conv->stride_h, conv->stride_w},
      .dilations = {conv->dilation_h - 1, conv->dilation_w - 1},
      .before = {conv->pad_top, conv->pad_left},
      .after = {conv->pad_bottom, conv->pad_right},
  };
  AMS_RETURN_IF_ERROR(ams_float_describe_tensor(
      4, (dnnl_dims_t){images(layer), conv->in_c, conv->in_h, conv->in_w},
      channels_last, &tensors->image));
  AMS_RETURN_IF_ERROR(ams_float_describe_tensor(
      4, (dnnl_dims_t){images(layer), layer->outputs, conv->out_h, conv->out_w},
      channels_last, &tensors->result));
  AMS_RETURN_IF_ERROR(ams_float_describe_kernels(layer, &tensors->filters));
  return ams_float_free_layout(&tensors->filters, &tensors->any_filters);
}

static ams_status_t describe_forward(const conv_tensors_t *t,
                                     dnnl_prop_kind_t kind,
                                     dnnl_convolution_desc_t *out_conv) {
  return ams_onednn_check(dnnl_dilated_convolution_forward_desc_init(
                              out_conv, kind, dnnl_convolution_direct,
                              &t->image, &t->any_filters, NULL, &t->result,
                              t->strides, t->dilations, t->before, t->after),
                          "describe a convolution");
}

static void set_side(ams_float_side_t *side, int argument, dnnl_query_t query,
                     const dnnl_memory_desc_t *given) {
  *side = (ams_float_side_t){argument, query, *given};
}

static ams_status_t describe_conv(const ams_abi_layer_t *layer,
                                  ams_float_varying_t *varying) {
  conv_tensors_t t;
  AMS_RETURN_IF_ERROR(describe_tensors(layer, &t));
  ams_float_side_t *sides = varying->sides;
  dnnl_convolution_desc_t *conv = &varying->operation.convolution;
  if (layer->kind == AMS_ABI_CONV) {
    set_side(&sides[0], DNNL_ARG_SRC, dnnl_query_src_md, &t.image);
    set_side(&sides[1], DNNL_ARG_WEIGHTS, dnnl_query_weights_md, &t.filters);
    set_side(&sides[2], DNNL_ARG_DST, dnnl_query_dst_md, &t.result);
    return describe_forward(&t, dnnl_forward_inference, conv);
  }
  varying->is_gradient = true;
  AMS_RETURN_IF_ERROR(describe_forward(&t, dnnl_forward_training,
                                       &varying->forward.convolution));
  set_side(&sides[0], DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, &t.result);
  if (layer->kind == AMS_ABI_CONV_INPUT_GRADIENT) {
    set_side(&sides[1], DNNL_ARG_WEIGHTS, dnnl_query_weights_md, &t.filters);
    set_side(&sides[2], DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md, &t.image);
    return ams_onednn_check(dnnl_dilated_convolution_backward_data_desc_init(
                                conv, dnnl_convolution_direct, &t.image,
                                &t.any_filters, &t.result, t.strides,
                                t.dilations, t.before, t.after),
                            "describe the gradient of an image");
  }
  set_side(&sides[1], DNNL_ARG_SRC, dnnl_query_src_md, &t.image);
  set_side(&sides[2], DNNL_ARG_DIFF_WEIGHTS, dnnl_query_diff_weights_md,
           &t.filters);
  return ams_onednn_check(dnnl_dilated_convolution_backward_weights_desc_init(
                              conv, dnnl_convolution_direct, &t.image,
                              &t.any_filters, NULL, &t.result, t.strides,
                              t.dilations, t.before, t.after),
                          "describe the gradient of filters");
}

ams_status_t ams_float_describe_varying(const ams_abi_layer_t *layer,
                                        ams_float_varying_t *out_varying) {
  *out_varying = (ams_float_varying_t){.is_gradient = false};
  if (is_conv(layer))
    return describe_conv(layer, out_varying);
  switch ((ams_abi_layer_kind_t)layer->kind) {
  case AMS_ABI_MATMUL_INPUT_GRADIENT:
    return describe_matmul(layer, layer->vectors, layer->outputs,
                           layer->reduction, false, false, out_varying);
  case AMS_ABI_MATMUL_WEIGHT_GRADIENT:
    return describe_matmul(layer, layer->outputs, layer->vectors,
                           layer->reduction, true, false, out_varying);
  default:
    return describe_matmul(layer, layer->vectors, layer->reduction,
                           layer->outputs, false, true, out_varying);
  }
}
