/*===-- Choice.c - One choice a layer, within a budget ------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Every layer starts at its cheapest hull point; steps along all hulls are   *|
|* sorted by the error that they save for their cost. Taken while they fit,   *|
|* with a part of the first that does not, they give the least error of the   *|
|* relaxed problem: a bound, for the whole and for every subset of layers.    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Choice.h"

#include "Build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Most steps that the search looks at before it settles for what it has. */
static const double mostWork = 1e9;

/* From one hull point of a layer to the next. */
typedef struct Step {
  size_t layer;
  double saves, costs; /* error saved, cost added; both positive */
} Step;

typedef struct Search {
  size_t layers, count;
  const AmsChoice *choices;
  double budget;
  Step *steps; /* by saves / costs, best first */
  size_t numSteps;
  AmsChoice *leastFrom;     /* [layers + 1]: their sums from a layer on */
  double multiplier;        /* error that a unit of cost is worth */
  size_t *current, *chosen; /* [layers] */
  double best, bestCost;
  double work;
} Search;

static int compareSteps(const void *a, const void *b) {
  const Step *left = a, *right = b;
  double l = left->saves * right->costs, r = right->saves * left->costs;
  if (l != r)
    return l < r ? 1 : -1;
  return left->layer < right->layer ? -1 : left->layer > right->layer;
}

/* The cheapest choice of a layer, of those the one with the least error. */
static AmsChoice cheapest(const AmsChoice *choices, size_t count) {
  AmsChoice best = {0, 0, false};
  for (size_t i = 0; i < count; ++i)
    if (choices[i].allowed &&
        (!best.allowed || choices[i].cost < best.cost ||
         (choices[i].cost == best.cost && choices[i].error < best.error)))
      best = choices[i];
  return best;
}

/* The hull's next point after `from`: the steepest way down. */
static bool nextPoint(const AmsChoice *choices, size_t count,
                      const AmsChoice *from, AmsChoice *out) {
  double steepest = 0;
  bool found = false;
  for (size_t i = 0; i < count; ++i) {
    const AmsChoice *to = &choices[i];
    if (!to->allowed || to->cost <= from->cost || to->error >= from->error)
      continue;
    double slope = (from->error - to->error) / (to->cost - from->cost);
    if (slope > steepest || (slope == steepest && to->cost > out->cost)) {
      steepest = slope;
      *out = *to;
      found = true;
    }
  }
  return found;
}

static void buildSteps(Search *search) {
  search->leastFrom[search->layers] = (AmsChoice){0, 0, true};
  for (size_t layer = search->layers; layer-- > 0;) {
    const AmsChoice *choices = search->choices + layer * search->count;
    AmsChoice at = cheapest(choices, search->count), next = at;
    const AmsChoice *later = &search->leastFrom[layer + 1];
    search->leastFrom[layer] =
        (AmsChoice){later->error + at.error, later->cost + at.cost, true};
    while (nextPoint(choices, search->count, &at, &next)) {
      search->steps[search->numSteps++] =
          (Step){layer, at.error - next.error, next.cost - at.cost};
      at = next;
    }
  }
  qsort(search->steps, search->numSteps, sizeof(Step), compareSteps);
}

/* The least error of the layers from `first` on in the relaxed problem with
 * `left` to spend on them, which is at least their least cost. */
static double relax(Search *search, size_t first, double left,
                    double *multiplier) {
  double error = search->leastFrom[first].error;
  left -= search->leastFrom[first].cost;
  for (size_t i = 0; i < search->numSteps; ++i) {
    const Step *step = &search->steps[i];
    if (step->layer < first)
      continue;
    if (step->costs > left) {
      *multiplier = step->saves / step->costs;
      return error - (left > 0 ? left * *multiplier : 0);
    }
    error -= step->saves;
    left -= step->costs;
  }
  *multiplier = 0;
  return error;
}

/* Layers from `layer` on, the earlier ones being chosen. */
static void branch(Search *search, size_t layer, double error, double cost) {
  if (layer == search->layers) {
    if (cost <= search->budget &&
        (error < search->best ||
         (error == search->best && cost < search->bestCost))) {
      search->best = error;
      search->bestCost = cost;
      memcpy(search->chosen, search->current, layer * sizeof *search->chosen);
    }
    return;
  }
  search->work += (double)(search->numSteps + search->count);
  double multiplier, left = search->budget - cost;
  if (search->leastFrom[layer].cost > left ||
      error + relax(search, layer, left, &multiplier) >= search->best)
    return;
  /* The choice that the multiplier likes best comes first. */
  const AmsChoice *choices = search->choices + layer * search->count;
  double done = -INFINITY;
  size_t doneIndex = 0;
  for (size_t tried = 0; tried < search->count && search->work < mostWork;
       ++tried) {
    double value = INFINITY;
    size_t index = search->count;
    for (size_t i = 0; i < search->count; ++i) {
      double own = choices[i].error + search->multiplier * choices[i].cost;
      bool later = tried == 0 || own > done || (own == done && i > doneIndex);
      if (choices[i].allowed && later && own < value) {
        value = own;
        index = i;
      }
    }
    if (index == search->count)
      return;
    done = value;
    doneIndex = index;
    search->current[layer] = index;
    branch(search, layer + 1, error + choices[index].error,
           cost + choices[index].cost);
  }
}

AmsChoiceResult amsChoose(size_t layers, size_t count, const AmsChoice *choices,
                          double budget, size_t *chosen) {
  Search search = {
      .layers = layers,
      .count = count,
      .choices = choices,
      .budget = budget * (1 + 1e-12), /* sums of costs are rounded */
      .steps = amsAllocate(layers * count + 1, sizeof(Step)),
      .leastFrom = amsAllocate(layers + 1, sizeof(AmsChoice)),
      .current = amsAllocate(layers + 1, sizeof(size_t)),
      .chosen = chosen,
      .best = INFINITY,
      .bestCost = INFINITY,
  };
  buildSteps(&search);
  AmsChoiceResult result = {.cost = search.leastFrom[0].cost,
                            .budget = search.budget};
  result.feasible = result.cost <= search.budget;
  if (result.feasible) {
    result.bound = relax(&search, 0, budget, &search.multiplier);
    branch(&search, 0, 0, 0);
    result.exact = search.work < mostWork;
    result.error = search.best;
    result.cost = search.bestCost;
  }
  free(search.steps);
  free(search.leastFrom);
  free(search.current);
  return result;
}
