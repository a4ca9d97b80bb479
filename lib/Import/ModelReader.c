//===-- ModelReader.c - ONNX files without their weights ---------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelReader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

//===----------------------------------------------------------------------===//
// What is read
//===----------------------------------------------------------------------===//

typedef enum Message {
  Model,
  Graph,
  Node,
  Attribute,
  Tensor,
  SparseTensor,
  ValueInfo,
  Type,
  Scalar,  // the field is kept as it is
  RawData, // a reference takes the field's place
} Message;

typedef struct Field {
  Message owner;
  uint32_t number;
  Message content;
} Field;

/* The fields of onnx.proto that are kept; all others are left out. The messages
 * that contain themselves (graphs in attributes, sequence types) are among
 * those, so that what is left has a bounded depth. */
static const Field fields[] = {
    {Model, 1, Scalar},        // ir_version
    {Model, 7, Graph},         // graph
    {Model, 8, Scalar},        // opset_import
    {Graph, 1, Node},          // node
    {Graph, 2, Scalar},        // name
    {Graph, 5, Tensor},        // initializer
    {Graph, 11, ValueInfo},    // input
    {Graph, 12, ValueInfo},    // output
    {Graph, 15, SparseTensor}, // sparse_initializer
    {Node, 1, Scalar},         // input
    {Node, 2, Scalar},         // output
    {Node, 3, Scalar},         // name
    {Node, 4, Scalar},         // op_type
    {Node, 5, Attribute},      // attribute
    {Node, 7, Scalar},         // domain
    {Attribute, 1, Scalar},    // name
    {Attribute, 2, Scalar},    // f
    {Attribute, 3, Scalar},    // i
    {Attribute, 4, Scalar},    // s
    {Attribute, 5, Tensor},    // t
    {Attribute, 7, Scalar},    // floats
    {Attribute, 8, Scalar},    // ints
    {Attribute, 20, Scalar},   // type
    {Tensor, 1, Scalar},       // dims
    {Tensor, 2, Scalar},       // data_type
    {Tensor, 3, Scalar},       // segment
    {Tensor, 4, Scalar},       // float_data
    {Tensor, 5, Scalar},       // int32_data
    {Tensor, 7, Scalar},       // int64_data
    {Tensor, 8, Scalar},       // name
    {Tensor, 9, RawData},      // raw_data
    {Tensor, 14, Scalar},      // data_location
    {SparseTensor, 1, Tensor}, // values
    {ValueInfo, 1, Scalar},    // name
    {ValueInfo, 2, Type},      // type
    {Type, 1, Scalar},         // tensor_type
};

static const Field *findField(Message owner, uint64_t number) {
  for (size_t i = 0; i < sizeof fields / sizeof *fields; ++i)
    if (fields[i].owner == owner && fields[i].number == number)
      return &fields[i];
  return NULL;
}

/* What stands in a raw_data field after the walk. */
typedef struct Reference {
  uint64_t offset;
  uint64_t size;
} Reference;

//===----------------------------------------------------------------------===//
// The walk
//===----------------------------------------------------------------------===//

typedef struct Walk {
  const uint8_t *file; // the file's first byte
  const uint8_t *at;   // the next byte to read
  uint8_t *copy;       // what was kept
  size_t copySize;
  size_t copyCapacity;
  const char *error; // NULL as long as all is well
} Walk;

static bool fail(Walk *walk, const char *error) {
  walk->error = error;
  return false;
}

static bool append(Walk *walk, const void *bytes, size_t size) {
  if (size == 0)
    return true;
  if (size > walk->copyCapacity - walk->copySize) {
    size_t capacity = walk->copyCapacity ? walk->copyCapacity : 4096;
    while (capacity - walk->copySize < size) {
      if (capacity > SIZE_MAX / 2)
        return fail(walk, "out of memory");
      capacity *= 2;
    }
    uint8_t *copy = realloc(walk->copy, capacity);
    if (!copy)
      return fail(walk, "out of memory");
    walk->copy = copy;
    walk->copyCapacity = capacity;
  }
  memcpy(walk->copy + walk->copySize, bytes, size);
  walk->copySize += size;
  return true;
}

static bool readVarint(Walk *walk, const uint8_t *end, uint64_t *value) {
  *value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (walk->at == end)
      return fail(walk, "the file is truncated or corrupt");
    uint8_t byte = *walk->at++;
    *value |= (uint64_t)(byte & 0x7F) << shift;
    if (!(byte & 0x80))
      return true;
  }
  return fail(walk, "a number is longer than 64 bits");
}

