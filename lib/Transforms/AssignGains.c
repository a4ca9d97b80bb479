/*===-- AssignGains.c - A gain for every product ------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Level 2 to 3: fixed gains, one for all layers and others by layer.         *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One element of the option: a gain for `layer`, or for all where it is NULL.
 */
typedef struct Choice {
  char *layer;
  float gain;
  bool used;
} Choice;

typedef struct Choices {
  Choice *list;
  size_t size;
} Choices;

static void freeChoices(Choices *choices) {
  for (size_t i = 0; i < choices->size; ++i)
    free(choices->list[i].layer);
  free(choices->list);
}

/* Parses "8,conv1:4" into `choices`; false after an error. */
static bool parseChoices(MlirLocation loc, const char *text, Choices *choices) {
  for (const char *item = text; *text; item = text) {
    text += strcspn(text, ",");
    size_t length = (size_t)(text - item);
    text += *text == ',';
    char *copy = amsCopyString(mlirStringRefCreate(item, length));
    char *colon = strrchr(copy, ':');
    const char *number = colon ? colon + 1 : copy;
    char *end;
    float gain = strtof(number, &end);
    if (end == number || *end || !isfinite(gain) || gain <= 0 ||
        colon == copy) {
      amsEmitError(loc,
                   "gains: '%s' is neither a positive number nor "
                   "LAYER:NUMBER",
                   copy);
      free(copy);
      return false;
    }
    if (colon)
      *colon = '\0';
    choices->list =
        amsReallocate(choices->list, choices->size + 1, sizeof(Choice));
    choices->list[choices->size++] = (Choice){colon ? copy : NULL, gain, false};
    if (!colon)
      free(copy);
  }
  return true;
}

static bool isQuantisedProduct(MlirOperation op) {
  return (amsIsOp(op, "ams.matmul") || amsIsOp(op, "ams.conv") ||
          amsIsOp(op, "ams.batch_matmul")) &&
         amsTypeIsAAbfp(mlirValueGetType(mlirOperationGetOperand(op, 0)));
}

/* The last choice that names `layer`, or the last for all; 0 if none does. */
static float choose(Choices *choices, const char *layer) {
  float forAll = 0, forLayer = 0;
  for (size_t i = 0; i < choices->size; ++i) {
    Choice *choice = &choices->list[i];
    if (!choice->layer) {
      forAll = choice->gain;
    } else if (!strcmp(choice->layer, layer)) {
      forLayer = choice->gain;
      choice->used = true;
    }
  }
  return forLayer > 0 ? forLayer : forAll;
}

static bool assign(Choices *choices, MlirOperation op) {
  MlirContext context = mlirOperationGetContext(op);
  char *layer = amsGetString(op, "layer");
  float gain = choose(choices, layer);
  if (gain > 0)
    mlirOperationSetAttributeByName(
        op, amsStringRef("gain"),
        mlirFloatAttrDoubleGet(context, mlirF32TypeGet(context), gain));
  else
    amsEmitError(mlirOperationGetLocation(op),
                 "gains: no gain for layer \"%s\": give one for all layers "
                 "first",
                 layer);
  free(layer);
  return gain > 0;
}

static bool reportUnused(MlirLocation loc, const Choices *choices) {
  bool ok = true;
  for (size_t i = 0; i < choices->size; ++i) {
    const Choice *choice = &choices->list[i];
    if (choice->layer && !choice->used) {
      amsEmitError(loc, "gains: there is no layer \"%s\"", choice->layer);
      ok = false;
    }
  }
  return ok;
}

MlirLogicalResult amsAssignGains(MlirOperation module,
                                 const AmsAssignGainsOptions *options) {
  MlirLocation loc = mlirOperationGetLocation(module);
  Choices choices = {NULL, 0};
  bool ok = parseChoices(loc, options->gains, &choices);
  if (ok) {
    AmsOpList products = amsCollectOps(module, isQuantisedProduct);
    for (size_t i = 0; i < products.size; ++i)
      ok &= assign(&choices, products.ops[i]);
    amsOpListFree(&products);
    ok &= reportUnused(loc, &choices);
  }
  freeChoices(&choices);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
