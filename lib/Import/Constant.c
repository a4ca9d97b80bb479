//===-- Constant.c - Elements known at import --------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Importer.h"
#include "ModelReader.h"

#include <inttypes.h>
#include <string.h>

/* Bytes of an element that the importer can read, or 0. */
static size_t elementSize(int32_t elementType) {
  switch (elementType) {
  case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT:
  case ONNX__TENSOR_PROTO__DATA_TYPE__INT32:
    return 4;
  case ONNX__TENSOR_PROTO__DATA_TYPE__INT64:
    return 8;
  case ONNX__TENSOR_PROTO__DATA_TYPE__BOOL:
    return 1;
  default:
    return 0;
  }
}

const char *amsImportElementTypeName(int32_t elementType) {
  static const char *const names[] = {"an undefined type",
                                      "float32",
                                      "uint8",
                                      "int8",
                                      "uint16",
                                      "int16",
                                      "int32",
                                      "int64",
                                      "string",
                                      "bool",
                                      "float16",
                                      "float64",
                                      "uint32",
                                      "uint64",
                                      "complex64",
                                      "complex128",
                                      "bfloat16"};
  return elementType >= 0 &&
                 elementType < (int32_t)(sizeof names / sizeof *names)
             ? names[elementType]
             : "an unknown type";
}

/* Adds a constant to the import; takes the storage over. */
static AmsImportConstant *
newConstant(AmsImport *import, AmsImportStorage *storage, const void *data) {
  AmsImportConstant *constant =
      amsImportArenaAllocate(&import->arena, sizeof *constant);
  if (!constant) {
    amsImportStorageRelease(storage);
    return amsImportOutOfMemory(import);
  }
  *constant = (AmsImportConstant){
      .storage = storage, .data = data, .next = import->constants};
  import->constants = constant;
  return constant;
}

static AmsImportConstant *copiedConstant(AmsImport *import,
                                         const void *elements, size_t size) {
  AmsImportStorage *storage = amsImportStorageAllocate(size);
  if (!storage)
    return amsImportOutOfMemory(import);
  if (size != 0)
    memcpy(amsImportStorageData(storage), elements, size);
  return newConstant(import, storage, amsImportStorageData(storage));
}

AmsImportValue *amsImportNewConstant(AmsImport *import, const char *name,
                                     const AmsImportShape *shape,
                                     int32_t elementType,
                                     const void *elements) {
  AmsImportValue *value =
      amsImportNewValue(import, name, shape, elementType, 0);
  int64_t count = 0;
  if (!value || !amsImportShapeCount(shape, &count))
    return NULL;
  value->constant = copiedConstant(import, elements,
                                   (size_t)count * elementSize(elementType));
  return value->constant ? value : NULL;
}

int64_t amsImportIntegerAt(const AmsImportValue *value, int64_t index) {
  switch (value->elementType) {
  case ONNX__TENSOR_PROTO__DATA_TYPE__INT64:
    return ((const int64_t *)value->constant->data)[index];
  case ONNX__TENSOR_PROTO__DATA_TYPE__INT32:
    return ((const int32_t *)value->constant->data)[index];
  default:
    return ((const uint8_t *)value->constant->data)[index];
  }
}

const AmsImportConstant *amsImportHeld(AmsImport *import,
                                       const AmsImportValue *value) {
  bool isBool = value->elementType == ONNX__TENSOR_PROTO__DATA_TYPE__BOOL;
  if (!isBool && value->elementType != ONNX__TENSOR_PROTO__DATA_TYPE__INT32)
    return value->constant;
  int64_t count = 0;
  amsImportShapeCount(&value->shape, &count);
  AmsImportStorage *storage = amsImportStorageAllocate(
      (size_t)count * (isBool ? sizeof(float) : sizeof(int64_t)));
  if (!storage)
    return amsImportOutOfMemory(import);
  void *elements = amsImportStorageData(storage);
  for (int64_t i = 0; i < count; ++i) {
    int64_t element = amsImportIntegerAt(value, i);
    if (isBool)
      ((float *)elements)[i] = element != 0 ? 1.0f : 0.0f;
    else
      ((int64_t *)elements)[i] = element;
  }
  return newConstant(import, storage, elements);
}

