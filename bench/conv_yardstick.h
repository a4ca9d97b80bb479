//===-- conv_yardstick.h - Float32 convolutions to compare with ---*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A convolution as im2col and OpenBLAS's SGEMM, or by oneDNN, on one thread.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_BENCH_CONV_YARDSTICK_H
#define AMS_BENCH_CONV_YARDSTICK_H

#include "ams/abi.h"
#include "ams/status.h"

/// y [OH, OW, F] of one image x [H, W, C] with weights [F, KH, KW, C / groups].
/// `matrix` has room for OH * OW * K elements; a convolution that reads every
/// pixel once, in order, does without it.
void conv_yardstick_sgemm(const ams_abi_layer_t *layer, const float *x,
                          const float *w, float *matrix, float *y);

/// A convolution of oneDNN's, its weights already in the layout it likes.
typedef struct conv_yardstick conv_yardstick_t;

ams_status_t conv_yardstick_create(const ams_abi_layer_t *layer, const float *w,
                                   conv_yardstick_t **out_yardstick);
ams_status_t conv_yardstick_run(conv_yardstick_t *yardstick, const float *x,
                                float *y);
void conv_yardstick_free(conv_yardstick_t *yardstick);

#endif // AMS_BENCH_CONV_YARDSTICK_H
