/*===-- Occupancy.c - Which slots are taken, and when -------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Spans of slots, sorted.                                                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Occupancy.h"

#include "Build.h"
#include "Placement.h"

#include <stdlib.h>

/* The number of `device` among those seen. */
static size_t kindOf(const AmsOccupancy *occupancy, MlirAttribute device) {
  size_t kinds = 0;
  for (size_t i = occupancy->size; i > 0; --i) {
    const AmsSpan *span = &occupancy->spans[i - 1];
    if (mlirAttributeEqual(span->device, device))
      return span->kind;
    if (span->kind >= kinds)
      kinds = span->kind + 1;
  }
  return kinds;
}

void amsOccupancyAdd(AmsOccupancy *occupancy, MlirOperation layer,
                     MlirOperation holder, MlirAttribute placement) {
  MlirAttribute device = amsOperationGetLayer(layer).device;
  int64_t stack = amsDeviceAttrGetStack(device);
  int64_t lanes = amsPlacementAttrGetLanes(placement);
  intptr_t numRuns = amsPlacementAttrGetNumRuns(placement);
  size_t kind = kindOf(occupancy, device);
  occupancy->spans = amsReallocate(
      occupancy->spans, occupancy->size + (size_t)numRuns, sizeof(AmsSpan));
  for (intptr_t i = 0; i < numRuns; ++i) {
    AmsTileRun run = amsPlacementAttrGetRun(placement, i);
    int64_t first = run.crossbar * stack + run.slot;
    AmsSpan *span = &occupancy->spans[occupancy->size];
    *span = (AmsSpan){.device = device,
                      .kind = kind,
                      .index = occupancy->size++,
                      .step = run.step,
                      .unit = run.device,
                      .first = first,
                      .end = first + (run.tiles - 1) / lanes + 1,
                      .layer = layer,
                      .holder = holder,
                      .run = i};
  }
}

static int compareNumbers(int64_t a, int64_t b) { return (a > b) - (a < b); }

static bool isSamePlace(const AmsSpan *a, const AmsSpan *b) {
  return a->kind == b->kind && a->step == b->step && a->unit == b->unit;
}

static int compareSpans(const void *left, const void *right) {
  const AmsSpan *a = left, *b = right;
  int order = compareNumbers((int64_t)a->kind, (int64_t)b->kind);
  if (!order)
    order = compareNumbers(a->step, b->step);
  if (!order)
    order = compareNumbers(a->unit, b->unit);
  if (!order)
    order = compareNumbers(a->first, b->first);
  if (!order)
    order = compareNumbers((int64_t)a->index, (int64_t)b->index);
  return order;
}

bool amsOccupancyCheck(AmsOccupancy *occupancy) {
  if (!occupancy->size)
    return true;
  qsort(occupancy->spans, occupancy->size, sizeof(AmsSpan), compareSpans);
  const AmsSpan *last = &occupancy->spans[0]; /* reaches farthest so far */
  for (size_t i = 1; i < occupancy->size; ++i) {
    const AmsSpan *span = &occupancy->spans[i];
    if (!isSamePlace(span, last) || span->first >= last->end) {
      last = span;
      continue;
    }
    if (!mlirOperationEqual(span->holder, last->holder) ||
        span->run != last->run) {
      MlirStringRef name = amsOperationGetLayer(span->layer).name,
                    other = amsOperationGetLayer(last->layer).name;
      int64_t stack = amsDeviceAttrGetStack(span->device);
      amsEmitError(mlirOperationGetLocation(span->layer),
                   "layer \"%.*s\" is placed on slot %lld of crossbar %lld of "
                   "device %lld in step %lld, where layer \"%.*s\" is (P5)",
                   (int)name.length, name.data,
                   (long long)(span->first % stack),
                   (long long)(span->first / stack), (long long)span->unit,
                   (long long)span->step, (int)other.length, other.data);
      return false;
    }
  }
  return true;
}

void amsOccupancyCount(const AmsOccupancy *occupancy, double *crossbars,
                       double *cells) {
  *crossbars = *cells = 0;
  int64_t next = 0; /* first crossbar of the place that is not counted yet */
  for (size_t i = 0; i < occupancy->size; ++i) {
    const AmsSpan *span = &occupancy->spans[i];
    ams_abi_device_t device = amsDeviceAttrGetAbi(span->device);
    int64_t stack = amsDeviceAttrGetStack(span->device);
    if (!i || !isSamePlace(span, span - 1))
      next = 0;
    int64_t first = span->first / stack, end = (span->end - 1) / stack + 1;
    if (first < next)
      first = next;
    if (end <= first)
      continue;
    next = end;
    double count = (double)(end - first);
    *crossbars += count;
    *cells += count * (double)(device.rows * stack) * device.columns;
  }
}

int64_t amsOccupancySteps(const AmsOccupancy *occupancy, MlirAttribute device) {
  int64_t steps = 0;
  for (size_t i = 0; i < occupancy->size; ++i)
    if (mlirAttributeEqual(occupancy->spans[i].device, device) &&
        occupancy->spans[i].step >= steps)
      steps = occupancy->spans[i].step + 1;
  return steps;
}
