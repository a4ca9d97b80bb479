//===-- patches.c - Input vectors of a convolution ----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gathers a few rows of the matrix that im2col would make.
//
//===----------------------------------------------------------------------===//

#include "patches.h"

#include <stdbool.h>
#include <string.h>

static float *put_zeros(float *to, int64_t count) {
  memset(to, 0, (size_t)count * sizeof *to);
  return to + count;
}

static float *put(float *to, const float *from, int64_t count) {
  memcpy(to, from, (size_t)count * sizeof *to);
  return to + count;
}

/// One kernel row: `line` is the image's row from the group's first channel on,
/// and the first kernel position lies at column `left`.
static float *gather_line(const ams_abi_conv_t *conv, int64_t channels,
                          const float *line, int64_t left, float *to) {
  if (channels == conv->in_c && conv->dilation_w == 1) {
    int64_t right = left + conv->kernel_w;
    int64_t begin = left < 0 ? 0 : left < conv->in_w ? left : conv->in_w;
    int64_t end = right < begin        ? begin
                  : right < conv->in_w ? right
                                       : conv->in_w;
    to = put_zeros(to, (begin - left) * channels);
    to = put(to, line + begin * channels, (end - begin) * channels);
    return put_zeros(to, (right - end) * channels);
  }
  for (int64_t kw = 0; kw < conv->kernel_w; ++kw) {
    int64_t column = left + kw * conv->dilation_w;
    bool inside = column >= 0 && column < conv->in_w;
    to = inside ? put(to, line + column * conv->in_c, channels)
                : put_zeros(to, channels);
  }
  return to;
}

void ams_patches_gather(const ams_abi_conv_t *conv, int64_t groups,
                        int64_t group, const float *x, int64_t first,
                        int64_t vectors, float *patches) {
  const int64_t channels = conv->in_c / groups;
  const int64_t line_size = (int64_t)conv->in_w * conv->in_c;
  float *to = patches;
  for (int64_t v = first; v < first + vectors; ++v) {
    int64_t out_x = v % conv->out_w;
    int64_t out_y = v / conv->out_w % conv->out_h;
    int64_t image = v / conv->out_w / conv->out_h;
    int64_t left = out_x * conv->stride_w - conv->pad_left;
    int64_t top = out_y * conv->stride_h - conv->pad_top;
    const float *lines = x + image * conv->in_h * line_size + group * channels;
    for (int64_t kh = 0; kh < conv->kernel_h; ++kh) {
      int64_t line = top + kh * conv->dilation_h;
      bool inside = line >= 0 && line < conv->in_h;
      to = inside
               ? gather_line(conv, channels, lines + line * line_size, left, to)
               : put_zeros(to, conv->kernel_w * channels);
    }
  }
}
