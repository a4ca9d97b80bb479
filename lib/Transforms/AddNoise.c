/*===-- AddNoise.c - Differential noise on results of layers ------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Level 1: an ams.add_noise behind every product that is named, and its      *|
|* table among the arguments of @main.                                        *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Passes.h"

#include "Build.h"
#include "Function.h"
#include "Layers.h"
#include "Patterns.h"
#include "Text.h"

#include "ams/abi.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* Ranges of magnitude where their number is not given, and the most. */
enum { usualRanges = 4, mostRanges = 16 };

/* What option `per` asks for. */
typedef struct Division {
  bool byChannel;
  int64_t ranges;
} Division;

static bool readPer(MlirLocation loc, const char *per, Division *division) {
  static const char magnitude[] = "magnitude";
  *division = (Division){.byChannel = !strcmp(per, "channel"), .ranges = 1};
  if (division->byChannel || !strcmp(per, "layer"))
    return true;
  size_t length = strlen(magnitude);
  if (strncmp(per, magnitude, length) == 0) {
    division->ranges = usualRanges;
    if (!per[length])
      return true;
    char *end;
    division->ranges = strtol(per + length + 1, &end, 10);
    if (per[length] == ':' && end != per + length + 1 && !*end &&
        division->ranges >= 1 && division->ranges <= mostRanges)
      return true;
  }
  amsEmitError(loc,
               "per '%s' is none of layer, channel, magnitude and "
               "magnitude:RANGES with 1 to %d ranges",
               per, mostRanges);
  return false;
}

/* Whether every pattern names a layer; false after an error. */
static bool checkPatterns(MlirLocation loc, const char *patterns,
                          const AmsOpList *products) {
  bool ok = true;
  for (char *pattern; (pattern = amsPatternsNext(&patterns));) {
    bool used = false;
    for (size_t i = 0; i < products->size; ++i) {
      char *name = amsGetString(products->ops[i], "layer");
      used |= fnmatch(pattern, name, 0) == 0;
      free(name);
    }
    if (!used)
      amsEmitError(loc, "add-noise: no layer is called '%s'", pattern);
    ok &= used;
    free(pattern);
  }
  return ok;
}

/* A new argument of @main: the table of the layer called `name`. */
static MlirValue addTable(MlirOperation main, const char *name,
                          int64_t channels, int64_t ranges) {
  MlirContext context = mlirOperationGetContext(main);
  AmsText text = {NULL, 0, 0};
  amsTextAppend(&text, "%s.noise", name);
  const int64_t shape[3] = {channels, ranges, AMS_ABI_NOISE_ROW};
  MlirValue table = amsFunctionInsertArgument(
      main, mlirBlockGetNumArguments(amsFunctionBody(main)),
      amsTensorF32(context, 3, shape),
      amsPortAttributes(context, mlirStringRefCreate(text.data, text.size),
                        /*weight=*/false));
  free(text.data);
  return table;
}

/* Adds noise to the result of `product`, number `index` of @main. */
static void addNoise(MlirOperation main, MlirOperation product, int64_t index,
                     int64_t samples, const Division *division) {
  char *name = amsGetString(product, "layer");
  AmsBuilder builder = amsBuilderBefore(product);
  builder.before = mlirOperationGetNextInBlock(product);
  MlirValue result = mlirOperationGetResult(product, 0);
  MlirType type = mlirValueGetType(result);
  int64_t last =
      mlirShapedTypeGetDimSize(type, mlirShapedTypeGetRank(type) - 1);
  MlirValue operands[2] = {
      addTable(main, name, division->byChannel ? last : 1, division->ranges),
      result};
  free(name);
  MlirNamedAttribute attributes[3] = {
      amsNamed(builder.context, "layer", amsGetAttr(product, "layer")),
      amsNamed(builder.context, "index", amsI64Attr(builder.context, index)),
      amsNamed(builder.context, "samples",
               amsI64Attr(builder.context, samples))};
  MlirOperation noise =
      amsBuild(&builder, "ams.add_noise", 2, operands, 1, &type, 3, attributes);
  mlirValueReplaceAllUsesOfWith(result, mlirOperationGetResult(noise, 0));
  mlirOperationSetOperand(noise, 1, result);
}

static bool addNoises(MlirOperation main, const AmsOpList *products,
                      const AmsAddNoiseOptions *options) {
  Division division;
  MlirLocation loc = mlirOperationGetLocation(main);
  if (!readPer(loc, options->per, &division) ||
      !checkPatterns(loc, options->layers, products))
    return false;
  int64_t samples = amsFunctionSamples(main);
  for (size_t i = 0; samples && i < products->size; ++i) {
    char *name = amsGetString(products->ops[i], "layer");
    if (amsPatternsMatch(options->layers, name))
      addNoise(main, products->ops[i], (int64_t)i, samples, &division);
    free(name);
  }
  return samples != 0;
}

MlirLogicalResult amsAddNoise(MlirOperation module,
                              const AmsAddNoiseOptions *options) {
  MlirOperation main = amsFindMain(module);
  if (mlirOperationIsNull(main))
    return mlirLogicalResultFailure();
  AmsOpList products = amsCollectOps(main, amsIsFloatProduct);
  bool ok = addNoises(main, &products, options);
  amsOpListFree(&products);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
