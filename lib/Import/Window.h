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

enum { AmsImportSpatialDims = 2 };

typedef struct AmsImportWindow {
  int64_t input[AmsImportSpatialDims]; // the image, without padding
  int64_t kernel[AmsImportSpatialDims];
  int64_t strides[AmsImportSpatialDims];
  int64_t dilations[AmsImportSpatialDims];
  int64_t low[AmsImportSpatialDims];    // padding before
  int64_t high[AmsImportSpatialDims];   // padding after
  int64_t excess[AmsImportSpatialDims]; // what ceil_mode reaches past `high`
  int64_t output[AmsImportSpatialDims];
} AmsImportWindow;

/* Reads the window of `node` over `image`, which must be 2-D with batch and
 * channels. `kernel` holds the kernel's size, or NULL to read kernel_shape. */
bool amsImportWindow(AmsImport *import, const AmsImportNode *node,
                     const AmsImportValue *image, const int64_t *kernel,
                     AmsImportWindow *window);

/* The image with channels last, padded by `element` as the window says. */
MlirValue amsImportPadImage(AmsImport *import, AmsImportValue *image,
                            const AmsImportWindow *window, float element);

/* `strides` and `dilations` for a named linalg operation. */
void amsImportWindowAttributes(AmsImport *import, const AmsImportWindow *window,
                               MlirNamedAttribute attributes[2]);

#endif // AMS_IMPORT_WINDOW_H
