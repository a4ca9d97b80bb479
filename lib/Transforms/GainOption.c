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
  for (size_t i = 0; i < option->size; ++i) {
    free(option->list[i].layer);
    free(option->list[i].gains);
  }
  free(option->list);
  *option = (AmsGainOption){NULL, 0};
}

/* Reads "4" or "4/8/2" to the end of `text`; false where it is neither. */
static bool readGains(const char *text, AmsGainElement *element) {
  for (;;) {
    char *end;
    float gain = strtof(text, &end);
    if (end == text || !isfinite(gain) || gain <= 0)
      return false;
    element->gains =
        amsExtend(element->gains, element->count, sizeof *element->gains);
    element->gains[element->count++] = gain;
    if (*end != '/')
      return *end == '\0';
    text = end + 1;
  }
}

/* Adds one element; false after an error. Takes ownership of `text`. */
static bool addElement(MlirLocation loc, char *text, AmsGainOption *option) {
  char *colon = strrchr(text, ':');
  AmsGainElement element = {.layer = colon ? text : NULL};
  if (!readGains(colon ? colon + 1 : text, &element) || colon == text ||
      (!colon && element.count > 1)) {
    amsEmitError(loc,
                 "gains: '%s' is neither a positive number nor LAYER:NUMBER, "
                 "nor LAYER:NUMBER/NUMBER/... with one a block or tile",
                 text);
    free(element.gains);
    free(text);
    return false;
  }
  if (colon)
    *colon = '\0';
  option->list = amsExtend(option->list, option->size, sizeof(AmsGainElement));
  option->list[option->size++] = element;
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

const AmsGainElement *amsGainOptionFind(AmsGainOption *option,
                                        const char *layer) {
  const AmsGainElement *found = NULL;
  for (size_t i = 0; i < option->size; ++i) {
    AmsGainElement *element = &option->list[i];
    if (!element->layer || strcmp(element->layer, layer) != 0)
      continue;
    found = element;
    element->used = true;
  }
  return found;
}

float amsGainOptionForAll(const AmsGainOption *option) {
  float gain = 0;
  for (size_t i = 0; i < option->size; ++i)
    if (!option->list[i].layer)
      gain = option->list[i].gains[0];
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
