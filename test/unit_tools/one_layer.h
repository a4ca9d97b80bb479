//===-- one_layer.h - Models of one float32 layer -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For tests of the float library: a manifest in memory, random operands, and
// convolutions by their sizes.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TEST_ONE_LAYER_H
#define AMS_TEST_ONE_LAYER_H

#include "unit_tools.h"

#include "ams/abi.h"
#include "ams/runtime.h"

#include <stdlib.h>

/// Operands, result and layer of a model.
typedef struct one_layer {
  ams_abi_manifest_t manifest;
  ams_abi_tensor_t inputs[2], output;
  ams_abi_layer_t layer;
  char strings[8];
} one_layer_t;

typedef void (*one_layer_run_t)(ams_call_t *call, const void *const *inputs,
                                void *const *outputs);

/// `count` numbers from -1 to 1, others at each call; freed with free().
static inline float *random_floats(int64_t count) {
  float *values = malloc((size_t)count * sizeof *values);
  static uint32_t state = 1;
  for (int64_t i = 0; i < count; ++i) {
    state = state * 1664525u + 1013904223u;
    values[i] = (float)(state >> 8) / (float)(1 << 23) - 1.0f;
  }
  return values;
}

static inline ams_abi_tensor_t flat(int64_t batch, int64_t elements) {
  return (ams_abi_tensor_t){.rank = 2, .dims = {batch, elements / batch}};
}

/// A model of `layer` whose batch is `batch` and whose code is `run`. `left`,
/// `right` (0: there is none) and `result` count the elements of operands and
/// result.
static inline ams_model_t *
open_layer(one_layer_t *model, ams_abi_model_t *table,
           const ams_abi_layer_t *layer, int64_t batch, int64_t left,
           int64_t right, int64_t result, one_layer_run_t run) {
  *model = (one_layer_t){
      .manifest =
          {
              .size = sizeof *model,
              .target = AMS_ABI_DIGITAL,
              .batch = batch,
              .num_inputs = right ? 2 : 1,
              .num_outputs = 1,
              .num_layers = 1,
              .inputs = offsetof(one_layer_t, inputs),
              .outputs = offsetof(one_layer_t, output),
              .layers = offsetof(one_layer_t, layer),
              .strings = offsetof(one_layer_t, strings),
              .strings_size = sizeof model->strings,
          },
      .inputs = {flat(batch, left), flat(batch, right ? right : batch)},
      .output = flat(batch, result),
      .layer = *layer,
      .strings = "layer",
  };
  model->layer.name = 0;
  *table = (ams_abi_model_t){.magic = AMS_ABI_MAGIC,
                             .version = AMS_ABI_VERSION,
                             .manifest = &model->manifest,
                             .run = run};
  ams_model_t *opened = NULL;
  assert_ok(ams_model_open(table, "test", &opened));
  return opened;
}

typedef struct shape {
  int32_t size, channels, filters, kernel, stride, dilation, before, after;
  int32_t groups, images;
} shape_t;

/// A convolution whose rows and columns differ, so that mixing them up shows.
static inline ams_abi_layer_t shape_layer(shape_t s) {
  int32_t room = s.size + s.before + s.after - s.dilation * (s.kernel - 1) - 1;
  int32_t out_h = room / s.stride + 1, out_w = (room + 3) / s.stride + 1;
  return (ams_abi_layer_t){
      .kind = AMS_ABI_CONV,
      .batch = 1,
      .vectors = (int64_t)s.images * out_h * out_w,
      .outputs = s.filters,
      .reduction = (int64_t)s.kernel * s.kernel * s.channels / s.groups,
      .groups = s.groups,
      .conv = {.in_h = s.size,
               .in_w = s.size + 3,
               .in_c = s.channels,
               .kernel_h = s.kernel,
               .kernel_w = s.kernel,
               .stride_h = s.stride,
               .stride_w = s.stride,
               .dilation_h = s.dilation,
               .dilation_w = s.dilation,
               .pad_top = s.before,
               .pad_left = s.before,
               .pad_bottom = s.after,
               .pad_right = s.after,
               .out_h = out_h,
               .out_w = out_w},
  };
}

#endif // AMS_TEST_ONE_LAYER_H
