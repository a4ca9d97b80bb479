//===-- Convolution.c - Conv, ConvTranspose --------------------------------*- C
//-*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images and weights with their channels last; groups as a dimension of their
// own. Images of one dimension have one row; of three, channels stay first.
//
//===----------------------------------------------------------------------===//

#include "Digital.h"
#include "Node.h"
#include "Operators.h"
#include "Window.h"

#include <string.h>

/* linalg.conv_2d_nhwc_fhwc. */
static MlirValue buildPlain(AmsImport *import, const AmsImportNode *node,
                            MlirValue image, AmsImportValue *weights,
                            const AmsImportShape *result,
                            const MlirNamedAttribute attributes[2]) {
  // Filter, row, column, channel: the order of an image with channels last.
  MlirValue filter = amsImportInForm(import, weights, AmsImportChannelsLast);
  MlirValue init = amsImportBuildFill(&import->builder, result, 0.0f);
  return amsImportBuildNamed(&import->builder, "linalg.conv_2d_nhwc_fhwc",
                             image, filter, init, 2, attributes, node->name);
}

/* linalg.conv_2d_nhwgc_gfhwc between a reshape that splits the channels into
 * groups and one that joins them. */
static AmsImportValue *buildGrouped(AmsImport *import,
                                    const AmsImportNode *node, MlirValue image,
                                    AmsImportValue *weights, int64_t groups,
                                    const AmsImportShape *result,
                                    const MlirNamedAttribute attributes[2]) {
  const int64_t *dims = weights->shape.dims;
  AmsImportShape split =
      amsImportShape(5, (const int64_t[]){groups, dims[0] / groups, dims[1],
                                          dims[2], dims[3]});
  AmsImportValue *grouped = amsImportReshaped(import, weights, &split);
  if (grouped) // group, filter, row, column, channel
    grouped =
        amsImportTransposed(import, grouped, (const int[]){0, 1, 3, 4, 2});
  if (!grouped)
    return NULL;
  MlirValue filter = amsImportInForm(import, grouped, AmsImportRowMajor);

  AmsImportShape padded = amsImportShapeOf(image);
  AmsImportShape splitImage =
      amsImportShape(5, (const int64_t[]){padded.dims[0], padded.dims[1],
                                          padded.dims[2], groups, dims[1]});
  AmsImportShape splitResult = amsImportShape(
      5, (const int64_t[]){result->dims[0], result->dims[1], result->dims[2],
                           groups, dims[0] / groups});
  image = amsImportBuildReshape(&import->builder, image, &splitImage);
  MlirValue init = amsImportBuildFill(&import->builder, &splitResult, 0.0f);
  MlirValue product =
      amsImportBuildNamed(&import->builder, "linalg.conv_2d_nhwgc_gfhwc", image,
                          filter, init, 2, attributes, node->name);
  return amsImportComputed(
      import, AmsImportChannelsLast,
      amsImportBuildReshape(&import->builder, product, result));
}

/* linalg.conv_3d_ncdhw_fcdhw, or the depthwise operation. */
static AmsImportValue *buildVolume(AmsImport *import, const AmsImportNode *node,
                                   MlirValue image, AmsImportValue *weights,
                                   int64_t groups, const AmsImportShape *result,
                                   const MlirNamedAttribute attributes[2]) {
  const int64_t *dims = weights->shape.dims;
  bool depthwise = groups > 1;
  if (depthwise && (dims[1] != 1 || dims[0] != groups))
    return amsImportError(import,
                          "groups of several channels are not supported "
                          "in three dimensions");
  AmsImportShape kernel =
      amsImportShape(4, (const int64_t[]){dims[0], dims[2], dims[3], dims[4]});
  if (depthwise && !(weights = amsImportReshaped(import, weights, &kernel)))
    return NULL;
  MlirValue filter = amsImportInForm(import, weights, AmsImportRowMajor);
  MlirValue init = amsImportBuildFill(&import->builder, result, 0.0f);
  return amsImportComputed(
      import, AmsImportRowMajor,
      amsImportBuildNamed(&import->builder,
                          depthwise ? "linalg.depthwise_conv_3d_ncdhw_cdhw"
                                    : "linalg.conv_3d_ncdhw_fcdhw",
                          image, filter, init, 2, attributes, node->name));
}

