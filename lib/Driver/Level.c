/*===-- Level.c - The level that a module is at --------------------*- C
-*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Found by what stands in it; its operations know best.                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Level.h"

#include "Build.h"

#include "ams-c/Dialect.h"
#include "ams/abi.h"

#include <stdbool.h>
#include <string.h>

static AmsLevel levelOfLayer(MlirOperation op) {
  if (amsIsOp(op, "ams.mvm"))
    return AmsLevelCrossbars;
  bool quantised =
      amsTypeIsAAbfp(mlirValueGetType(mlirOperationGetOperand(op, 0)));
  if (mlirAttributeIsNull(amsGetAttr(op, "gain")))
    return quantised ? AmsLevelScales : AmsLevelLayers;
  return quantised ? AmsLevelGains : AmsLevelCrossbars;
}

static MlirWalkResult find(MlirOperation op, void *found) {
  AmsLevel *level = found;
  if (!amsOperationIsALayer(op))
    return MlirWalkResultAdvance;
  AmsLevel own = levelOfLayer(op);
  if (own > *level)
    *level = own;
  return MlirWalkResultAdvance;
}

static AmsLevel productsLevel(MlirOperation module) {
  AmsLevel level = AmsLevelModel;
  mlirOperationWalk(module, find, &level, MlirWalkPreOrder);
  return level;
}

AmsLevel amsLevelOf(MlirModule module) {
  MlirOperation op = mlirModuleGetOperation(module);
  MlirSymbolTable symbols = mlirSymbolTableCreate(op);
  MlirOperation table =
      mlirSymbolTableLookup(symbols, amsStringRef(AMS_ABI_MODEL_SYMBOL));
  mlirSymbolTableDestroy(symbols);
  if (!mlirOperationIsNull(table))
    return AmsLevelCode;
  if (!mlirAttributeIsNull(amsGetAttr(op, "ams.inputs")))
    return AmsLevelBuffers;
  return productsLevel(op);
}

bool amsLevelHasDeviceProducts(MlirModule module) {
  return productsLevel(mlirModuleGetOperation(module)) >= AmsLevelCrossbars;
}

static bool differ(const char *a, const char *b) {
  return a != b && (!a || !b || strcmp(a, b) != 0);
}

ams_status_t amsLevelCheckOptions(AmsLevel level, const char *levelName,
                                  const AmsCompileOptions *options) {
  AmsCompileOptions usual = amsCompileOptionsDefault();
  const struct {
    AmsLevel level; /* that it is for the way to */
    const char *name;
    bool given;
  } all[] = {
      {AmsLevelLayers, "device", differ(options->device, usual.device)},
      {AmsLevelLayers, "layers to keep digital",
       *options->keepDigitalLayers || options->minMacs},
      {AmsLevelLayers, "loss", options->loss},
      {AmsLevelLayers, "weights as arguments", options->weightsAsArguments},
      {AmsLevelLayers, "noise to record", options->recordNoise},
      {AmsLevelLayers, "batch normalisation that is not folded",
       !options->foldBatchNormalization},
      {AmsLevelLayers, "epilogues that are not fused", !options->fuseEpilogues},
      {AmsLevelScales, "conditioning", *options->condition},
      {AmsLevelScales, "second moments", *options->moments},
      {AmsLevelGains, "gains", differ(options->gains, usual.gains)},
      {AmsLevelCrossbars, "policy", differ(options->policy, usual.policy)},
      {AmsLevelBuffers, "cost", options->cost},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; ++i)
    if (all[i].given && level >= all[i].level)
      return ams_status_make(
          AMS_STATUS_INVALID_ARGUMENT,
          "'%s' is at level '%s' already, too late for the option: %s; leave "
          "it out, or begin at an earlier level",
          options->input, levelName, all[i].name);
  return AMS_OK;
}
