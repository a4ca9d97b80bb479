//===-- Node.c - A node's inputs and attributes ------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Node.h"

#include <inttypes.h>
#include <string.h>

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

bool amsImportHasInput(const AmsImportNode *node, size_t index) {
  return index < node->inputCount && node->inputs[index];
}

AmsImportValue *amsImportAnyInput(AmsImport *import, const AmsImportNode *node,
                                  size_t index) {
  if (!amsImportHasInput(node, index))
    return amsImportError(import, "input %zu is missing", index);
  AmsImportValue *value = node->inputs[index];
  int64_t count;
  if (!amsImportShapeCount(&value->shape, &count) || count == 0)
    return amsImportError(import, "input '%s' is empty", value->name);
  return value;
}

static AmsImportValue *wrongType(AmsImport *import, const AmsImportValue *value,
                                 const char *supported) {
  return amsImportError(
      import, "input '%s' has elements of %s; only %s", value->name,
      amsImportElementTypeName(value->elementType), supported);
}

AmsImportValue *amsImportInput(AmsImport *import, const AmsImportNode *node,
                               size_t index) {
  AmsImportValue *value = amsImportAnyInput(import, node, index);
  return value && value->elementType != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT
             ? wrongType(import, value, "float32 is supported")
             : value;
}

AmsImportValue *amsImportBoolInput(AmsImport *import, const AmsImportNode *node,
                                   size_t index) {
  AmsImportValue *value = amsImportAnyInput(import, node, index);
  return value && value->elementType != ONNX__TENSOR_PROTO__DATA_TYPE__BOOL
             ? wrongType(import, value, "bool is allowed here")
             : value;
}

AmsImportValue *amsImportIndexInput(AmsImport *import,
                                    const AmsImportNode *node, size_t index) {
  AmsImportValue *value = amsImportAnyInput(import, node, index);
  return value && !amsImportIsInteger(value)
             ? wrongType(import, value, "int32 and int64 are allowed here")
             : value;
}

bool amsImportIsInteger(const AmsImportValue *value) {
  return value->elementType == ONNX__TENSOR_PROTO__DATA_TYPE__INT64 ||
         value->elementType == ONNX__TENSOR_PROTO__DATA_TYPE__INT32;
}

static AmsImportValue *constantInput(AmsImport *import,
                                     const AmsImportNode *node, size_t index) {
  if (!amsImportHasInput(node, index))
    return amsImportError(import, "input %zu is missing", index);
  if (!node->inputs[index]->constant)
    return amsImportError(import,
                          "input '%s' must be a constant; it is "
                          "computed at run time",
                          node->inputs[index]->name);
  return node->inputs[index];
}

bool amsImportInputInts(AmsImport *import, const AmsImportNode *node,
                        size_t index, int capacity, int64_t *elements,
                        int *count) {
  AmsImportValue *value = constantInput(import, node, index);
  if (!value)
    return false;
  if (value->elementType == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
    return amsImportError(import,
                          "input '%s' must hold integers; it holds "
                          "float32",
                          value->name);
  int64_t size;
  if (!amsImportShapeCount(&value->shape, &size) || size > capacity)
    return amsImportError(import, "input '%s' holds more than %d elements",
                          value->name, capacity);
  *count = (int)size;
  for (int i = 0; i < *count; ++i)
    elements[i] = amsImportIntegerAt(value, i);
  return true;
}

const float *amsImportInputFloats(AmsImport *import, const AmsImportNode *node,
                                  size_t index, int64_t count) {
  AmsImportValue *value = constantInput(import, node, index);
  if (!value || !amsImportInput(import, node, index))
    return NULL;
  int64_t size;
  if (!amsImportShapeCount(&value->shape, &size) || size != count)
    return amsImportError(import,
                          "input '%s' must hold %" PRId64 " elements; it "
                          "holds %" PRId64,
                          value->name, count, size);
  return value->constant->data;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

const Onnx__AttributeProto *amsImportFindAttribute(const AmsImportNode *node,
                                                   const char *name) {
  for (size_t i = 0; i < node->proto->n_attribute; ++i) {
    const Onnx__AttributeProto *attribute = node->proto->attribute[i];
    if (attribute->name && strcmp(attribute->name, name) == 0)
      return attribute;
  }
  return NULL;
}

bool amsImportHasAttribute(const AmsImportNode *node, const char *name) {
  return amsImportFindAttribute(node, name) != NULL;
}

/* Checks an attribute's declared type, which the oldest files leave out. */
static bool hasType(AmsImport *import, const Onnx__AttributeProto *attribute,
                    Onnx__AttributeProto__AttributeType type,
                    const char *typeName) {
  if (!attribute->has_type || attribute->type == type)
    return true;
  return amsImportError(import, "attribute '%s' must be %s", attribute->name,
                        typeName);
}

bool amsImportInt(AmsImport *import, const AmsImportNode *node,
                  const char *name, int64_t fallback, int64_t *value) {
  const Onnx__AttributeProto *attribute = amsImportFindAttribute(node, name);
  *value = attribute ? attribute->i : fallback;
  return !attribute ||
         hasType(import, attribute, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT,
                 "an integer");
}

bool amsImportFloat(AmsImport *import, const AmsImportNode *node,
                    const char *name, float fallback, float *value) {
  const Onnx__AttributeProto *attribute = amsImportFindAttribute(node, name);
  *value = attribute ? attribute->f : fallback;
  return !attribute ||
         hasType(import, attribute,
                 ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT, "a float");
}

bool amsImportString(AmsImport *import, const AmsImportNode *node,
                     const char *name, const char *fallback,
                     const char **value) {
  const Onnx__AttributeProto *attribute = amsImportFindAttribute(node, name);
  *value = fallback;
  if (!attribute)
    return true;
  if (!hasType(import, attribute, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING,
               "a string"))
    return false;
  char *text = amsImportArenaAllocate(&import->arena, attribute->s.len + 1);
  if (!text)
    return amsImportOutOfMemory(import);
  if (attribute->s.len != 0)
    memcpy(text, attribute->s.data, attribute->s.len);
  *value = text;
  return true;
}

bool amsImportInts(AmsImport *import, const AmsImportNode *node,
                   const char *name, int capacity, int64_t *elements,
                   int *count) {
  const Onnx__AttributeProto *attribute = amsImportFindAttribute(node, name);
  *count = 0;
  if (!attribute)
    return true;
  if (!hasType(import, attribute, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS,
               "a list of integers"))
    return false;
  if (attribute->n_ints > (size_t)capacity)
    return amsImportError(import, "attribute '%s' holds more than %d integers",
                          name, capacity);
  *count = (int)attribute->n_ints;
  for (int i = 0; i < *count; ++i)
    elements[i] = attribute->ints[i];
  return true;
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

bool amsImportAxis(AmsImport *import, int64_t axis, int rank, int *result) {
  if (axis < -rank || axis >= rank)
    return amsImportError(
        import, "there is no axis %" PRId64 " among %d dimensions", axis, rank);
  *result = (int)(axis < 0 ? axis + rank : axis);
  return true;
}

bool amsImportRequireRank(AmsImport *import, const AmsImportValue *value,
                          const char *what, int rank) {
  if (value->shape.rank == rank)
    return true;
  char text[AmsImportShapeTextSize];
  return amsImportError(
      import, "%s '%s' must have %d dimensions; its shape is %s", what,
      value->name, rank, amsImportShapeText(&value->shape, text));
}
