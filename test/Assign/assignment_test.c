/*===-- assignment_test.c - Gains from a made-up profile ----------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Assignment.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { GAINS = 3, LAYERS = 3 };

/* 1,000 vectors of 10 outputs in one block. The first layer wants gain 4, whose
 * error is least, and saturates at 2 in 1,000 there; the second wants 2. */
static ams_gain_profile_t figures[LAYERS][2 * GAINS] = {
    {{0, 16}, {5, 4}, {20, 1}},
    {{0, 16}, {0, 4}, {0, 8}},
    {{0, 16}, {0, 4}, {0, 1}},
};

static AmsProfile makeProfile(AmsProfileLayer *layers) {
  AmsProfile profile = {.samples = 1000,
                        .numGains = GAINS,
                        .gains = {1, 2, 4},
                        .numLayers = LAYERS,
                        .layers = layers};
  static char *const names[] = {"a", "b", "c"};
  for (size_t l = 0; l < LAYERS; ++l)
    layers[l] = (AmsProfileLayer){.name = names[l],
                                  .cost = {.matrices = 1,
                                           .vectors = 1,
                                           .outputs = 10,
                                           .reduction = 8,
                                           .rows = 8,
                                           .columns = 10,
                                           .inputBits = 8,
                                           .outputBits = 8,
                                           .repeats = 1},
                                  .vectors = 1000,
                                  .blocks = 1,
                                  .effect = l == 0 ? 100 : 1,
                                  .figures = figures[l]};
  return profile;
}

static void check(const AmsGainGoal *goal, const AmsProfile *profile,
                  const float *gains, const AmsGainReason *reasons) {
  AmsAssignedGain chosen[LAYERS];
  AmsChoiceResult result;
  assert_null(amsAssign(profile, goal, chosen, &result));
  for (size_t l = 0; l < LAYERS; ++l) {
    assert_true(chosen[l].gain == gains[l]);
    assert_string_equal(amsGainReasonText(chosen[l].reason),
                        amsGainReasonText(reasons[l]));
  }
}

static void headroom(void **unused) {
  (void)unused;
  AmsProfileLayer layers[LAYERS];
  AmsProfile profile = makeProfile(layers);
  AmsGainGoal goal = amsGainGoalDefault();
  check(&goal, &profile, (float[]){2, 2, 4},
        (AmsGainReason[]){AmsGainHeadroom, AmsGainBest, AmsGainBest});
  goal.mostSaturation = 2e-3;
  check(&goal, &profile, (float[]){4, 2, 4},
        (AmsGainReason[]){AmsGainBest, AmsGainBest, AmsGainBest});
}

static void trust(void **unused) {
  (void)unused;
  AmsProfileLayer layers[LAYERS];
  AmsProfile profile = makeProfile(layers);
  AmsGainGoal goal = amsGainGoalDefault();
  layers[1].vectors = goal.leastVectors - 1;
  layers[2].effect = NAN;
  const AmsGainReason reasons[] = {AmsGainHeadroom, AmsGainUntrusted,
                                   AmsGainUntrusted};
  check(&goal, &profile, (float[]){2, 1, 1}, reasons);
  goal.fallback = 3.9f;
  check(&goal, &profile, (float[]){2, 4, 4}, reasons);
}

/* Two blocks of one layer want other gains: the first 1, the second 4, where it
 * saturates too often unless that is allowed. */
static ams_gain_profile_t blockFigures[3 * GAINS] = {
    {0, 40}, {0, 30}, {60, 50}, /* of the outputs */
    {0, 1},  {0, 9},  {0, 36},  /* of block 0 */
    {0, 39}, {0, 21}, {60, 14},
};