/* The product of an image and weights [filters, channels / groups, kernel],
 * which fit each other and the window, of two or three dimensions. */
static AmsImportValue *buildProduct(AmsImport *import,
                                    const AmsImportNode *node, MlirValue image,
                                    AmsImportValue *weights, int64_t groups,
                                    const AmsImportWindow *window) {
  AmsImportShape padded = amsImportShapeOf(image);
  int64_t samples = padded.dims[0], filters = weights->shape.dims[0];
  const int64_t *out = window->output;
  AmsImportShape result =
      window->dims == 2
          ? amsImportShape(4,
                           (const int64_t[]){samples, out[0], out[1], filters})
          : amsImportShape(
                5, (const int64_t[]){samples, filters, out[0], out[1], out[2]});
  if (!amsImportCheckShape(import, &result))
    return NULL;
  MlirNamedAttribute attributes[2];
  amsImportWindowAttributes(import, window, attributes);
  if (window->dims == 3)
    return buildVolume(import, node, image, weights, groups, &result,
                       attributes);
  return groups == 1
             ? amsImportComputed(import, AmsImportChannelsLast,
                                 buildPlain(import, node, image, weights,
                                            &result, attributes))
             : buildGrouped(import, node, image, weights, groups, &result,
                            attributes);
}

/* `value` [a, b, columns] with one row. */
static AmsImportValue *withRow(AmsImport *import, AmsImportValue *value) {
  const int64_t *dims = value->shape.dims;
  AmsImportShape shape =
      amsImportShape(4, (const int64_t[]){dims[0], dims[1], 1, dims[2]});
  return amsImportReshaped(import, value, &shape);
}

/* `product` plus the node's bias, of one number a filter, and without its row
 * where the image has `dims` = 1. */
static AmsImportValue *finish(AmsImport *import, const AmsImportNode *node,
                              AmsImportValue *product, int64_t filters,
                              int dims) {
  if (product && amsImportHasInput(node, 2)) {
    AmsImportValue *bias = amsImportInput(import, node, 2);
    if (!bias || !amsImportRequireRank(import, bias, "bias", 1))
      return NULL;
    if (bias->shape.dims[0] != filters)
      return amsImportError(import,
                            "the bias '%s' does not have one element a filter",
                            bias->name);
    bias = amsImportAlong(import, bias, product->shape.rank, 1);
    product =
        bias ? amsImportBroadcastBinary(import, "arith.addf", product, bias)
             : NULL;
  }
  if (!product || dims != 1)
    return product;
  const int64_t *all = product->shape.dims;
  AmsImportShape shape =
      amsImportShape(3, (const int64_t[]){all[0], all[1], all[3]});
  return amsImportReshaped(import, product, &shape);
}

static AmsImportValue *misfit(AmsImport *import, const AmsImportValue *weights,
                              int64_t groups, const AmsImportValue *image) {
  char weightsText[AmsImportShapeTextSize], imageText[AmsImportShapeTextSize];
  return amsImportError(import,
                        "weights of shape %s in %lld groups do not fit an "
                        "image of shape %s",
                        amsImportShapeText(&weights->shape, weightsText),
                        (long long)groups,
                        amsImportShapeText(&image->shape, imageText));
}

