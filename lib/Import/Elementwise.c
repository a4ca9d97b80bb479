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

#include <string.h>

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

static MlirValue unaryBody(AmsImportBuilder *builder, const MlirValue *elements,
                           const void *operation) {
  return amsImportBuildUnary(builder, operation, elements[0]);
}

static AmsImportValue *unary(AmsImport *import, const AmsImportNode *node,
                             AmsImportBody body, const void *data) {
  AmsImportValue *value = amsImportInput(import, node, 0);
  return value ? amsImportBroadcast(import, 1, &value, body, data) : NULL;
}

AmsImportValue *amsImportAbs(AmsImport *import, const AmsImportNode *node) {
  return unary(import, node, unaryBody, "math.absf");
}

AmsImportValue *amsImportErf(AmsImport *import, const AmsImportNode *node) {
  return unary(import, node, unaryBody, "math.erf");
}

AmsImportValue *amsImportExp(AmsImport *import, const AmsImportNode *node) {
  return unary(import, node, unaryBody, "math.exp");
}

AmsImportValue *amsImportLog(AmsImport *import, const AmsImportNode *node) {
  return unary(import, node, unaryBody, "math.log");
}

AmsImportValue *amsImportNeg(AmsImport *import, const AmsImportNode *node) {
  return unary(import, node, unaryBody, "arith.negf");
}

AmsImportValue *amsImportSqrt(AmsImport *import, const AmsImportNode *node) {
  return unary(import, node, unaryBody, "math.sqrt");
}

AmsImportValue *amsImportTanh(AmsImport *import, const AmsImportNode *node) {
  return unary(import, node, unaryBody, "math.tanh");
}

static MlirValue reciprocalBody(AmsImportBuilder *builder,
                                const MlirValue *elements, const void *data) {
  (void)data;
  return amsImportBuildBinary(builder, "arith.divf",
                              amsImportBuildFloat(builder, 1.0f), elements[0]);
}

AmsImportValue *amsImportReciprocal(AmsImport *import,
                                    const AmsImportNode *node) {
  return unary(import, node, reciprocalBody, NULL);
}

static MlirValue sigmoidBody(AmsImportBuilder *builder,
                             const MlirValue *elements, const void *data) {
  (void)data;
  MlirValue one = amsImportBuildFloat(builder, 1.0f);
  MlirValue power = amsImportBuildUnary(
      builder, "math.exp",
      amsImportBuildUnary(builder, "arith.negf", elements[0]));
  return amsImportBuildBinary(
      builder, "arith.divf", one,
      amsImportBuildBinary(builder, "arith.addf", one, power));
}

AmsImportValue *amsImportSigmoid(AmsImport *import, const AmsImportNode *node) {
  return unary(import, node, sigmoidBody, NULL);
}

/* x (1 + erf(x / sqrt 2)) / 2. */
static MlirValue geluBody(AmsImportBuilder *builder, const MlirValue *elements,
                          const void *data) {
  (void)data;
  MlirValue scaled =
      amsImportBuildBinary(builder, "arith.mulf", elements[0],
                           amsImportBuildFloat(builder, 0.70710678f));
  MlirValue sum = amsImportBuildBinary(
      builder, "arith.addf", amsImportBuildUnary(builder, "math.erf", scaled),
      amsImportBuildFloat(builder, 1.0f));
  MlirValue half = amsImportBuildBinary(builder, "arith.mulf", elements[0],
                                        amsImportBuildFloat(builder, 0.5f));
  return amsImportBuildBinary(builder, "arith.mulf", half, sum);
}

/* x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2. */
static MlirValue tanhGeluBody(AmsImportBuilder *builder,
                              const MlirValue *elements, const void *data) {
  (void)data;
  MlirValue x = elements[0], one = amsImportBuildFloat(builder, 1.0f);
  MlirValue square = amsImportBuildBinary(builder, "arith.mulf", x, x);
  MlirValue factor = amsImportBuildBinary(
      builder, "arith.addf", one,
      amsImportBuildBinary(builder, "arith.mulf", square,
                           amsImportBuildFloat(builder, 0.044715f)));
  MlirValue scaled = amsImportBuildBinary(
      builder, "arith.mulf", x, amsImportBuildFloat(builder, 0.79788456f));
  MlirValue bent = amsImportBuildUnary(
      builder, "math.tanh",
      amsImportBuildBinary(builder, "arith.mulf", scaled, factor));
  MlirValue half = amsImportBuildBinary(builder, "arith.mulf", x,
                                        amsImportBuildFloat(builder, 0.5f));
  return amsImportBuildBinary(
      builder, "arith.mulf", half,
      amsImportBuildBinary(builder, "arith.addf", one, bent));
}

AmsImportValue *amsImportGelu(AmsImport *import, const AmsImportNode *node) {
  const char *approximate;
  if (!amsImportString(import, node, "approximate", "none", &approximate))
    return NULL;
  bool isTanh = strcmp(approximate, "tanh") == 0;
  if (!isTanh && strcmp(approximate, "none") != 0)
    return amsImportError(import,
                          "attribute 'approximate' is '%s'; only none and "
                          "tanh are known",
                          approximate);
  return unary(import, node, isTanh ? tanhGeluBody : geluBody, NULL);
}

/* A square and a root, the powers that normalisations are written with, are
 * computed as such. */
AmsImportValue *amsImportPow(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *base = amsImportInput(import, node, 0);
  AmsImportValue *exponent = base ? amsImportInput(import, node, 1) : NULL;
  if (!exponent)
    return NULL;
  int64_t count = 0;
  if (exponent->constant && amsImportShapeCount(&exponent->shape, &count) &&
      count == 1 && exponent->shape.rank <= base->shape.rank) {
    float power = *(const float *)exponent->constant->data;
    if (power == 2.0f)
      return amsImportBroadcastBinary(import, "arith.mulf", base, base);
    if (power == 0.5f)
      return amsImportBroadcast(import, 1, &base, unaryBody, "math.sqrt");
  }
  return amsImportBroadcastBinary(import, "math.powf", base, exponent);
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
