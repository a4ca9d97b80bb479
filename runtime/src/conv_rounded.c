//===-- conv_rounded.c - Pixels that are rounded once -------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A pixel stands in the vectors of several output pixels. It is rounded once,
// and the greatest magnitude of each 16 of its channels is found once. Rows of
// such pixels are kept with their padding, so that a vector is some runs of
// them, one for each row of the kernel: nothing is gathered. As many rows are
// kept as a panel reaches over; a new row takes the place of the oldest.
//
//===----------------------------------------------------------------------===//

#include "conv_rounded.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

/// Most bytes of rows that are worth keeping: they should stay in the
/// second-level cache with a panel and some weights.
#define MOST_BYTES (1 << 20)

/// How many times more elements must be used than rounded.
#define LEAST_USES 2

struct ams_conv_rounded {
  const ams_product_t *product;
  int64_t height, width; // of an image with its padding, as far as it is read
  int64_t runs;          // of a vector
  int64_t run_pixels, pixel_chunks;
  int64_t kept; // rows
};

/// A thread's memory.
typedef struct memory {
  int64_t *tags;        // which rows are kept: numbers over all images
  const float **values; // [AMS_PANEL_VECTORS][runs]
  const uint32_t **greatest;
  float *rows;
  uint32_t *row_greatest;
} memory_t;

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/// Chunks of a row.
static int64_t row_chunks(const ams_conv_rounded_t *rounded) {
  return rounded->width * rounded->pixel_chunks;
}

/// Rows from the first to the last that `panel` vectors reach over.
static int64_t rows_of_panel(const ams_conv_rounded_t *rounded, int64_t panel) {
  const ams_product_t *product = rounded->product;
  const ams_abi_conv_t *conv = product->conv;
  const int64_t of_image = (int64_t)conv->out_h * conv->out_w;
  const int64_t images = product->vectors / of_image;
  const int64_t lines = (panel + conv->out_w - 2) / conv->out_w;
  const int64_t others = least((panel + of_image - 2) / of_image, images - 1);
  const int64_t reach = (int64_t)conv->dilation_h * (conv->kernel_h - 1);
  const int64_t more =
      reach + 1 > conv->stride_h ? reach + 1 - conv->stride_h : 0;
  return least(lines * conv->stride_h + others * more + reach + 1,
               images * rounded->height);
}

static size_t pointers_size(const ams_conv_rounded_t *rounded) {
  return ams_memory_align((size_t)(AMS_PANEL_VECTORS * rounded->runs) *
                          sizeof(void *));
}
static size_t tags_size(const ams_conv_rounded_t *rounded) {
  return ams_memory_align((size_t)rounded->kept * sizeof(int64_t));
}
static size_t rows_size(const ams_conv_rounded_t *rounded) {
  return (size_t)(rounded->kept * row_chunks(rounded)) * AMS_CHUNK *
         sizeof(float);
}

static bool pays(const ams_conv_rounded_t *rounded) {
  const ams_abi_conv_t *conv = rounded->product->conv;
  const int64_t used =
      (int64_t)conv->out_h * conv->out_w * conv->kernel_h * conv->kernel_w;
  return used >= LEAST_USES * rounded->height * rounded->width &&
         rows_size(rounded) <= MOST_BYTES;
}

ams_status_t ams_conv_rounded_make(const ams_product_t *product, int64_t panel,
                                   ams_conv_rounded_t **out_rounded) {
  const ams_abi_conv_t *conv = product->conv;
  const ams_weights_t *weights = product->weights;
  *out_rounded = NULL;
  if (!weights->kernel->quantise_runs || weights->groups > 1 ||
      conv->in_c % AMS_CHUNK || weights->geometry.n % AMS_CHUNK)
    return AMS_OK;
  ams_conv_rounded_t *rounded;
  AMS_RETURN_IF_ERROR(ams_memory_allocate(1, ams_memory_align(sizeof *rounded),
                                          (void **)&rounded));
  // Pixels of a row of the kernel follow each other unless it is dilated.
  const int64_t run = conv->dilation_w == 1 ? conv->kernel_w : 1;
  *rounded = (ams_conv_rounded_t){
      .product = product,
      .height = (conv->out_h - 1) * (int64_t)conv->stride_h +
                conv->dilation_h * (conv->kernel_h - (int64_t)1) + 1,
      .width = (conv->out_w - 1) * (int64_t)conv->stride_w +
               conv->dilation_w * (conv->kernel_w - (int64_t)1) + 1,
      .runs = (int64_t)conv->kernel_h * conv->kernel_w / run,
      .run_pixels = run,
      .pixel_chunks = conv->in_c / AMS_CHUNK,
  };
  rounded->kept = rows_of_panel(rounded, panel);
  if (pays(rounded))
    *out_rounded = rounded;
  else
    free(rounded);
  return AMS_OK;
}

size_t ams_conv_rounded_size(const ams_conv_rounded_t *rounded) {
  return tags_size(rounded) + 2 * pointers_size(rounded) + rows_size(rounded) +
         ams_memory_align(rows_size(rounded) / AMS_CHUNK);
}

