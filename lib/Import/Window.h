//===-- Window.h - Windows over images ---------------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernel, stride, dilation and padding of convolutions and pools, and the size
// of what they yield. Index 0 is for rows, 1 for columns.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IMPORT_WINDOW_H
#define AMS_IMPORT_WINDOW_H

#include "Importer.h"

enum { AmsImportMaxSpatialDims = 3 };

/* Entries are those of the image's planes, rows and columns: of `dims` of them,
 * the last. */
typedef struct AmsImportWindow {
  int dims;
  int64_t input[AmsImportMaxSpatialDims]; // the image, without padding
  int64_t kernel[AmsImportMaxSpatialDims];
  int64_t strides[AmsImportMaxSpatialDims];
  int64_t dilations[AmsImportMaxSpatialDims];
  int64_t low[AmsImportMaxSpatialDims];    // padding before
  int64_t high[AmsImportMaxSpatialDims];   // padding after
  int64_t excess[AmsImportMaxSpatialDims]; // what ceil_mode reaches past `high`
  int64_t output[AmsImportMaxSpatialDims];
} AmsImportWindow;

/* Reads the window of `node` over `image`, which must have batch, channels and
 * two dimensions, or, with `anyDims`, one to three. `kernel` holds the kernel's
 * size, or NULL to read kernel_shape. */
bool amsImportWindow(AmsImport *import, const AmsImportNode *node,
                     const AmsImportValue *image, const int64_t *kernel,
                     bool anyDims, AmsImportWindow *window);

/* A list of one number a dimension of the window, each at least `least`; left
 * as it is where the node has none. */
bool amsImportWindowList(AmsImport *import, const AmsImportNode *node,
                         const char *name, int64_t least,
                         const AmsImportWindow *window, int64_t *list);
/* Explicit padding. */
bool amsImportWindowPads(AmsImport *import, const AmsImportNode *node,
                         AmsImportWindow *window);

/* Makes a window of one dimension one of two, over images of one row. */
void amsImportWindowWiden(AmsImportWindow *window);

/* The image padded by `element` as the window says: of two dimensions with
 * channels last, else row-major. */
MlirValue amsImportPadImage(AmsImport *import, AmsImportValue *image,
                            const AmsImportWindow *window, float element);

/* `strides` and `dilations` for a named linalg operation. */
void amsImportWindowAttributes(AmsImport *import, const AmsImportWindow *window,
                               MlirNamedAttribute attributes[2]);

#endif // AMS_IMPORT_WINDOW_H
