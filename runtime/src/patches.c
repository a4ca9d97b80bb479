//===-- patches.c - Input vectors of a convolution ----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parts of the rows of the matrix that im2col would make.
//
//===----------------------------------------------------------------------===//

#include "patches.h"

#include "bfloat16.h"

/// Runs that are quicker copied in pieces of fixed size than by a call.
#define SHORT_RUN 16

static inline float *put_zeros(float *to, int64_t count) {
  if (count >= SHORT_RUN) {
    memset(to, 0, (size_t)count * sizeof *to);
    return to + count;
  }
#pragma GCC unroll 4
  for (int64_t piece = SHORT_RUN / 2; piece > 0; piece /= 2)
    if (count & piece) {
      memset(to, 0, (size_t)piece * sizeof *to);
      to += piece;
    }
  return to;
}

static inline float *put(float *to, const float *from, int64_t count) {
  if (count >= SHORT_RUN) {
    memcpy(to, from, (size_t)count * sizeof *to);
    return to + count;
  }
#pragma GCC unroll 4
  for (int64_t piece = SHORT_RUN / 2; piece > 0; piece /= 2)
    if (count & piece) {
      memcpy(to, from, (size_t)piece * sizeof *to);
      to += piece;
      from += piece;
    }
  return to;
}

/// Elements begin..end - 1 of a line of `size`, those outside it 0.
static float *put_line(float *to, const float *line, int64_t size,
                       int64_t begin, int64_t end) {
  if (begin >= 0 && end <= size)
    return put(to, line + begin, end - begin);
  int64_t from = begin >= 0 ? begin : end < 0 ? end : 0;
  int64_t until = end < size ? end : size;
  until = until < from ? from : until;
  to = put_zeros(to, from - begin);
  to = put(to, line + from, until - from);
  return put_zeros(to, end - until);
}

ams_patch_t ams_patch_of_vector(const ams_abi_conv_t *conv, int64_t groups,
                                int64_t vector) {
  return (ams_patch_t){
      .row = vector / conv->out_w * conv->stride_h - conv->pad_top,
      .column = vector % conv->out_w * conv->stride_w - conv->pad_left,
      .length =
          (int64_t)conv->kernel_h * conv->kernel_w * (conv->in_c / groups),
  };
}

/// Whether pixels of a row of the kernel follow each other in the image.
static bool is_dense(const ams_abi_conv_t *conv, int64_t groups) {
  return groups == 1 && conv->dilation_w == 1;
}

const float *ams_patch_find(const ams_abi_conv_t *conv, int64_t groups,
                            int64_t group, const float *image,
                            const ams_patch_t *patch, float *room) {
  const int64_t channels = conv->in_c / groups;
  const int64_t line_size = (int64_t)conv->in_w * conv->in_c;
  const bool dense = is_dense(conv, groups);
  const int64_t step = (int64_t)conv->dilation_w * conv->in_c;
  const int64_t begin_of_row = patch->column * conv->in_c -
                               patch->kernel_column * step + group * channels;
  int64_t row = patch->row, kernel_column = patch->kernel_column;
  int64_t channel = patch->channel, left = patch->length;
  float *to = room;
  for (; left > 0; row += conv->dilation_h, kernel_column = 0) {
    const bool inside = row >= 0 && row < conv->in_h;
    const float *line = image + (inside ? row * line_size : 0);
    for (; left > 0 && kernel_column < conv->kernel_w; channel = 0) {
      const int64_t pixels = dense ? conv->kernel_w - kernel_column : 1;
      const int64_t run = pixels * channels - channel;
      const int64_t count = run < left ? run : left;
      const int64_t begin = begin_of_row + kernel_column * step + channel;
      if (!inside) {
        to = put_zeros(to, count);
      } else {
        if (count == patch->length && begin >= 0 && begin + count <= line_size)
          return line + begin;
        to = put_line(to, line, line_size, begin, begin + count);
      }
      left -= count;
      kernel_column += pixels;
    }
  }
  return room;
}

