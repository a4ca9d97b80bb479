/*===-- Layers.h - Descriptions of layers -------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Layers and raw constants as lists among the module's attributes, by which  *|
|* passes hand them on to the manifest.                                       *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef AMS_SUPPORT_LAYERS_H
#define AMS_SUPPORT_LAYERS_H

#include "Cost.h"

#include "ams/abi.h"
#include "mlir-c/IR.h"

#include <stdbool.h>

/* Whether `op` is a product before crossbars: ams.matmul, ams.conv or
 * ams.batch_matmul; and one whose operands are, or are not yet, ABFP values. */
bool amsIsProduct(MlirOperation op);
bool amsIsQuantisedProduct(MlirOperation op);
bool amsIsFloatProduct(MlirOperation op);

/* Whether `op` is a product on buffers: ams.matmul, ams.conv, ams.batch_matmul
 * or ams.mvm. */
bool amsIsBufferedProduct(MlirOperation op);

/* Whether `op` is the gradient of a product, on buffers. */
bool amsIsBufferedGradient(MlirOperation op);

/* What the ABI says of product or gradient `op` on buffers, its name, sections
 * and index left empty. */
ams_abi_layer_t amsLayerDescribe(MlirOperation op);
/* What the ABI says of an epilogue attribute, null for none. */
ams_abi_epilogue_t amsEpilogueDescribe(MlirAttribute attr);

/* What the cost of `op`, a layer at any level, depends on. */
AmsCostLayer amsLayerCost(MlirOperation op);

/* The module's lists ams.layers and ams.sections while a pass appends to them:
 * attributes never change, so one that grows would be copied each time. */
typedef struct AmsAttributes {
  MlirAttribute *elements;
  size_t size;
} AmsAttributes;
typedef struct AmsLists {
  MlirOperation module;
  AmsAttributes layers, sections;
} AmsLists;
AmsLists amsListsOpen(MlirOperation module);
/* Writes the lists to the module. */
void amsListsClose(AmsLists *lists);

/* Appends `layer`, called as `op` is, to the list; its index, or -1 after an
 * error at `op` where the list is full. */
int64_t amsLayersAppend(AmsLists *lists, MlirOperation op,
                        const ams_abi_layer_t *layer);

/* Index of the layer in the list called `name` that records clipped
 * conversions; -1: there is none. */
int64_t amsLayersFindRecording(const AmsLists *lists, MlirAttribute name);

/* Number of layers in the list. */
int64_t amsLayersCount(MlirOperation module);
/* Layer `index` and its name, a string that lives as long as the context.
 * False after an error at the module where the list is malformed. */
bool amsLayersRead(MlirOperation module, int64_t index, ams_abi_layer_t *layer,
                   MlirStringRef *name);

/* Appends the bytes of `elements`, which are at hand, to the list of sections,
 * once for equal attributes; the section's number. False, after an error at
 * `loc`, where they are more than memory can hold. */
bool amsSectionsAppend(AmsLists *lists, MlirLocation loc,
                       MlirAttribute elements, uint32_t *section);

#endif /* AMS_SUPPORT_LAYERS_H */
