/*===-- choice_test.c - Choices within a budget, by brute force ---*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Choice.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { LAYERS = 6, COUNT = 5 };

static uint64_t state = 1;

/* In [0, 1). */
static double draw(void) {
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(state >> 40) * 0x1p-24;
}

/* The least error within the budget by trying all; infinite if none fits. */
static double tryAll(const AmsChoice *choices, double budget) {
  double best = INFINITY;
  size_t index[LAYERS] = {0};
  for (;;) {
    double error = 0, cost = 0;
    bool allowed = true;
    for (size_t l = 0; l < LAYERS; ++l) {
      const AmsChoice *choice = &choices[l * COUNT + index[l]];
      error += choice->error;
      cost += choice->cost;
      allowed = allowed && choice->allowed;
    }
    if (allowed && cost <= budget && error < best)
      best = error;
    size_t l = 0;
    while (l < LAYERS && ++index[l] == COUNT)
      index[l++] = 0;
    if (l == LAYERS)
      return best;
  }
}

static void fill(AmsChoice *choices, bool whole) {
  for (size_t i = 0; i < LAYERS * COUNT; ++i) {
    double error = draw() * 8, cost = draw() * 8;
    choices[i] =
        (AmsChoice){whole ? floor(error) : error, whole ? floor(cost) : cost,
                    i % COUNT == 2 || draw() < 0.8};
  }
}

static void bruteForce(void **unused) {
  (void)unused;
  for (int trial = 0; trial < 300; ++trial) {
    AmsChoice choices[LAYERS * COUNT];
    fill(choices, trial % 2);
    double budget = trial % 10 == 9 ? INFINITY : draw() * 50;
    double expected = tryAll(choices, budget);
    size_t chosen[LAYERS];
    AmsChoiceResult result = amsChoose(LAYERS, COUNT, choices, budget, chosen);
    assert_int_equal(result.feasible, isfinite(expected));
    if (!result.feasible) {
      assert_true(result.cost > budget);
      continue;
    }
    assert_true(result.exact);
    assert_true(fabs(result.error - expected) <= 1e-9);
    assert_true(result.bound <= expected + 1e-9 &&
                result.cost <= budget * 1.000001);
    double error = 0;
    for (size_t l = 0; l < LAYERS; ++l) {
      assert_true(choices[l * COUNT + chosen[l]].allowed);
      error += choices[l * COUNT + chosen[l]].error;
    }
    assert_true(fabs(error - expected) <= 1e-9);
  }
}

/* As a network is: errors fall with the square of the gain until it saturates,
 * costs rise with it, over many layers. */
static void manyLayers(void **unused) {
  (void)unused;
  enum { MANY = 200, GAINS = 7 };
  static AmsChoice choices[MANY * GAINS];
  for (size_t l = 0; l < MANY; ++l) {
    double effect = exp(8 * draw()), conversions = exp(4 * draw());
    int saturates = 1 + (int)(draw() * 6);
    for (int g = 0; g < GAINS; ++g)
      choices[l * GAINS + (size_t)g] =
          (AmsChoice){effect * (g > saturates ? exp2(4 * g) : exp2(-2 * g)),
                      conversions * exp2(g), true};
  }
  size_t chosen[MANY];
  AmsChoiceResult most = amsChoose(MANY, GAINS, choices, INFINITY, chosen);
  double last = most.error;
  for (double share = 0.9; share > 0.2; share -= 0.1) {
    AmsChoiceResult result =
        amsChoose(MANY, GAINS, choices, share * most.cost, chosen);
    assert_true(result.feasible && result.cost <= share * most.cost * 1.000001);
    assert_true(result.error >= last);
    assert_true(result.exact && result.error >= result.bound);
    last = result.error;
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bruteForce),
      cmocka_unit_test(manyLayers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
