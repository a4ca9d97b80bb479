/*===-- Choice.h - One choice a layer, within a budget ------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The multiple-choice knapsack: least sum of errors whose sum of costs stays *|
|* within a budget. A multiplier on the cost solves it on the lower convex    *|
|* hull of each layer's choices; what lies between hull points is settled by  *|
|* branch and bound, with the multiplier's bound. Plain C, without MLIR.      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_ASSIGN_CHOICE_H
#define AMS_ASSIGN_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct AmsChoice {
  double error, cost; /* finite, not negative */
  bool allowed;
} AmsChoice;

typedef struct AmsChoiceResult {
  bool feasible;      /* whether any choice fits the budget */
  bool exact;         /* whether `error` is proven to be the least */
  double error, cost; /* sums over what was chosen; the least cost of all where
                         nothing is feasible */
  double bound;       /* no choice within the budget has a smaller error */
  double budget;      /* that was given */
} AmsChoiceResult;

/* Chooses one of `choices` [layers][count] for each layer: chosen [layers].
 * Each layer has one that is allowed. `budget` may be infinite. */
AmsChoiceResult amsChoose(size_t layers, size_t count, const AmsChoice *choices,
                          double budget, size_t *chosen);

#endif /* AMS_ASSIGN_CHOICE_H */
