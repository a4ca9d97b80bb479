/*===-- PlaceCrossbars.c - Tiles onto a number of crossbars -------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Level 4: says in the IR which crossbars of which device hold which tile of *|
|* a layer's weights, and in which step (P1 to P6 of docs/spec.md).           *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Build.h"
#include "Placement.h"

#include <stdlib.h>
#include <string.h>

typedef enum Policy { Resident, Spill, Reprogram } Policy;

static const char *const policies[] = {"resident", "spill", "reprogram"};

/* Runs that one layer may have, so that a tiny device cannot fill memory. */
enum { MAX_RUNS = 1 << 16 };

/* Slots that can be numbered. */
#define MAX_SLOTS (INT64_C(1) << 52)

/* Devices of one kind, filled slot by slot: all slots of device 0 in step 0,
 * then of the next device or step. */
typedef struct Pool {
  MlirAttribute device;
  int64_t stack;
  int64_t slotsOfDevice; /* MAX_SLOTS: as many as it takes */
  int64_t used;          /* slots */
  /* The first layer that did not fit, and its slots. */
  MlirOperation refused;
  int64_t refusedSlots;
} Pool;

typedef struct Placing {
  Policy policy;
  int64_t devices; /* of a kind; 0: as many as it takes */
  bool sideBySide;
  Pool *pools;
  size_t numPools;
  int64_t layers, tiles;
} Placing;

static Pool *poolOf(Placing *placing, MlirAttribute device) {
  for (size_t i = 0; i < placing->numPools; ++i)
    if (mlirAttributeEqual(placing->pools[i].device, device))
      return &placing->pools[i];
  placing->pools = amsExtend(placing->pools, placing->numPools, sizeof(Pool));
  Pool *pool = &placing->pools[placing->numPools++];
  int64_t crossbars = amsDeviceAttrGetCrossbars(device);
  *pool = (Pool){.device = device, .stack = amsDeviceAttrGetStack(device)};
  pool->slotsOfDevice = crossbars ? crossbars * pool->stack : MAX_SLOTS;
  return pool;
}

/* Devices that hold something at a time; 0: as many as it takes. */
static int64_t devicesAtATime(const Placing *placing) {
  if (placing->devices || placing->policy == Spill)
    return placing->devices;
  return 1;
}

/* Slots of all devices together, where weights stay; MAX_SLOTS: no bound. */
static int64_t capacity(const Placing *placing, const Pool *pool) {
  int64_t devices = devicesAtATime(placing);
  if (placing->policy == Reprogram || !devices ||
      pool->slotsOfDevice > MAX_SLOTS / devices)
    return MAX_SLOTS;
  return pool->slotsOfDevice * devices;
}

