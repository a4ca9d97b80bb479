//===-- Window.c - Windows over images ---------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Window.h"
#include "Node.h"

#include "mlir-c/BuiltinAttributes.h"
#include "mlir-c/BuiltinTypes.h"

#include <inttypes.h>
#include <string.h>

bool amsImportWindowList(AmsImport *import, const AmsImportNode *node,
                         const char *name, int64_t least,
                         const AmsImportWindow *window, int64_t *list) {
  int count;
  int64_t values[AmsImportMaxSpatialDims];
  if (!amsImportInts(import, node, name, AmsImportMaxSpatialDims, values,
                     &count))
    return false;
  if (count == 0)
    return true;
  if (count != window->dims)
    return amsImportError(import, "attribute '%s' must hold %d integers", name,
                          window->dims);
  for (int i = 0; i < window->dims; ++i) {
    if (values[i] < least || values[i] > AMS_IMPORT_MAX_DIMENSION)
      return amsImportError(
          import, "attribute '%s' holds %" PRId64 ", which is out of range",
          name, values[i]);
    list[i] = values[i];
  }
  return true;
}

bool amsImportWindowPads(AmsImport *import, const AmsImportNode *node,
                         AmsImportWindow *window) {
  int64_t pads[2 * AmsImportMaxSpatialDims];
  int count;
  if (!amsImportInts(import, node, "pads", 2 * AmsImportMaxSpatialDims, pads,
                     &count))
    return false;
  if (count == 0)
    return true;
  if (count != 2 * window->dims)
    return amsImportError(import, "attribute 'pads' must hold %d integers",
                          2 * window->dims);
  for (int i = 0; i < count; ++i)
    if (pads[i] < 0 || pads[i] > AMS_IMPORT_MAX_DIMENSION)
      return amsImportError(
          import, "attribute 'pads' holds %" PRId64 ", which is out of range",
          pads[i]);
  for (int i = 0; i < window->dims; ++i) {
    window->low[i] = pads[i];
    window->high[i] = pads[window->dims + i];
  }
  return true;
}

/* Sizes along one spatial dimension. */
static bool computeExtent(AmsImport *import, AmsImportWindow *window, int i,
                          bool isSame, bool sameLower, bool ceilMode) {
  int64_t reach = (window->kernel[i] - 1) * window->dilations[i] + 1;
  int64_t stride = window->strides[i];
  if (isSame) {
    int64_t output = (window->input[i] + stride - 1) / stride;
    int64_t total = (output - 1) * stride + reach - window->input[i];
    total = total > 0 ? total : 0;
    window->low[i] = sameLower ? total - total / 2 : total / 2;
    window->high[i] = total - window->low[i];
  }
  int64_t padded = window->input[i] + window->low[i] + window->high[i];
  if (padded < reach)
    return amsImportError(import,
                          "a kernel that reaches over %" PRId64
                          " elements does not fit into %" PRId64,
                          reach, padded);
  int64_t room = padded - reach;
  int64_t output = room / stride + 1;
  // A window that would begin in the padding after the image is left out.
  if (ceilMode && room % stride != 0 &&
      output * stride < window->input[i] + window->low[i])
    ++output;
  window->output[i] = output;
  int64_t excess = (output - 1) * stride + reach - padded;
  window->excess[i] = excess > 0 ? excess : 0;
  return true;
}

