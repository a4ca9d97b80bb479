//===-- model_input.c - Files as a model's inputs -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any number of samples may be given: only the leading dimension is free.
//
//===----------------------------------------------------------------------===//

#include "model_input.h"

#include "tensor_file.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

ams_element_t ams_model_tensor_element(const ams_abi_tensor_t *tensor) {
  return tensor->dtype == AMS_ABI_I64 ? AMS_ELEMENT_I64 : AMS_ELEMENT_F32;
}

void ams_model_tensor_shape(const ams_abi_tensor_t *tensor, int64_t batch,
                            int64_t samples, int64_t dims[AMS_ABI_MAX_RANK]) {
  for (uint32_t i = 1; i < tensor->rank; ++i)
    dims[i] = tensor->dims[i];
  dims[0] = samples * (tensor->dims[0] / batch);
}

void ams_model_tensor_format(const ams_abi_tensor_t *tensor, int64_t batch,
                             char text[AMS_SHAPE_TEXT_SIZE]) {
  int64_t lead = tensor->dims[0] / batch;
  size_t size = AMS_SHAPE_TEXT_SIZE;
  int length = lead == 1 ? snprintf(text, size, "[N")
                         : snprintf(text, size, "[%" PRId64 "*N", lead);
  for (uint32_t i = 1; i < tensor->rank; ++i)
    length += snprintf(text + length, size - (size_t)length, ", %" PRId64,
                       tensor->dims[i]);
  snprintf(text + length, size - (size_t)length, "]");
}

/// Whether all dimensions but the first are those of `expected`.
static bool has_shape(const ams_tensor_t *tensor,
                      const ams_abi_tensor_t *expected, int64_t lead) {
  if (tensor->rank != (int)expected->rank || tensor->dims[0] % lead != 0)
    return false;
  for (int i = 1; i < tensor->rank; ++i)
    if (tensor->dims[i] != expected->dims[i])
      return false;
  return true;
}

/// Gives images the model's shape where a sample has as many elements.
static void fit_images(ams_tensor_t *tensor, const ams_abi_tensor_t *expected,
                       int64_t batch) {
  int64_t images = tensor->dims[0], elements = expected->dims[0] / batch;
  for (uint32_t i = 1; i < expected->rank; ++i)
    elements *= expected->dims[i];
  if (!tensor->images || images == 0 || tensor->count / images != elements)
    return;
  tensor->rank = (int)expected->rank;
  ams_model_tensor_shape(expected, batch, images, tensor->dims);
}

static ams_status_t count_samples(ams_tensor_t *tensor,
                                  const ams_abi_tensor_t *expected,
                                  int64_t batch, const char *what,
                                  int64_t *out_samples) {
  int64_t lead = expected->dims[0] / batch;
  fit_images(tensor, expected, batch);
  if (!has_shape(tensor, expected, lead)) {
    char wanted[AMS_SHAPE_TEXT_SIZE], found[AMS_SHAPE_TEXT_SIZE];
    ams_model_tensor_format(expected, batch, wanted);
    ams_shape_format(tensor->rank, tensor->dims, found);
    return ams_status_make(
        AMS_STATUS_INVALID_ARGUMENT,
        "%s has shape %s, but the model expects %s, N samples", what, found,
        wanted);
  }
  *out_samples = tensor->dims[0] / lead;
  if (*out_samples == 0)
    return ams_status_make(AMS_STATUS_INVALID_ARGUMENT, "%s holds no samples",
                           what);
  return AMS_OK;
}

static ams_status_t check_finite(const ams_tensor_t *tensor, const char *what,
                                 int64_t samples) {
  if (tensor->element != AMS_ELEMENT_F32)
    return AMS_OK;
  int64_t position = ams_tensor_find_not_finite(tensor);
  if (position < 0)
    return AMS_OK;
  char index[AMS_SHAPE_TEXT_SIZE];
  ams_tensor_format_index(tensor, position, index);
  bool nan = isnan(((const float *)tensor->data)[position]);
  return ams_status_make(AMS_STATUS_INVALID_DATA,
                         "%s holds %s at index %s (sample %" PRId64
                         "); every element must be finite",
                         what, nan ? "NaN" : "infinity", index,
                         position / (tensor->count / samples));
}

ams_status_t ams_model_input_read(const ams_model_t *model, size_t index,
                                  const char *path, ams_tensor_t *out_tensor,
                                  int64_t *out_samples) {
  const ams_abi_tensor_t *expected = ams_model_input(model, index);
  char what[512];
  snprintf(what, sizeof what, "input \"%s\" (%s)",
           ams_model_string(model, expected->name), path);
  ams_tensor_t tensor;
  AMS_RETURN_IF_ERROR(ams_tensor_file_read(path, &tensor));
  ams_status_t status =
      ams_tensor_convert(&tensor, ams_model_tensor_element(expected), what);
  if (!status)
    status = count_samples(&tensor, expected, ams_model_manifest(model)->batch,
                           what, out_samples);
  if (!status)
    status = check_finite(&tensor, what, *out_samples);
  if (status)
    ams_tensor_free(&tensor);
  else
    *out_tensor = tensor;
  return status;
}
