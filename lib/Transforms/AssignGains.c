/*===-- AssignGains.c - A gain for every product ------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Level 2 to 3: gains that are given, from what weights let expect, or from  *|
|* a profile. How they are chosen stands in lib/Assign.                       *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Analytic.h"
#include "Assignment.h"
#include "Build.h"
#include "GainOption.h"
#include "Layers.h"
#include "ProgrammedWeights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Candidates where a device takes any gain. */
static const float anyGains[] = {1, 2, 4, 8, 16, 32, 64};

/* One run of the pass. */
typedef struct Pass {
  MlirLocation loc;
  const AmsAssignGainsOptions *options;
  AmsGainOption given;
  AmsOpList products;
  AmsProfile profile;      /* calibrated: of these products, in order */
  AmsAssignedGain *chosen; /* calibrated: [products] */
} Pass;

/* Whether `op` can have `count` gains (G1); false after an error. */
static bool checkCount(MlirOperation op, const char *layer, int64_t count) {
  AmsLayer view = amsOperationGetLayer(op);
  ams_abi_device_t device = amsDeviceAttrGetAbi(view.device);
  int64_t blocks = (view.reduction - 1) / device.rows + 1;
  int64_t tiles =
      view.groups * ((view.outputs - 1) / device.columns + 1) * blocks;
  if (count == 1 || count == blocks || count == tiles)
    return true;
  amsEmitError(mlirOperationGetLocation(op),
               "gains: layer \"%s\" has %lld blocks and %lld tiles, but %lld "
               "gains are given: give one, or one a block, or one a tile (G1)",
               layer, (long long)blocks, (long long)tiles, (long long)count);
  return false;
}

/* Whether the device of `op` takes `gain`; false after an error. */
static bool checkGain(MlirOperation op, const char *layer, float gain) {
  float gains[AMS_PROFILE_MOST_GAINS];
  size_t count = amsDeviceAttrGetGains(amsGetAttr(op, "device"),
                                       AMS_PROFILE_MOST_GAINS, gains);
  for (size_t g = 0; g < count; ++g)
    if (gains[g] == gain)
      return true;
  if (count == 0)
    return true;
  amsEmitError(mlirOperationGetLocation(op),
               "gains: the device of layer \"%s\" has no gain %g", layer,
               (double)gain);
  return false;
}

/* Gives `op` one gain, or one a block or tile. */
static bool setGains(MlirOperation op, const char *layer, const float *gains,
                     int64_t count) {
  MlirContext context = mlirOperationGetContext(op);
  if (!(gains[0] > 0)) {
    amsEmitError(mlirOperationGetLocation(op),
                 "gains: no gain for layer \"%s\": give one for all layers "
                 "first",
                 layer);
    return false;
  }
  bool ok = checkCount(op, layer, count);
  for (int64_t j = 0; j < count && ok; ++j)
    ok = checkGain(op, layer, gains[j]);
  MlirAttribute one = mlirFloatAttrDoubleGet(context, mlirF32TypeGet(context),
                                             (double)gains[0]);
  mlirOperationSetAttributeByName(
      op, amsStringRef("gain"),
      count > 1 ? mlirDenseF32ArrayGet(context, count, gains) : one);
  return ok;
}

/*===----------------------------------------------------------------------===*\
|* Analytic                                                                   *|
\*===----------------------------------------------------------------------===*/

static float chooseAnalytic(const Pass *pass, MlirOperation op) {
  AmsProgrammedWeights weights = amsProgrammedWeightsOf(op);
  AmsAnalyticLayer layer = {
      .outputs = weights.layer.outputs,
      .reduction = weights.layer.reduction,
      .device = weights.layer.device,
      .codes = weights.codes,
      .scales = weights.scales,
      .rectified = !strcmp(pass->options->inputs, "rectified"),
  };
  float gains[AMS_PROFILE_MOST_GAINS];
  size_t count = amsDeviceAttrGetGains(amsGetAttr(op, "device"),
                                       AMS_PROFILE_MOST_GAINS, gains);
  if (count == 0) {
    count = sizeof anyGains / sizeof *anyGains;
    memcpy(gains, anyGains, sizeof anyGains);
  }
  AmsAnalyticFigures figures[AMS_PROFILE_MOST_GAINS];
  amsAnalyticMeasure(&layer, gains, count, figures);
  size_t best =
      amsAnalyticBest(gains, count, figures, pass->options->mostSaturation);
  amsEmitLayerRemark(
      op, "gain %g: least expected error; %.4f%% expected to saturate",
      (double)gains[best], 100 * figures[best].saturation);
  amsProgrammedWeightsFree(&weights);
  return gains[best];
}

