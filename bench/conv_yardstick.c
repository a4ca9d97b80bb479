//===-- conv_yardstick.c - Float32 convolutions to compare with ---*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conv_yardstick.h"

#include "plan.h"
#include "yardstick.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

//===----------------------------------------------------------------------===//
// im2col and SGEMM
//===----------------------------------------------------------------------===//

/// One kernel row of one output pixel.
static void copy_line(const ams_abi_conv_t *conv, int64_t channels,
                      const float *line, int64_t left, float *to) {
  for (int64_t kw = 0; kw < conv->kernel_w; ++kw, to += channels) {
    int64_t column = left + kw * conv->dilation_w;
    if (line && column >= 0 && column < conv->in_w)
      memcpy(to, line + column * conv->in_c, (size_t)channels * sizeof *to);
    else
      memset(to, 0, (size_t)channels * sizeof *to);
  }
}

static void im2col(const ams_abi_layer_t *layer, int64_t group, const float *x,
                   float *to) {
  const ams_abi_conv_t *conv = &layer->conv;
  const int64_t channels = conv->in_c / layer->groups;
  for (int64_t y = 0; y < conv->out_h; ++y)
    for (int64_t column = 0; column < conv->out_w; ++column)
      for (int64_t kh = 0; kh < conv->kernel_h; ++kh) {
        int64_t row =
            y * conv->stride_h - conv->pad_top + kh * conv->dilation_h;
        bool inside = row >= 0 && row < conv->in_h;
        const float *line = x + row * conv->in_w * conv->in_c;
        copy_line(conv, channels, inside ? line + group * channels : NULL,
                  column * conv->stride_w - conv->pad_left, to);
        to += conv->kernel_w * channels;
      }
}

static bool reads_pixels_in_order(const ams_abi_layer_t *layer) {
  const ams_abi_conv_t *conv = &layer->conv;
  return conv->kernel_h == 1 && conv->kernel_w == 1 && layer->groups == 1 &&
         conv->in_h == conv->out_h && conv->in_w == conv->out_w;
}

void conv_yardstick_sgemm(const ams_abi_layer_t *layer, const float *x,
                          const float *w, float *matrix, float *y) {
  const int64_t outputs = layer->outputs / layer->groups;
  for (int64_t group = 0; group < layer->groups; ++group) {
    const float *vectors = x;
    if (!reads_pixels_in_order(layer)) {
      im2col(layer, group, x, matrix);
      vectors = matrix;
    }
    yardstick_sgemm(layer->vectors, outputs, layer->reduction, vectors,
                    w + group * outputs * layer->reduction, y + group * outputs,
                    layer->outputs);
  }
}

//===----------------------------------------------------------------------===//
// oneDNN
//===----------------------------------------------------------------------===//

struct conv_yardstick {
  dnnl_engine_t engine;
  ams_float_plan_t *plan;
  const float *weights;
};

ams_status_t conv_yardstick_create(const ams_abi_layer_t *layer, const float *w,
                                   conv_yardstick_t **out_yardstick) {
  conv_yardstick_t *yardstick = calloc(1, sizeof *yardstick);
  if (!yardstick)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY, "out of memory");
  yardstick->weights = w;
  ams_status_t status = ams_onednn_check(
      dnnl_engine_create(&yardstick->engine, dnnl_cpu, 0), "use the processor");
  if (!status)
    status =
        ams_float_plan_create(layer, yardstick->engine, 1, w, &yardstick->plan);
  if (status)
    conv_yardstick_free(yardstick);
  else
    *out_yardstick = yardstick;
  return status;
}

ams_status_t conv_yardstick_run(conv_yardstick_t *yardstick, const float *x,
                                float *y) {
  return ams_float_plan_run(yardstick->plan, x, yardstick->weights, y);
}

void conv_yardstick_free(conv_yardstick_t *yardstick) {
  if (yardstick->plan)
    ams_float_plan_free(yardstick->plan);
  if (yardstick->engine)
    dnnl_engine_destroy(yardstick->engine);
  free(yardstick);
}
