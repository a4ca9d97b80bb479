//===-- conv_rounded_test.c - Pixels that are rounded once --------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolutions whose pixels are rounded once give the bits of the definition,
// which rounds each output pixel's vector on its own; and report the same
// vector for an input that is not finite.
//
//===----------------------------------------------------------------------===//

#include "check_kernels.h"
#include "conv_rounded.h"
#include "kernel.h"
#include "layer.h"
#include "product.h"
#include "test_data.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#define MOST_THREADS 4

typedef struct shape {
  int64_t batch;
  int32_t height, width, channels, kernel, stride, pad, dilation;
  int64_t groups, outputs;
} shape_t;

static const shape_t shapes[] = {
    {2, 14, 14, 16, 3, 1, 1, 1, 1, 16}, // a block of 8 pixels, and one of 1
    {1, 28, 9, 16, 3, 1, 1, 1, 1, 5},   // panels that begin in a row
    {1, 17, 18, 32, 3, 2, 1, 1, 1, 32}, // stride
    {2, 12, 13, 16, 3, 1, 2, 2, 1, 33}, // dilation
    {1, 19, 17, 16, 5, 2, 4, 2, 1, 17}, // both
    {1, 11, 12, 48, 3, 1, 1, 1, 1, 65}, // channels that n does not divide
    {30, 4, 4, 16, 3, 1, 1, 1, 1, 3},   // many images a panel
    {3, 20, 2, 16, 2, 1, 1, 1, 1, 20},  // panels of many rows
    {2, 9, 8, 16, 5, 1, 0, 1, 1, 3},    // no padding
    {3, 5, 6, 16, 3, 1, 4, 1, 1, 3},    // more padding than image
    {1, 9, 9, 16, 3, 3, 1, 1, 1, 3},    // pixels that are used once
    {1, 9, 9, 32, 3, 1, 1, 1, 2, 6},    // groups
    {1, 9, 9, 24, 3, 1, 1, 1, 1, 3},    // channels that 16 does not divide
};
#define NUM_SHAPES (sizeof shapes / sizeof *shapes)

/// Shapes from this number on are computed as others.
#define FIRST_WITHOUT 10

static const int32_t widths[] = {16, 64, 128, 144, 1024};
#define NUM_WIDTHS (sizeof widths / sizeof *widths)

static ams_abi_layer_t layer_of(const shape_t *shape, int32_t n) {
  return test_conv(test_device(n, 8, 8, 8), n < 16 ? 1 : (float)n / 16,
                   shape->batch, shape->height, shape->width, shape->channels,
                   shape->kernel, shape->stride, shape->pad, shape->dilation,
                   shape->groups, shape->outputs);
}

static float *make_image(const shape_t *shape, uint64_t seed) {
  return test_numbers(
      shape->batch * shape->height * shape->width * shape->channels, seed);
}

static void check(const shape_t *shape, int32_t n) {
  const ams_abi_layer_t layer = layer_of(shape, n);
  float *x = make_image(shape, 1);
  float *w = test_numbers(layer.outputs * layer.reduction, 2);
  const ams_product_options_t options = {
      .seed = 11, .first_vector = 5, .noise = true};
  check_kernels(&layer, options, layer.vectors, w, x, 4,
                (const int[]){1, 2, 3, 4});
  free(x);
  free(w);
}

static void same_bits(void **state) {
  (void)state;
  for (size_t s = 0; s < NUM_SHAPES; ++s)
    for (size_t n = 0; n < NUM_WIDTHS; ++n)
      check(&shapes[s], widths[n]);
}

/// Whether a kernel has a convolution's pixels rounded.
static bool rounds(const ams_kernel_t *kernel, const shape_t *shape,
                   int32_t n) {
  const ams_abi_layer_t layer = layer_of(shape, n);
  const ams_product_options_t options = {.threads = 1};
  ams_weights_t weights;
  ams_product_t product;
  ams_conv_rounded_t *rounded;
  assert_ok(ams_weights_allocate(kernel, NULL, &layer, &weights));
  assert_ok(ams_product_make(&layer, &options, &weights, layer.vectors, NULL,
                             NULL, NULL, &product));
  assert_ok(ams_conv_rounded_make(&product, AMS_PANEL_VECTORS, &rounded));
  const bool result = rounded != NULL;
  free(rounded);
  ams_product_free(&product);
  free(weights.data);
  return result;
}

