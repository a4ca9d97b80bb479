//===-- Convolution.c - Conv -----------------------------------------*- C
//-*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Images and weights with their channels last; groups as a dimension of their
// own.
//
//===----------------------------------------------------------------------===//

#include "Digital.h"
#include "Node.h"
#include "Operators.h"
#include "Window.h"

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

AmsImportValue *amsImportConv(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *image = amsImportInput(import, node, 0);
  AmsImportValue *weights = amsImportInput(import, node, 1);
  AmsImportWindow window;
  int64_t groups;
  if (!image || !weights || !amsImportInt(import, node, "group", 1, &groups))
    return NULL;
  if (image->shape.rank == 4 &&
      !amsImportRequireRank(import, weights, "weights", 4))
    return NULL;
  if (!amsImportWindow(import, node, image, weights->shape.dims + 2, &window))
    return NULL;

  int64_t filters = weights->shape.dims[0];
  int64_t channels = image->shape.dims[1];
  if (groups < 1 || channels % groups != 0 || filters % groups != 0 ||
      weights->shape.dims[1] != channels / groups) {
    char weightsText[AmsImportShapeTextSize], imageText[AmsImportShapeTextSize];
    return amsImportError(import,
                          "weights of shape %s in %lld groups do not fit an "
                          "image of shape %s",
                          amsImportShapeText(&weights->shape, weightsText),
                          (long long)groups,
                          amsImportShapeText(&image->shape, imageText));
  }
  AmsImportShape result = amsImportShape(
      4, (const int64_t[]){image->shape.dims[0], window.output[0],
                           window.output[1], filters});
  if (!amsImportCheckShape(import, &result))
    return NULL;

  MlirNamedAttribute attributes[2];
  amsImportWindowAttributes(import, &window, attributes);
  MlirValue padded = amsImportPadImage(import, image, &window, 0.0f);
  AmsImportValue *product =
      groups == 1 ? amsImportComputed(import, AmsImportChannelsLast,
                                      buildPlain(import, node, padded, weights,
                                                 &result, attributes))
                  : buildGrouped(import, node, padded, weights, groups, &result,
                                 attributes);
  if (!product || !amsImportHasInput(node, 2))
    return product;

  AmsImportValue *bias = amsImportInput(import, node, 2);
  if (!bias || !amsImportRequireRank(import, bias, "bias", 1))
    return NULL;
  if (bias->shape.dims[0] != filters)
    return amsImportError(import,
                          "the bias '%s' does not have one element a "
                          "filter",
                          bias->name);
  bias = amsImportAlong(import, bias, 4, 1);
  return bias ? amsImportBroadcastBinary(import, "arith.addf", product, bias)
              : NULL;
}
