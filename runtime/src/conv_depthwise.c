//===-- conv_depthwise.c - Convolutions of single channels --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Cuts such a convolution into tasks, one a strip of channels and band of rows
// of output pixels, and shares them out over threads.
//
//===----------------------------------------------------------------------===//

#include "conv_depthwise.h"

#include "depthwise.h"
#include "epilogue.h"
#include "float_state.h"
#include "memory.h"
#include "patches.h"

#include <omp.h>
#include <stdlib.h>

bool ams_conv_is_depthwise(const ams_abi_layer_t *layer,
                           const ams_kernel_t *kernel) {
  return kernel->depthwise && layer->kind == AMS_ABI_CONV &&
         !layer->condition.flags && layer->groups == layer->conv.in_c &&
         layer->groups == layer->outputs &&
         layer->reduction <= AMS_DEPTHWISE_MOST_POSITIONS;
}

static int64_t divide_up(int64_t value, int64_t divisor) {
  return (value - 1) / divisor + 1;
}

/// Fewest rows of output pixels that are worth copying those rows of the image
/// once more that two bands share, for each row of the kernel.
#define LEAST_BAND 4

/// How a convolution is cut: task t is strip t % strips of band t / strips.
typedef struct bands {
  int64_t strips, of_image, rows, tasks;
} bands_t;

static bands_t cut(const ams_product_t *product, int threads) {
  const ams_abi_conv_t *conv = product->conv;
  const int64_t images =
      product->vectors / ((int64_t)conv->out_h * conv->out_w);
  const int64_t strips = divide_up(conv->in_c, AMS_DEPTHWISE_STRIP);
  // Several tasks a thread even out their times.
  int64_t wanted =
      threads > 1 ? divide_up(4 * (int64_t)threads, images * strips) : 1;
  int64_t rows = divide_up(conv->out_h, wanted);
  int64_t least = LEAST_BAND * (int64_t)conv->kernel_h;
  rows = rows < least ? least : rows;
  int64_t of_image = divide_up(conv->out_h, rows);
  return (bands_t){.strips = strips,
                   .of_image = of_image,
                   .rows = rows,
                   .tasks = images * of_image * strips};
}

static bool compute_task(const ams_product_t *product, const bands_t *bands,
                         int64_t task, void *scratch) {
  const ams_abi_conv_t *conv = product->conv;
  const int64_t band = task / bands->strips;
  const int64_t image = band / bands->of_image;
  const int64_t begin = band % bands->of_image * bands->rows;
  const int64_t vectors = (int64_t)conv->out_h * conv->out_w;
  ams_depthwise_args_t args = {
      .geometry = &product->weights->geometry,
      .conv = conv,
      .weights = product->weights->data,
      .channel = task % bands->strips * AMS_DEPTHWISE_STRIP,
      .begin = begin,
      .end =
          begin + bands->rows < conv->out_h ? begin + bands->rows : conv->out_h,
      .x = product->x + image * conv->in_h * conv->in_w * conv->in_c,
      .gains = product->gains,
      .noise = product->noise,
      .scratch = scratch,
      .y = product->y + image * vectors * conv->in_c,
  };
  // A channel is a group, whose one output is all of a tile's.
  args.gains.columns = 1;
  args.gains.tile_stride = product->group_gains;
  args.noise.first_vector += (uint64_t)(image * vectors);
  ams_float_state_t state = ams_float_enter();
  bool finite = product->weights->kernel->depthwise->multiply(&args);
  const int64_t end = args.channel + AMS_DEPTHWISE_STRIP;
  const ams_epilogue_part_t part = {
      .first = image * vectors + args.begin * conv->out_w,
      .vectors = (args.end - args.begin) * conv->out_w,
      .begin = args.channel,
      .end = end < conv->in_c ? end : conv->in_c,
      .stride = conv->in_c};
  product->weights->kernel->epilogue(&product->epilogue, &part, product->y);
  ams_float_leave(state);
  return finite;
}

ams_status_t ams_conv_depthwise_compute(const ams_product_t *product,
                                        int threads, int64_t *out_bad_vector) {
  const bands_t bands = cut(product, threads);
  const size_t size = ams_memory_align(
      product->weights->kernel->depthwise->scratch_size(product->conv));
  void *scratch;
  AMS_RETURN_IF_ERROR(ams_memory_allocate((size_t)threads, size, &scratch));
  bool finite = true;
#pragma omp parallel for num_threads(threads) schedule(dynamic)                \
    reduction(&& : finite) if (threads > 1)
  for (int64_t task = 0; task < bands.tasks; ++task)
    finite =
        compute_task(product, &bands, task,
                     (char *)scratch + (size_t)omp_get_thread_num() * size) &&
        finite;
  free(scratch);
  *out_bad_vector = finite
                        ? -1
                        : ams_patches_find_bad(product->conv, 1, 0, product->x,
                                               0, product->vectors);
  return AMS_OK;
}
