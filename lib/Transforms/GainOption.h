/*===-- GainOption.h - Gains as an option's text ------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* "8,conv1:4,fc:4/8": a gain for all layers, and for layers by name one, or  *|
|* one a block of the reduction or crossbar tile (G1).                        *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_TRANSFORMS_GAINOPTION_H
#define AMS_TRANSFORMS_GAINOPTION_H

#include "mlir-c/IR.h"

#include <stdbool.h>
#include <stddef.h>

/* Gains for `layer`, or one for all where it is NULL. */
typedef struct AmsGainElement {
  char *layer;
  float *gains; /* [count] */
  size_t count;
  bool used;
} AmsGainElement;

typedef struct AmsGainOption {
  AmsGainElement *list;
  size_t size;
} AmsGainOption;

/* Parses `text`; false after an error at `loc`. Free it in any case. */
bool amsGainOptionParse(MlirLocation loc, const char *text,
                        AmsGainOption *option);
void amsGainOptionFree(AmsGainOption *option);

/* The last gains for `layer`; NULL if none names it. */
const AmsGainElement *amsGainOptionFind(AmsGainOption *option,
                                        const char *layer);
/* The last gain for all layers; 0 if there is none. */
float amsGainOptionForAll(const AmsGainOption *option);

/* Errors for names that amsGainOptionFind was never asked for; false if any. */
bool amsGainOptionCheckUsed(MlirLocation loc, const AmsGainOption *option);

#endif /* AMS_TRANSFORMS_GAINOPTION_H */
