//===-- gains_test.c - Gains of blocks and tiles ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rule G1: every kernel against the definition, with gains that differ from
// block to block and from tile to tile by powers of two and otherwise, and
// refusals.
//
//===----------------------------------------------------------------------===//

#include "check_kernels.h"
#include "layer.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

/// Gains in turn; those whose constants round are among them.
static const float values[] = {1, 16, 2.8284271f, 4, 0.3f, 64, 7};

/// So many, times a gain that suits the width.
static float *make_gains(const ams_abi_layer_t *layer, int64_t count) {
  float *gains = malloc((size_t)count * sizeof *gains);
  assert_non_null(gains);
  for (int64_t j = 0; j < count; ++j)
    gains[j] = values[j % 7] * test_gain(layer->device.rows) / 4;
  return gains;
}

static int64_t blocks_of(const ams_abi_layer_t *layer) {
  return ams_layer_geometry(layer).blocks;
}

static void check_gains(ams_abi_layer_t layer, int64_t vectors, int64_t count) {
  float *x = test_numbers(2 * 81 * 70 + vectors * layer.reduction, 1);
  float *w = test_numbers(layer.outputs * layer.reduction, 2);
  float *gains = make_gains(&layer, count);
  for (int format = 0; format < 2; ++format)
    for (int noise = 0; noise < 2; ++noise) {
      layer.device.partial_format = format;
      ams_product_options_t options = {.seed = 7,
                                       .first_vector = 1000,
                                       .noise = noise,
                                       .gains = gains,
                                       .num_gains = count};
      check_kernels(&layer, options, vectors, w, x, 2, (const int[]){1, 3});
    }
  free(x);
  free(w);
  free(gains);
}

/// A gain a block, and a gain a tile of one of four widths in turn: within a
/// strip of outputs, across strips, and as wide as all.
static void check(ams_abi_layer_t layer, int64_t vectors) {
  static const int32_t columns[] = {7, 48, 1 << 20, 20};
  static size_t turn = 0;
  check_gains(layer, vectors, blocks_of(&layer));
  layer.device.columns = columns[turn++ % 4];
  check_gains(layer, vectors, ams_layer_tiles(&layer));
}

static void matmuls(void **state) {
  (void)state;
  static const int32_t widths[] = {1, 3, 8, 32, 128};
  static const int32_t bits[][3] = {
      {8, 8, 8}, {6, 6, 8}, {8, 8, 16}, {7, 10, 11}};
  for (size_t n = 0; n < sizeof widths / sizeof *widths; ++n)
    for (size_t b = 0; b < sizeof bits / sizeof *bits; ++b) {
      ams_abi_device_t device =
          test_device(widths[n], bits[b][0], bits[b][1], bits[b][2]);
      check(test_matmul(device, 1, 70, 130), 13);
      check(test_matmul(device, 1, 17, 1157), 5);
      device.noise_uniform = 3.7f;
      check(test_matmul(device, 1, 66, 300), 101);
    }
}

/// Tiles that end with strips, and one more output.
static void whole_strips(void **state) {
  (void)state;
  for (int32_t columns = 64; columns <= 128; columns += 64)
    for (int64_t outputs = 192; outputs <= 193; ++outputs) {
      ams_abi_device_t device = test_device(32, 8, 8, 8);
      device.columns = columns;
      ams_abi_layer_t layer = test_matmul(device, 1, outputs, 70);
      check_gains(layer, 13, ams_layer_tiles(&layer));
    }
}

/// The general way, with errors before, at and after the gain.
static void sources(void **state) {
  (void)state;
  ams_abi_device_t device = test_device(16, 8, 8, 8);
  device.noise_uniform = 0;
  device.columns = 9;
  device.sources = (ams_abi_sources_t){.noise_kind = AMS_ABI_NOISE_NORMAL,
                                       .noise_deviation = 1,
                                       .common_deviation = 0.5f,
                                       .column_offset_deviation = 0.5f,
                                       .dac_noise = 0.2f,
                                       .read_noise = 0.02f,
                                       .repeats = 2};
  ams_abi_layer_t layer = test_matmul(device, 1, 140, 70);
  enum { vectors = 11, outputs = 140 };
  float *x = test_numbers(vectors * layer.reduction, 1);
  float *w = test_numbers(layer.outputs * layer.reduction, 2);
  int64_t tiles = ams_layer_tiles(&layer), blocks = blocks_of(&layer);
  float *gains = make_gains(&layer, tiles);
  test_weights_t weights = test_quantise(&layer, w);
  static float expected[vectors * outputs], actual[vectors * outputs],
      one[vectors * outputs];
  ams_product_options_t options = {
      .seed = 3, .noise = true, .threads = 2, .num_gains = tiles};
  options.gains = gains;
  test_multiply(&layer, &weights, "scalar", options, vectors, x, expected);
  test_multiply(&layer, &weights, NULL, options, vectors, x, actual);
  assert_same_bits("sources", actual, expected, vectors * outputs);
  // Each column tile has the bits that its gains give as those of blocks.
  for (int64_t c = 0; c < tiles / blocks; ++c) {
    options.gains = gains + c * blocks;
    options.num_gains = blocks;
    test_multiply(&layer, &weights, NULL, options, vectors, x, one);
    for (int64_t v = 0; v < vectors; ++v)
      for (int64_t i = c * 9; i < outputs && i < (c + 1) * 9; ++i)
        assert_same_bits("a column tile", actual + v * outputs + i,
                         one + v * outputs + i, 1);
  }
  test_weights_free(&weights);
  free(x);
  free(w);
  free(gains);
}