/*===----------------------------------------------------------------------===*\
|* Calibrated                                                                 *|
\*===----------------------------------------------------------------------===*/

/* The profile's layer that `op` is, moved to place `index`. */
static bool matchLayer(Pass *pass, size_t index) {
  MlirOperation op = pass->products.ops[index];
  char *name = amsGetString(op, "layer");
  const AmsProfileLayer *found = amsProfileFind(&pass->profile, name);
  AmsProgrammedWeights weights = amsProgrammedWeightsOf(op);
  bool same = found && found->fingerprint ==
                           ams_layer_fingerprint(&weights.layer, weights.codes,
                                                 weights.scales);
  amsProgrammedWeightsFree(&weights);
  if (!found)
    amsEmitError(mlirOperationGetLocation(op),
                 "gains: profile '%s' has no layer \"%s\": it is another "
                 "model's; measure this one with ams-compile --calibrate",
                 pass->options->profile, name);
  else if (!same)
    amsEmitError(
        mlirOperationGetLocation(op),
        "gains: layer \"%s\" of profile '%s' has another shape, device "
        "or weights; measure this model with ams-compile --calibrate",
        name, pass->options->profile);
  free(name);
  if (!same)
    return false;
  AmsProfileLayer *layers = pass->profile.layers;
  size_t from = (size_t)(found - layers);
  if (from < index) {
    amsEmitError(mlirOperationGetLocation(op),
                 "gains: two layers have the name \"%s\"", layers[from].name);
    return false;
  }
  AmsProfileLayer other = layers[index];
  layers[index] = layers[from];
  layers[from] = other;
  return true;
}

/* Whether all is well; else the error's message, which is freed. */
static bool succeeded(const Pass *pass, ams_status_t status) {
  if (!status)
    return true;
  amsEmitError(pass->loc, "gains: %s", ams_status_message(status));
  ams_status_free(status);
  return false;
}

static bool readGoal(const Pass *pass, AmsGainGoal *goal) {
  *goal = amsGainGoalDefault();
  goal->mostSaturation = pass->options->mostSaturation;
  goal->leastVectors = pass->options->leastVectors;
  goal->fallback = amsGainOptionForAll(&pass->given);
  ams_status_t status = amsGainGoalParsePer(pass->options->per, goal);
  if (!status && *pass->options->budget)
    status = amsGainGoalParseBudget(pass->options->budget, goal);
  return succeeded(pass, status);
}

/* Chooses for all products at once, as a budget is all layers'. */
static bool prepareCalibrated(Pass *pass) {
  AmsGainGoal goal;
  if (!readGoal(pass, &goal))
    return false;
  ams_status_t status = amsProfileRead(pass->options->profile, &pass->profile);
  bool ok = !status;
  for (size_t i = 0; ok && i < pass->products.size; ++i)
    ok = matchLayer(pass, i);
  if (!ok && !status)
    return false;
  /* Layers that this module lacks stay digital, say. */
  AmsProfile used = pass->profile;
  used.numLayers = pass->products.size;
  AmsChoiceResult result;
  pass->chosen = amsAllocate(used.numLayers + 1, sizeof *pass->chosen);
  memset(pass->chosen, 0, (used.numLayers + 1) * sizeof *pass->chosen);
  if (!status)
    status = amsAssign(&used, &goal, pass->chosen, &result);
  return succeeded(pass, status);
}

