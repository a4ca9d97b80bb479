/*===-- analytic_test.c - Expected errors against measured ones ---*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* A layer of random weights on random inputs, converted one by one.          *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Analytic.h"

#include "ams/product.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 32, BLOCKS = 2, REDUCTION = 50, OUTPUTS = 20, VECTORS = 3000 };
enum { GAINS = 6 };

static const float gains[GAINS] = {1, 2, 4, 8, 16, 32};
static uint64_t state = 7;

static double uniform(void) {
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return ((double)(state >> 11) + 0.5) * 0x1p-53;
}

static float normal(void) {
  return (float)(sqrt(-2 * log(uniform())) *
                 cos(6.283185307179586 * uniform()));
}

static double bfloat16(uint16_t bits) {
  uint32_t word = (uint32_t)bits << 16;
  float value;
  memcpy(&value, &word, sizeof value);
  return (double)value;
}

/* What converting the products of each block with every column gives. */
static void measure(const AmsAnalyticLayer *layer,
                    AmsAnalyticFigures *figures) {
  const int8_t *w = layer->codes;
  double alpha = 127.0 / (ROWS * 127.0 * 127.0);
  memset(figures, 0, GAINS * sizeof *figures);
  for (int v = 0; v < VECTORS; ++v) {
    float x[REDUCTION];
    for (int k = 0; k < REDUCTION; ++k) {
      x[k] = normal();
      if (layer->rectified && x[k] < 0)
        x[k] = 0;
    }
    int8_t codes[BLOCKS * ROWS];
    uint16_t scales[BLOCKS];
    assert_null(
        ams_quantise(1, REDUCTION, REDUCTION, ROWS, 8, x, codes, scales));
    for (int i = 0; i < OUTPUTS; ++i)
      for (int j = 0; j < BLOCKS; ++j) {
        int d = 0;
        for (int k = 0; k < ROWS; ++k)
          d += codes[j * ROWS + k] * w[(i * BLOCKS + j) * ROWS + k];
        double scale = bfloat16(layer->scales[i * BLOCKS + j]);
        for (int g = 0; g < GAINS; ++g) {
          double a = (double)gains[g] * alpha * d;
          double code = nearbyint(a + uniform() - 0.5);
          code = fmax(-127, fmin(127, code));
          double error = (code - a) * scale / (double)gains[g];
          figures[g].error += error * error / (OUTPUTS * VECTORS);
          figures[g].saturation +=
              (fabs(code) == 127) / (double)(OUTPUTS * VECTORS * BLOCKS);
        }
      }
  }
}

static void check(bool rectified) {
  float weights[OUTPUTS * REDUCTION];
  for (int i = 0; i < OUTPUTS * REDUCTION; ++i)
    weights[i] = normal() * (float)(1 + i / REDUCTION % 4);
  int8_t codes[OUTPUTS * BLOCKS * ROWS];
  uint16_t scales[OUTPUTS * BLOCKS];
  assert_null(ams_quantise(OUTPUTS, REDUCTION, REDUCTION, ROWS, 8, weights,
                           codes, scales));
  AmsAnalyticLayer layer = {.outputs = OUTPUTS,
                            .reduction = REDUCTION,
                            .device = {.rows = ROWS,
                                       .columns = ROWS,
                                       .bits_weight = 8,
                                       .bits_input = 8,
                                       .bits_output = 8,
                                       .noise_uniform = 1},
                            .codes = codes,
                            .scales = scales,
                            .rectified = rectified};
  AmsAnalyticFigures expected[GAINS], measured[GAINS];
  amsAnalyticMeasure(&layer, gains, GAINS, expected);
  measure(&layer, measured);
  for (int g = 0; g < GAINS; ++g) {
    /* Rounding and noise are the same for all; how far products reach depends
     * on inputs' largest magnitude, of which the median is taken. */
    if (measured[g].saturation < 1e-4)
      assert_true(fabs(expected[g].error / measured[g].error - 1) < 0.1);
    else if (measured[g].saturation > 0.02)
      assert_true(fabs(log(expected[g].error / measured[g].error)) < log(2));
    assert_true(fabs(expected[g].saturation - measured[g].saturation) <
                0.003 + 0.3 * measured[g].saturation);
  }
  size_t best = amsAnalyticBest(gains, GAINS, expected, 1);
  for (size_t g = 0; g < GAINS; ++g)
    assert_true(measured[best].error <= measured[g].error * 1.2);
  /* With headroom for no saturation at all, the smallest gain is left. */
  assert_int_equal(amsAnalyticBest(gains, GAINS, expected, -1), 0);
}

static void normalInputs(void **unused) {
  (void)unused;
  check(false);
}

static void rectifiedInputs(void **unused) {
  (void)unused;
  check(true);
}

/* Where the other side is computed too, the larger tile wants more gain. */
static void twoActivations(void **unused) {
  (void)unused;
  AmsAnalyticLayer layer = {.outputs = 5,
                            .reduction = 8,
                            .device = {.rows = 8,
                                       .bits_weight = 8,
                                       .bits_input = 8,
                                       .bits_output = 8,
                                       .noise_uniform = 1}};
  AmsAnalyticFigures small[GAINS], large[GAINS];
  amsAnalyticMeasure(&layer, gains, GAINS, small);
  layer.device.rows = 128;
  layer.reduction = 128;
  amsAnalyticMeasure(&layer, gains, GAINS, large);
  assert_true(amsAnalyticBest(gains, GAINS, large, 1e-3) >
              amsAnalyticBest(gains, GAINS, small, 1e-3));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(normalInputs),
      cmocka_unit_test(rectifiedInputs),
      cmocka_unit_test(twoActivations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
