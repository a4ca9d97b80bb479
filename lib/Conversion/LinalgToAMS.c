/*===-- LinalgToAMS.c - linalg to layers -------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Level 0 to 1: contractions and convolutions of linalg, named or generic,   *|
|* become layers in the layout that those define.                             *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "LinalgToAMS.h"

#include "ams-c/Passes.h"

#include "Constant.h"
#include "Device.h"
#include "Patterns.h"

#include "mlir-c/Dialect/Linalg.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/* Takes ownership of `name`. */
static void addName(AmsLayerConversion *conversion, char *name) {
  conversion->names =
      amsExtend(conversion->names, conversion->numNames, sizeof(char *));
  conversion->names[conversion->numNames++] = name;
}

static bool isTaken(const AmsLayerConversion *conversion, const char *name) {
  for (size_t i = 0; i < conversion->numNames; ++i)
    if (!strcmp(conversion->names[i], name))
      return true;
  return false;
}

/* The name in a location, or in the first part of it that has one: a new
 * string, NULL where there is none. */
static char *locationName(MlirLocation loc) {
  if (mlirLocationIsAName(loc))
    return amsCopyString(mlirIdentifierStr(mlirLocationNameGetName(loc)));
  if (mlirLocationIsACallSite(loc))
    return locationName(mlirLocationCallSiteGetCallee(loc));
  if (!mlirLocationIsAFused(loc))
    return NULL;
  unsigned count = mlirLocationFusedGetNumLocations(loc);
  MlirLocation *parts = amsAllocate(count, sizeof(MlirLocation));
  mlirLocationFusedGetLocations(loc, parts);
  char *name = NULL;
  for (unsigned i = 0; i < count && !name; ++i)
    name = locationName(parts[i]);
  free(parts);
  return name;
}

static bool isWeights(MlirOperation op, intptr_t index) {
  AmsLinalgOperand operand;
  if (!amsReadLinalgOperand(op, index, &operand))
    return false;
  return amsIsWeights(operand.value);
}

/* What a product is called that says nothing of its name. */
static const char *kindOf(MlirOperation op) {
  if (!mlirLinalgIsAContractionOp(op))
    return mlirLinalgIsAConvolutionOp(op) ? "conv" : "product";
  return isWeights(op, 0) || isWeights(op, 1) ? "matmul" : "batch_matmul";
}

/* Names a product: by `ams.layer`, or its location, or its kind; with a number
 * appended where the name is taken. */
static void nameProduct(AmsLayerConversion *conversion, MlirOperation op) {
  char *base = amsGetString(op, "ams.layer");
  if (!base)
    base = locationName(mlirOperationGetLocation(op));
  if (!base || !*base) {
    free(base);
    base = amsCopyString(amsStringRef(kindOf(op)));
  }
  size_t size = strlen(base) + 24;
  char *name = amsAllocate(size, 1);
  snprintf(name, size, "%s", base);
  for (int i = 1; isTaken(conversion, name); ++i)
    snprintf(name, size, "%s_%d", base, i);
  free(base);
  addName(conversion, name);
  conversion->name = name;
}

//===----------------------------------------------------------------------===//
// What is to stay digital
//===----------------------------------------------------------------------===//

const char *amsKeepDigital(const AmsLayerConversion *conversion,
                           const int64_t *sizes, int count) {
  if (amsPatternsMatch(conversion->keepDigital, conversion->name))
    return "keep-digital-layers names it";
  int64_t macs = 1;
  for (int i = 0; i < count; ++i)
    if (__builtin_mul_overflow(macs, sizes[i], &macs))
      return NULL;
  return macs < conversion->minMacs
             ? "it has fewer multiplications than min-macs"
             : NULL;
}

