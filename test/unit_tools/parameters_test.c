//===-- parameters_test.c - Tests of the weights that are trained -*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names that freeze, ranges and places of drawn weights, steps, and where NaN
// and infinity are found.
//
//===----------------------------------------------------------------------===//

#include "parameters.h"
#include "unit_tools.h"

#include <math.h>
#include <stdlib.h>

enum { CONV, CONV_BIAS, SCALE, HEAD, PARAMETERS };

/// Filters [4, 3, 5, 5], two vectors, a matrix [20, 10].
static ams_parameters_t make(const ams_optimizer_t *optimizer) {
  static const struct {
    const char *name;
    int rank;
    int64_t dims[4];
  } shapes[PARAMETERS] = {{"conv.weight", 4, {4, 3, 5, 5}},
                          {"conv.bias", 1, {4}},
                          {"norm.weight", 1, {4}},
                          {"head.weight", 2, {20, 10}}};
  ams_parameters_t parameters = {
      .count = PARAMETERS,
      .items = calloc(PARAMETERS, sizeof(ams_parameter_t))};
  assert_non_null(parameters.items);
  for (int i = 0; i < PARAMETERS; ++i)
    assert_ok(ams_parameter_create(shapes[i].name, shapes[i].rank,
                                   shapes[i].dims, optimizer,
                                   &parameters.items[i]));
  return parameters;
}

static ams_parameters_t make_for_sgd(void) {
  const ams_optimizer_t sgd = ams_optimizer_default(AMS_OPTIMIZER_SGD);
  return make(&sgd);
}

static void test_create(void **state) {
  (void)state;
  const ams_optimizer_t adamw = ams_optimizer_default(AMS_OPTIMIZER_ADAMW);
  ams_parameters_t parameters = make(&adamw);
  const ams_parameter_t *conv = &parameters.items[CONV];
  assert_string_equal(conv->name, "conv.weight");
  assert_int_equal(conv->count, 4 * 3 * 5 * 5);
  for (int64_t i = 0; i < conv->count; ++i)
    assert_true(conv->weights[i] == 0 && conv->gradient[i] == 0 &&
                conv->best[i] == 0 && conv->state[i] == 0 &&
                conv->state[conv->count + i] == 0);
  assert_false(conv->frozen);
  ams_parameters_free(&parameters);
  assert_int_equal(parameters.count, 0);
  assert_null(parameters.items);
}

static void test_freeze(void **state) {
  (void)state;
  ams_parameters_t parameters = make_for_sgd();
  assert_ok(ams_parameters_freeze(&parameters, "*.bias,head.*"));
  assert_false(parameters.items[CONV].frozen);
  assert_true(parameters.items[CONV_BIAS].frozen);
  assert_false(parameters.items[SCALE].frozen);
  assert_true(parameters.items[HEAD].frozen);
  assert_error(ams_parameters_freeze(&parameters, "conv.*,tail"),
               "no weights are called 'tail'; the first ones are called "
               "'conv.weight'");
  ams_parameters_free(&parameters);
  assert_error(ams_parameters_freeze(&parameters, "tail"), "called ''");
}

/// Numbers of rank 2 and more fill their range about 0, each its own.
static void check_drawn(const ams_parameter_t *parameter, double range) {
  double most = 0, sum = 0;
  for (int64_t i = 0; i < parameter->count; ++i) {
    const double weight = (double)parameter->weights[i];
    most = fmax(most, fabs(weight));
    sum += weight;
    assert_true(i == 0 || weight != (double)parameter->weights[i - 1]);
  }
  assert_true(most <= range * (1 + 1e-6) && most > 0.95 * range);
  // A uniform number's deviation is range / sqrt(3): 4 of the mean's.
  assert_true(fabs(sum) < 4 * range * sqrt((double)parameter->count / 3));
}

static void test_initialise(void **state) {
  (void)state;
  ams_parameters_t parameters = make_for_sgd(), other = make_for_sgd();
  ams_parameters_initialise(&parameters, 5);
  check_drawn(&parameters.items[CONV], sqrt(6.0 / (3 * 5 * 5)));
  check_drawn(&parameters.items[HEAD], sqrt(6.0 / (20 + 10)));
  for (int i = 0; i < 4; ++i) {
    assert_true(parameters.items[CONV_BIAS].weights[i] == 0);
    assert_true(parameters.items[SCALE].weights[i] == 1);
  }
  const size_t size = (size_t)parameters.items[HEAD].count * sizeof(float);
  ams_parameters_initialise(&other, 5);
  assert_memory_equal(parameters.items[HEAD].weights, other.items[HEAD].weights,
                      size);
  ams_parameters_initialise(&other, 6);
  assert_memory_not_equal(parameters.items[HEAD].weights,
                          other.items[HEAD].weights, size);
  // Two tensors share no numbers, whatever their ranges.
  const float scale = sqrtf((3 * 5 * 5) / 30.0f);
  assert_true(fabsf(parameters.items[CONV].weights[0] * scale -
                    parameters.items[HEAD].weights[0]) > 1e-6f);
  ams_parameters_free(&parameters);
  ams_parameters_free(&other);
}

static void fill(ams_parameters_t *parameters, float weight, float gradient) {
  for (size_t p = 0; p < parameters->count; ++p)
    for (int64_t i = 0; i < parameters->items[p].count; ++i) {
      parameters->items[p].weights[i] = weight;
      parameters->items[p].gradient[i] = gradient;
    }
}