AmsImportValue *amsImportConv(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *image = amsImportInput(import, node, 0);
  AmsImportValue *weights = amsImportInput(import, node, 1);
  AmsImportWindow window;
  int64_t groups;
  if (!image || !weights || !amsImportInt(import, node, "group", 1, &groups))
    return NULL;
  if (image->shape.rank >= 3 && image->shape.rank <= 5 &&
      !amsImportRequireRank(import, weights, "weights", image->shape.rank))
    return NULL;
  if (!amsImportWindow(import, node, image, weights->shape.dims + 2, true,
                       &window))
    return NULL;
  int64_t filters = weights->shape.dims[0];
  int64_t channels = image->shape.dims[1];
  if (groups < 1 || channels % groups != 0 || filters % groups != 0 ||
      weights->shape.dims[1] != channels / groups)
    return misfit(import, weights, groups, image);
  int dims = window.dims;
  if (dims == 1) {
    image = withRow(import, image);
    weights = withRow(import, weights);
    amsImportWindowWiden(&window);
    if (!image || !weights)
      return NULL;
  }
  MlirValue padded = amsImportPadImage(import, image, &window, 0.0f);
  return finish(import, node,
                buildProduct(import, node, padded, weights, groups, &window),
                filters, dims);
}

//===----------------------------------------------------------------------===//
// ConvTranspose
//===----------------------------------------------------------------------===//

/* Weights [channels, filters / groups, kernel] as those of the convolution that
 * does the same: [filters, channels / groups, kernel], the kernel reversed. */
static AmsImportValue *flipWeights(AmsImport *import, const AmsImportNode *node,
                                   const AmsImportValue *weights,
                                   int64_t groups) {
  AmsImportShape shape = weights->shape;
  int64_t channels = shape.dims[0] / groups, filters = shape.dims[1], size = 1;
  for (int i = 2; i < shape.rank; ++i)
    size *= shape.dims[i];
  shape.dims[0] = groups * filters;
  shape.dims[1] = channels;
  float *flipped = amsImportArenaAllocateArray(
      &import->arena, (size_t)(groups * channels * filters),
      (size_t)size * sizeof(float));
  char *name = amsImportArenaFormat(&import->arena, "%s.flipped", node->name);
  if (!flipped || !name)
    return amsImportOutOfMemory(import);
  const float *given = weights->constant->data;
  for (int64_t g = 0; g < groups; ++g)
    for (int64_t f = 0; f < filters; ++f)
      for (int64_t c = 0; c < channels; ++c)
        for (int64_t i = 0; i < size; ++i)
          flipped[((g * filters + f) * channels + c) * size + i] =
              given[((g * channels + c) * filters + f) * size + size - 1 - i];
  return amsImportNewConstant(import, name, &shape,
                              ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, flipped);
}

/* What a transposed convolution has beside a window: elements of the image are
 * `inserted` apart, `extra` outputs follow, or there are `output` in all. */
typedef struct Transposition {
  int64_t inserted[AmsImportMaxSpatialDims], extra[AmsImportMaxSpatialDims],
      output[AmsImportMaxSpatialDims]; // 0: as many as follow from the rest
} Transposition;

/* Padding that leaves as many outputs as are asked for, if they are. */
static void padForOutput(AmsImportWindow *window, const Transposition *t, int i,
                         bool moreAfter) {
  if (t->output[i] == 0)
    return;
  int64_t total = window->input[i] + t->extra[i] +
                  (window->kernel[i] - 1) * window->dilations[i] - t->output[i];
  int64_t less = total < 0 ? -((1 - total) / 2) : total / 2;
  window->low[i] = moreAfter ? less : total - less;
  window->high[i] = total - window->low[i];
}

/* Reads a transposed convolution; the window becomes that of the convolution of
 * the image with zeros inserted. */
