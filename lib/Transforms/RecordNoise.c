/*===-- RecordNoise.c - The noise of layers as results ------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Level 1: every product gets a twin in float32, which the rest of the       *|
|* network goes on with; what the two differ by is returned.                  *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Build.h"
#include "Function.h"
#include "Generic.h"
#include "Layers.h"
#include "Text.h"

#include <stdlib.h>

//===----------------------------------------------------------------------===//
// Twins
//===----------------------------------------------------------------------===//

/* The sum of products over the loops that the result's map lacks. */
static MlirValue buildProduct(const AmsBuilder *builder, MlirValue a,
                              MlirAffineMap mapOfA, MlirValue b,
                              MlirAffineMap mapOfB, MlirType type,
                              MlirAffineMap map) {
  AmsGeneric product = {.numOperands = 3,
                        .operands = {a, b, amsBuildFill(builder, type, 0)},
                        .maps = {mapOfA, mapOfB, map}};
  amsGenericBegin(&product, builder);
  MlirValue factor = amsScalarBinary(&product.builder, "arith.mulf",
                                     amsGenericElement(&product, 0),
                                     amsGenericElement(&product, 1));
  MlirValue sum = amsScalarBinary(&product.builder, "arith.addf",
                                  amsGenericElement(&product, 2), factor);
  return mlirOperationGetResult(amsGenericEnd(&product, builder, sum), 0);
}

/* [.., M, K] and [.., N, K] to [.., M, N], where `rank` is that of all. */
static MlirValue buildMatmul(const AmsBuilder *builder, MlirOperation op,
                             intptr_t rank) {
  MlirContext context = builder->context;
  const intptr_t batch = 0, m = rank - 2, n = rank - 1, k = rank;
  const intptr_t a[3] = {batch, m, k}, b[3] = {batch, n, k},
                 y[3] = {batch, m, n};
  const intptr_t skip = 3 - rank; /* a matrix has no batch */
  return buildProduct(builder, mlirOperationGetOperand(op, 0),
                      amsMapOfDims(context, rank + 1, rank, a + skip),
                      mlirOperationGetOperand(op, 1),
                      amsMapOfDims(context, rank + 1, rank, b + skip),
                      mlirValueGetType(mlirOperationGetResult(op, 0)),
                      amsMapOfDims(context, rank + 1, rank, y + skip));
}

/* `image` [B, H, W, C] with the zeros that `window` pads it with. */
static MlirValue buildPadded(const AmsBuilder *builder, MlirValue image,
                             const AmsWindow *window) {
  MlirContext context = builder->context;
  const int64_t *pads = window->padding; /* top, left, bottom, right */
  if (!pads[0] && !pads[1] && !pads[2] && !pads[3])
    return image;
  int64_t shape[4];
  amsGetShape(mlirValueGetType(image), 4, shape);
  const int64_t offsets[4] = {0, pads[0], pads[1], 0},
                strides[4] = {1, 1, 1, 1};
  const int64_t padded[4] = {shape[0], shape[1] + pads[0] + pads[2],
                             shape[2] + pads[1] + pads[3], shape[3]};
  MlirType type = amsTensorF32(context, 4, padded);
  MlirNamedAttribute attributes[4] = {
      amsNamed(context, "static_offsets",
               mlirDenseI64ArrayGet(context, 4, offsets)),
      amsNamed(context, "static_sizes",
               mlirDenseI64ArrayGet(context, 4, shape)),
      amsNamed(context, "static_strides",
               mlirDenseI64ArrayGet(context, 4, strides)),
      amsNamed(context, "operandSegmentSizes",
               mlirDenseI32ArrayGet(context, 5, (int32_t[]){1, 1, 0, 0, 0}))};
  MlirValue operands[2] = {image, amsBuildFill(builder, type, 0)};
  return amsBuildValue(builder, "tensor.insert_slice", 2, operands, type, 4,
                       attributes);
}