/// What `same_bits` compares is computed both ways.
static void where_it_pays(void **state) {
  (void)state;
  for (const ams_kernel_t *const *k = ams_kernels; *k; ++k) {
    if (!(*k)->supported())
      continue;
    const bool can = (*k)->quantise_runs != NULL;
    for (size_t s = 0; s < NUM_SHAPES; ++s)
      assert_int_equal(rounds(*k, &shapes[s], 128), can && s < FIRST_WITHOUT);
    assert_int_equal(rounds(*k, &shapes[0], 144), can);
    assert_false(rounds(*k, &shapes[0], 24));
    // Rows that no cache would keep.
    const shape_t wide = {1, 16, 8192, 64, 3, 1, 1, 1, 1, 64};
    assert_false(rounds(*k, &wide, 128));
  }
}

/// The first output pixel that reads a pixel and channel, or -1.
static int64_t first_reader(const ams_abi_layer_t *layer, int64_t image,
                            int64_t row, int64_t column) {
  const ams_abi_conv_t *conv = &layer->conv;
  for (int64_t y = 0; y < conv->out_h; ++y)
    for (int64_t x = 0; x < conv->out_w; ++x)
      for (int64_t kh = 0; kh < conv->kernel_h; ++kh)
        for (int64_t kw = 0; kw < conv->kernel_w; ++kw)
          if (y * conv->stride_h + kh * conv->dilation_h - conv->pad_top ==
                  row &&
              x * conv->stride_w + kw * conv->dilation_w - conv->pad_left ==
                  column)
            return (image * conv->out_h + y) * conv->out_w + x;
  return -1;
}

/// A NaN or infinity in each pixel in turn, of the first or the second image.
static void not_finite(void **state) {
  (void)state;
  static const shape_t some[] = {{2, 12, 13, 16, 3, 1, 2, 2, 1, 5},
                                 {2, 11, 12, 16, 3, 2, 0, 1, 1, 5},
                                 {9, 5, 4, 16, 2, 1, 1, 1, 1, 3}};
  for (size_t s = 0; s < sizeof some / sizeof *some; ++s) {
    const shape_t *shape = &some[s];
    const ams_abi_layer_t layer = layer_of(shape, 128);
    float *x = make_image(shape, 3);
    float *w = test_numbers(layer.outputs * layer.reduction, 4);
    float *y = calloc((size_t)(layer.vectors * layer.outputs), sizeof *y);
    test_weights_t weights = test_quantise(&layer, w);
    for (const ams_kernel_t *const *k = ams_kernels; *k; ++k) {
      if (!(*k)->supported())
        continue;
      ams_grid_t *grid;
      assert_ok(ams_grid_make(&layer, 0, (ams_watch_t){0}, weights.codes,
                              weights.scales, weights.sums, (*k)->name, &grid));
      const int64_t pixels = shape->batch * shape->height * shape->width;
      for (int64_t p = 0; p < pixels; ++p) {
        const int64_t channel = p % shape->channels;
        float *element = &x[p * shape->channels + channel];
        const float kept = *element;
        *element = p % 2 ? NAN : -INFINITY;
        const ams_product_options_t options = {
            .noise = true, .threads = 1 + (int)(p % MOST_THREADS)};
        int64_t bad;
        assert_ok(
            ams_grid_compute(grid, &options, layer.vectors, x, y, NULL, &bad));
        assert_int_equal(bad,
                         first_reader(&layer, p / shape->width / shape->height,
                                      p / shape->width % shape->height,
                                      p % shape->width));
        *element = kept;
      }
      ams_grid_free(grid);
    }
    free(x);
    free(w);
    free(y);
    test_weights_free(&weights);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(same_bits),
      cmocka_unit_test(where_it_pays),
      cmocka_unit_test(not_finite),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
