/*===-- AssignConditioning.c - How blocks are conditioned ---------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Level 1: layers get the attribute that --ams-assign-scales quantises by,   *|
|* as they are named or as profiles say.                                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Build.h"
#include "Conditioning.h"
#include "Layers.h"
#include "ProfiledConditions.h"

#include "ams/product.h"

#include <stdlib.h>
#include <string.h>

/* One element of the option: the flags of `layer`, or of all layers where it is
 * NULL. */
typedef struct Choice {
  char *layer;
  uint32_t flags;
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

static bool parseFlags(const char *text, uint32_t *flags) {
  for (uint32_t i = 0; i <= (AMS_ABI_CONDITION_MEAN | AMS_ABI_CONDITION_SPREAD);
       ++i)
    if (!strcmp(text, amsConditionName(i))) {
      *flags = i;
      return true;
    }
  return false;
}

/* Parses "both,conv1=mean" into `choices`; false after an error. */
static bool parseChoices(MlirLocation loc, const char *text, Choices *choices) {
  for (const char *item = text; *text; item = text) {
    text += strcspn(text, ",");
    size_t length = (size_t)(text - item);
    text += *text == ',';
    char *copy = amsCopyString(mlirStringRefCreate(item, length));
    char *equal = strrchr(copy, '=');
    uint32_t flags;
    if (!parseFlags(equal ? equal + 1 : copy, &flags) || equal == copy) {
      amsEmitError(loc,
                   "condition: '%s' is neither one of none, mean, spread, both "
                   "nor LAYER=one of these",
                   copy);
      free(copy);
      return false;
    }
    if (equal)
      *equal = '\0';
    choices->list = amsExtend(choices->list, choices->size, sizeof(Choice));
    choices->list[choices->size++] =
        (Choice){equal ? copy : NULL, flags, false};
    if (!equal)
      free(copy);
  }
  return true;
}

/* The last choice that names `layer`, or the last for all; NULL if none does.
 */
static Choice *choose(Choices *choices, const char *layer) {
  Choice *forAll = NULL, *forLayer = NULL;
  for (size_t i = 0; i < choices->size; ++i) {
    Choice *choice = &choices->list[i];
    if (!choice->layer) {
      forAll = choice;
    } else if (!strcmp(choice->layer, layer)) {
      forLayer = choice;
      choice->used = true;
    }
  }
  return forLayer ? forLayer : forAll;
}

/* A product of two activations stays plain: with a remark where all layers were
 * meant, an error where it was named. */
static bool leavePlain(MlirOperation op, const Choice *choice,
                       const char *layer) {
  static const char *const reason =
      "layer \"%s\" is a product of two activations, which has no weights to "
      "condition ahead: its blocks stay plain (C1)";
  if (!choice->flags)
    return true;
  if (choice->layer) {
    amsEmitError(mlirOperationGetLocation(op), reason, layer);
    return false;
  }
  amsEmitRemark(mlirOperationGetLocation(op), reason, layer);
  return true;
}

/* Sets or removes the attribute of layer number `index`, which has the flags
 * `profiled` unless it is named, where that is not NULL; false after an error.
 */
static bool assign(Choices *choices, const uint32_t *profiled, uint64_t seed,
                   MlirOperation op, uint32_t index) {
  char *layer = amsGetString(op, "layer");
  Choice *choice = choose(choices, layer);
  Choice own = {.flags = profiled ? *profiled : 0};
  if (profiled && (!choice || !choice->layer))
    choice = &own;
  int32_t n = amsDeviceAttrGetAbi(amsGetAttr(op, "device")).rows;
  bool ok = true;
  if (choice && amsIsOp(op, "ams.batch_matmul")) {
    ok = leavePlain(op, choice, layer);
  } else if (choice && !choice->flags) {
    mlirOperationRemoveAttributeByName(op, amsStringRef("condition"));
  } else if (choice) {
    ams_abi_condition_t condition = {.flags = choice->flags};
    ams_status_t status = ams_condition_check(&condition, n);
    if (status) {
      amsEmitError(mlirOperationGetLocation(op), "layer \"%s\": %s", layer,
                   ams_status_message(status));
      ams_status_free(status);
      ok = false;
    } else {
      ams_condition_draw_signs(seed, index, n, &condition);
      mlirOperationSetAttributeByName(
          op, amsStringRef("condition"),
          amsConditionAttrGet(mlirOperationGetContext(op), &condition, n));
    }
  }
  free(layer);
  return ok;
}

static bool reportUnused(MlirLocation loc, const Choices *choices) {
  bool ok = true;
  for (size_t i = 0; i < choices->size; ++i) {
    const Choice *choice = &choices->list[i];
    if (choice->layer && !choice->used) {
      amsEmitError(loc, "condition: there is no layer \"%s\"", choice->layer);
      ok = false;
    }
  }
  return ok;
}

MlirLogicalResult
amsAssignConditioning(MlirOperation module,
                      const AmsAssignConditioningOptions *options) {
  MlirLocation loc = mlirOperationGetLocation(module);
  Choices choices = {NULL, 0};
  bool ok = parseChoices(loc, options->condition, &choices);
  if (ok) {
    AmsOpList layers = amsCollectOps(module, amsIsFloatProduct);
    uint32_t *profiled = NULL;
    if (*options->profiles) {
      profiled = amsAllocate(layers.size + 1, sizeof *profiled);
      ok = amsChooseProfiledConditions(loc, &layers, options, profiled);
    }
    bool chosen = ok;
    for (size_t i = 0; i < layers.size && chosen; ++i)
      ok &= assign(&choices, profiled ? &profiled[i] : NULL, options->seed,
                   layers.ops[i], (uint32_t)i);
    if (chosen)
      ok &= reportUnused(loc, &choices);
    free(profiled);
    amsOpListFree(&layers);
  }
  freeChoices(&choices);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