/* dims[pixel] * stride + dims[kernel] * dilation */
static MlirAffineExpr pixelOf(MlirContext context, intptr_t pixel,
                              int64_t stride, intptr_t kernel,
                              int64_t dilation) {
  return mlirAffineAddExprGet(
      mlirAffineMulExprGet(mlirAffineDimExprGet(context, pixel),
                           mlirAffineConstantExprGet(context, stride)),
      mlirAffineMulExprGet(mlirAffineDimExprGet(context, kernel),
                           mlirAffineConstantExprGet(context, dilation)));
}

/* Groups are a dimension of their own in front of channels and outputs. */
static MlirValue buildConv(const AmsBuilder *builder, MlirOperation op) {
  MlirContext context = builder->context;
  AmsWindow window = amsWindowAttrGetValue(amsGetAttr(op, "window"));
  MlirValue image =
      buildPadded(builder, mlirOperationGetOperand(op, 0), &window);
  MlirValue filters = mlirOperationGetOperand(op, 1);
  MlirType type = mlirValueGetType(mlirOperationGetResult(op, 0));
  int64_t x[4], w[4], y[4], groups = window.groups;
  amsGetShape(mlirValueGetType(image), 4, x);
  amsGetShape(mlirValueGetType(filters), 4, w);
  amsGetShape(type, 4, y);
  const int64_t grouped[5] = {x[0], x[1], x[2], groups, x[3] / groups};
  const int64_t sets[5] = {groups, w[0] / groups, w[1], w[2], w[3]};
  const int64_t results[5] = {y[0], y[1], y[2], groups, y[3] / groups};
  enum { image0, row, column, group, output, kernelRow, kernelColumn, channel };
  enum { numLoops = 8 };
  MlirAffineExpr pixels[5] = {
      mlirAffineDimExprGet(context, image0),
      pixelOf(context, row, window.strides[0], kernelRow, window.dilations[0]),
      pixelOf(context, column, window.strides[1], kernelColumn,
              window.dilations[1]),
      mlirAffineDimExprGet(context, group),
      mlirAffineDimExprGet(context, channel)};
  const intptr_t ofFilters[5] = {group, output, kernelRow, kernelColumn,
                                 channel};
  const intptr_t ofResult[5] = {image0, row, column, group, output};
  MlirValue product =
      buildProduct(builder, amsBuildReshape(builder, image, 5, grouped),
                   mlirAffineMapGet(context, numLoops, 0, 5, pixels),
                   amsBuildReshape(builder, filters, 5, sets),
                   amsMapOfDims(context, numLoops, 5, ofFilters),
                   amsTensorF32(context, 5, results),
                   amsMapOfDims(context, numLoops, 5, ofResult));
  return amsBuildReshape(builder, product, 4, y);
}

static MlirValue buildTwin(const AmsBuilder *builder, MlirOperation op) {
  if (amsIsOp(op, "ams.conv"))
    return buildConv(builder, op);
  return buildMatmul(builder, op, amsIsOp(op, "ams.batch_matmul") ? 3 : 2);
}