/// Frozen weights stay; the best ones are those of when they were kept.
static void test_step(void **state) {
  (void)state;
  const ams_optimizer_t sgd = ams_optimizer_default(AMS_OPTIMIZER_SGD);
  ams_parameters_t parameters = make(&sgd);
  fill(&parameters, 1, 2);
  assert_ok(ams_parameters_freeze(&parameters, "head.weight"));
  ams_parameters_keep_best(&parameters);
  ams_parameters_step(&parameters, &sgd, 0.25f, 1);
  for (int p = 0; p < PARAMETERS; ++p) {
    const ams_parameter_t *parameter = &parameters.items[p];
    for (int64_t i = 0; i < parameter->count; ++i) {
      assert_true(parameter->weights[i] == (p == HEAD ? 1 : 0.5f));
      assert_true(parameter->best[i] == 1);
    }
  }
  ams_parameters_free(&parameters);
}

/// Of several bad ones: the first weight, the last gradient.
/// Gradients 3, frozen 5 and 4, of which those not frozen have norm 5.
static void take_clipped_step(float clip_norm, float expected) {
  ams_optimizer_t sgd = ams_optimizer_default(AMS_OPTIMIZER_SGD);
  sgd.clip_norm = clip_norm;
  enum { COUNT = 3 };
  const int64_t dims[1] = {1};
  const float gradients[COUNT] = {3, 5, 4};
  ams_parameters_t parameters = {.items =
                                     calloc(COUNT, sizeof(ams_parameter_t))};
  for (; parameters.count < COUNT; ++parameters.count) {
    ams_parameter_t *parameter = &parameters.items[parameters.count];
    assert_ok(ams_parameter_create("w", 1, dims, &sgd, parameter));
    parameter->gradient[0] = gradients[parameters.count];
  }
  parameters.items[1].frozen = true;
  ams_parameters_step(&parameters, &sgd, 1, 1);
  assert_true(parameters.items[0].weights[0] == -3 * expected);
  assert_true(parameters.items[1].weights[0] == 0);
  assert_true(parameters.items[2].weights[0] == -4 * expected);
  ams_parameters_free(&parameters);
}

static void test_clip_norm(void **state) {
  (void)state;
  take_clipped_step(0, 1);
  take_clipped_step(5, 1);
  take_clipped_step(2.5f, 0.5f);
}

/// Two filters, limited each by its own root mean square; a matrix by that of
/// all; a vector not at all.
static void test_clip_weights(void **state) {
  (void)state;
  enum { SIZE = 8 };
  ams_optimizer_t sgd = ams_optimizer_default(AMS_OPTIMIZER_SGD);
  sgd.clip_weights = 1.25f;
  const float weights[SIZE] = {7, -1, 1, -7, 70, -10, 10, -70};
  const int64_t dims[3][3] = {{2, 2, 2}, {2, 4}, {8}};
  // Root mean squares are 5 and 50, and of all together sqrt(1262.5).
  const float all = (float)(1.25 * sqrt(1262.5));
  const float expected[3][SIZE] = {
      {6.25f, -1, 1, -6.25f, 62.5f, -10, 10, -62.5f},
      {7, -1, 1, -7, all, -10, 10, -all},
      {7, -1, 1, -7, 70, -10, 10, -70}};
  for (int rank = 3; rank >= 1; --rank) {
    ams_parameters_t parameters = {.count = 1,
                                   .items = calloc(1, sizeof(ams_parameter_t))};
    assert_ok(ams_parameter_create("w", rank, dims[3 - rank], &sgd,
                                   parameters.items));
    memcpy(parameters.items->weights, weights, sizeof weights);
    ams_parameters_step(&parameters, &sgd, 1, 1);
    for (int i = 0; i < SIZE; ++i)
      assert_true(parameters.items->weights[i] == expected[3 - rank][i]);
    ams_parameters_free(&parameters);
  }
}

static void test_bad(void **state) {
  (void)state;
  static const float kinds[] = {NAN, -NAN, INFINITY, -INFINITY};
  ams_parameters_t parameters = make_for_sgd();
  fill(&parameters, 3.4e38f, -3.4e38f);
  assert_null(ams_parameters_find_bad_weight(&parameters));
  assert_null(ams_parameters_find_bad_gradient(&parameters));
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; ++i) {
    fill(&parameters, 1, 1);
    parameters.items[CONV_BIAS].weights[3] = kinds[i];
    parameters.items[HEAD].weights[0] = kinds[i];
    parameters.items[CONV].gradient[299] = kinds[i];
    parameters.items[SCALE].gradient[0] = kinds[i];
    assert_ptr_equal(ams_parameters_find_bad_weight(&parameters),
                     &parameters.items[CONV_BIAS]);
    assert_ptr_equal(ams_parameters_find_bad_gradient(&parameters),
                     &parameters.items[SCALE]);
  }
  ams_parameters_free(&parameters);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_create),     cmocka_unit_test(test_freeze),
      cmocka_unit_test(test_initialise), cmocka_unit_test(test_step),
      cmocka_unit_test(test_clip_norm),  cmocka_unit_test(test_clip_weights),
      cmocka_unit_test(test_bad),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
