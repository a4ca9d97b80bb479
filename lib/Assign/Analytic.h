/*===-- Analytic.h - What a gain does, without data ---------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The expected error of a layer at a gain, from the codes of its weights and *|
|* inputs assumed to be independent and normal, perhaps rectified. By the     *|
|* central limit theorem dot products are normal then, so that rounding,      *|
|* noise and saturation have closed forms. Plain C, without MLIR.             *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_ASSIGN_ANALYTIC_H
#define AMS_ASSIGN_ANALYTIC_H

#include "ams/abi.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct AmsAnalyticLayer {
  int64_t outputs, reduction;
  ams_abi_device_t device;
  const void *codes; /* [outputs][blocks][rows], int8 up to 8 bits of weight,
                        else int16; NULL: normal too, as inputs are */
  const uint16_t *scales; /* bfloat16 [outputs][blocks]; NULL with codes */
  bool rectified;         /* inputs are max(0, normal) */
} AmsAnalyticLayer;

typedef struct AmsAnalyticFigures {
  double error;      /* expected square of an output's error, relative */
  double saturation; /* expected share of results at an end of the range */
} AmsAnalyticFigures;

/* Figures of `count` gains; errors of one layer compare with each other. */
void amsAnalyticMeasure(const AmsAnalyticLayer *layer, const float *gains,
                        size_t count, AmsAnalyticFigures *figures);

/* The gain with the least error among those that saturate at most so often, or
 * the smallest. */
size_t amsAnalyticBest(const float *gains, size_t count,
                       const AmsAnalyticFigures *figures,
                       double mostSaturation);

#endif /* AMS_ASSIGN_ANALYTIC_H */