/* Whether every pattern matches a name; false after an error. */
static bool checkPatterns(const AmsLayerConversion *conversion,
                          MlirLocation loc) {
  bool ok = true;
  const char *text = conversion->keepDigital;
  for (char *pattern; (pattern = amsPatternsNext(&text));) {
    bool used = false;
    for (size_t i = 0; i < conversion->numNames; ++i)
      used |= fnmatch(pattern, conversion->names[i], 0) == 0;
    if (!used)
      amsEmitError(loc, "keep-digital-layers: no layer is called '%s'",
                   pattern);
    ok &= used;
    free(pattern);
  }
  return ok;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/* Whether the body of `op` multiplies: it is a convolution, where pooling is
 * none. */
static bool multiplies(MlirOperation op) {
  MlirBlock body = mlirRegionGetFirstBlock(mlirOperationGetRegion(op, 0));
  for (MlirOperation in = mlirBlockGetFirstOperation(body);
       !mlirOperationIsNull(in); in = mlirOperationGetNextInBlock(in))
    if (amsIsOp(in, "arith.mulf") || amsIsOp(in, "arith.muli"))
      return true;
  return false;
}

static bool isLinalg(MlirOperation op) {
  MlirStringRef name = mlirIdentifierStr(mlirOperationGetName(op));
  return name.length > 7 && !memcmp(name.data, "linalg.", 7) &&
         !amsIsOp(op, "linalg.yield") && !amsIsOp(op, "linalg.index");
}

/* Whether `op`, of linalg, is a named product of integers with zero points. */
static bool isQuantised(MlirOperation op) {
  MlirStringRef name = mlirIdentifierStr(mlirOperationGetName(op));
  static const char start[] = "linalg.quantized_";
  size_t length = sizeof start - 1;
  return (name.length > length && !memcmp(name.data, start, length)) ||
         !memcmp(name.data + name.length - 2, "_q", 2);
}

static bool isProduct(MlirOperation op) {
  if (!isLinalg(op))
    return false;
  if (!mlirAttributeIsNull(amsGetAttr(op, "ams.gradient")))
    return false; /* of the backward pass, which stays in float32 */
  if (isQuantised(op))
    return true;
  return mlirOperationGetNumOperands(op) == 3 &&
         mlirOperationGetNumResults(op) == 1 &&
         (mlirLinalgIsAContractionOp(op) ||
          (mlirLinalgIsAConvolutionOp(op) && multiplies(op)));
}

static void convert(AmsLayerConversion *conversion, MlirOperation op) {
  MlirLocation loc = mlirOperationGetLocation(op);
  nameProduct(conversion, op);
  const char *reason =
      isQuantised(op) ? "it multiplies quantised integers, not float32 tensors"
      : mlirLinalgIsAContractionOp(op) ? amsConvertContraction(conversion, op)
                                       : amsConvertConvolution(conversion, op);
  if (reason)
    amsEmitRemark(loc, "layer \"%s\" stays digital: %s", conversion->name,
                  reason);
}

void amsNameProducts(MlirOperation module) {
  AmsOpList products = amsCollectOps(module, isProduct);
  for (size_t i = 0; i < products.size; ++i) {
    MlirOperation op = products.ops[i];
    char *name = locationName(mlirOperationGetLocation(op));
    if (name && *name && mlirAttributeIsNull(amsGetAttr(op, "ams.layer")))
      mlirOperationSetDiscardableAttributeByName(
          op, amsStringRef("ams.layer"),
          amsStringAttr(mlirOperationGetContext(op), name));
    free(name);
  }
  amsOpListFree(&products);
}

MlirLogicalResult
amsConvertLinalgToAMS(MlirOperation module,
                      const AmsConvertLinalgToAMSOptions *options) {
  MlirLocation loc = mlirOperationGetLocation(module);
  AmsLayerConversion conversion = {.context = mlirOperationGetContext(module),
                                   .keepDigital = options->keepDigitalLayers,
                                   .minMacs = options->minMacs};
  conversion.device = amsDeviceFind(loc, options->device);
  if (mlirAttributeIsNull(conversion.device))
    return mlirLogicalResultFailure();
  AmsOpList layers = amsCollectOps(module, amsOperationIsALayer);
  for (size_t i = 0; i < layers.size; ++i)
    addName(&conversion, amsGetString(layers.ops[i], "layer"));
  amsOpListFree(&layers);
  AmsOpList products = amsCollectOps(module, isProduct);
  for (size_t i = 0; i < products.size; ++i)
    convert(&conversion, products.ops[i]);
  amsOpListFree(&products);
  bool ok = checkPatterns(&conversion, loc);
  for (size_t i = 0; i < conversion.numNames; ++i)
    free(conversion.names[i]);
  free(conversion.names);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
