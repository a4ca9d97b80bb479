/*===-- Placement.h - Layers on crossbars -------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What a layer at level 4 takes of its device: tiles (P2), and the placement *|
|* (P3) that says where they are.                                             *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_PLACEMENT_H
#define AMS_SUPPORT_PLACEMENT_H

#include "ams-c/Dialect.h"

#include <stdbool.h>
#include <stdint.h>

/* The tiles of a layer (P2): of one matrix where both sides are activations,
 * whose matrices take turns. */
typedef struct AmsTiles {
  int64_t count;
  int64_t blocks, columnTiles; /* of one group */
  int64_t idleRows, idleColumns;
} AmsTiles;

/* Whether `op` is a layer on crossbars: ams.mvm, or ams.batch_matmul with
 * converters of its own. */
bool amsIsOnCrossbars(MlirOperation op);

AmsTiles amsLayerTiles(const AmsLayer *layer);

/* The operation that carries the placement of `op`, a layer on crossbars: its
 * ams.program, or itself. Null where the grid does not come from one. */
MlirOperation amsPlacementHolder(MlirOperation op);

#endif /* AMS_SUPPORT_PLACEMENT_H */
