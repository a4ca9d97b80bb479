//===-- Logic.c - Comparisons, choices and conversions -----------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Digital.h"
#include "Node.h"
#include "Operators.h"

#include "mlir-c/BuiltinTypes.h"

#define BOOL ONNX__TENSOR_PROTO__DATA_TYPE__BOOL
#define FLOAT ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT

//===----------------------------------------------------------------------===//
// Comparisons
//===----------------------------------------------------------------------===//

/* Predicates of arith.cmpf, ordered, and of arith.cmpi, signed. */
typedef struct Predicate {
  int64_t ofFloats, ofInts;
} Predicate;

static const Predicate equal = {1, 0}, less = {4, 2}, lessOrEqual = {5, 3},
                       greater = {2, 4}, greaterOrEqual = {3, 5};

/* 1 or 0, as bools are held. */
static MlirValue held(AmsImportBuilder *builder, MlirValue condition) {
  MlirValue yes = amsImportBuildFloat(builder, 1.0f);
  MlirValue no = amsImportBuildFloat(builder, 0.0f);
  return amsImportBuildSelect(builder, condition, yes, no);
}

/* Whether a bool that is held as float32 is true. */
static MlirValue isTrue(AmsImportBuilder *builder, MlirValue element) {
  enum { UnorderedNotEqual = 13 };
  return amsImportBuildCompare(builder, UnorderedNotEqual, element,
                               amsImportBuildFloat(builder, 0.0f));
}

static MlirValue compareBody(AmsImportBuilder *builder,
                             const MlirValue *elements, const void *data) {
  const Predicate *predicate = data;
  bool isFloat = mlirTypeIsAF32(mlirValueGetType(elements[0]));
  return held(builder, amsImportBuildCompare(builder,
                                             isFloat ? predicate->ofFloats
                                                     : predicate->ofInts,
                                             elements[0], elements[1]));
}

static AmsImportValue *differ(AmsImport *import, const AmsImportValue *left,
                              const AmsImportValue *right) {
  return amsImportError(import, "'%s' has elements of %s, '%s' of %s",
                        left->name, amsImportElementTypeName(left->elementType),
                        right->name,
                        amsImportElementTypeName(right->elementType));
}

static AmsImportValue *compare(AmsImport *import, const AmsImportNode *node,
                               const Predicate *predicate) {
  AmsImportValue *left = amsImportAnyInput(import, node, 0);
  AmsImportValue *right = left ? amsImportAnyInput(import, node, 1) : NULL;
  if (!right)
    return NULL;
  if (left->elementType != right->elementType)
    return differ(import, left, right);
  AmsImportValue *operands[] = {left, right};
  return amsImportBroadcastAs(import, BOOL, 2, operands, compareBody,
                              predicate);
}

AmsImportValue *amsImportEqual(AmsImport *import, const AmsImportNode *node) {
  return compare(import, node, &equal);
}

AmsImportValue *amsImportLess(AmsImport *import, const AmsImportNode *node) {
  return compare(import, node, &less);
}

AmsImportValue *amsImportLessOrEqual(AmsImport *import,
                                     const AmsImportNode *node) {
  return compare(import, node, &lessOrEqual);
}

AmsImportValue *amsImportGreater(AmsImport *import, const AmsImportNode *node) {
  return compare(import, node, &greater);
}

AmsImportValue *amsImportGreaterOrEqual(AmsImport *import,
                                        const AmsImportNode *node) {
  return compare(import, node, &greaterOrEqual);
}

//===----------------------------------------------------------------------===//
// Bools
//===----------------------------------------------------------------------===//

static MlirValue notBody(AmsImportBuilder *builder, const MlirValue *elements,
                         const void *data) {
  (void)data;
  return amsImportBuildBinary(builder, "arith.subf",
                              amsImportBuildFloat(builder, 1.0f), elements[0]);
}

AmsImportValue *amsImportNot(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *value = amsImportBoolInput(import, node, 0);
  return value ? amsImportBroadcastAs(import, BOOL, 1, &value, notBody, NULL)
               : NULL;
}

static MlirValue binaryBody(AmsImportBuilder *builder,
                            const MlirValue *elements, const void *operation) {
  return amsImportBuildBinary(builder, operation, elements[0], elements[1]);
}

