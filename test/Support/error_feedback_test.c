//===-- error_feedback_test.c - Weight codes by error feedback ----*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Uncorrelated inputs give the codes of plain rounding; correlated ones give
// codes whose outputs err less. A case of two columns is done by hand.
//
//===----------------------------------------------------------------------===//

#include "ErrorFeedback.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { OUTPUTS = 7, COLUMNS = 40, N = 16, BLOCKS = 3, VECTORS = 200 };

static double uniform(uint64_t *state) {
  *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
  return (double)(*state >> 11) * 0x1p-53 - 0.5;
}

typedef struct Layer {
  float weights[OUTPUTS * COLUMNS], scales[OUTPUTS * BLOCKS];
  double inputs[VECTORS * COLUMNS];
} Layer;

/* Random weights with their scales; inputs that share a part. */
static Layer *makeLayer(double shared) {
  uint64_t state = 3;
  Layer *layer = calloc(1, sizeof *layer);
  assert_non_null(layer);
  for (int i = 0; i < OUTPUTS; ++i)
    for (int c = 0; c < COLUMNS; ++c) {
      float weight = (float)uniform(&state);
      float *scale = &layer->scales[i * BLOCKS + c / N];
      layer->weights[i * COLUMNS + c] = weight;
      *scale = fmaxf(*scale, fabsf(weight));
    }
  for (int v = 0; v < VECTORS; ++v) {
    double common = shared * uniform(&state);
    for (int c = 0; c < COLUMNS; ++c)
      layer->inputs[v * COLUMNS + c] = common + uniform(&state);
  }
  return layer;
}

/* Second moments of the inputs, span after span. */
static double *makeMoments(const Layer *layer, int span) {
  double *moments = calloc(COLUMNS * COLUMNS, sizeof *moments);
  assert_non_null(moments);
  double *to = moments;
  for (int first = 0; first < COLUMNS; first += span) {
    int size = COLUMNS - first < span ? COLUMNS - first : span;
    for (int v = 0; v < VECTORS; ++v) {
      const double *x = layer->inputs + v * COLUMNS + first;
      for (int a = 0; a < size; ++a)
        for (int b = 0; b < size; ++b)
          to[a * size + b] += x[a] * x[b];
    }
    to += size * size;
  }
  return moments;
}

static AmsErrorFeedback problemOf(const Layer *layer, int span,
                                  const double *moments) {
  return (AmsErrorFeedback){.outputs = OUTPUTS,
                            .columns = COLUMNS,
                            .n = N,
                            .bits = 4,
                            .span = span,
                            .weights = layer->weights,
                            .scales = layer->scales,
                            .secondMoments = moments};
}

/* Plain rounding. */
static int16_t nearest(const Layer *layer, int output, int column) {
  double step = (double)layer->scales[output * BLOCKS + column / N] / 7;
  return (int16_t)rint((double)layer->weights[output * COLUMNS + column] /
                       step);
}

/* Squared error at the outputs. */
static double errorOf(const Layer *layer, const int16_t *codes) {
  double sum = 0;
  for (int v = 0; v < VECTORS; ++v)
    for (int i = 0; i < OUTPUTS; ++i) {
      double error = 0;
      for (int c = 0; c < COLUMNS; ++c) {
        double step = (double)layer->scales[i * BLOCKS + c / N] / 7;
        error += ((double)layer->weights[i * COLUMNS + c] -
                  codes[i * COLUMNS + c] * step) *
                 layer->inputs[v * COLUMNS + c];
      }
      sum += error * error;
    }
  return sum;
}

