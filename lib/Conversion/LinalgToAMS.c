/*===-- LinalgToAMS.c - linalg to layers --------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Level 0 to 1: contractions and 2-D convolutions of linalg, named or        *|
|* generic, become layers in the layout that those define.                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Build.h"
#include "Constant.h"
#include "Device.h"

#include "mlir-c/AffineExpr.h"
#include "mlir-c/AffineMap.h"
#include "mlir-c/Dialect/Linalg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* State of one run of the pass. */
typedef struct Conversion {
  MlirContext context;
  MlirAttribute device;
  char **names; /* of layers made so far */
  size_t numNames;
} Conversion;

/* Loop dimensions of one kind, in order. */
typedef struct Dims {
  int64_t d[AMS_MAX_RANK];
  intptr_t size;
} Dims;

/* How one operand of a linalg operation is indexed. */
typedef struct Operand {
  MlirValue value;
  intptr_t rank;
  int64_t shape[AMS_MAX_RANK];
  MlirAffineMap map;
} Operand;

//===----------------------------------------------------------------------===//
// Reading linalg operations
//===----------------------------------------------------------------------===//

/* Loop dimensions from an attribute of i32 or i64; false where too many. */
static bool readDims(MlirAttribute attr, Dims *dims) {
  dims->size = mlirDenseArrayGetNumElements(attr);
  if (dims->size > AMS_MAX_RANK)
    return false;
  bool narrow = mlirAttributeIsADenseI32Array(attr);
  for (intptr_t i = 0; i < dims->size; ++i)
    dims->d[i] = narrow ? mlirDenseI32ArrayGetElement(attr, i)
                        : mlirDenseI64ArrayGetElement(attr, i);
  return true;
}

static void appendDims(Dims *dims, const Dims *more) {
  for (intptr_t i = 0; i < more->size && dims->size < AMS_MAX_RANK; ++i)
    dims->d[dims->size++] = more->d[i];
}

static bool readOperand(MlirOperation op, intptr_t index, Operand *operand) {
  MlirAttribute maps = mlirLinalgGetIndexingMapsAttribute(op);
  operand->value = mlirOperationGetOperand(op, index);
  MlirType type = mlirValueGetType(operand->value);
  if (!mlirTypeIsARankedTensor(type) || !amsIsStaticF32(type))
    return false;
  operand->rank = amsGetShape(type, AMS_MAX_RANK, operand->shape);
  operand->map =
      mlirAffineMapAttrGetValue(mlirArrayAttrGetElement(maps, index));
  return operand->rank >= 0;
}

/* Dimension of `operand` that loop `dim` alone indexes, or -1. */
static intptr_t findDim(const Operand *operand, int64_t dim) {
  for (intptr_t i = 0; i < operand->rank; ++i) {
    MlirAffineExpr expr = mlirAffineMapGetResult(operand->map, i);
    if (mlirAffineExprIsADim(expr) && mlirAffineDimExprGetPosition(expr) == dim)
      return i;
  }
  return -1;
}

/* Dimension of `operand` whose index is a function of loop `dim`, or -1. */
static intptr_t findFunctionOf(const Operand *operand, int64_t dim) {
  for (intptr_t i = 0; i < operand->rank; ++i)
    if (mlirAffineExprIsFunctionOfDim(mlirAffineMapGetResult(operand->map, i),
                                      dim))
      return i;
  return -1;
}

/* Operand dimensions that `dims` index, in that order; false where one is not
 * found or the operand has others. */
static bool findPermutation(const Operand *operand, const Dims *dims,
                            int64_t *permutation) {
  if (dims->size != operand->rank)
    return false;
  for (intptr_t i = 0; i < dims->size; ++i)
    if ((permutation[i] = findDim(operand, dims->d[i])) < 0)
      return false;
  return true;
}

/* Whether `operand` has a dimension of 0. */
static bool isEmpty(const Operand *operand) {
  for (intptr_t i = 0; i < operand->rank; ++i)
    if (operand->shape[i] == 0)
      return true;
  return false;
}

static int64_t sizeOf(const Operand *operand, const Dims *dims) {
  int64_t size = 1;
  for (intptr_t i = 0; i < dims->size; ++i)
    size *= operand->shape[findDim(operand, dims->d[i])];
  return size;
}

/* Whether the operands of `op` are `a` and `b`, in either order. */
static bool takes(MlirOperation op, MlirValue a, MlirValue b) {
  MlirValue first = mlirOperationGetOperand(op, 0),
            second = mlirOperationGetOperand(op, 1);
  return (mlirValueEqual(first, a) && mlirValueEqual(second, b)) ||
         (mlirValueEqual(first, b) && mlirValueEqual(second, a));
}

