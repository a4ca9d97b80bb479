/*===-- Placement.c - Layers on crossbars -------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Counting tiles and finding placements.                                     *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Placement.h"

#include "Build.h"

bool amsIsOnCrossbars(MlirOperation op) {
  if (amsIsOp(op, "ams.mvm"))
    return true;
  return amsIsOp(op, "ams.batch_matmul") &&
         !mlirAttributeIsNull(amsGetAttr(op, "gain")) &&
         !amsTypeIsAAbfp(mlirValueGetType(mlirOperationGetOperand(op, 0)));
}

AmsTiles amsLayerTiles(const AmsLayer *layer) {
  ams_abi_device_t device = amsDeviceAttrGetAbi(layer->device);
  bool spread =
      amsConditionAttrGetAbi(layer->condition).flags & AMS_ABI_CONDITION_SPREAD;
  int64_t blocks = (layer->reduction - 1) / device.rows + 1;
  int64_t columnTiles = (layer->outputs - 1) / device.columns + 1;
  return (AmsTiles){
      .count = layer->groups * columnTiles * blocks,
      .blocks = blocks,
      .columnTiles = columnTiles,
      .idleRows = spread ? 0 : blocks * device.rows - layer->reduction,
      .idleColumns = columnTiles * device.columns - layer->outputs};
}

MlirOperation amsPlacementHolder(MlirOperation op) {
  if (!amsIsOp(op, "ams.mvm"))
    return op;
  MlirOperation program = amsDefiningOp(mlirOperationGetOperand(op, 0));
  return amsIsOp(program, "ams.program") ? program : (MlirOperation){NULL};
}
