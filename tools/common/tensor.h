//===-- tensor.h - Arrays of numbers in memory --------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the file readers give and the writers take: a dense row-major array.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TOOLS_TENSOR_H
#define AMS_TOOLS_TENSOR_H

#include "ams/abi.h"
#include "ams/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ams_element {
  AMS_ELEMENT_F32,
  AMS_ELEMENT_F64,
  AMS_ELEMENT_I8,
  AMS_ELEMENT_I16,
  AMS_ELEMENT_I32,
  AMS_ELEMENT_I64,
  AMS_ELEMENT_U8,
  AMS_ELEMENT_U16,
  AMS_ELEMENT_U32,
  AMS_ELEMENT_BOOL,
} ams_element_t;

typedef struct ams_tensor {
  ams_element_t element;
  int rank;
  int64_t dims[AMS_ABI_MAX_RANK];
  int64_t count; // elements in all
  void *data;
  /// From a file of images, which has no channel axis: a sample may take any
  /// shape of as many elements.
  bool images;
} ams_tensor_t;

/// Bytes of one element.
size_t ams_element_size(ams_element_t element);

/// "float32", "int64", ...
const char *ams_element_name(ams_element_t element);

/// Counts the elements of a shape and allocates them, uninitialised. `what`
/// names the tensor in the message about a shape that is negative or too large.
ams_status_t ams_tensor_allocate(ams_element_t element, int rank,
                                 const int64_t *dims, const char *what,
                                 ams_tensor_t *out_tensor);

/// The element count of a shape; fails where a dimension is negative or the
/// size in bytes exceeds what memory can hold.
ams_status_t ams_shape_count(int rank, const int64_t *dims, size_t element_size,
                             const char *what, int64_t *out_count);

/// Frees the elements; a tensor of zeros is allowed.
void ams_tensor_free(ams_tensor_t *tensor);

/// Converts to `element`, AMS_ELEMENT_F32 or AMS_ELEMENT_I64: any number
/// becomes a float32 (rounded to nearest); only integers become int64.
ams_status_t ams_tensor_convert(ams_tensor_t *tensor, ams_element_t element,
                                const char *what);

/// The first element of a float32 tensor that is NaN or infinite, or -1.
int64_t ams_tensor_find_not_finite(const ams_tensor_t *tensor);

/// Room for any shape or index in text.
#define AMS_SHAPE_TEXT_SIZE (AMS_ABI_MAX_RANK * 22 + 3)

/// Writes "[2, 28, 28]".
void ams_shape_format(int rank, const int64_t *dims,
                      char text[AMS_SHAPE_TEXT_SIZE]);

/// Writes the coordinates of element number `position` as "[0, 3, 27]".
void ams_tensor_format_index(const ams_tensor_t *tensor, int64_t position,
                             char text[AMS_SHAPE_TEXT_SIZE]);

#endif // AMS_TOOLS_TENSOR_H