/* A length of the copy, always in five bytes so that it can be filled in after
 * what it measures. */
enum { LengthSize = 5 };
static void putLength(uint8_t *bytes, size_t length) {
  for (int i = 0; i < LengthSize; ++i)
    bytes[i] = (uint8_t)(((length >> (7 * i)) & 0x7F) |
                         (i + 1 < LengthSize ? 0x80 : 0));
}

enum { WireVarint = 0, WireFixed64 = 1, WireBytes = 2, WireFixed32 = 5 };

/* Moves past a field's content and tells where it begins. For WireBytes that is
 * after the length. */
static bool skipContent(Walk *walk, const uint8_t *end, unsigned wireType,
                        const uint8_t **content) {
  uint64_t size = 0;
  switch (wireType) {
  case WireVarint:
    *content = walk->at;
    return readVarint(walk, end, &size);
  case WireFixed64:
    size = 8;
    break;
  case WireFixed32:
    size = 4;
    break;
  case WireBytes:
    if (!readVarint(walk, end, &size))
      return false;
    break;
  default:
    return fail(walk, "a field has an unknown wire type");
  }
  if (size > (uint64_t)(end - walk->at))
    return fail(walk, "the file is truncated or corrupt");
  *content = walk->at;
  walk->at += size;
  return true;
}

static bool walkMessage(Walk *walk, const uint8_t *end, Message message);

/* Appends a length and what `content` becomes in the copy. */
static bool walkContent(Walk *walk, const uint8_t *begin, const uint8_t *end,
                        Message content) {
  static const uint8_t placeholder[LengthSize] = {0};
  size_t lengthAt = walk->copySize;
  if (!append(walk, placeholder, LengthSize))
    return false;
  if (content == RawData) {
    Reference reference = {(uint64_t)(begin - walk->file),
                           (uint64_t)(end - begin)};
    if (!append(walk, &reference, sizeof reference))
      return false;
  } else {
    walk->at = begin;
    if (!walkMessage(walk, end, content))
      return false;
  }
  size_t length = walk->copySize - lengthAt - LengthSize;
  if (length > INT32_MAX)
    return fail(walk, "more than 2 GiB stand outside raw_data fields; "
                      "store the weights as raw_data");
  putLength(walk->copy + lengthAt, length);
  return true;
}

static bool walkField(Walk *walk, const uint8_t *end, Message message) {
  const uint8_t *begin = walk->at;
  uint64_t tag;
  if (!readVarint(walk, end, &tag))
    return false;
  if (tag >> 3 == 0 || tag >> 3 >= UINT32_C(1) << 29)
    return fail(walk, "a field has an impossible number");
  const uint8_t *afterTag = walk->at;
  const uint8_t *content;
  unsigned wireType = tag & 7;
  if (!skipContent(walk, end, wireType, &content))
    return false;
  const Field *field = findField(message, tag >> 3);
  if (!field)
    return true;
  // A message with a wire type that is not WireBytes is for protobuf-c to
  // refuse.
  if (field->content == Scalar || wireType != WireBytes)
    return append(walk, begin, (size_t)(walk->at - begin));
  return append(walk, begin, (size_t)(afterTag - begin)) &&
         walkContent(walk, content, walk->at, field->content);
}

static bool walkMessage(Walk *walk, const uint8_t *end, Message message) {
  while (walk->at != end)
    if (!walkField(walk, end, message))
      return false;
  return true;
}

Onnx__ModelProto *amsImportReadModel(const uint8_t *data, size_t size,
                                     char *reason, size_t reasonSize) {
  Walk walk = {.file = data, .at = data};
  Onnx__ModelProto *model = NULL;
  if (!walkMessage(&walk, data + size, Model)) {
    snprintf(reason, reasonSize, "%s (at byte %zu)", walk.error,
             (size_t)(walk.at - data));
  } else {
    model = onnx__model_proto__unpack(NULL, walk.copySize, walk.copy);
    if (!model)
      snprintf(reason, reasonSize, "a field has an unexpected type or length");
  }
  free(walk.copy);
  return model;
}

bool amsImportRawData(const Onnx__TensorProto *tensor, const uint8_t *data,
                      size_t size, const uint8_t **outBytes, size_t *outSize) {
  Reference reference;
  if (!tensor->has_raw_data || tensor->raw_data.len != sizeof reference)
    return false;
  memcpy(&reference, tensor->raw_data.data, sizeof reference);
  if (reference.offset > size || reference.size > size - reference.offset)
    return false;
  *outBytes = data + reference.offset;
  *outSize = (size_t)reference.size;
  return true;
}