bool amsImportWindow(AmsImport *import, const AmsImportNode *node,
                     const AmsImportValue *image, const int64_t *kernel,
                     bool anyDims, AmsImportWindow *window) {
  int dims = image->shape.rank - 2;
  if (anyDims ? dims < 1 || dims > AmsImportMaxSpatialDims : dims != 2) {
    char text[AmsImportShapeTextSize];
    return amsImportError(import,
                          "input '%s' has the shape %s; only %s-D images "
                          "(batch x channels x %srows x columns) are supported",
                          image->name, amsImportShapeText(&image->shape, text),
                          anyDims ? "1-D to 3" : "2",
                          anyDims ? "planes x " : "");
  }
  *window = (AmsImportWindow){
      .dims = dims, .strides = {1, 1, 1}, .dilations = {1, 1, 1}};
  for (int i = 0; i < window->dims; ++i) {
    window->input[i] = image->shape.dims[2 + i];
    window->kernel[i] = kernel ? kernel[i] : 0;
  }
  const char *autoPad;
  int64_t ceilMode;
  if (!amsImportWindowList(import, node, "kernel_shape", 1, window,
                           window->kernel) ||
      !amsImportWindowList(import, node, "strides", 1, window,
                           window->strides) ||
      !amsImportWindowList(import, node, "dilations", 1, window,
                           window->dilations) ||
      !amsImportString(import, node, "auto_pad", "NOTSET", &autoPad) ||
      !amsImportInt(import, node, "ceil_mode", 0, &ceilMode))
    return false;
  for (int i = 0; i < window->dims; ++i) {
    if (window->kernel[i] == 0)
      return amsImportError(import, "attribute 'kernel_shape' is missing");
    if (kernel && window->kernel[i] != kernel[i])
      return amsImportError(import, "attribute 'kernel_shape' does not fit the "
                                    "weights");
  }
  bool sameUpper = strcmp(autoPad, "SAME_UPPER") == 0;
  bool sameLower = strcmp(autoPad, "SAME_LOWER") == 0;
  if (strcmp(autoPad, "NOTSET") == 0) {
    if (!amsImportWindowPads(import, node, window))
      return false;
  } else if (!sameUpper && !sameLower && strcmp(autoPad, "VALID") != 0) {
    return amsImportError(import,
                          "attribute 'auto_pad' is '%s', which is none "
                          "of NOTSET, SAME_UPPER, SAME_LOWER, VALID",
                          autoPad);
  }
  for (int i = 0; i < window->dims; ++i)
    if (!computeExtent(import, window, i, sameUpper || sameLower, sameLower,
                       ceilMode != 0))
      return false;
  // What the padded image and the result hold must be within bounds.
  AmsImportShape padded = image->shape, result = image->shape;
  for (int i = 0; i < window->dims; ++i) {
    padded.dims[2 + i] += window->low[i] + window->high[i] + window->excess[i];
    result.dims[2 + i] = window->output[i];
  }
  return amsImportCheckShape(import, &padded) &&
         amsImportCheckShape(import, &result);
}

void amsImportWindowWiden(AmsImportWindow *window) {
  int64_t *const lists[] = {window->input,     window->kernel, window->strides,
                            window->dilations, window->low,    window->high,
                            window->excess,    window->output};
  static const int64_t row[] = {1, 1, 1, 1, 0, 0, 0, 1};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; ++i) {
    lists[i][1] = lists[i][0];
    lists[i][0] = row[i];
  }
  window->dims = 2;
}

MlirValue amsImportPadImage(AmsImport *import, AmsImportValue *image,
                            const AmsImportWindow *window, float element) {
  AmsImportForm form =
      window->dims == 2 ? AmsImportChannelsLast : AmsImportRowMajor;
  int first = window->dims == 2 ? 1 : 2;
  int64_t low[2 + AmsImportMaxSpatialDims] = {0},
                  high[2 + AmsImportMaxSpatialDims] = {0};
  for (int i = 0; i < window->dims; ++i) {
    low[first + i] = window->low[i];
    high[first + i] = window->high[i] + window->excess[i];
  }
  return amsImportBuildPad(&import->builder,
                           amsImportInForm(import, image, form), low, high,
                           element);
}

void amsImportWindowAttributes(AmsImport *import, const AmsImportWindow *window,
                               MlirNamedAttribute attributes[2]) {
  const int64_t dims[] = {window->dims};
  MlirType type = mlirRankedTensorTypeGet(
      1, dims, mlirIntegerTypeGet(import->builder.context, 64),
      mlirAttributeGetNull());
  attributes[0] = amsImportNamedAttribute(
      &import->builder, "strides",
      mlirDenseElementsAttrInt64Get(type, window->dims, window->strides));
  attributes[1] = amsImportNamedAttribute(
      &import->builder, "dilations",
      mlirDenseElementsAttrInt64Get(type, window->dims, window->dilations));
}
