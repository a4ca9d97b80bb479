//===-- Elementwise.c - Arithmetic and activations -------------------*- C
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

static AmsImportValue *binary(AmsImport *import, const AmsImportNode *node,
                              const char *operation) {
  AmsImportValue *left = amsImportInput(import, node, 0);
  AmsImportValue *right = left ? amsImportInput(import, node, 1) : NULL;
  return right ? amsImportBroadcastBinary(import, operation, left, right)
               : NULL;
}

AmsImportValue *amsImportAdd(AmsImport *import, const AmsImportNode *node) {
  return binary(import, node, "arith.addf");
}

AmsImportValue *amsImportSub(AmsImport *import, const AmsImportNode *node) {
  return binary(import, node, "arith.subf");
}

AmsImportValue *amsImportMul(AmsImport *import, const AmsImportNode *node) {
  return binary(import, node, "arith.mulf");
}

AmsImportValue *amsImportDiv(AmsImport *import, const AmsImportNode *node) {
  return binary(import, node, "arith.divf");
}

static MlirValue reluBody(AmsImportBuilder *builder, const MlirValue *elements,
                          const void *data) {
  (void)data;
  return amsImportBuildBinary(builder, "arith.maximumf", elements[0],
                              amsImportBuildFloat(builder, 0.0f));
}

AmsImportValue *amsImportRelu(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *value = amsImportInput(import, node, 0);
  return value ? amsImportBroadcast(import, 1, &value, reluBody, NULL) : NULL;
}

/* One bound of Clip: an input since opset 11, an attribute before. */
static AmsImportValue *clipTo(AmsImport *import, const AmsImportNode *node,
                              AmsImportValue *value, size_t index,
                              const char *attribute, const char *operation) {
  AmsImportValue *bound = NULL;
  if (amsImportHasInput(node, index)) {
    bound = amsImportInput(import, node, index);
    int64_t count;
    if (bound && (!amsImportShapeCount(&bound->shape, &count) || count != 1))
      return amsImportError(import, "the bound '%s' must be a scalar",
                            bound->name);
    if (bound)
      bound = amsImportReshaped(import, bound, &(AmsImportShape){.rank = 0});
  } else if (amsImportHasAttribute(node, attribute)) {
    float number;
    if (!amsImportFloat(import, node, attribute, 0.0f, &number))
      return NULL;
    return amsImportScaled(import, operation, value, number);
  } else {
    return value;
  }
  return bound ? amsImportBroadcastBinary(import, operation, value, bound)
               : NULL;
}

AmsImportValue *amsImportClip(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *value = amsImportInput(import, node, 0);
  if (value)
    value = clipTo(import, node, value, 1, "min", "arith.maximumf");
  return value ? clipTo(import, node, value, 2, "max", "arith.minimumf") : NULL;
}
