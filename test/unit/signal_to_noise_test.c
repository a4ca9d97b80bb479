//===-- signal_to_noise_test.c - The published check of the format *- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A product of Laplace weights and normal inputs, 8/8/8 bits, noise on: its
// error against float32 for every published tile width and gain.
//
//===----------------------------------------------------------------------===//

#include "test_data.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

enum { VECTORS = 400, OUTPUTS = 768, REDUCTION = 768 };

static void table(void **state) {
  (void)state;
  static const int32_t widths[] = {8, 32, 128};
  static const double expected[][5] = {{28.8, 34.4, 30.0, 12.7, 5.5},
                                       {17.7, 23.6, 29.4, 34.4, 22.5},
                                       {7.7, 13.7, 19.7, 25.6, 31.0}};
  sequence_t sequence = {2022};
  float *w = malloc(sizeof(float) * OUTPUTS * REDUCTION);
  float *x = malloc(sizeof(float) * VECTORS * REDUCTION);
  float *y = malloc(sizeof(float) * VECTORS * OUTPUTS);
  double *exact = calloc(VECTORS * OUTPUTS, sizeof *exact);
  assert_true(w && x && y && exact);
  for (int i = 0; i < OUTPUTS * REDUCTION; ++i)
    w[i] = (float)sequence_laplace(&sequence);
  for (int i = 0; i < VECTORS * REDUCTION; ++i)
    x[i] = (float)sequence_normal(&sequence);
  double signal = 0;
  for (int v = 0; v < VECTORS; ++v)
    for (int i = 0; i < OUTPUTS; ++i) {
      double sum = 0;
      for (int k = 0; k < REDUCTION; ++k)
        sum += (double)w[i * REDUCTION + k] * (double)x[v * REDUCTION + k];
      exact[v * OUTPUTS + i] = sum;
      signal += sum * sum;
    }

  for (int n = 0; n < 3; ++n) {
    ams_abi_layer_t layer =
        test_matmul(test_device(widths[n], 8, 8, 8), 1, OUTPUTS, REDUCTION);
    test_weights_t weights = test_quantise(&layer, w);
    for (int g = 0; g < 5; ++g) {
      ams_product_options_t options = {
          .seed = 1, .noise = true, .threads = 2, .gain = (float)(1 << g)};
      test_multiply(&layer, &weights, NULL, options, VECTORS, x, y);
      double noise = 0;
      for (int i = 0; i < VECTORS * OUTPUTS; ++i)
        noise += ((double)y[i] - exact[i]) * ((double)y[i] - exact[i]);
      double decibels = 10 * log10(signal / noise);
      if (fabs(decibels - expected[n][g]) > 0.3)
        fail_msg("n = %d, G = %d: %.2f dB, expected %.1f", widths[n], 1 << g,
                 decibels, expected[n][g]);
    }
    test_weights_free(&weights);
  }
  free(w);
  free(x);
  free(y);
  free(exact);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(table)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