static void convolutions(void **state) {
  (void)state;
  static const int32_t widths[] = {4, 9, 32};
  for (size_t n = 0; n < sizeof widths / sizeof *widths; ++n) {
    ams_abi_device_t device = test_device(widths[n], 8, 8, 8);
    const ams_abi_layer_t layers[] = {
        test_conv(device, 1, 2, 7, 6, 5, 3, 1, 1, 1, 1, 20),   // plain
        test_conv(device, 1, 1, 6, 6, 8, 3, 1, 1, 1, 2, 66),   // groups
        test_conv(device, 1, 2, 5, 5, 70, 3, 1, 1, 1, 70, 70), // depthwise
        test_conv(device, 1, 1, 6, 7, 9, 5, 2, 2, 1, 9, 9),    // 5 x 5
        test_conv(device, 1, 1, 5, 6, 66, 3, 1, 1, 1, 66, 66), // two strips
    };
    for (size_t i = 0; i < sizeof layers / sizeof *layers; ++i)
      check(layers[i], layers[i].vectors);
  }
}

static void conditioned(void **state) {
  (void)state;
  for (int mean = 0; mean < 2; ++mean)
    for (int spread = 0; spread < 2; ++spread) {
      ams_abi_device_t device = test_device(32, 8, 8, 8);
      check(test_conditioned(test_matmul(device, 1, 70, 300), mean, spread),
            13);
    }
}

/// A product of two activations has the bits of one with weights.
static void activations(void **state) {
  (void)state;
  enum { vectors = 9, outputs = 66, reduction = 100 };
  ams_abi_layer_t layer =
      test_matmul(test_device(8, 8, 8, 8), 1, outputs, reduction);
  float *a = test_numbers(vectors * reduction, 1);
  float *b = test_numbers(outputs * reduction, 2);
  layer.device.columns = 50;
  float *gains = make_gains(&layer, ams_layer_tiles(&layer));
  float expected[vectors * outputs], actual[vectors * outputs];
  ams_product_options_t options = {.seed = 3,
                                   .noise = true,
                                   .threads = 2,
                                   .gains = gains,
                                   .num_gains = ams_layer_tiles(&layer)};
  test_weights_t weights = test_quantise(&layer, b);
  test_multiply(&layer, &weights, NULL, options, vectors, a, expected);
  layer.kind = AMS_ABI_BATCH_MATMUL;
  layer.vectors = vectors;
  assert_ok(ams_batch_multiply(&layer, &options, NULL, a, b, actual));
  assert_same_bits("two activations", actual, expected, vectors * outputs);
  test_weights_free(&weights);
  free(a);
  free(b);
  free(gains);
}

static void refusals(void **state) {
  (void)state;
  ams_abi_layer_t layer = test_matmul(test_device(8, 8, 8, 8), 1, 3, 20);
  float *numbers = test_numbers(60, 1);
  test_weights_t weights = test_quantise(&layer, numbers);
  ams_grid_t *grid = NULL;
  assert_ok(
      ams_grid_program(&layer, weights.codes, weights.scales, NULL, &grid));
  float y[3];
  const float bad[] = {0, -1, NAN, INFINITY, 0x1p-140f};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    const float gains[] = {1, 2, bad[i]};
    ams_product_options_t options = {
        .threads = 1, .gains = gains, .num_gains = 3};
    assert_error(ams_grid_multiply(grid, &options, 1, numbers, y),
                 AMS_STATUS_INVALID_ARGUMENT, "gain");
  }
  ams_grid_free(grid);
  layer.num_gains = 2;
  assert_error(
      ams_grid_program(&layer, weights.codes, weights.scales, NULL, &grid),
      AMS_STATUS_INVALID_ARGUMENT, "2 gains for 3 blocks and 3 tiles");
  test_weights_free(&weights);
  free(numbers);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(matmuls),     cmocka_unit_test(whole_strips),
      cmocka_unit_test(sources),     cmocka_unit_test(convolutions),
      cmocka_unit_test(conditioned), cmocka_unit_test(activations),
      cmocka_unit_test(refusals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