/* The run of `tiles` tiles that starts at `slot` of all that the pool has. */
static AmsTileRun runAt(const Placing *placing, const Pool *pool, int64_t slot,
                        int64_t tiles) {
  int64_t turn = slot / pool->slotsOfDevice;
  int64_t within = slot % pool->slotsOfDevice;
  int64_t devices = devicesAtATime(placing);
  return (AmsTileRun){.tiles = tiles,
                      .step = devices ? turn / devices : 0,
                      .device = devices ? turn % devices : turn,
                      .crossbar = within / pool->stack,
                      .slot = within % pool->stack};
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* The placement of `tiles` tiles from the pool's next slot on. */
static MlirAttribute placementOf(const Placing *placing, Pool *pool,
                                 const AmsTiles *tiles, int64_t lanes) {
  AmsTileRun *runs = NULL;
  intptr_t numRuns = 0;
  for (int64_t left = tiles->count; left > 0;) {
    int64_t room = pool->slotsOfDevice - pool->used % pool->slotsOfDevice;
    int64_t slots = least(room, (left - 1) / lanes + 1);
    int64_t taken = least(left, slots * lanes);
    runs = amsExtend(runs, (size_t)numRuns, sizeof(AmsTileRun));
    runs[numRuns++] = runAt(placing, pool, pool->used, taken);
    pool->used += slots;
    left -= taken;
  }
  MlirAttribute placement = amsPlacementAttrGet(
      mlirAttributeGetContext(pool->device), tiles->idleRows,
      tiles->idleColumns, lanes, numRuns, runs);
  free(runs);
  return placement;
}

static bool refuseSize(MlirOperation op, int64_t slots) {
  amsEmitOpError(op,
                 "takes %lld slots of crossbars, too many to place on this "
                 "device",
                 (long long)slots);
  return false;
}

/* Places layer `op` and sets the attribute of `holder`; false after an error.
 */
static bool placeOn(Placing *placing, MlirOperation op, MlirOperation holder) {
  AmsLayer layer = amsOperationGetLayer(op);
  Pool *pool = poolOf(placing, layer.device);
  ams_abi_device_t device = amsDeviceAttrGetAbi(layer.device);
  AmsTiles tiles = amsLayerTiles(&layer);
  int64_t lanes = placing->sideBySide && layer.outputs < device.columns
                      ? device.columns / layer.outputs
                      : 1;
  int64_t slots = (tiles.count - 1) / lanes + 1;
  if (slots > MAX_SLOTS - pool->used || slots / pool->slotsOfDevice >= MAX_RUNS)
    return refuseSize(op, slots);
  bool fits = slots <= capacity(placing, pool) - pool->used;
  if (!fits && mlirOperationIsNull(pool->refused)) {
    pool->refused = op;
    pool->refusedSlots = slots;
  }
  ++placing->layers;
  placing->tiles += tiles.count;
  mlirOperationSetAttributeByName(holder, amsStringRef("placement"),
                                  placementOf(placing, pool, &tiles, lanes));
  return true;
}

/* A program of its own for `mvm`, which shares one. */
static MlirOperation cloneProgram(MlirOperation mvm, MlirOperation program) {
  MlirOperation clone = mlirOperationClone(program);
  mlirOperationRemoveAttributeByName(clone, amsStringRef("placement"));
  mlirBlockInsertOwnedOperationBefore(mlirOperationGetBlock(mvm), mvm, clone);
  mlirOperationSetOperand(mvm, 0, mlirOperationGetResult(clone, 0));
  return clone;
}

static bool place(Placing *placing, MlirOperation op) {
  MlirOperation holder = amsPlacementHolder(op);
  if (mlirOperationIsNull(holder)) {
    amsEmitOpError(op, "has a grid that does not come from ams.program, so its "
                       "weights cannot be placed");
    return false;
  }
  if (!mlirAttributeIsNull(amsGetAttr(holder, "placement"))) {
    if (placing->policy != Reprogram)
      return true; /* placed with the layer that shares it */
    holder = cloneProgram(op, holder);
  }
  return placeOn(placing, op, holder);
}

/* Crossbars that `slots` slots take. */
static long long crossbarsOf(const Pool *pool, int64_t slots) {
  return (slots + pool->stack - 1) / pool->stack;
}

/* Says what the model needs and what there is. */
static void reportRefusal(const Placing *placing, const Pool *pool) {
  AmsLayer layer = amsOperationGetLayer(pool->refused);
  ams_abi_device_t device = amsDeviceAttrGetAbi(pool->device);
  long long has = pool->slotsOfDevice / pool->stack;
  long long turns = (pool->used - 1) / pool->slotsOfDevice + 1;
  long long rows = device.rows * pool->stack;
  amsEmitError(
      mlirOperationGetLocation(pool->refused),
      "layer \"%.*s\" does not fit: the model needs %lld crossbars of %lld x "
      "%d, %lld of them for this layer, but %lld device%s of %lld crossbars "
      "%s all that policy=%s may use; take policy=spill:%lld, "
      "policy=reprogram (%lld steps), or a device with more",
      (int)layer.name.length, layer.name.data, crossbarsOf(pool, pool->used),
      rows, device.columns, crossbarsOf(pool, pool->refusedSlots),
      (long long)devicesAtATime(placing),
      devicesAtATime(placing) == 1 ? "" : "s", has,
      devicesAtATime(placing) == 1 ? "is" : "are", policies[placing->policy],
      turns, turns);
}

/* One remark for every kind of device whose crossbars are counted. */
static void reportPlacement(MlirLocation loc, const Placing *placing,
                            const Pool *pool) {
  if (pool->slotsOfDevice == MAX_SLOTS)
    return;
  int64_t turns = (pool->used - 1) / pool->slotsOfDevice + 1;
  int64_t devices = devicesAtATime(placing);
  if (!devices || turns < devices)
    devices = turns;
  long long steps = (turns - 1) / devices + 1;
  amsEmitRemark(loc,
                "weights take %lld crossbars; devices: %lld, of %lld crossbars "
                "each; steps: %lld",
                crossbarsOf(pool, pool->used), (long long)devices,
                (long long)(pool->slotsOfDevice / pool->stack), steps);
}

/* Reads "POLICY" or "POLICY:N"; false after an error. */
static bool readPolicy(MlirLocation loc, const char *text, Placing *placing) {
  size_t length = strcspn(text, ":");
  int policy = 0;
  while (policy < 3 && (strlen(policies[policy]) != length ||
                        strncmp(text, policies[policy], length) != 0))
    ++policy;
  const char *number = text[length] ? text + length + 1 : NULL;
  char *end = NULL;
  long devices = number ? strtol(number, &end, 10) : 0;
  bool valid = !number || (policy != Resident && end != number && !*end &&
                           devices >= 1 && devices <= INT32_MAX);
  if (policy == 3 || !valid) {
    amsEmitError(loc,
                 "policy '%s' is none of resident, spill, spill:N, reprogram, "
                 "reprogram:N, with N devices, 1 to 2^31 - 1",
                 text);
    return false;
  }
  placing->policy = (Policy)policy;
  placing->devices = devices;
  return true;
}

MlirLogicalResult amsPlaceCrossbars(MlirOperation module,
                                    const AmsPlaceCrossbarsOptions *options) {
  MlirLocation loc = mlirOperationGetLocation(module);
  Placing placing = {.sideBySide = options->sideBySide};
  if (!readPolicy(loc, options->policy, &placing))
    return mlirLogicalResultFailure();
  AmsOpList layers = amsCollectOps(module, amsIsOnCrossbars);
  bool ok = true;
  for (size_t i = 0; i < layers.size; ++i) {
    MlirOperation holder = amsPlacementHolder(layers.ops[i]);
    if (!mlirOperationIsNull(holder))
      mlirOperationRemoveAttributeByName(holder, amsStringRef("placement"));
  }
  for (size_t i = 0; i < layers.size; ++i)
    ok &= place(&placing, layers.ops[i]);
  for (size_t i = 0; i < placing.numPools; ++i) {
    const Pool *pool = &placing.pools[i];
    if (!mlirOperationIsNull(pool->refused)) {
      reportRefusal(&placing, pool);
      ok = false;
    } else if (ok && pool->used) {
      reportPlacement(loc, &placing, pool);
    }
  }
  free(placing.pools);
  amsOpListFree(&layers);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
