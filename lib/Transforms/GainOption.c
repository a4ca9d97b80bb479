/*===-- GainOption.c - Gains as an option's text ------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "GainOption.h"

#include "Build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void amsGainOptionFree(AmsGainOption *option) {
  for (size_t i = 0; i < option->size; ++i)
    free(option->list[i].layer);
  free(option->list);
  *option = (AmsGainOption){NULL, 0};
}

/* Adds one element; false after an error. Takes ownership of `text`. */
static bool addElement(MlirLocation loc, char *text, AmsGainOption *option) {
  char *colon = strrchr(text, ':');
  const char *number = colon ? colon + 1 : text;
  char *end;
  float gain = strtof(number, &end);
  if (end == number || *end || !isfinite(gain) || gain <= 0 || colon == text) {
    amsEmitError(
        loc, "gains: '%s' is neither a positive number nor LAYER:NUMBER", text);
    free(text);
    return false;
  }
  if (colon)
    *colon = '\0';
  option->list =
      amsReallocate(option->list, option->size + 1, sizeof(AmsGainElement));
  option->list[option->size++] =
      (AmsGainElement){colon ? text : NULL, gain, false};
  if (!colon)
    free(text);
  return true;
}

bool amsGainOptionParse(MlirLocation loc, const char *text,
                        AmsGainOption *option) {
  *option = (AmsGainOption){NULL, 0};
  for (const char *item = text; *text; item = text) {
    text += strcspn(text, ",");
    size_t length = (size_t)(text - item);
    text += *text == ',';
    if (!addElement(loc, amsCopyString(mlirStringRefCreate(item, length)),
                    option))
      return false;
  }
  return true;
}

float amsGainOptionFind(AmsGainOption *option, const char *layer) {
  float gain = 0;
  for (size_t i = 0; i < option->size; ++i) {
    AmsGainElement *element = &option->list[i];
    if (!element->layer || strcmp(element->layer, layer) != 0)
      continue;
    gain = element->gain;
    element->used = true;
  }
  return gain;
}

float amsGainOptionForAll(const AmsGainOption *option) {
  float gain = 0;
  for (size_t i = 0; i < option->size; ++i)
    if (!option->list[i].layer)
      gain = option->list[i].gain;
  return gain;
}

bool amsGainOptionCheckUsed(MlirLocation loc, const AmsGainOption *option) {
  bool ok = true;
  for (size_t i = 0; i < option->size; ++i) {
    const AmsGainElement *element = &option->list[i];
    if (element->layer && !element->used) {
      amsEmitError(loc, "gains: there is no layer \"%s\"", element->layer);
      ok = false;
    }
  }
  return ok;
}