static void uncorrelated_columns_are_rounded(void **state) {
  (void)state;
  Layer *layer = makeLayer(0);
  double *moments = calloc(COLUMNS * COLUMNS, sizeof *moments);
  assert_non_null(moments);
  for (int c = 0; c < COLUMNS; ++c)
    moments[c * COLUMNS + c] = 1 + c;
  AmsErrorFeedback problem = problemOf(layer, COLUMNS, moments);
  int16_t codes[OUTPUTS * COLUMNS];
  assert_true(amsErrorFeedback(&problem, codes));
  for (int i = 0; i < OUTPUTS; ++i)
    for (int c = 0; c < COLUMNS; ++c)
      assert_int_equal(codes[i * COLUMNS + c], nearest(layer, i, c));
  memset(moments, 0, COLUMNS * COLUMNS * sizeof *moments);
  assert_true(amsErrorFeedback(&problem, codes));
  assert_int_equal(codes[5], nearest(layer, 0, 5));
  free(moments);
  free(layer);
}

static void correlated_columns_err_less(void **state) {
  (void)state;
  Layer *layer = makeLayer(3);
  int16_t plain[OUTPUTS * COLUMNS], whole[OUTPUTS * COLUMNS],
      blocks[OUTPUTS * COLUMNS];
  for (int i = 0; i < OUTPUTS; ++i)
    for (int c = 0; c < COLUMNS; ++c)
      plain[i * COLUMNS + c] = nearest(layer, i, c);
  double *moments = makeMoments(layer, COLUMNS);
  AmsErrorFeedback problem = problemOf(layer, COLUMNS, moments);
  assert_true(amsErrorFeedback(&problem, whole));
  free(moments);
  moments = makeMoments(layer, N);
  problem = problemOf(layer, N, moments);
  assert_true(amsErrorFeedback(&problem, blocks));
  free(moments);
  for (int i = 0; i < OUTPUTS * COLUMNS; ++i)
    assert_true(whole[i] >= -7 && whole[i] <= 7);
  double error = errorOf(layer, plain);
  assert_true(errorOf(layer, blocks) < error / 4);
  assert_true(errorOf(layer, whole) < error / 8);
  free(layer);
}

/* H = [[1, r], [r, 1]] plus damping d: after the first column's error e the
 * second column becomes w - e H_ab / H_bb taken in the other sense, that is
 * w + e r / (1 + d). */
static void two_columns_by_hand(void **state) {
  (void)state;
  const double moments[] = {1, 0.9, 0.9, 1};
  const float weights[] = {0.45f, 1.0f}, scales[] = {1.0f};
  AmsErrorFeedback problem = {.outputs = 1,
                              .columns = 2,
                              .n = 2,
                              .bits = 3,
                              .span = 2,
                              .weights = weights,
                              .scales = scales,
                              .secondMoments = moments};
  int16_t codes[2];
  /* Step 1/3: 0.45 is code 1, an error of 0.1167; 1 + 0.104 is code 3, which
   * is the largest. With 0.55, code 2, an error of -0.1167: 0.9 - 0.104 is
   * 2.39 steps, where 0.9 alone is 2.7. */
  assert_true(amsErrorFeedback(&problem, codes));
  assert_int_equal(codes[0], 1);
  assert_int_equal(codes[1], 3);
  const float others[] = {0.55f, 0.9f};
  problem.weights = others;
  assert_true(amsErrorFeedback(&problem, codes));
  assert_int_equal(codes[0], 2);
  assert_int_equal(codes[1], 2);
}

static void bad_moments_are_refused(void **state) {
  (void)state;
  const float weights[] = {1, 1}, scales[] = {1};
  const double indefinite[] = {1, 5, 5, 1}, unknown[] = {NAN, 0, 0, 1};
  AmsErrorFeedback problem = {.outputs = 1,
                              .columns = 2,
                              .n = 2,
                              .bits = 8,
                              .span = 2,
                              .weights = weights,
                              .scales = scales,
                              .secondMoments = indefinite};
  int16_t codes[2];
  assert_false(amsErrorFeedback(&problem, codes));
  problem.secondMoments = unknown;
  assert_false(amsErrorFeedback(&problem, codes));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(uncorrelated_columns_are_rounded),
      cmocka_unit_test(correlated_columns_err_less),
      cmocka_unit_test(two_columns_by_hand),
      cmocka_unit_test(bad_moments_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
