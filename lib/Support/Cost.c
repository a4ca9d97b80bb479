/*===-- Cost.c - What a product costs a device --------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Counts by the sizes of a layer; energies linear in counts.                 *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Cost.h"

#include <math.h>

AmsCostConstants amsCostConstantsDefault(void) {
  return (AmsCostConstants){
      .adcStep = 0.0065,
      .dacBit = 0.39,
      .cell = 0.0018,
      .program = 100,
      .addition = 0.9,
      .product = 3.7,
      .programCycles = 100,
  };
}

static double ceilDiv(int64_t value, int64_t divisor) {
  int64_t quotient = value / divisor;
  return (double)quotient + (value % divisor != 0);
}

AmsCostCounts amsCostCount(const AmsCostLayer *layer) {
  double matrices = (double)layer->matrices, vectors = (double)layer->vectors,
         outputs = (double)layer->outputs, k = (double)layer->reduction,
         n = (double)layer->rows, repeats = (double)layer->repeats;
  double blocks = ceilDiv(layer->reduction, layer->rows);
  double columnTiles = ceilDiv(layer->outputs, layer->columns);
  double drivenRows = layer->spread ? blocks * n : k;
  double partials = matrices * vectors * outputs * blocks;

  AmsCostCounts counts = {
      .macs = matrices * vectors * outputs * k,
      .adcConversions = partials * repeats,
      .dacConversions = matrices * vectors * drivenRows * columnTiles * repeats,
      .cellProducts = matrices * vectors * drivenRows * outputs * repeats,
      .inputBlocks = matrices * vectors * blocks,
      .weightBlocks = matrices * outputs * blocks,
      .programmedCells = matrices * drivenRows * outputs,
      .crossbarTiles =
          (layer->activations ? 1 : matrices) * blocks * columnTiles,
  };
  double blocksInRun =
      counts.inputBlocks + (layer->activations ? counts.weightBlocks : 0);
  double elementsInRun =
      matrices * (vectors + (layer->activations ? outputs : 0)) * drivenRows;
  /* Quantiser: a comparison an element for the maximum, a product an element
   * for the code. Digital output: two products (D2, D3; k times the weight's
   * scale is known ahead) and an addition (D4) a partial sum. */
  counts.additions = elementsInRun + partials;
  counts.products = elementsInRun + 2 * partials;
  if (layer->spread) {
    counts.transforms = blocksInRun;
    counts.additions += blocksInRun * n * log2(n);
  }
  if (layer->meanRemoved) {
    /* Sum and difference an element, a product a block, and a multiply-add a
     * partial sum; the other side's sums are known ahead where it is weights.
     */
    counts.additions += 2 * matrices * vectors * k + partials +
                        (layer->activations ? matrices * outputs * k : 0);
    counts.products += counts.inputBlocks + partials;
  }
  return counts;
}

double amsCostAdcConversion(const AmsCostConstants *constants, double bits,
                            double gain) {
  return constants->adcStep * exp2(bits) * gain;
}

AmsCostEnergy amsCostEnergy(const AmsCostConstants *constants,
                            const AmsCostLayer *layer,
                            const AmsCostCounts *counts) {
  return (AmsCostEnergy){
      .adc = counts->adcConversions *
             amsCostAdcConversion(constants, layer->outputBits, layer->gain),
      .dac = counts->dacConversions * constants->dacBit * layer->inputBits,
      .cells = counts->cellProducts * constants->cell,
      .digital = counts->additions * constants->addition +
                 counts->products * constants->product,
      .programming = counts->programmedCells * constants->program,
  };
}

double amsCostRunEnergy(const AmsCostLayer *layer,
                        const AmsCostEnergy *energy) {
  return energy->adc + energy->dac + energy->cells + energy->digital +
         (layer->activations ? energy->programming : 0);
}

double amsCostDigitalEnergy(const AmsCostConstants *constants,
                            const AmsCostLayer *layer) {
  return amsCostCount(layer).macs * (constants->product + constants->addition);
}