static void explainCalibrated(const Pass *pass, size_t index) {
  const AmsAssignedGain *own = &pass->chosen[index];
  double signal = pass->profile.samples > 0 ? pass->profile.outputSignal /
                                                  (double)pass->profile.samples
                                            : 0;
  MlirOperation op = pass->products.ops[index];
  double decibels = 10 * log10(signal / own->error);
  if (own->reason == AmsGainUntrusted)
    amsEmitLayerRemark(op, "gain %g: %s to trust the profile",
                       (double)own->gain, amsGainReasonText(own->reason));
  else if (isfinite(decibels))
    amsEmitLayerRemark(op,
                       "gain %g: %s; %.4f%% saturated, %.1f dB at the outputs",
                       (double)own->gain, amsGainReasonText(own->reason),
                       100 * own->saturation, decibels);
  else
    amsEmitLayerRemark(op, "gain %g: %s; %.4f%% saturated", (double)own->gain,
                       amsGainReasonText(own->reason), 100 * own->saturation);
}

/*===----------------------------------------------------------------------===*\
|* All modes                                                                  *|
\*===----------------------------------------------------------------------===*/

static bool checkOptions(const Pass *pass) {
  const AmsAssignGainsOptions *options = pass->options;
  bool calibrated = !strcmp(options->mode, "calibrated");
  if (!calibrated && strcmp(options->mode, "fixed") != 0 &&
      strcmp(options->mode, "analytic") != 0) {
    amsEmitError(pass->loc,
                 "gains: mode '%s' is none of fixed, analytic, calibrated",
                 options->mode);
    return false;
  }
  if (strcmp(options->inputs, "normal") != 0 &&
      strcmp(options->inputs, "rectified") != 0) {
    amsEmitError(pass->loc,
                 "gains: inputs '%s' are neither normal nor rectified",
                 options->inputs);
    return false;
  }
  if (!calibrated && strcmp(options->per, "layer") != 0) {
    amsEmitError(pass->loc, "gains: per '%s' is for mode calibrated",
                 options->per);
    return false;
  }
  if (calibrated ? *options->profile != '\0'
                 : !*options->profile && !*options->budget)
    return true;
  amsEmitError(pass->loc, calibrated
                              ? "gains: mode calibrated needs a profile"
                              : "gains: a profile and a budget are for mode "
                                "calibrated");
  return false;
}

static bool assign(Pass *pass, size_t index) {
  MlirOperation op = pass->products.ops[index];
  char *layer = amsGetString(op, "layer");
  const AmsGainElement *named = amsGainOptionFind(&pass->given, layer);
  float gain = amsGainOptionForAll(&pass->given);
  const float *gains = named ? named->gains : &gain;
  int64_t count = named ? (int64_t)named->count : 1;
  if (!named && !strcmp(pass->options->mode, "analytic"))
    gain = chooseAnalytic(pass, op);
  if (!named && pass->chosen) {
    const AmsAssignedGain *own = &pass->chosen[index];
    explainCalibrated(pass, index);
    gain = own->gain;
    if (own->gains) {
      gains = own->gains;
      count = own->numGains;
    }
  }
  bool ok = setGains(op, layer, gains, count);
  free(layer);
  return ok;
}

static bool run(Pass *pass, MlirOperation module) {
  if (!amsGainOptionParse(pass->loc, pass->options->gains, &pass->given) ||
      !checkOptions(pass))
    return false;
  pass->products = amsCollectOps(module, amsIsQuantisedProduct);
  if (!strcmp(pass->options->mode, "calibrated") && !prepareCalibrated(pass))
    return false;
  bool ok = true;
  for (size_t i = 0; i < pass->products.size; ++i)
    ok &= assign(pass, i);
  return amsGainOptionCheckUsed(pass->loc, &pass->given) && ok;
}

MlirLogicalResult amsAssignGains(MlirOperation module,
                                 const AmsAssignGainsOptions *options) {
  Pass pass = {.loc = mlirOperationGetLocation(module), .options = options};
  bool ok = run(&pass, module);
  amsGainOptionFree(&pass.given);
  amsProfileFree(&pass.profile);
  amsAssignedGainsFree(pass.chosen, pass.products.size);
  amsOpListFree(&pass.products);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