/* The tensor's elements in a field of their own type rather than in raw_data:
 * where they are and how many. */
typedef struct Elements {
  const void *data;
  size_t count;
} Elements;

static Elements typedElements(const Onnx__TensorProto *tensor) {
  switch (tensor->data_type) {
  case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT:
    return (Elements){tensor->float_data, tensor->n_float_data};
  case ONNX__TENSOR_PROTO__DATA_TYPE__INT64:
    return (Elements){tensor->int64_data, tensor->n_int64_data};
  default:
    return (Elements){tensor->int32_data, tensor->n_int32_data};
  }
}

static AmsImportConstant *wrongCount(AmsImport *import, const char *name,
                                     size_t held, const char *unit,
                                     const AmsImportShape *shape) {
  char text[AmsImportShapeTextSize];
  return amsImportError(import,
                        "tensor '%s' holds %zu %s, which does not fit its "
                        "shape %s",
                        name, held, unit, amsImportShapeText(shape, text));
}

/* Bools stand one in an int32 outside raw_data. */
static AmsImportConstant *narrowBools(AmsImport *import,
                                      const int32_t *elements, size_t count) {
  AmsImportStorage *storage = amsImportStorageAllocate(count);
  if (!storage)
    return amsImportOutOfMemory(import);
  uint8_t *bytes = amsImportStorageData(storage);
  for (size_t i = 0; i < count; ++i)
    bytes[i] = elements[i] != 0;
  return newConstant(import, storage, bytes);
}

static AmsImportConstant *tensorElements(AmsImport *import, const char *name,
                                         const Onnx__TensorProto *tensor,
                                         const AmsImportShape *shape,
                                         size_t count) {
  size_t size = elementSize(tensor->data_type);
  const uint8_t *raw;
  size_t rawSize;
  if (amsImportRawData(tensor, amsImportStorageData(import->file),
                       amsImportStorageSize(import->file), &raw, &rawSize)) {
    if (rawSize != count * size)
      return wrongCount(import, name, rawSize, "bytes", shape);
    return (uintptr_t)raw % size == 0
               ? newConstant(import, amsImportStorageRetain(import->file), raw)
               : copiedConstant(import, raw, rawSize);
  }
  Elements elements = typedElements(tensor);
  if (elements.count != count)
    return wrongCount(import, name, elements.count, "elements", shape);
  if (tensor->data_type == ONNX__TENSOR_PROTO__DATA_TYPE__BOOL)
    return narrowBools(import, elements.data, count);
  return copiedConstant(import, elements.data, count * size);
}

AmsImportValue *amsImportTensor(AmsImport *import, const char *name,
                                const Onnx__TensorProto *tensor) {
  if (tensor->n_dims > AmsImportMaxRank)
    return amsImportError(import,
                          "tensor '%s' has %zu dimensions; at most %d are "
                          "supported",
                          name, tensor->n_dims, AmsImportMaxRank);
  if (tensor->has_data_location &&
      tensor->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL)
    return amsImportError(import,
                          "tensor '%s' is stored in a file of its own; export "
                          "the model with its weights inside",
                          name);
  if (tensor->segment)
    return amsImportError(import,
                          "tensor '%s' is stored in segments, which are not "
                          "supported",
                          name);
  AmsImportShape shape = amsImportShape((int)tensor->n_dims, tensor->dims);
  int64_t count = 0;
  AmsImportValue *value =
      amsImportNewValue(import, name, &shape, tensor->data_type, 0);
  if (!value || !amsImportShapeCount(&shape, &count))
    return NULL;
  // Other types are an error only where they are used.
  if (elementSize(tensor->data_type) == 0) {
    value->unavailable = "its element type is not supported";
    return value;
  }
  value->constant = tensorElements(import, name, tensor, &shape, (size_t)count);
  return value->constant ? value : NULL;
}

AmsImportValue *amsImportInitializer(AmsImport *import, const char *name,
                                     const Onnx__TensorProto *tensor) {
  AmsImportValue *value = amsImportTensor(import, name, tensor);
  // The import's list begins with what was made last.
  if (value && value->constant && value->shape.rank > 0 &&
      value->elementType == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
    import->constants->weight = name;
  return value;
}