static bool readTransposed(AmsImport *import, const AmsImportNode *node,
                           const AmsImportValue *image,
                           const AmsImportValue *weights,
                           AmsImportWindow *window, Transposition *t) {
  const char *autoPad;
  *t = (Transposition){.inserted = {1, 1, 1}};
  *window = (AmsImportWindow){.dims = image->shape.rank - 2,
                              .strides = {1, 1, 1},
                              .dilations = {1, 1, 1}};
  if (!amsImportString(import, node, "auto_pad", "NOTSET", &autoPad) ||
      !amsImportWindowList(import, node, "strides", 1, window, t->inserted) ||
      !amsImportWindowList(import, node, "dilations", 1, window,
                           window->dilations) ||
      !amsImportWindowList(import, node, "output_padding", 0, window,
                           t->extra) ||
      !amsImportWindowList(import, node, "output_shape", 1, window,
                           t->output) ||
      !amsImportWindowPads(import, node, window))
    return false;
  bool isSame = strncmp(autoPad, "SAME", 4) == 0;
  for (int i = 0; i < window->dims; ++i) {
    int64_t size = image->shape.dims[2 + i];
    window->kernel[i] = weights->shape.dims[2 + i];
    window->input[i] = (size - 1) * t->inserted[i] + 1;
    if (isSame && t->output[i] == 0)
      t->output[i] = size * t->inserted[i];
    padForOutput(window, t, i, strcmp(autoPad, "SAME_UPPER") == 0);
    int64_t reach = (window->kernel[i] - 1) * window->dilations[i];
    window->low[i] = reach - window->low[i];
    window->high[i] = reach - window->high[i] + t->extra[i];
    if (window->low[i] < 0 || window->high[i] < 0)
      return amsImportError(import, "padding beyond the kernel's reach is not "
                                    "supported");
    window->output[i] =
        window->input[i] + window->low[i] + window->high[i] - reach;
    if (window->output[i] < 1)
      return amsImportError(import, "the padding leaves nothing of the result");
  }
  return true;
}

/* The image with zeros between its elements, in the form that a convolution of
 * two or three dimensions takes. */
static AmsImportValue *insertZeros(AmsImport *import, AmsImportValue *image,
                                   const AmsImportWindow *window,
                                   const Transposition *t) {
  bool channelsLast = window->dims == 2;
  AmsImportForm form = channelsLast ? AmsImportChannelsLast : AmsImportRowMajor;
  int first = channelsLast ? 1 : 2;
  MlirValue value = amsImportInForm(import, image, form);
  AmsImportShape shape = amsImportShapeOf(value);
  int64_t strides[AmsImportMaxRank];
  for (int i = 0; i < shape.rank; ++i)
    strides[i] = 1;
  for (int i = 0; i < window->dims; ++i) {
    shape.dims[first + i] = window->input[i];
    strides[first + i] = t->inserted[i];
  }
  if (!amsImportCheckShape(import, &shape))
    return NULL;
  return amsImportComputed(
      import, form,
      amsImportBuildSpread(&import->builder, value, &shape, strides));
}

AmsImportValue *amsImportConvTranspose(AmsImport *import,
                                       const AmsImportNode *node) {
  AmsImportValue *image = amsImportInput(import, node, 0);
  AmsImportValue *weights = amsImportInput(import, node, 1);
  AmsImportWindow window;
  Transposition transposition;
  int64_t groups;
  if (!image || !weights || !amsImportInt(import, node, "group", 1, &groups))
    return NULL;
  if (image->shape.rank < 3 || image->shape.rank > 5) {
    char text[AmsImportShapeTextSize];
    return amsImportError(import,
                          "input '%s' has the shape %s; only images of one to "
                          "three dimensions are supported",
                          image->name, amsImportShapeText(&image->shape, text));
  }
  if (!amsImportRequireRank(import, weights, "weights", image->shape.rank))
    return NULL;
  if (!weights->constant)
    return amsImportError(import, "the weights '%s' are not a constant",
                          weights->name);
  if (groups < 1 || weights->shape.dims[0] % groups != 0 ||
      weights->shape.dims[0] != image->shape.dims[1])
    return misfit(import, weights, groups, image);
  if (!readTransposed(import, node, image, weights, &window, &transposition))
    return NULL;
  int dims = window.dims;
  if (dims == 1) {
    image = withRow(import, image);
    weights = withRow(import, weights);
    amsImportWindowWiden(&window);
    transposition.inserted[1] = transposition.inserted[0];
    transposition.inserted[0] = 1;
    if (!image || !weights)
      return NULL;
  }
  weights = flipWeights(import, node, weights, groups);
  image = weights ? insertZeros(import, image, &window, &transposition) : NULL;
  if (!image)
    return NULL;
  MlirValue padded = amsImportPadImage(import, image, &window, 0.0f);
  return finish(import, node,
                buildProduct(import, node, padded, weights, groups, &window),
                weights->shape.dims[0], dims);
}
