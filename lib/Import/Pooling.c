//===-- Pooling.c - MaxPool, AveragePool, GlobalAveragePool ----------*- C
//-*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Digital.h"
#include "Node.h"
#include "Operators.h"
#include "Window.h"

#include <math.h>

/* linalg.pooling_nhwc_max or _sum over the window. */
static AmsImportValue *pool(AmsImport *import, const char *operation,
                            AmsImportValue *image,
                            const AmsImportWindow *window, float initial) {
  AmsImportShape kernel = amsImportShape(window->dims, window->kernel);
  AmsImportShape result = amsImportShape(
      4, (const int64_t[]){image->shape.dims[0], window->output[0],
                           window->output[1], image->shape.dims[1]});
  if (!amsImportCheckShape(import, &kernel))
    return NULL;
  MlirNamedAttribute attributes[2];
  amsImportWindowAttributes(import, window, attributes);
  MlirValue padded = amsImportPadImage(import, image, window, initial);
  MlirValue shape =
      amsImportBuildEmpty(&import->builder, &kernel, import->builder.f32);
  MlirValue init = amsImportBuildFill(&import->builder, &result, initial);
  return amsImportComputed(import, AmsImportChannelsLast,
                           amsImportBuildNamed(&import->builder, operation,
                                               padded, shape, init, 2,
                                               attributes, NULL));
}

AmsImportValue *amsImportMaxPool(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *image = amsImportInput(import, node, 0);
  AmsImportWindow window;
  if (!image || !amsImportWindow(import, node, image, NULL, false, &window))
    return NULL;
  return pool(import, "linalg.pooling_nhwc_max", image, &window, -INFINITY);
}

/* How many of the kernel's elements lie in [begin, end) along dimension `i`
 * where the window's output is number `index`. */
static int64_t countInside(const AmsImportWindow *window, int i, int64_t index,
                           int64_t begin, int64_t end) {
  int64_t first = index * window->strides[i] - window->low[i];
  int64_t step = window->dilations[i];
  // Elements at first + k * step: the least k that is inside, and the least
  // that is past the end.
  int64_t least = first < begin ? (begin - first + step - 1) / step : 0;
  int64_t past = first < end ? (end - first + step - 1) / step : 0;
  past = past < window->kernel[i] ? past : window->kernel[i];
  return past > least ? past - least : 0;
}

/* For each output along dimension `i`, the elements that a mean is over, as a
 * constant; 1 element if all are alike. */
static AmsImportValue *counts(AmsImport *import, const AmsImportWindow *window,
                              int i, bool includesPadding) {
  int64_t begin = includesPadding ? -window->low[i] : 0;
  int64_t end = window->input[i] + (includesPadding ? window->high[i] : 0);
  int64_t output = window->output[i];
  float *elements = amsImportArenaAllocateArray(&import->arena, (size_t)output,
                                                sizeof *elements);
  if (!elements)
    return amsImportOutOfMemory(import);
  bool alike = true;
  for (int64_t j = 0; j < output; ++j) {
    elements[j] = (float)countInside(window, i, j, begin, end);
    alike &= elements[j] == elements[0];
  }
  AmsImportShape shape = {.rank = 4, .dims = {1, 1, 1, 1}};
  shape.dims[2 + i] = alike ? 1 : output;
  return amsImportNewConstant(import, "counts", &shape,
                              ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, elements);
}

static MlirValue meanBody(AmsImportBuilder *builder, const MlirValue *elements,
                          const void *data) {
  (void)data;
  return amsImportBuildBinary(
      builder, "arith.divf", elements[0],
      amsImportBuildBinary(builder, "arith.mulf", elements[1], elements[2]));
}

AmsImportValue *amsImportAveragePool(AmsImport *import,
                                     const AmsImportNode *node) {
  AmsImportValue *image = amsImportInput(import, node, 0);
  AmsImportWindow window;
  int64_t includesPadding;
  if (!image ||
      !amsImportInt(import, node, "count_include_pad", 0, &includesPadding) ||
      !amsImportWindow(import, node, image, NULL, false, &window))
    return NULL;
  AmsImportValue *sum =
      pool(import, "linalg.pooling_nhwc_sum", image, &window, 0.0f);
  AmsImportValue *rows = counts(import, &window, 0, includesPadding != 0);
  AmsImportValue *columns = counts(import, &window, 1, includesPadding != 0);
  if (!sum || !rows || !columns)
    return NULL;
  // One number if all windows hold as many elements.
  if (rows->shape.dims[2] == 1 && columns->shape.dims[3] == 1)
    return amsImportScaled(import, "arith.divf", sum,
                           *(const float *)rows->constant->data *
                               *(const float *)columns->constant->data);
  AmsImportValue *operands[] = {sum, rows, columns};
  return amsImportBroadcast(import, 3, operands, meanBody, NULL);
}

AmsImportValue *amsImportGlobalAveragePool(AmsImport *import,
                                           const AmsImportNode *node) {
  AmsImportValue *image = amsImportInput(import, node, 0);
  if (!image)
    return NULL;
  if (image->shape.rank < 3)
    return amsImportError(import, "input '%s' has no spatial dimensions",
                          image->name);
  bool isReduced[AmsImportMaxRank] = {false};
  for (int i = 2; i < image->shape.rank; ++i)
    isReduced[i] = true;
  return amsImportMean(import, image, isReduced, /*keepsDims=*/true);
}