static MlirValue buildDifference(const AmsBuilder *builder, MlirValue a,
                                 MlirValue b) {
  MlirType type = mlirValueGetType(a);
  MlirAffineMap map = mlirAffineMapMultiDimIdentityGet(
      builder->context, mlirShapedTypeGetRank(type));
  AmsGeneric difference = {.numOperands = 3,
                           .operands = {a, b, amsBuildEmpty(builder, type)},
                           .maps = {map, map, map}};
  amsGenericBegin(&difference, builder);
  MlirValue element = amsScalarBinary(&difference.builder, "arith.subf",
                                      amsGenericElement(&difference, 0),
                                      amsGenericElement(&difference, 1));
  return mlirOperationGetResult(amsGenericEnd(&difference, builder, element),
                                0);
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

/* Results of @main in the making, with their attributes. */
typedef struct Results {
  MlirValue *values;
  MlirAttribute *ports;
  intptr_t size;
} Results;

/* `value` with samples as its first dimension, as results must have them;
 * null, after an error at `op`, where they do not share it equally. */
static MlirValue bySample(const AmsBuilder *builder, MlirOperation op,
                          MlirValue value, int64_t samples) {
  int64_t shape[AMS_MAX_RANK + 1];
  MlirType type = mlirValueGetType(value);
  intptr_t rank = amsGetShape(type, AMS_MAX_RANK, shape + 1);
  if (shape[1] == samples)
    return value;
  if (shape[1] % samples) {
    amsEmitOpError(op,
                   "has a result of %lld rows, which %lld samples do not share "
                   "equally, so its noise cannot be recorded: name the layer "
                   "among those that stay digital",
                   (long long)shape[1], (long long)samples);
    return (MlirValue){NULL};
  }
  shape[0] = samples;
  shape[1] /= samples;
  return amsBuildReshape(builder, value, rank + 1, shape);
}

/* Puts result "LAYER.`what`" at `index`; false after an error. */
static bool setResult(const AmsBuilder *builder, MlirOperation op,
                      const char *what, MlirValue value, int64_t samples,
                      Results *results, intptr_t index) {
  char *layer = amsGetString(op, "layer");
  AmsText name = {NULL, 0, 0};
  amsTextAppend(&name, "%s.%s", layer, what);
  results->values[index] = bySample(builder, op, value, samples);
  results->ports[index] = amsPortAttributes(
      builder->context, mlirStringRefCreate(name.data, name.size),
      /*weight=*/false);
  free(name.data);
  free(layer);
  return !mlirValueIsNull(results->values[index]);
}

/* Records product `op`, number `index` of `count`; false after an error. */
static bool recordProduct(MlirOperation op, intptr_t index, intptr_t count,
                          int64_t samples, Results *results) {
  if (!mlirAttributeIsNull(amsGetAttr(op, "epilogue"))) {
    amsEmitOpError(op, "has an epilogue: record noise before "
                       "--ams-fuse-epilogues");
    return false;
  }
  AmsBuilder builder = amsBuilderBefore(op);
  builder.before = mlirOperationGetNextInBlock(op);
  MlirValue result = mlirOperationGetResult(op, 0);
  MlirValue twin = buildTwin(&builder, op);
  mlirValueReplaceAllUsesOfWith(result, twin);
  MlirValue noise = buildDifference(&builder, result, twin);
  intptr_t first = results->size - 2 * count;
  return setResult(&builder, op, "noise", noise, samples, results,
                   first + index) &&
         setResult(&builder, op, "output", twin, samples, results,
                   first + count + index);
}

static bool recordAll(MlirOperation main, const AmsOpList *products) {
  if (products->size == 0) {
    amsEmitError(mlirOperationGetLocation(main),
                 "no layer of @main is on the device, so there is no noise to "
                 "record");
    return false;
  }
  int64_t samples = amsFunctionSamples(main);
  if (!samples)
    return false;
  MlirContext context = mlirOperationGetContext(main);
  MlirOperation terminator = mlirBlockGetTerminator(amsFunctionBody(main));
  intptr_t known = mlirOperationGetNumOperands(terminator),
           count = (intptr_t)products->size;
  Results results = {.size = known + 2 * count};
  results.values = amsAllocate((size_t)results.size, sizeof(MlirValue));
  results.ports = amsAllocate((size_t)results.size, sizeof(MlirAttribute));
  MlirAttribute attributes = amsGetAttr(main, "res_attrs");
  bool ok = true;
  for (intptr_t i = 0; i < count; ++i)
    ok &= recordProduct(products->ops[i], i, count, samples, &results);
  for (intptr_t i = 0; i < known; ++i) {
    results.values[i] = mlirOperationGetOperand(terminator, i);
    results.ports[i] = mlirAttributeIsNull(attributes)
                           ? mlirDictionaryAttrGet(context, 0, NULL)
                           : mlirArrayAttrGetElement(attributes, i);
  }
  if (ok)
    amsFunctionSetResults(main, results.size, results.values, results.ports);
  free(results.values);
  free(results.ports);
  return ok;
}

MlirLogicalResult amsRecordNoise(MlirOperation module) {
  MlirOperation main = amsFindMain(module);
  if (mlirOperationIsNull(main))
    return mlirLogicalResultFailure();
  AmsOpList products = amsCollectOps(main, amsIsFloatProduct);
  bool ok = recordAll(main, &products);
  amsOpListFree(&products);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
