/*===-- conditioning_test.c - Conditioning from made-up profiles --*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Conditioning.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { GAINS = 2, LAYERS = 2, WAYS = 2 };

/* The outputs' errors at gains 1 and 4; one block, which is not looked at. */
static ams_gain_profile_t figures[WAYS][LAYERS][2 * GAINS] = {
    {{{0, 400}, {0, 100}}, {{0, 40}, {0, 10}}},
    {{{0, 200}, {0, 150}}, {{0, 40}, {0, 10}}},
};

/* What quantising takes, plain and spread. */
static const double quantization[WAYS][LAYERS] = {{1000, 100}, {300, 200}};

typedef struct Case {
  AmsProfileLayer layers[WAYS][LAYERS];
  AmsProfile profiles[WAYS];
  const AmsProfile *list[WAYS];
  AmsGainGoal goal;
} Case;

static void make(Case *own) {
  static char *const names[] = {"a", "b"};
  own->goal = amsGainGoalDefault();
  for (size_t p = 0; p < WAYS; ++p) {
    for (size_t l = 0; l < LAYERS; ++l)
      own->layers[p][l] = (AmsProfileLayer){.name = names[l],
                                            .cost = {.matrices = 1,
                                                     .vectors = 1,
                                                     .outputs = 10,
                                                     .reduction = 8,
                                                     .rows = 8,
                                                     .columns = 10,
                                                     .inputBits = 8,
                                                     .outputBits = 8,
                                                     .repeats = 1,
                                                     .spread = p == 1},
                                            .vectors = 1000,
                                            .blocks = 1,
                                            .quantization = quantization[p][l],
                                            .effect = 1,
                                            .figures = figures[p][l]};
    own->profiles[p] = (AmsProfile){.samples = 1000,
                                    .numGains = GAINS,
                                    .gains = {1, 4},
                                    .numLayers = LAYERS,
                                    .layers = own->layers[p]};
    own->list[p] = &own->profiles[p];
  }
}

static void check(const Case *own, size_t a, size_t b) {
  AmsChosenCondition chosen[LAYERS];
  AmsChoiceResult result;
  assert_null(
      amsAssignConditions(own->list, WAYS, &own->goal, chosen, &result));
  assert_int_equal(chosen[0].profile, a);
  assert_int_equal(chosen[1].profile, b);
}

/* What codes take counts with what converters do. */
static void leastError(void **unused) {
  (void)unused;
  Case own;
  make(&own);
  check(&own, 1, 0);
  AmsChosenCondition chosen[LAYERS];
  AmsChoiceResult result;
  assert_null(amsAssignConditions(own.list, WAYS, &own.goal, chosen, &result));
  assert_true(fabs(chosen[0].error - 0.45) < 1e-12);
  assert_true(fabs(chosen[1].error - 0.11) < 1e-12);
  own.layers[1][0].quantization = 2000;
  check(&own, 0, 0);
  own.layers[1][1].effect = 0.1;
  check(&own, 0, 1);
}

/* A layer that one way does not know goes the first. */
static void unknown(void **unused) {
  (void)unused;
  Case own;
  make(&own);
  own.layers[1][0].quantization = NAN;
  check(&own, 0, 0);
  make(&own);
  own.layers[0][0].vectors = 10;
  check(&own, 0, 0);
}

/* A tight budget leaves no transforms. */
static void budget(void **unused) {
  (void)unused;
  Case own;
  make(&own);
  double least = 0;
  for (size_t l = 0; l < LAYERS; ++l)
    least += amsGainEnergy(&own.goal, &own.layers[0][l], 1);
  own.goal.budget = least;
  check(&own, 0, 0);
  own.goal.budget = least / 2;
  AmsChosenCondition chosen[LAYERS];
  AmsChoiceResult result;
  ams_status_t status =
      amsAssignConditions(own.list, WAYS, &own.goal, chosen, &result);
  assert_non_null(status);
  assert_non_null(strstr(ams_status_message(status),
                         "is not enough: the least that layers can take is"));
  ams_status_free(status);
  /* A share is one of what the first profile's best gains take. */
  own.goal.budget = 1;
  own.goal.relative = true;
  check(&own, 1, 0);
}

static void refuse(const Case *own, const char *message) {
  AmsChosenCondition chosen[LAYERS];
  AmsChoiceResult result;
  ams_status_t status =
      amsAssignConditions(own->list, WAYS, &own->goal, chosen, &result);
  assert_non_null(status);
  assert_non_null(strstr(ams_status_message(status), message));
  ams_status_free(status);
}

static void otherNetworks(void **unused) {
  (void)unused;
  Case own;
  make(&own);
  own.profiles[1].gains[1] = 8;
  refuse(&own, "profiles 1 and 2 were measured at different gains");
  make(&own);
  own.layers[1][1].name = "c";
  refuse(&own, "profile 2 has no layer \"b\"");
  make(&own);
  own.layers[1][0].cost.reduction = 9;
  refuse(&own, "profile 2 has no layer \"a\" of the shape that it has in "
               "profile 1: they are of different networks");
}

static void names(void **unused) {
  (void)unused;
  AmsProfileLayer layer = {0};
  assert_string_equal(amsConditionName(amsProfileCondition(&layer)), "none");
  layer.cost.meanRemoved = true;
  assert_string_equal(amsConditionName(amsProfileCondition(&layer)), "mean");
  layer.cost.spread = true;
  assert_string_equal(amsConditionName(amsProfileCondition(&layer)), "both");
  layer.cost.meanRemoved = false;
  assert_string_equal(amsConditionName(amsProfileCondition(&layer)), "spread");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(leastError), cmocka_unit_test(unknown),
      cmocka_unit_test(budget),     cmocka_unit_test(otherNetworks),
      cmocka_unit_test(names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