/// Whether a vector's elements all lie in the image, row by row of the kernel.
static bool lies_inside(const ams_abi_conv_t *conv, int64_t groups,
                        const ams_patch_t *patch) {
  const int64_t reach = (conv->kernel_h - (int64_t)1) * conv->dilation_h;
  return is_dense(conv, groups) && patch->row >= 0 &&
         patch->row + reach < conv->in_h && patch->column >= 0 &&
         patch->column + conv->kernel_w <= conv->in_w;
}

/// Copies such a vector.
static void copy_inside(const ams_abi_conv_t *conv, const float *image,
                        const ams_patch_t *patch, float *to) {
  const int64_t line_size = (int64_t)conv->in_w * conv->in_c;
  const int64_t run = (int64_t)conv->kernel_w * conv->in_c;
  const float *from =
      image + patch->row * line_size + patch->column * conv->in_c;
  for (int64_t kh = 0; kh < conv->kernel_h; ++kh) {
    to = put(to, from, run);
    from += conv->dilation_h * line_size;
  }
}

void ams_patches_find(const ams_abi_conv_t *conv, int64_t groups, int64_t group,
                      const float *x, int64_t first, int64_t vectors,
                      float *room, const float **out_patches) {
  const int64_t of_image = (int64_t)conv->out_h * conv->out_w;
  const int64_t image_size = (int64_t)conv->in_h * conv->in_w * conv->in_c;
  const float *image = x + first / of_image * image_size;
  int64_t vector = first % of_image;
  ams_patch_t patch = ams_patch_of_vector(conv, groups, vector);
  for (int64_t v = 0; v < vectors; ++v) {
    out_patches[v] = room;
    if (conv->kernel_h > 1 && lies_inside(conv, groups, &patch))
      copy_inside(conv, image, &patch, room);
    else
      out_patches[v] = ams_patch_find(conv, groups, group, image, &patch, room);
    room += patch.length;
    patch.column += conv->stride_w;
    if (++vector % conv->out_w != 0)
      continue;
    if (vector == of_image) {
      vector = 0;
      image += image_size;
    }
    patch = ams_patch_of_vector(conv, groups, vector);
  }
}

bool ams_patches_lie_in_image(const ams_abi_conv_t *conv) {
  return conv->kernel_h == 1 && conv->kernel_w == 1 && conv->pad_top == 0 &&
         conv->pad_left == 0 && conv->pad_bottom == 0 && conv->pad_right == 0;
}

/// Whether an element of output pixel `vector` is NaN or infinite as bfloat16.
static bool is_bad(const ams_abi_conv_t *conv, int64_t groups, int64_t group,
                   const float *x, int64_t vector) {
  const int64_t channels = conv->in_c / groups;
  const int64_t of_image = (int64_t)conv->out_h * conv->out_w;
  const ams_patch_t patch =
      ams_patch_of_vector(conv, groups, vector % of_image);
  const float *image =
      x + vector / of_image * conv->in_h * conv->in_w * conv->in_c;
  for (int64_t kh = 0; kh < conv->kernel_h; ++kh)
    for (int64_t kw = 0; kw < conv->kernel_w; ++kw) {
      const int64_t row = patch.row + kh * conv->dilation_h;
      const int64_t column = patch.column + kw * conv->dilation_w;
      if (row < 0 || row >= conv->in_h || column < 0 || column >= conv->in_w)
        continue;
      const float *pixel = image + (row * conv->in_w + column) * conv->in_c;
      for (int64_t c = group * channels; c < (group + 1) * channels; ++c)
        if ((ams_bfloat16_from_float(pixel[c]) & 0x7fff) >= 0x7f80)
          return true;
    }
  return false;
}

int64_t ams_patches_find_bad(const ams_abi_conv_t *conv, int64_t groups,
                             int64_t group, const float *x, int64_t first,
                             int64_t vectors) {
  for (int64_t v = first; v < first + vectors; ++v)
    if (is_bad(conv, groups, group, x, v))
      return v;
  return -1;
}
