/*===-- LinalgConvolution.c - Convolutions to layers -------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Convolutions of one, two or three dimensions, in groups or not. One of one *|
|* dimension has an image of one row. One of three has an image whose rows    *|
|* are those that each row of outputs reads, plane by plane, one below the    *|
|* other: so its reduction runs over plane, row, column and channel of the    *|
|* kernel.                                                                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Constant.h"
#include "LinalgToAMS.h"

#include "mlir-c/AffineExpr.h"
#include "mlir-c/Dialect/Linalg.h"

/* A convolution's operands and the roles of its loops. What has an entry an
 * axis is in the order of the kernel's loops: the last are rows and columns. */
typedef struct Convolution {
  AmsLinalgOperand input, filter, result;
  AmsLoops batch, image, outputs, kernel, channels, depth, strides, dilations;
  intptr_t spatial[3]; /* dimensions of the input */
  int64_t kernelSize[3];
  AmsWindow window; /* of the last two axes */
} Convolution;

/* Loops, or numbers, from an attribute of i32 or i64. */
static bool readNumbers(MlirAttribute attr, AmsLoops *numbers) {
  numbers->size = mlirDenseArrayGetNumElements(attr);
  if (numbers->size > AMS_MAX_LOOPS)
    return false;
  bool narrow = mlirAttributeIsADenseI32Array(attr);
  for (intptr_t i = 0; i < numbers->size; ++i)
    numbers->loop[i] = narrow ? mlirDenseI32ArrayGetElement(attr, i)
                              : mlirDenseI64ArrayGetElement(attr, i);
  return true;
}

/* Dimension of `operand` whose index is a function of loop `loop`, or -1. */
static intptr_t findFunctionOf(const AmsLinalgOperand *operand, int64_t loop) {
  for (intptr_t i = 0; i < operand->rank; ++i)
    if (mlirAffineExprIsFunctionOfDim(mlirAffineMapGetResult(operand->map, i),
                                      loop))
      return i;
  return -1;
}

//===----------------------------------------------------------------------===//
// Padding
//===----------------------------------------------------------------------===//

/* Dimension of an operand that is dimension `dim` of the value behind it: the
 * same, or the one that tensor.expand_shape `expand` (null: none) keeps whole;
 * -1 where it splits the dimension. */
static int64_t expandedDim(MlirOperation expand, intptr_t dim) {
  if (mlirOperationIsNull(expand))
    return dim;
  MlirAttribute group =
      mlirArrayAttrGetElement(amsGetAttr(expand, "reassociation"), dim);
  if (mlirArrayAttrGetNumElements(group) != 1)
    return -1;
  return mlirIntegerAttrGetValueInt(mlirArrayAttrGetElement(group, 0));
}

/* Folds a tensor.pad of zeros along the window's axes alone into the window; of
 * three axes along the last alone. Between the two may stand a
 * tensor.expand_shape that splits channels into groups. */
static void foldPadding(const AmsBuilder *builder, Convolution *c) {
  intptr_t axes = c->image.size;
  intptr_t row = axes == 2 ? c->spatial[0] : -1, column = c->spatial[axes - 1];
  MlirOperation pad = amsDefiningOp(c->input.value), expand = {NULL};
  if (amsIsOp(pad, "tensor.expand_shape")) {
    expand = pad;
    pad = amsDefiningOp(mlirOperationGetOperand(expand, 0));
  }
  if (!amsIsOp(pad, "tensor.pad") || mlirOperationGetNumOperands(pad) != 1)
    return;
  MlirBlock body = mlirRegionGetFirstBlock(mlirOperationGetRegion(pad, 0));
  MlirOperation yield = mlirBlockGetTerminator(body);
  MlirValue source = mlirOperationGetOperand(pad, 0);
  if (!amsIsZeroScalar(mlirOperationGetOperand(yield, 0)) ||
      !amsIsStaticF32(mlirValueGetType(source)))
    return;
  MlirAttribute low = amsGetAttr(pad, "static_low");
  MlirAttribute high = amsGetAttr(pad, "static_high");
  AmsWindow folded = c->window;
  AmsLinalgOperand unpadded = c->input;
  for (intptr_t i = 0; i < mlirDenseArrayGetNumElements(low); ++i) {
    int64_t before = mlirDenseI64ArrayGetElement(low, i);
    int64_t after = mlirDenseI64ArrayGetElement(high, i);
    int64_t dim = expandedDim(expand, i);
    if (before < 0 || after < 0 || before > INT32_MAX || after > INT32_MAX)
      return;
    if (dim >= 0 && (dim == row || dim == column)) {
      folded.padding[dim == column] = before;
      folded.padding[2 + (dim == column)] = after;
      unpadded.shape[dim] -= before + after;
    } else if (before || after) {
      return;
    }
  }
  unpadded.value =
      amsBuildReshape(builder, source, unpadded.rank, unpadded.shape);
  c->window = folded;
  c->input = unpadded;
}

