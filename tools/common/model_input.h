//===-- model_input.h - Files as a model's inputs -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reads a file for one input of a model and checks it against what the model
// expects: element type, shape, and no NaN or infinity.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_TOOLS_MODEL_INPUT_H
#define AMS_TOOLS_MODEL_INPUT_H

#include "ams/runtime.h"
#include "tensor.h"

/// Reads the file at `path` for input number `index` and counts its samples.
/// Messages name input, file, expected and found shape.
ams_status_t ams_model_input_read(const ams_model_t *model, size_t index,
                                  const char *path, ams_tensor_t *out_tensor,
                                  int64_t *out_samples);

/// The shape of `tensor`, an input or output of a model whose batch is `batch`,
/// for `samples` samples.
void ams_model_tensor_shape(const ams_abi_tensor_t *tensor, int64_t batch,
                            int64_t samples, int64_t dims[AMS_ABI_MAX_RANK]);

/// Writes the shape for any number of samples: "[N, 1, 28, 28]".
void ams_model_tensor_format(const ams_abi_tensor_t *tensor, int64_t batch,
                             char text[AMS_SHAPE_TEXT_SIZE]);

/// The element type that a model's tensor has in a file.
ams_element_t ams_model_tensor_element(const ams_abi_tensor_t *tensor);

#endif // AMS_TOOLS_MODEL_INPUT_H