static void blocks(void **unused) {
  (void)unused;
  AmsProfileLayer layers[LAYERS];
  AmsProfile profile = makeProfile(layers);
  profile.numLayers = 1;
  layers[0].blocks = 2;
  layers[0].cost.reduction = 16;
  layers[0].effect = 3;
  layers[0].figures = blockFigures;
  AmsGainGoal goal = amsGainGoalDefault();
  AmsChoiceResult result;
  AmsAssignedGain *chosen = calloc(1, sizeof *chosen);
  assert_null(amsAssign(&profile, &goal, chosen, &result));
  assert_true(chosen->gain == 2 && !chosen->gains);

  goal.per = AmsGainPerBlock;
  assert_null(amsAssign(&profile, &goal, chosen, &result));
  assert_non_null(chosen->gains);
  assert_true(chosen->gains[0] == 1 && chosen->gains[1] == 2);
  assert_int_equal(chosen->reason, AmsGainHeadroom);
  assert_true(fabs(chosen->error - 3 * (1 + 21) / 1000.0) < 1e-12);
  assert_true(fabs(chosen->energy - amsGainEnergy(&goal, &layers[0], 1.5)) <
              1e-6);
  amsAssignedGainsFree(chosen, 1);

  chosen = calloc(1, sizeof *chosen);
  goal.mostSaturation = 1e-2;
  assert_null(amsAssign(&profile, &goal, chosen, &result));
  assert_true(chosen->gains[0] == 1 && chosen->gains[1] == 4);
  assert_true(chosen->gain == 2.5f && chosen->reason == AmsGainBest);
  assert_true(fabs(chosen->saturation - 60 / 20000.0) < 1e-12);
  amsAssignedGainsFree(chosen, 1);

  /* Energy for a mean of 1.5: the second block has 2. */
  chosen = calloc(1, sizeof *chosen);
  goal.budget = amsGainEnergy(&goal, &layers[0], 1.5);
  assert_null(amsAssign(&profile, &goal, chosen, &result));
  assert_true(chosen->gains[0] == 1 && chosen->gains[1] == 2);
  assert_int_equal(chosen->reason, AmsGainBudget);
  amsAssignedGainsFree(chosen, 1);

  /* For the smallest gains: one gain again. */
  chosen = calloc(1, sizeof *chosen);
  goal.budget = amsGainEnergy(&goal, &layers[0], 1);
  assert_null(amsAssign(&profile, &goal, chosen, &result));
  assert_true(chosen->gain == 1 && !chosen->gains);
  amsAssignedGainsFree(chosen, 1);
}

/* Two column tiles of 7 and 3 outputs by two blocks: errors at gains 1, 2, 4.
 */
static ams_gain_profile_t tileFigures[4 * GAINS] = {
    {0, 1}, {0, 9},  {0, 30}, /* column 0, block 0 */
    {0, 9}, {0, 5},  {0, 6},  /* block 1 */
    {0, 8}, {0, 4},  {0, 1},  /* column 1, block 0 */
    {0, 9}, {40, 3}, {60, 8}, /* block 1 */
};

static void tiles(void **unused) {
  (void)unused;
  AmsProfileLayer layers[LAYERS];
  AmsProfile profile = makeProfile(layers);
  profile.numLayers = 1;
  layers[0].blocks = 2;
  layers[0].cost.reduction = 16;
  layers[0].cost.columns = 7;
  layers[0].effect = 3;
  layers[0].figures = blockFigures;
  AmsGainGoal goal = amsGainGoalDefault();
  AmsChoiceResult result;
  AmsAssignedGain *chosen = calloc(1, sizeof *chosen);
  assert_null(amsGainGoalParsePer("tile", &goal));
  ams_status_t status = amsAssign(&profile, &goal, chosen, &result);
  assert_non_null(strstr(ams_status_message(status), "layer \"a\" does not"));
  ams_status_free(status);

  layers[0].tiles = 4;
  layers[0].tile = tileFigures;
  assert_int_equal(amsProfileTiles(&layers[0]), 4);
  assert_null(amsAssign(&profile, &goal, chosen, &result));
  assert_int_equal(chosen->numGains, 4);
  /* 40 of 3,000 results saturate in the last one at gain 2. */
  static const float expected[] = {1, 2, 4, 1};
  for (int t = 0; t < 4; ++t)
    assert_true(chosen->gains[t] == expected[t]);
  assert_int_equal(chosen->reason, AmsGainHeadroom);
  double mean = (7 * 1 + 7 * 2 + 3 * 4 + 3 * 1) / 20.0;
  assert_true(fabs((double)chosen->gain - mean) < 1e-6);
  assert_true(fabs(chosen->energy - amsGainEnergy(&goal, &layers[0], mean)) <
              1e-6);
  assert_true(fabs(chosen->error - 3 * (1 + 5 + 1 + 9) / 1000.0) < 1e-12);
  assert_true(amsAssignedGainsAlike(chosen, chosen));
  AmsAssignedGain other = *chosen;
  other.gains = (float[]){1, 2, 4, 2};
  assert_false(amsAssignedGainsAlike(chosen, &other));
  amsAssignedGainsFree(chosen, 1);
}