static AmsImportValue *combine(AmsImport *import, const AmsImportNode *node,
                               const char *operation) {
  AmsImportValue *operands[] = {amsImportBoolInput(import, node, 0),
                                amsImportBoolInput(import, node, 1)};
  return operands[0] && operands[1]
             ? amsImportBroadcastAs(import, BOOL, 2, operands, binaryBody,
                                    operation)
             : NULL;
}

AmsImportValue *amsImportAnd(AmsImport *import, const AmsImportNode *node) {
  return combine(import, node, "arith.minimumf");
}

AmsImportValue *amsImportOr(AmsImport *import, const AmsImportNode *node) {
  return combine(import, node, "arith.maximumf");
}

static MlirValue whereBody(AmsImportBuilder *builder, const MlirValue *elements,
                           const void *data) {
  (void)data;
  return amsImportBuildSelect(builder, isTrue(builder, elements[0]),
                              elements[1], elements[2]);
}

AmsImportValue *amsImportWhere(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *operands[] = {amsImportBoolInput(import, node, 0),
                                amsImportAnyInput(import, node, 1),
                                amsImportAnyInput(import, node, 2)};
  if (!operands[0] || !operands[1] || !operands[2])
    return NULL;
  if (operands[1]->elementType != operands[2]->elementType)
    return differ(import, operands[1], operands[2]);
  return amsImportBroadcastAs(import, operands[1]->elementType, 3, operands,
                              whereBody, NULL);
}

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

/* The same elements, held in the same way, under the name of another type. */
static AmsImportValue *renamed(AmsImport *import, AmsImportValue *value,
                               int32_t elementType) {
  AmsImportForm form = amsImportNativeForm(value);
  MlirValue elements = amsImportInForm(import, value, form);
  return mlirValueIsNull(elements)
             ? NULL
             : amsImportComputedAs(import, elementType, form, elements);
}

static MlirValue toFloatBody(AmsImportBuilder *builder,
                             const MlirValue *elements, const void *data) {
  (void)data;
  return amsImportBuildCast(builder, "arith.sitofp", elements[0], builder->f32);
}

static MlirValue toBoolBody(AmsImportBuilder *builder,
                            const MlirValue *elements, const void *data) {
  enum { NotEqual = 1 };
  (void)data;
  bool isFloat = mlirTypeIsAF32(mlirValueGetType(elements[0]));
  return held(builder,
              isFloat ? isTrue(builder, elements[0])
                      : amsImportBuildCompare(builder, NotEqual, elements[0],
                                              amsImportBuildInt(builder, 0)));
}

static MlirValue boolToIntBody(AmsImportBuilder *builder,
                               const MlirValue *elements, const void *data) {
  (void)data;
  return amsImportBuildSelect(builder, isTrue(builder, elements[0]),
                              amsImportBuildInt(builder, 1),
                              amsImportBuildInt(builder, 0));
}

/* A constant of integers as int64, so that shapes can be made of it. */
static AmsImportValue *constantInts(AmsImport *import, AmsImportValue *value) {
  const AmsImportConstant *elements = amsImportHeld(import, value);
  return elements ? amsImportNewConstant(import, value->name, &value->shape,
                                         ONNX__TENSOR_PROTO__DATA_TYPE__INT64,
                                         elements->data)
                  : NULL;
}

AmsImportValue *amsImportCast(AmsImport *import, const AmsImportNode *node) {
  AmsImportValue *value = amsImportAnyInput(import, node, 0);
  int64_t attribute;
  if (!value || !amsImportInt(import, node, "to", 0, &attribute))
    return NULL;
  int32_t to = (int32_t)attribute;
  MlirType type = amsImportElement(import, to);
  bool isBool = value->elementType == BOOL;
  bool isFloat = value->elementType == FLOAT;
  if (mlirTypeIsNull(type))
    return amsImportError(import, "elements of %s are not supported",
                          amsImportElementTypeName(to));
  if (value->elementType == to)
    return value;
  if (to == BOOL)
    return amsImportBroadcastAs(import, to, 1, &value, toBoolBody, NULL);
  if (to == FLOAT)
    return isBool
               ? renamed(import, value, to)
               : amsImportBroadcastAs(import, to, 1, &value, toFloatBody, NULL);
  if (isFloat)
    return amsImportError(import, "float32 is not converted to %s",
                          amsImportElementTypeName(to));
  if (isBool)
    return amsImportBroadcastAs(import, to, 1, &value, boolToIntBody, NULL);
  return value->constant && to == ONNX__TENSOR_PROTO__DATA_TYPE__INT64
             ? constantInts(import, value)
             : renamed(import, value, to);
}
