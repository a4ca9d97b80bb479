/*===-- Occupancy.h - Which slots are taken, and when -------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Runs of all placements of a module together: whether two claim one slot    *|
|* (P5), and how many crossbars are used.                                     *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_OCCUPANCY_H
#define AMS_SUPPORT_OCCUPANCY_H

#include "ams-c/Dialect.h"

#include <stddef.h>
#include <stdint.h>

/* The slots of one run: [first, end) of all slots of its device, counted
 * crossbar by crossbar. */
typedef struct AmsSpan {
  MlirAttribute device;
  size_t kind;        /* number of that device, in the order of appearance */
  size_t index;       /* number of the span, likewise */
  int64_t step, unit; /* which device of the kind */
  int64_t first, end;
  MlirOperation layer;  /* for messages */
  MlirOperation holder; /* of the placement */
  intptr_t run;         /* its number in the placement */
} AmsSpan;

/* Zero-initialise; free `spans`. */
typedef struct AmsOccupancy {
  AmsSpan *spans;
  size_t size;
} AmsOccupancy;

/* Adds the runs of `placement`, which `holder` carries for `layer`. */
void amsOccupancyAdd(AmsOccupancy *occupancy, MlirOperation layer,
                     MlirOperation holder, MlirAttribute placement);

/* Sorts by device, step and slot. False after an error at a layer that claims
 * another's slot (P5); layers that share a holder share its slots. */
bool amsOccupancyCheck(AmsOccupancy *occupancy);

/* Of a sorted occupancy: crossbars, counted once for every step in which they
 * are used, and their cells together. */
void amsOccupancyCount(const AmsOccupancy *occupancy, double *crossbars,
                       double *cells);

/* Steps of the devices of kind `device`. */
int64_t amsOccupancySteps(const AmsOccupancy *occupancy, MlirAttribute device);

#endif /* AMS_SUPPORT_OCCUPANCY_H */