static void wrongPer(void **unused) {
  (void)unused;
  AmsGainGoal goal = amsGainGoalDefault();
  ams_status_t status = amsGainGoalParsePer("column", &goal);
  assert_non_null(
      strstr(ams_status_message(status), "none of layer, block and tile"));
  ams_status_free(status);
  assert_null(amsGainGoalParsePer("layer", &goal));
  assert_int_equal(goal.per, AmsGainPerLayer);
}

/* With energy for less, the layer that matters least gives way first. */
static void budget(void **unused) {
  (void)unused;
  AmsProfileLayer layers[LAYERS];
  AmsProfile profile = makeProfile(layers);
  AmsGainGoal goal = amsGainGoalDefault();
  goal.mostSaturation = 1;
  double energy = amsGainEnergy(&goal, &layers[0], 4) +
                  2 * amsGainEnergy(&goal, &layers[0], 2);
  assert_true(amsGainEnergy(&goal, &layers[0], 4) -
                  amsGainEnergy(&goal, &layers[0], 2) ==
              10 * goal.constants.adcStep * 256 * 2);
  goal.budget = energy;
  check(&goal, &profile, (float[]){4, 2, 2},
        (AmsGainReason[]){AmsGainBest, AmsGainBest, AmsGainBudget});
  goal.budget = energy / (energy + amsGainEnergy(&goal, &layers[0], 4) -
                          amsGainEnergy(&goal, &layers[0], 2));
  goal.relative = true;
  check(&goal, &profile, (float[]){4, 2, 2},
        (AmsGainReason[]){AmsGainBest, AmsGainBest, AmsGainBudget});
  goal.relative = false;
  goal.budget = 1;
  AmsAssignedGain chosen[LAYERS];
  AmsChoiceResult result;
  ams_status_t status = amsAssign(&profile, &goal, chosen, &result);
  assert_non_null(strstr(ams_status_message(status), "is not enough"));
  ams_status_free(status);
}

static void budgetText(void **unused) {
  (void)unused;
  AmsGainGoal goal = amsGainGoalDefault();
  assert_null(amsGainGoalParseBudget("2.5nJ", &goal));
  assert_true(goal.budget == 2500 && !goal.relative);
  assert_null(amsGainGoalParseBudget("60%", &goal));
  assert_true(fabs(goal.budget - 0.6) < 1e-12 && goal.relative);
  static const char *const wrong[] = {"",      "nJ",  "5",     "-1nJ", "0%",
                                      "infpJ", "1nj", "1nJ x", "nanpJ"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
    ams_status_t status = amsGainGoalParseBudget(wrong[i], &goal);
    assert_non_null(status);
    ams_status_free(status);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(headroom),   cmocka_unit_test(trust),
      cmocka_unit_test(blocks),     cmocka_unit_test(tiles),
      cmocka_unit_test(wrongPer),   cmocka_unit_test(budget),
      cmocka_unit_test(budgetText),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
