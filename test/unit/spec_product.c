//===-- spec_product.c - A product for spec_check.py --------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads one product from stdin, writes its result to stdout, both raw and
// little endian; the argument names the kernel. Without one it lists the
// kernels that can run here. Input: int32 n, b_W, b_X, b_Y, partial format,
// layer, N, K, vectors; float32 gain, noise width; uint32 conditioning; uint64
// seed, first vector, device's seed; sources; float32 w [N][K], x [vectors][K].
// Output: float32 y.
//
//===----------------------------------------------------------------------===//

#include "ams/product.h"
#include "kernel.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct head {
  int32_t n, bits_weight, bits_input, bits_output, partial_format, layer;
  int32_t outputs, reduction, vectors;
  float gain, noise_uniform;
  uint32_t conditioning; // of ams_abi_conditioning_t
  uint64_t seed, first_vector, device_seed;
  ams_abi_sources_t sources;
} head_t;

static ams_status_t multiply(const char *kernel, const head_t *head,
                             const float *w, const float *x, float *y) {
  ams_abi_layer_t layer = {
      .kind = AMS_ABI_MATMUL,
      .index = (uint32_t)head->layer,
      .gain = head->gain,
      .batch = 1,
      .vectors = head->vectors,
      .outputs = head->outputs,
      .reduction = head->reduction,
      .groups = 1,
      .device = {.rows = head->n,
                 .columns = 1,
                 .bits_weight = head->bits_weight,
                 .bits_input = head->bits_input,
                 .bits_output = head->bits_output,
                 .partial_format = head->partial_format,
                 .noise_uniform = head->noise_uniform,
                 .sources = head->sources},
  };
  layer.condition.flags = head->conditioning;
  ams_condition_draw_signs(0, layer.index, head->n, &layer.condition);
  const int64_t width =
      ams_condition_width(&layer.condition, head->reduction, head->n);
  size_t blocks = (size_t)((head->reduction - 1) / head->n + 1);
  size_t count = (size_t)head->outputs * blocks;
  void *codes = malloc(count * (size_t)head->n * sizeof(int16_t));
  uint16_t *scales = malloc(count * sizeof *scales);
  float *conditioned =
      malloc((size_t)head->outputs * (size_t)width * sizeof *conditioned);
  float *sums = malloc(count * sizeof *sums);
  if (!codes || !scales || !conditioned || !sums)
    abort();
  ams_grid_t *grid = NULL;
  ams_status_t status =
      ams_condition_weights(&layer.condition, head->outputs, head->reduction,
                            head->n, w, conditioned, sums);
  if (!status)
    status = ams_quantise(head->outputs, width, width, head->n,
                          head->bits_weight, conditioned, codes, scales);
  if (!status)
    status = ams_grid_program_conditioned(&layer, head->device_seed, codes,
                                          scales, sums, kernel, &grid);
  ams_product_options_t options = {.seed = head->seed,
                                   .first_vector = head->first_vector,
                                   .noise = true,
                                   .threads = 2};
  if (!status)
    status = ams_grid_multiply(grid, &options, head->vectors, x, y);
  ams_grid_free(grid);
  free(codes);
  free(scales);
  free(conditioned);
  free(sums);
  return status;
}

int main(int argc, char **argv) {
  if (argc == 1) {
    for (const ams_kernel_t *const *kernel = ams_kernels; *kernel; ++kernel)
      if ((*kernel)->supported())
        puts((*kernel)->name);
    return 0;
  }
  head_t head;
  if (argc != 2 || fread(&head, sizeof head, 1, stdin) != 1)
    return 2;
  size_t w_count = (size_t)head.outputs * (size_t)head.reduction;
  size_t x_count = (size_t)head.vectors * (size_t)head.reduction;
  size_t y_count = (size_t)head.vectors * (size_t)head.outputs;
  float *w = malloc(w_count * sizeof *w);
  float *x = malloc(x_count * sizeof *x);
  float *y = malloc(y_count * sizeof *y);
  if (!w || !x || !y || fread(w, sizeof *w, w_count, stdin) != w_count ||
      fread(x, sizeof *x, x_count, stdin) != x_count)
    return 2;
  ams_status_t status = multiply(argv[1], &head, w, x, y);
  if (status) {
    fprintf(stderr, "%s\n", ams_status_message(status));
    ams_status_free(status);
    return 1;
  }
  fwrite(y, sizeof *y, y_count, stdout);
  free(w);
  free(x);
  free(y);
  return 0;
}
