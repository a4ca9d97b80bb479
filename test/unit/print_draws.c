//===-- print_draws.c - The ADC's random bits, for test batteries -*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes the draws of a layer of 1024 outputs and 8 blocks in the order of
// coordinates, rows fastest, then blocks, then vectors, as 16-bit numbers to
// standard output until whoever reads has enough. The argument is the seed.
// docs/generator.md says what to read them with.
//
//===----------------------------------------------------------------------===//

#include "analog/source.h"

#include <stdio.h>
#include <stdlib.h>

enum { GROUPS = 16, BLOCKS = 8, ROWS = 64 };

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s SEED | dieharder -g 200 -a\n", argv[0]);
    return 2;
  }
  ams_address_t address = {.key = strtoull(argv[1], NULL, 0),
                           .source = AMS_SOURCE_ADC};
  uint16_t draws[BLOCKS][GROUPS][ROWS];
  do {
    for (uint32_t block = 0; block < BLOCKS; ++block) {
      address.block = block;
      for (uint32_t group = 0; group < GROUPS; ++group)
        ams_address_draw_group(&address, group, draws[block][group]);
    }
    ++address.vector;
  } while (fwrite(draws, sizeof draws, 1, stdout) == 1);
  return 0;
}