static memory_t view(const ams_conv_rounded_t *rounded, void *memory) {
  char *values = (char *)memory + tags_size(rounded);
  char *greatest = values + pointers_size(rounded);
  char *rows = greatest + pointers_size(rounded);
  return (memory_t){
      .tags = memory,
      .values = (const float **)values,
      .greatest = (const uint32_t **)greatest,
      .rows = (float *)rows,
      .row_greatest = (uint32_t *)(rows + rows_size(rounded)),
  };
}

void ams_conv_rounded_begin(const ams_conv_rounded_t *rounded, void *memory) {
  const memory_t own = view(rounded, memory);
  for (int64_t i = 0; i < rounded->kept; ++i)
    own.tags[i] = -1;
}

/// Rounds row `row`, counted over all images with their padding, unless it is
/// there.
static void round_row(const ams_conv_rounded_t *rounded, int64_t row,
                      const memory_t *own) {
  const ams_product_t *product = rounded->product;
  const ams_abi_conv_t *conv = product->conv;
  const int64_t slot = row % rounded->kept;
  if (own->tags[slot] == row)
    return;
  own->tags[slot] = row;
  const int64_t chunks = row_chunks(rounded), pixel = rounded->pixel_chunks;
  float *values = own->rows + slot * chunks * AMS_CHUNK;
  uint32_t *greatest = own->row_greatest + slot * chunks;
  const int64_t line = row % rounded->height - conv->pad_top;
  const int64_t before = least(conv->pad_left, rounded->width);
  const bool inside = line >= 0 && line < conv->in_h;
  const int64_t pixels =
      inside ? least(conv->in_w, rounded->width - before) : 0;
  const int64_t after = before + pixels;
  memset(values, 0, (size_t)(before * pixel) * AMS_CHUNK * sizeof *values);
  memset(greatest, 0, (size_t)(before * pixel) * sizeof *greatest);
  memset(values + after * pixel * AMS_CHUNK, 0,
         (size_t)((rounded->width - after) * pixel) * AMS_CHUNK *
             sizeof *values);
  memset(greatest + after * pixel, 0,
         (size_t)((rounded->width - after) * pixel) * sizeof *greatest);
  const int64_t image = row / rounded->height;
  const float *x =
      product->x +
      ((image * conv->in_h + (inside ? line : 0)) * conv->in_w) * conv->in_c;
  product->weights->kernel->round_chunks(x, pixels * pixel,
                                         values + before * pixel * AMS_CHUNK,
                                         greatest + before * pixel);
}

/// Where the runs of `vectors` vectors of a line of outputs are kept, from
/// output column `column` on, whose first row is `row`: to number `at` and on.
static void find_runs(const ams_conv_rounded_t *rounded, int64_t row,
                      int64_t column, int64_t vectors, const memory_t *own,
                      int64_t at) {
  const ams_abi_conv_t *conv = rounded->product->conv;
  const int64_t steps = rounded->runs / conv->kernel_h;
  const int64_t stride = conv->stride_w * rounded->pixel_chunks;
  const int64_t dilation = conv->dilation_w * rounded->pixel_chunks;
  int64_t slot = row % rounded->kept;
  for (int64_t run = at; run < at + rounded->runs; run += steps) {
    const int64_t line = slot * row_chunks(rounded) + column * stride;
    for (int64_t step = 0; step < steps; ++step) {
      int64_t chunk = line + step * dilation;
      for (int64_t v = 0; v < vectors; ++v, chunk += stride) {
        const int64_t place = run + step + v * rounded->runs;
        own->values[place] = own->rows + chunk * AMS_CHUNK;
        own->greatest[place] = own->row_greatest + chunk;
      }
    }
    slot += conv->dilation_h;
    slot -= slot < rounded->kept ? 0 : rounded->kept;
  }
}

int64_t ams_conv_rounded_fill(const ams_conv_rounded_t *rounded, int64_t first,
                              int64_t vectors, void *memory, void *inputs) {
  const ams_product_t *product = rounded->product;
  const ams_abi_conv_t *conv = product->conv;
  const memory_t own = view(rounded, memory);
  const int64_t reach = (int64_t)conv->dilation_h * (conv->kernel_h - 1);
  int64_t column = first % conv->out_w, line = first / conv->out_w;
  int64_t next = 0; // row that may have to be rounded
  for (int64_t r = 0; r < vectors; ++line, column = 0) {
    const int64_t count = least(conv->out_w - column, vectors - r);
    const int64_t row = line / conv->out_h * rounded->height +
                        line % conv->out_h * conv->stride_h;
    for (next = next > row ? next : row; next <= row + reach; ++next)
      round_row(rounded, next, &own);
    find_runs(rounded, row, column, count, &own, r * rounded->runs);
    r += count;
  }
  const ams_runs_t runs = {
      .count = rounded->runs,
      .chunks = rounded->run_pixels * rounded->pixel_chunks,
      .values = own.values,
      .greatest = own.greatest,
  };
  const ams_weights_t *weights = product->weights;
  const int64_t bad = weights->kernel->quantise_runs(&weights->geometry, &runs,
                                                     vectors, inputs);
  return bad < 0 ? -1 : first + bad;
}