//===----------------------------------------------------------------------===//
// Three dimensions
//===----------------------------------------------------------------------===//

/* out * stride + kernel * dilation, along one axis. */
static MlirAffineExpr buildPosition(MlirContext context, const Convolution *c,
                                    intptr_t axis, int64_t out,
                                    int64_t kernel) {
  return mlirAffineAddExprGet(
      mlirAffineMulExprGet(
          mlirAffineDimExprGet(context, out),
          mlirAffineConstantExprGet(context, c->strides.loop[axis])),
      mlirAffineMulExprGet(
          mlirAffineDimExprGet(context, kernel),
          mlirAffineConstantExprGet(context, c->dilations.loop[axis])));
}

/* `shape`, [samples, OD, OH, KD, KH, W, C], from `image`, [samples, D, H, W,
 * C]: the rows that each row of outputs reads. */
static MlirValue buildRows(const AmsBuilder *builder, const Convolution *c,
                           MlirValue image, const int64_t shape[7]) {
  MlirContext context = builder->context;
  MlirAffineExpr from[5] = {
      mlirAffineDimExprGet(context, 0), buildPosition(context, c, 0, 1, 3),
      buildPosition(context, c, 1, 2, 4), mlirAffineDimExprGet(context, 5),
      mlirAffineDimExprGet(context, 6)};
  MlirAttribute maps[2] = {
      mlirAffineMapAttrGet(mlirAffineMapGet(context, 7, 0, 5, from)),
      mlirAffineMapAttrGet(mlirAffineMapMultiDimIdentityGet(context, 7))};
  MlirAttribute iterators[7];
  for (int i = 0; i < 7; ++i)
    iterators[i] = mlirAttributeParseGet(
        context, amsStringRef("#linalg.iterator_type<parallel>"));
  MlirNamedAttribute attributes[3] = {
      amsNamed(context, "indexing_maps", mlirArrayAttrGet(context, 2, maps)),
      amsNamed(context, "iterator_types",
               mlirArrayAttrGet(context, 7, iterators)),
      amsNamed(context, "operandSegmentSizes",
               mlirDenseI32ArrayGet(context, 2, (int32_t[]){1, 1}))};
  MlirType type = amsTensorF32(context, 7, shape);
  MlirValue operands[2] = {image, amsBuildEmpty(builder, type)};
  return amsBuildCopy(builder, operands, type, 3, attributes);
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/* Whether a size or step is one that a window can have. */
static bool isWindowNumber(int64_t value) {
  return value >= 1 && value <= INT32_MAX;
}

/* Why an axis is not one of a window; NULL after it was read. */
static const char *readAxis(Convolution *c, intptr_t i) {
  intptr_t loop = amsFindLoop(&c->filter, c->kernel.loop[i]);
  c->spatial[i] = findFunctionOf(&c->input, c->image.loop[i]);
  if (loop < 0 || c->spatial[i] < 0 ||
      c->spatial[i] != findFunctionOf(&c->input, c->kernel.loop[i]))
    return "its operands are not indexed by plain loops";
  c->kernelSize[i] = c->filter.shape[loop];
  if (!isWindowNumber(c->kernelSize[i]) ||
      !isWindowNumber(c->strides.loop[i]) ||
      !isWindowNumber(c->dilations.loop[i]) ||
      !isWindowNumber(c->input.shape[c->spatial[i]]))
    return "its sizes, strides and dilations must be from 1 to 2^31 - 1";
  intptr_t axis = i - (c->image.size - 2); /* of the window: planes have none */
  if (axis >= 0) {
    c->window.kernel[axis] = c->kernelSize[i];
    c->window.strides[axis] = c->strides.loop[i];
    c->window.dilations[axis] = c->dilations.loop[i];
  }
  return NULL;
}

/* Why a convolution stays digital; NULL after it was read. */
static const char *readConvolution(MlirOperation op, Convolution *c) {
  MlirLinalgConvolutionDimensions inferred =
      mlirLinalgInferConvolutionDimensions(op);
  if (!readNumbers(inferred.batch, &c->batch) ||
      !readNumbers(inferred.outputImage, &c->image) ||
      !readNumbers(inferred.outputChannel, &c->outputs) ||
      !readNumbers(inferred.filterLoop, &c->kernel) ||
      !readNumbers(inferred.inputChannel, &c->channels) ||
      !readNumbers(inferred.depth, &c->depth) ||
      !readNumbers(inferred.strides, &c->strides) ||
      !readNumbers(inferred.dilations, &c->dilations))
    return "it has more loops than are supported";
  if (c->image.size < 1 || c->image.size > 3 || c->kernel.size != c->image.size)
    return "only convolutions of 1, 2 or 3 dimensions go on the device";
  if (!amsReadLinalgOperand(op, 0, &c->input) ||
      !amsReadLinalgOperand(op, 1, &c->filter) ||
      !amsReadLinalgOperand(op, 2, &c->result))
    return "its operands are not float32 tensors of static shape";
  if (!amsIsMultiplyAdd(op))
    return "its body is not one multiplication and one addition";
  if (!amsIsWeights(c->filter.value))
    return "its filter is not a constant";
  if (!amsHasElements(&c->input) || !amsHasElements(&c->filter) ||
      !amsHasElements(&c->result))
    return "its operands hold no elements";
  c->window = (AmsWindow){{1, 1}, {1, 1}, {0}, {1, 1}, 1};
  const char *reason = NULL;
  for (intptr_t i = 0; i < c->image.size && !reason; ++i)
    reason = readAxis(c, i);
  return reason;
}

/* Whether the result is as large as the input allows along axis `i`; a linalg
 * convolution may leave the last planes, rows and columns unused. */
static bool usesWholeImage(const Convolution *c, intptr_t i) {
  int64_t reach = (c->kernelSize[i] - 1) * c->dilations.loop[i] + 1;
  int64_t room = c->input.shape[c->spatial[i]] - reach;
  intptr_t dim = amsFindLoop(&c->result, c->image.loop[i]);
  return room >= 0 && c->result.shape[dim] == room / c->strides.loop[i] + 1;
}

/* Dimensions of the input in the order batch, planes, rows, columns, groups,
 * channels; false where it has others. */
static bool findInputOrder(const Convolution *c, int64_t *order) {
  AmsLoops channels = c->depth;
  amsAppendLoops(&channels, &c->channels);
  intptr_t rank = 0;
  if (c->batch.size + c->image.size + channels.size != c->input.rank)
    return false;
  for (intptr_t i = 0; i < c->batch.size; ++i)
    order[rank++] = amsFindLoop(&c->input, c->batch.loop[i]);
  for (intptr_t i = 0; i < c->image.size; ++i)
    order[rank++] = c->spatial[i];
  for (intptr_t i = 0; i < channels.size; ++i)
    order[rank++] = amsFindLoop(&c->input, channels.loop[i]);
  for (intptr_t i = 0; i < rank; ++i)
    if (order[i] < 0)
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

/* The image [samples, rows, columns, channels] of the layer; `out` holds the
 * sizes of the outputs along each axis. */
static MlirValue buildImage(const AmsBuilder *builder, Convolution *c,
                            const int64_t *order, int64_t samples,
                            const int64_t *out, int64_t channels) {
  const int64_t *shape = c->input.shape;
  intptr_t axes = c->image.size;
  int64_t columns = shape[c->spatial[axes - 1]];
  if (axes < 3) {
    int64_t rows = axes == 2 ? shape[c->spatial[0]] : 1;
    return amsArrange(builder, &c->input, order, 4,
                      (int64_t[]){samples, rows, columns, channels});
  }
  MlirValue image =
      amsArrange(builder, &c->input, order, 5,
                 (int64_t[]){samples, shape[c->spatial[0]],
                             shape[c->spatial[1]], columns, channels});
  int64_t rows = c->kernelSize[0] * c->kernelSize[1];
  image = buildRows(builder, c, image,
                    (int64_t[]){samples, out[0], out[1], c->kernelSize[0],
                                c->kernelSize[1], columns, channels});
  c->window.kernel[0] = c->window.strides[0] = rows;
  c->window.dilations[0] = 1;
  return amsBuildReshape(
      builder, image, 4,
      (int64_t[]){samples, out[0] * out[1] * rows, columns, channels});
}

const char *amsConvertConvolution(AmsLayerConversion *conversion,
                                  MlirOperation op) {
  Convolution c = {0};
  const char *reason = readConvolution(op, &c);
  if (reason)
    return reason;
  AmsLoops weights = c.depth, result = c.batch;
  amsAppendLoops(&weights, &c.outputs), amsAppendLoops(&weights, &c.kernel);
  amsAppendLoops(&weights, &c.channels);
  amsAppendLoops(&result, &c.image), amsAppendLoops(&result, &c.depth);
  amsAppendLoops(&result, &c.outputs);
  int64_t inputOrder[AMS_MAX_RANK], filterOrder[AMS_MAX_RANK],
      resultOrder[AMS_MAX_RANK];
  if (!findInputOrder(&c, inputOrder) ||
      !amsFindPermutation(&c.filter, &weights, filterOrder) ||
      !amsFindPermutation(&c.result, &result, resultOrder))
    return "its operands are not indexed by plain loops";
  int64_t out[3] = {1, 1, 1}, pixels = 1;
  for (intptr_t i = 0; i < c.image.size; ++i) {
    if (!usesWholeImage(&c, i))
      return "its image is larger than its outputs use";
    out[i] = c.result.shape[amsFindLoop(&c.result, c.image.loop[i])];
    pixels *= out[i];
  }
  int64_t samples = amsLoopsSize(&c.result, &c.batch),
          groups = amsLoopsSize(&c.filter, &c.depth),
          channels = amsLoopsSize(&c.filter, &c.channels),
          outputs = groups * amsLoopsSize(&c.filter, &c.outputs),
          positions = amsLoopsSize(&c.filter, &c.kernel);
  reason = amsKeepDigital(
      conversion,
      (const int64_t[]){samples, pixels, outputs, positions, channels}, 5);
  if (reason)
    return reason;

  AmsBuilder builder = amsBuilderBefore(op);
  foldPadding(&builder, &c);
  c.window.groups = groups;
  MlirValue image =
      buildImage(&builder, &c, inputOrder, samples, out, groups * channels);
  MlirValue filter = amsArrange(
      &builder, &c.filter, filterOrder, 4,
      (int64_t[]){outputs, c.window.kernel[0], c.window.kernel[1], channels});
  int64_t columns = out[c.image.size - 1];
  MlirValue value = amsBuildLayer(
      conversion, &builder, "ams.conv", (MlirValue[]){image, filter}, 4,
      (int64_t[]){samples, pixels / columns, columns, outputs}, &c.window);
  amsFinishLayer(&builder, op, value, &c.result, &result);
  return NULL;
}
