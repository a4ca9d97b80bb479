/*===-- Cost.h - What a product costs a device --------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Operations, energy and cycles of one layer on crossbars, by the model of   *|
|* docs/cost.md. Plain C, without MLIR: passes that choose gains under a      *|
|* budget and the pass that reports use the same functions.                   *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_COST_H
#define AMS_SUPPORT_COST_H

#include <stdbool.h>
#include <stdint.h>

/* Energies in picojoules; docs/cost.md says where each default comes from. */
typedef struct AmsCostConstants {
  double adcStep;       /* a conversion takes adcStep * 2^bits * gain */
  double dacBit;        /* a conversion takes dacBit * bits */
  double cell;          /* an analog multiplication in one cell */
  double program;       /* one programmed cell */
  double addition;      /* of float32 */
  double product;       /* of float32 */
  double programCycles; /* to program one row of a crossbar */
} AmsCostConstants;

AmsCostConstants amsCostConstantsDefault(void);

/* One layer, as far as its cost depends on it. A layer is `matrices` products
 * of `vectors` x `reduction` by `reduction` x `outputs`: one for each sample
 * and group. */
typedef struct AmsCostLayer {
  int64_t matrices;  /* groups of a convolution, or the batch of two
                        activations; at least 1 */
  int64_t vectors;   /* input vectors of each matrix */
  int64_t outputs;   /* of one matrix */
  int64_t reduction; /* K */
  int64_t rows;      /* n: length of a block */
  int64_t columns;   /* of a crossbar */
  int inputBits, outputBits;
  int64_t repeats;  /* conversions that are averaged (S15), at least 1 */
  double gain;      /* G; where tiles have gains of their own, their mean */
  bool activations; /* both sides are computed at run time: crossbars are
                       programmed during the run, one matrix after another */
  bool meanRemoved, spread; /* how blocks are conditioned */
} AmsCostLayer;

/* Operations of one run. Doubles, as products of sizes may pass 2^63; exact
 * below 2^53. */
typedef struct AmsCostCounts {
  double macs;            /* multiply-accumulates that the model asks for */
  double adcConversions;  /* one an output, block and repeat */
  double dacConversions;  /* one a driven row of each crossbar and repeat */
  double cellProducts;    /* analog multiplications, padding of spread blocks
                             included */
  double inputBlocks;     /* blocks of activations quantised in the run */
  double weightBlocks;    /* blocks of weights quantised, once or in the run */
  double transforms;      /* Walsh-Hadamard transforms of spread blocks */
  double additions;       /* float32, in digital logic */
  double products;        /* float32, in digital logic */
  double programmedCells; /* once for weights, in the run for activations */
  double crossbarTiles;   /* blocks of n rows of crossbars that weights fill */
} AmsCostCounts;

/* Picojoules. */
typedef struct AmsCostEnergy {
  double adc, dac, cells, digital; /* of one run */
  double programming;              /* of AmsCostCounts.programmedCells */
} AmsCostEnergy;

AmsCostCounts amsCostCount(const AmsCostLayer *layer);

/* One ADC conversion at `bits` (not only whole ones) and `gain`. */
double amsCostAdcConversion(const AmsCostConstants *constants, double bits,
                            double gain);

AmsCostEnergy amsCostEnergy(const AmsCostConstants *constants,
                            const AmsCostLayer *layer,
                            const AmsCostCounts *counts);

/* Energy of a run: all but programming, which weights take once; products of
 * two activations take theirs in the run. */
double amsCostRunEnergy(const AmsCostLayer *layer, const AmsCostEnergy *energy);

/* Energy of a run of the same layer kept digital: a product and an addition of
 * float32 for each multiply-accumulate. */
double amsCostDigitalEnergy(const AmsCostConstants *constants,
                            const AmsCostLayer *layer);

#endif /* AMS_SUPPORT_COST_H */
