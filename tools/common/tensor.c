//===-- tensor.c - Arrays of numbers in memory --------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sizes with overflow checks, conversion between element types, and shapes in
// words.
//
//===----------------------------------------------------------------------===//

#include "tensor.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
  const char *name;
  size_t size;
} elements[] = {
    [AMS_ELEMENT_F32] = {"float32", 4}, [AMS_ELEMENT_F64] = {"float64", 8},
    [AMS_ELEMENT_I8] = {"int8", 1},     [AMS_ELEMENT_I16] = {"int16", 2},
    [AMS_ELEMENT_I32] = {"int32", 4},   [AMS_ELEMENT_I64] = {"int64", 8},
    [AMS_ELEMENT_U8] = {"uint8", 1},    [AMS_ELEMENT_U16] = {"uint16", 2},
    [AMS_ELEMENT_U32] = {"uint32", 4},  [AMS_ELEMENT_BOOL] = {"bool", 1},
};

size_t ams_element_size(ams_element_t element) {
  return elements[element].size;
}

const char *ams_element_name(ams_element_t element) {
  return elements[element].name;
}

ams_status_t ams_shape_count(int rank, const int64_t *dims, size_t element_size,
                             const char *what, int64_t *out_count) {
  char text[AMS_SHAPE_TEXT_SIZE];
  int64_t count = 1, bytes;
  bool has_zero = false, overflows = false;
  for (int i = 0; i < rank; ++i) {
    if (dims[i] < 0) {
      ams_shape_format(rank, dims, text);
      return ams_status_make(AMS_STATUS_INVALID_DATA,
                             "%s: shape %s has a negative dimension", what,
                             text);
    }
    has_zero |= dims[i] == 0;
    overflows |= __builtin_mul_overflow(count, dims[i], &count);
  }
  if (has_zero)
    count = 0, overflows = false;
  if (overflows ||
      __builtin_mul_overflow(count, (int64_t)element_size, &bytes)) {
    ams_shape_format(rank, dims, text);
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%s: shape %s is larger than any memory", what,
                           text);
  }
  *out_count = count;
  return AMS_OK;
}

ams_status_t ams_tensor_allocate(ams_element_t element, int rank,
                                 const int64_t *dims, const char *what,
                                 ams_tensor_t *out_tensor) {
  ams_tensor_t tensor = {.element = element, .rank = rank};
  size_t size = ams_element_size(element);
  AMS_RETURN_IF_ERROR(ams_shape_count(rank, dims, size, what, &tensor.count));
  for (int i = 0; i < rank; ++i)
    tensor.dims[i] = dims[i];
  size_t bytes = (size_t)tensor.count * size;
  tensor.data = malloc(bytes ? bytes : 1);
  if (!tensor.data)
    return ams_status_make(AMS_STATUS_OUT_OF_MEMORY,
                           "%s: no memory for %zu bytes", what, bytes);
  *out_tensor = tensor;
  return AMS_OK;
}

void ams_tensor_free(ams_tensor_t *tensor) {
  free(tensor->data);
  *tensor = (ams_tensor_t){0};
}

static double float_at(const ams_tensor_t *tensor, int64_t i) {
  if (tensor->element == AMS_ELEMENT_F32)
    return ((const float *)tensor->data)[i];
  return ((const double *)tensor->data)[i];
}

static int64_t integer_at(const ams_tensor_t *tensor, int64_t i) {
  switch (tensor->element) {
  case AMS_ELEMENT_I8:
    return ((const int8_t *)tensor->data)[i];
  case AMS_ELEMENT_I16:
    return ((const int16_t *)tensor->data)[i];
  case AMS_ELEMENT_I32:
    return ((const int32_t *)tensor->data)[i];
  case AMS_ELEMENT_I64:
    return ((const int64_t *)tensor->data)[i];
  case AMS_ELEMENT_U16:
    return ((const uint16_t *)tensor->data)[i];
  case AMS_ELEMENT_U32:
    return ((const uint32_t *)tensor->data)[i];
  default:
    return ((const uint8_t *)tensor->data)[i];
  }
}

ams_status_t ams_tensor_convert(ams_tensor_t *tensor, ams_element_t element,
                                const char *what) {
  if (tensor->element == element)
    return AMS_OK;
  bool is_float =
      tensor->element == AMS_ELEMENT_F32 || tensor->element == AMS_ELEMENT_F64;
  if (is_float && element == AMS_ELEMENT_I64)
    return ams_status_make(AMS_STATUS_INVALID_DATA,
                           "%s holds %s where integers are needed", what,
                           ams_element_name(tensor->element));

  ams_tensor_t converted;
  AMS_RETURN_IF_ERROR(ams_tensor_allocate(element, tensor->rank, tensor->dims,
                                          what, &converted));
  converted.images = tensor->images;
  for (int64_t i = 0; i < tensor->count; ++i) {
    if (element == AMS_ELEMENT_I64)
      ((int64_t *)converted.data)[i] = integer_at(tensor, i);
    else
      ((float *)converted.data)[i] =
          is_float ? (float)float_at(tensor, i) : (float)integer_at(tensor, i);
  }
  ams_tensor_free(tensor);
  *tensor = converted;
  return AMS_OK;
}

int64_t ams_tensor_find_not_finite(const ams_tensor_t *tensor) {
  const float *values = tensor->data;
  for (int64_t i = 0; i < tensor->count; ++i)
    if (!isfinite(values[i]))
      return i;
  return -1;
}

void ams_shape_format(int rank, const int64_t *dims,
                      char text[AMS_SHAPE_TEXT_SIZE]) {
  int length = snprintf(text, AMS_SHAPE_TEXT_SIZE, "[");
  for (int i = 0; i < rank; ++i)
    length += snprintf(text + length, AMS_SHAPE_TEXT_SIZE - (size_t)length,
                       "%s%" PRId64, i ? ", " : "", dims[i]);
  snprintf(text + length, AMS_SHAPE_TEXT_SIZE - (size_t)length, "]");
}

void ams_tensor_format_index(const ams_tensor_t *tensor, int64_t position,
                             char text[AMS_SHAPE_TEXT_SIZE]) {
  int64_t index[AMS_ABI_MAX_RANK];
  for (int i = tensor->rank - 1; i >= 0; --i) {
    index[i] = position % tensor->dims[i];
    position /= tensor->dims[i];
  }
  ams_shape_format(tensor->rank, index, text);
}
