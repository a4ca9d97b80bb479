//===-- cost_test.c - Counts and energies of a product ------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counts by hand, and the comparison with a fixed-point device that the paper
// prints.
//
//===----------------------------------------------------------------------===//

#include "Cost.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* 5 vectors of 300 by 10 outputs, on crossbars of 128 x 4. */
static AmsCostLayer smallLayer(void) {
  return (AmsCostLayer){.matrices = 2,
                        .vectors = 5,
                        .outputs = 10,
                        .reduction = 300,
                        .rows = 128,
                        .columns = 4,
                        .inputBits = 6,
                        .outputBits = 8,
                        .repeats = 1,
                        .gain = 8};
}

static void counts_of_a_plain_product(void **state) {
  (void)state;
  AmsCostLayer layer = smallLayer();
  AmsCostCounts counts = amsCostCount(&layer);
  assert_true(counts.macs == 2 * 5 * 10 * 300);
  assert_true(counts.adcConversions == 2 * 5 * 10 * 3);
  assert_true(counts.dacConversions == 2 * 5 * 300 * 3);
  assert_true(counts.cellProducts == counts.macs);
  assert_true(counts.inputBlocks == 2 * 5 * 3);
  assert_true(counts.weightBlocks == 2 * 10 * 3);
  assert_true(counts.transforms == 0);
  assert_true(counts.additions == 2 * 5 * 300 + 300);
  assert_true(counts.products == 2 * 5 * 300 + 2 * 300);
  assert_true(counts.programmedCells == 2 * 10 * 300);
  assert_true(counts.crossbarTiles == 2 * 3 * 3);
}

static void counts_of_conditioned_products(void **state) {
  (void)state;
  AmsCostLayer layer = smallLayer();
  layer.spread = true;
  AmsCostCounts counts = amsCostCount(&layer);
  assert_true(counts.macs == 2 * 5 * 10 * 300);
  assert_true(counts.adcConversions == 300);
  assert_true(counts.dacConversions == 2 * 5 * 384 * 3);
  assert_true(counts.transforms == 30);
  assert_true(counts.additions == 2 * 5 * 384 + 300 + 30 * 128 * 7);
  assert_true(counts.programmedCells == 2 * 10 * 384);

  layer.spread = false;
  layer.meanRemoved = true;
  counts = amsCostCount(&layer);
  assert_true(counts.additions == 2 * 5 * 300 + 300 + 2 * 2 * 5 * 300 + 300);
  assert_true(counts.products == 2 * 5 * 300 + 600 + 30 + 300);
}

static void repeats_convert_again(void **state) {
  (void)state;
  AmsCostLayer layer = smallLayer();
  AmsCostCounts once = amsCostCount(&layer);
  layer.repeats = 4;
  AmsCostCounts four = amsCostCount(&layer);
  assert_true(four.adcConversions == 4 * once.adcConversions);
  assert_true(four.dacConversions == 4 * once.dacConversions);
  assert_true(four.products == once.products);
}

static void activations_are_programmed_in_the_run(void **state) {
  (void)state;
  AmsCostConstants constants = amsCostConstantsDefault();
  AmsCostLayer layer = smallLayer();
  AmsCostCounts counts = amsCostCount(&layer);
  AmsCostEnergy energy = amsCostEnergy(&constants, &layer, &counts);
  assert_true(amsCostRunEnergy(&layer, &energy) ==
              energy.adc + energy.dac + energy.cells + energy.digital);
  layer.activations = true;
  counts = amsCostCount(&layer);
  assert_true(counts.crossbarTiles == 3 * 3);
  assert_true(counts.additions == 2 * 15 * 300 + 300);
  energy = amsCostEnergy(&constants, &layer, &counts);
  assert_true(energy.programming == 2 * 10 * 300 * constants.program);
  assert_true(amsCostRunEnergy(&layer, &energy) ==
              energy.adc + energy.dac + energy.cells + energy.digital +
                  energy.programming);
}

static void digital_products_cost_their_arithmetic(void **state) {
  (void)state;
  AmsCostConstants constants = amsCostConstantsDefault();
  AmsCostLayer layer = smallLayer();
  double macs = amsCostCount(&layer).macs;
  assert_true(macs > 0);
  assert_true(amsCostDigitalEnergy(&constants, &layer) == macs * (3.7 + 0.9));
  layer.gain = 64; /* nothing of the device counts */
  layer.rows = 8;
  layer.spread = true;
  assert_true(amsCostDigitalEnergy(&constants, &layer) == macs * (3.7 + 0.9));
}

/* Sizes whose products pass 2^63 stay finite. */
static void large_sizes_do_not_wrap(void **state) {
  (void)state;
  AmsCostLayer layer = smallLayer();
  layer.vectors = INT64_C(1) << 44;
  layer.outputs = INT64_C(1) << 32;
  layer.reduction = INT64_C(1) << 30;
  AmsCostCounts counts = amsCostCount(&layer);
  assert_true(counts.macs == 2 * exp2(44 + 32 + 30));
}

/* arXiv 2205.06287: against fixed point that needs 12.5 bits at n = 8, n = 128
 * with 8 bits and gain 8 saves 2^4.5 on the ADC and pays 8 for the gain: 2.8
 * times less a conversion, of which each serves 16 times the multiplications;
 * an N x N product converts 2 N^2 / n blocks between formats. */
static void published_comparison(void **state) {
  (void)state;
  AmsCostConstants constants = amsCostConstantsDefault();
  double fixed = amsCostAdcConversion(&constants, 12.5, 1);
  assert_true(fabs(fixed / amsCostAdcConversion(&constants, 8, 1) - 22.6) <
              0.1);
  assert_true(fabs(fixed / amsCostAdcConversion(&constants, 8, 8) - 2.83) <
              0.01);

  AmsCostLayer layer = {.matrices = 1,
                        .vectors = 1024,
                        .outputs = 1024,
                        .reduction = 1024,
                        .rows = 128,
                        .columns = 128,
                        .repeats = 1,
                        .gain = 8};
  AmsCostCounts wide = amsCostCount(&layer);
  layer.rows = 8;
  AmsCostCounts narrow = amsCostCount(&layer);
  assert_true(wide.macs / wide.adcConversions ==
              16 * narrow.macs / narrow.adcConversions);
  assert_true(wide.inputBlocks + wide.weightBlocks == 2. * 1024 * 1024 / 128);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(counts_of_a_plain_product),
      cmocka_unit_test(counts_of_conditioned_products),
      cmocka_unit_test(repeats_convert_again),
      cmocka_unit_test(activations_are_programmed_in_the_run),
      cmocka_unit_test(digital_products_cost_their_arithmetic),
      cmocka_unit_test(large_sizes_do_not_wrap),
      cmocka_unit_test(published_comparison),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
