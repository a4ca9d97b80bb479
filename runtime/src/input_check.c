//===-- input_check.c - What inputs may hold ----------------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "input_check.h"

/// Elements that a sample, or in a step a row, has.
static int64_t row_elements(const ams_abi_tensor_t *tensor) {
  int64_t count = 1;
  for (uint32_t d = 1; d < tensor->rank; ++d)
    count *= tensor->dims[d];
  return count;
}

static ams_status_t check_input(const ams_model_t *model,
                                const ams_abi_tensor_t *tensor, int64_t samples,
                                const int64_t *elements) {
  int64_t count = samples * ams_model_sample_elements(model, tensor);
  for (int64_t i = 0; i < count; ++i)
    if (elements[i] < tensor->least || elements[i] > tensor->most)
      return ams_status_make(
          AMS_STATUS_INVALID_ARGUMENT,
          "input \"%s\", sample %lld: %lld is not between %lld and %lld; it is "
          "used as an index",
          ams_model_string(model, tensor->name),
          (long long)(i / row_elements(tensor)), (long long)elements[i],
          (long long)tensor->least, (long long)tensor->most);
  return AMS_OK;
}

ams_status_t ams_inputs_check(const ams_model_t *model, int64_t samples,
                              const void *const *inputs) {
  for (uint32_t i = 0; i < model->manifest->num_inputs; ++i) {
    const ams_abi_tensor_t *tensor = ams_model_input(model, i);
    if (tensor->bounded)
      AMS_RETURN_IF_ERROR(check_input(model, tensor, samples, inputs[i]));
  }
  return AMS_OK;
}