/* Whether the body of `op` yields its third argument plus the product of the
 * other two, and nothing else. */
static bool isMultiplyAdd(MlirOperation op) {
  MlirBlock body = mlirRegionGetFirstBlock(mlirOperationGetRegion(op, 0));
  MlirOperation add =
      amsDefiningOp(mlirOperationGetOperand(mlirBlockGetTerminator(body), 0));
  if (!amsIsOp(add, "arith.addf"))
    return false;
  for (intptr_t i = 0; i < 2; ++i) {
    MlirValue term = mlirOperationGetOperand(add, i);
    MlirOperation product = amsDefiningOp(term);
    if (amsIsOp(product, "arith.mulf") &&
        takes(product, mlirBlockGetArgument(body, 0),
              mlirBlockGetArgument(body, 1)) &&
        takes(add, term, mlirBlockGetArgument(body, 2)))
      return true;
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Building layers
//===----------------------------------------------------------------------===//

/* Takes ownership of `name`. */
static void addName(Conversion *conversion, char *name) {
  conversion->names = amsReallocate(conversion->names, conversion->numNames + 1,
                                    sizeof(char *));
  conversion->names[conversion->numNames++] = name;
}

static bool isTaken(const Conversion *conversion, const char *name) {
  for (size_t i = 0; i < conversion->numNames; ++i)
    if (!strcmp(conversion->names[i], name))
      return true;
  return false;
}

/* The layer's name as an attribute: `ams.layer`, or the location's, or `kind`;
 * with a number appended where it is taken. */
static MlirAttribute nameLayer(Conversion *conversion, MlirOperation op,
                               const char *kind) {
  char *base = amsGetString(op, "ams.layer");
  MlirLocation loc = mlirOperationGetLocation(op);
  if (!base && mlirLocationIsAName(loc))
    base = amsCopyString(mlirIdentifierStr(mlirLocationNameGetName(loc)));
  if (!base || !*base) {
    free(base);
    base = amsCopyString(amsStringRef(kind));
  }
  size_t size = strlen(base) + 24;
  char *name = amsAllocate(size, 1);
  snprintf(name, size, "%s", base);
  for (int i = 1; isTaken(conversion, name); ++i)
    snprintf(name, size, "%s_%d", base, i);
  free(base);
  addName(conversion, name);
  return amsStringAttr(conversion->context, name);
}

/* `ins` by the layer operation `opName` into a new tensor of `shape`. */
static MlirValue buildLayer(Conversion *conversion, const AmsBuilder *builder,
                            const char *opName, MlirAttribute name,
                            const MlirValue ins[2], intptr_t rank,
                            const int64_t *shape, const AmsWindow *window) {
  MlirContext context = conversion->context;
  MlirType type = amsTensorF32(context, rank, shape);
  MlirValue operands[3] = {ins[0], ins[1], amsBuildEmpty(builder, type)};
  MlirNamedAttribute attributes[3] = {
      amsNamed(context, "layer", name),
      amsNamed(context, "device", conversion->device)};
  if (window)
    attributes[2] =
        amsNamed(context, "window", amsWindowAttrGet(context, window));
  return amsBuildValue(builder, opName, 3, operands, type, window ? 3 : 2,
                       attributes);
}

static MlirValue buildAdd(const AmsBuilder *builder, MlirValue a, MlirValue b) {
  MlirType type = mlirValueGetType(a);
  MlirValue operands[3] = {a, b, amsBuildEmpty(builder, type)};
  MlirNamedAttribute segments =
      amsNamed(builder->context, "operandSegmentSizes",
               mlirDenseI32ArrayGet(builder->context, 2, (int32_t[]){2, 1}));
  MlirOperationState state =
      mlirOperationStateGet(amsStringRef("linalg.add"), builder->loc);
  MlirRegion region = mlirRegionCreate();
  mlirOperationStateAddOperands(&state, 3, operands);
  mlirOperationStateAddResults(&state, 1, &type);
  mlirOperationStateAddAttributes(&state, 1, &segments);
  mlirOperationStateAddOwnedRegions(&state, 1, &region);
  MlirOperation op = mlirOperationCreate(&state);
  mlirLinalgFillBuiltinNamedOpRegion(op);
  mlirBlockInsertOwnedOperationBefore(mlirOperationGetBlock(builder->before),
                                      builder->before, op);
  return mlirOperationGetResult(op, 0);
}

/* Puts `value`, whose dimensions are flattened loops `dims`, into the layout of
 * `result`, adds an accumulator that is not zero, and replaces `op`. */
static void finish(const AmsBuilder *builder, MlirOperation op, MlirValue value,
                   const Operand *result, const Dims *dims) {
  int64_t shape[AMS_MAX_RANK], permutation[AMS_MAX_RANK];
  for (intptr_t i = 0; i < dims->size; ++i) {
    intptr_t position = findDim(result, dims->d[i]);
    shape[i] = result->shape[position];
    permutation[position] = i;
  }
  value = amsBuildReshape(builder, value, dims->size, shape);
  value = amsBuildTranspose(builder, value, dims->size, permutation);
  if (!amsIsZeroFilled(result->value))
    value = buildAdd(builder, value, result->value);
  mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(op, 0), value);
  mlirOperationDestroy(op);
}

/* `operand` with its dimensions in the order of `dims`, flattened to `shape`.
 */
static MlirValue arrange(const AmsBuilder *builder, const Operand *operand,
                         const int64_t *permutation, intptr_t rank,
                         const int64_t *shape) {
  MlirValue value =
      amsBuildTranspose(builder, operand->value, operand->rank, permutation);
  return amsBuildReshape(builder, value, rank, shape);
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

/* Why a contraction stays digital; NULL after it was converted. */
static const char *convertContraction(Conversion *conversion,
                                      MlirOperation op) {
  MlirLinalgContractionDimensions inferred =
      mlirLinalgInferContractionDimensions(op);
  Dims batch, m, n, k;
  Operand lhs, rhs, result;
  if (!readDims(inferred.batch, &batch) || !readDims(inferred.m, &m) ||
      !readDims(inferred.n, &n) || !readDims(inferred.k, &k))
    return "it has more loops than are supported";
  if (!readOperand(op, 0, &lhs) || !readOperand(op, 1, &rhs) ||
      !readOperand(op, 2, &result))
    return "its operands are not float32 tensors of static shape";
  if (!isMultiplyAdd(op))
    return "its body is not one multiplication and one addition";
  if (isEmpty(&lhs) || isEmpty(&rhs) || isEmpty(&result))
    return "its operands hold no elements";

  /* A batch of 1 shares its weights with nothing. */
  bool shared = sizeOf(&lhs, &batch) == 1;
  bool weightsRight = shared && amsIsConstant(rhs.value);
  bool weightsLeft = shared && !weightsRight && amsIsConstant(lhs.value);
  if (weightsLeft) { /* y^T = x^T W^T: the constant side holds the weights */
    Operand operand = lhs;
    Dims dims = m;
    lhs = rhs, rhs = operand;
    m = n, n = dims;
  }
  Dims left = batch, right = batch, out = batch;
  appendDims(&left, &m), appendDims(&left, &k);
  appendDims(&right, &n), appendDims(&right, &k);
  appendDims(&out, &m), appendDims(&out, &n);
  int64_t leftOrder[AMS_MAX_RANK], rightOrder[AMS_MAX_RANK],
      outOrder[AMS_MAX_RANK];
  if (!findPermutation(&lhs, &left, leftOrder) ||
      !findPermutation(&rhs, &right, rightOrder) ||
      !findPermutation(&result, &out, outOrder))
    return "its operands are not indexed by plain loops";

  int64_t sizeB = sizeOf(&lhs, &batch), sizeM = sizeOf(&lhs, &m),
          sizeN = sizeOf(&rhs, &n), sizeK = sizeOf(&lhs, &k);
  AmsBuilder builder = amsBuilderBefore(op);
  MlirValue value;
  if (weightsRight || weightsLeft) {
    MlirValue ins[2] = {
        arrange(&builder, &lhs, leftOrder, 2, (int64_t[]){sizeM, sizeK}),
        arrange(&builder, &rhs, rightOrder, 2, (int64_t[]){sizeN, sizeK})};
    value = buildLayer(conversion, &builder, "ams.matmul",
                       nameLayer(conversion, op, "matmul"), ins, 2,
                       (int64_t[]){sizeM, sizeN}, NULL);
  } else {
    MlirValue ins[2] = {
        arrange(&builder, &lhs, leftOrder, 3, (int64_t[]){sizeB, sizeM, sizeK}),
        arrange(&builder, &rhs, rightOrder, 3,
                (int64_t[]){sizeB, sizeN, sizeK})};
    value = buildLayer(conversion, &builder, "ams.batch_matmul",
                       nameLayer(conversion, op, "batch_matmul"), ins, 3,
                       (int64_t[]){sizeB, sizeM, sizeN}, NULL);
  }
  finish(&builder, op, value, &result, &out);
  return NULL;
}

//===----------------------------------------------------------------------===//
// Convolutions
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

/* Folds a tensor.pad of zeros in height and width alone, which dimensions
 * `spatial` of `input` are, into `window`. Between the two may stand a
 * tensor.expand_shape that splits channels into groups. */
static void foldPadding(const AmsBuilder *builder, Operand *input,
                        const intptr_t spatial[2], AmsWindow *window) {
  MlirOperation pad = amsDefiningOp(input->value), expand = {NULL};
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
  AmsWindow folded = *window;
  Operand unpadded = *input;
  for (intptr_t i = 0; i < mlirDenseArrayGetNumElements(low); ++i) {
    int64_t before = mlirDenseI64ArrayGetElement(low, i);
    int64_t after = mlirDenseI64ArrayGetElement(high, i);
    int64_t dim = expandedDim(expand, i);
    if (before < 0 || after < 0 || before > INT32_MAX || after > INT32_MAX)
      return;
    if (dim >= 0 && (dim == spatial[0] || dim == spatial[1])) {
      folded.padding[dim == spatial[1]] = before;
      folded.padding[2 + (dim == spatial[1])] = after;
      unpadded.shape[dim] -= before + after;
    } else if (before || after) {
      return;
    }
  }
  unpadded.value =
      amsBuildReshape(builder, source, unpadded.rank, unpadded.shape);
  *window = folded;
  *input = unpadded;
}

/* Whether sizes and steps along axis `i` are those of a window. */
static bool isWindowAxis(const AmsWindow *window, int i, int64_t size) {
  const int64_t values[4] = {window->kernel[i], window->strides[i],
                             window->dilations[i], size};
  for (int k = 0; k < 4; ++k)
    if (values[k] < 1 || values[k] > INT32_MAX)
      return false;
  return true;
}

/* Why a convolution stays digital; NULL after it was converted. */
static const char *convertConvolution(Conversion *conversion,
                                      MlirOperation op) {
  MlirLinalgConvolutionDimensions inferred =
      mlirLinalgInferConvolutionDimensions(op);
  Dims batch, image, outputs, loops, channels, depth, strides, dilations;
  Operand input, filter, result;
  if (!readDims(inferred.batch, &batch) ||
      !readDims(inferred.outputImage, &image) ||
      !readDims(inferred.outputChannel, &outputs) ||
      !readDims(inferred.filterLoop, &loops) ||
      !readDims(inferred.inputChannel, &channels) ||
      !readDims(inferred.depth, &depth) ||
      !readDims(inferred.strides, &strides) ||
      !readDims(inferred.dilations, &dilations))
    return "it has more loops than are supported";
  if (image.size != 2 || loops.size != 2)
    return "only 2-D convolutions go on the device";
  if (!readOperand(op, 0, &input) || !readOperand(op, 1, &filter) ||
      !readOperand(op, 2, &result))
    return "its operands are not float32 tensors of static shape";
  if (!amsIsConstant(filter.value))
    return "its filter is not a constant";
  if (isEmpty(&input) || isEmpty(&filter) || isEmpty(&result))
    return "its operands hold no elements";

  AmsWindow window = {{0},
                      {strides.d[0], strides.d[1]},
                      {0},
                      {dilations.d[0], dilations.d[1]},
                      1};
  intptr_t spatial[2];
  for (int i = 0; i < 2; ++i) {
    intptr_t loop = findDim(&filter, loops.d[i]);
    spatial[i] = findFunctionOf(&input, image.d[i]);
    if (loop < 0 || spatial[i] < 0 ||
        spatial[i] != findFunctionOf(&input, loops.d[i]))
      return "its image is not indexed by output and kernel position";
    window.kernel[i] = filter.shape[loop];
    if (!isWindowAxis(&window, i, input.shape[spatial[i]]))
      return "its sizes, strides and dilations must be from 1 to 2^31 - 1";
  }
  AmsBuilder builder = amsBuilderBefore(op);
  foldPadding(&builder, &input, spatial, &window);

  /* Input [B, H, W, depth, C], filter [depth, F, KH, KW, C], result
   * [B, OH, OW, depth, F]. */
  Dims before = depth, weights = depth, out = batch;
  appendDims(&before, &channels);
  appendDims(&weights, &outputs), appendDims(&weights, &loops);
  appendDims(&weights, &channels);
  appendDims(&out, &image), appendDims(&out, &depth);
  appendDims(&out, &outputs);
  int64_t inputOrder[AMS_MAX_RANK], filterOrder[AMS_MAX_RANK],
      outOrder[AMS_MAX_RANK];
  intptr_t rank = 0;
  for (intptr_t i = 0; i < batch.size; ++i)
    inputOrder[rank++] = findDim(&input, batch.d[i]);
  inputOrder[rank++] = spatial[0], inputOrder[rank++] = spatial[1];
  for (intptr_t i = 0; i < before.size && rank < AMS_MAX_RANK; ++i)
    inputOrder[rank++] = findDim(&input, before.d[i]);
  if (rank != input.rank)
    return "its image has dimensions of no known role";
  for (intptr_t i = 0; i < rank; ++i)
    if (inputOrder[i] < 0)
      return "its operands are not indexed by plain loops";
  if (!findPermutation(&filter, &weights, filterOrder) ||
      !findPermutation(&result, &out, outOrder))
    return "its operands are not indexed by plain loops";

  window.groups = sizeOf(&filter, &depth);
  int64_t samples = sizeOf(&input, &batch),
          channelCount = sizeOf(&filter, &channels),
          outputCount = window.groups * sizeOf(&filter, &outputs);
  int64_t shape[4] = {
      samples, amsWindowOutputSize(&window, 0, input.shape[spatial[0]]),
      amsWindowOutputSize(&window, 1, input.shape[spatial[1]]), outputCount};
  /* A linalg convolution may leave rows and columns of its image unused. */
  for (int i = 0; i < 2; ++i)
    if (shape[1 + i] != result.shape[findDim(&result, image.d[i])])
      return "its image is larger than its outputs use";
  MlirValue ins[2] = {arrange(&builder, &input, inputOrder, 4,
                              (int64_t[]){samples, input.shape[spatial[0]],
                                          input.shape[spatial[1]],
                                          window.groups * channelCount}),
                      arrange(&builder, &filter, filterOrder, 4,
                              (int64_t[]){outputCount, window.kernel[0],
                                          window.kernel[1], channelCount})};
  MlirValue value =
      buildLayer(conversion, &builder, "ams.conv",
                 nameLayer(conversion, op, "conv"), ins, 4, shape, &window);
  finish(&builder, op, value, &result, &out);
  return NULL;
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

static bool isProduct(MlirOperation op) {
  MlirStringRef name = mlirIdentifierStr(mlirOperationGetName(op));
  if (name.length < 7 || memcmp(name.data, "linalg.", 7) != 0 ||
      mlirOperationGetNumOperands(op) != 3 ||
      mlirOperationGetNumResults(op) != 1)
    return false;
  if (amsIsOp(op, "linalg.yield") || amsIsOp(op, "linalg.index"))
    return false;
  return mlirLinalgIsAContractionOp(op) ||
         (mlirLinalgIsAConvolutionOp(op) && isMultiplyAdd(op));
}

static bool isLayer(MlirOperation op) {
  return amsIsOp(op, "ams.matmul") || amsIsOp(op, "ams.conv") ||
         amsIsOp(op, "ams.batch_matmul") || amsIsOp(op, "ams.mvm");
}

MlirLogicalResult
amsConvertLinalgToAMS(MlirOperation module,
                      const AmsConvertLinalgToAMSOptions *options) {
  Conversion conversion = {.context = mlirOperationGetContext(module)};
  conversion.device =
      amsDeviceFind(mlirOperationGetLocation(module), options->device);
  if (mlirAttributeIsNull(conversion.device))
    return mlirLogicalResultFailure();
  AmsOpList layers = amsCollectOps(module, isLayer);
  for (size_t i = 0; i < layers.size; ++i)
    addName(&conversion, amsGetString(layers.ops[i], "layer"));
  amsOpListFree(&layers);
  AmsOpList products = amsCollectOps(module, isProduct);
  for (size_t i = 0; i < products.size; ++i) {
    MlirOperation op = products.ops[i];
    const char *reason = mlirLinalgIsAContractionOp(op)
                             ? convertContraction(&conversion, op)
                             : convertConvolution(&conversion, op);
    if (reason)
      amsEmitRemark(mlirOperationGetLocation(op), "stays digital: %s", reason);
  }
  amsOpListFree(&products);
  for (size_t i = 0; i < conversion.numNames; ++i)
    free(conversion.names[i]);
  free(conversion.names);
  return mlirLogicalResultSuccess();
}
