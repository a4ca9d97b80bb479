//===-- ModelWeights.c - Weights in an ONNX file -----------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ModelWeights.h"

#include "ModelReader.h"
#include "Storage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct AmsModelWeights {
  uint8_t *bytes;
  size_t size;
  Onnx__ModelProto *model; // refers to `bytes`
};

AmsModelWeights *amsModelWeightsOpen(const char *path, char *reason,
                                     size_t reasonSize) {
  const char *why = "out of memory";
  AmsImportStorage *file = amsImportStorageMap(path, &why);
  AmsModelWeights *weights = file ? calloc(1, sizeof *weights) : NULL;
  if (weights) {
    weights->size = amsImportStorageSize(file);
    weights->bytes = malloc(weights->size);
  }
  if (!weights || !weights->bytes) {
    snprintf(reason, reasonSize, "%s", why);
  } else {
    memcpy(weights->bytes, amsImportStorageData(file), weights->size);
    weights->model =
        amsImportReadModel(weights->bytes, weights->size, reason, reasonSize);
  }
  amsImportStorageRelease(file);
  if (weights && weights->model)
    return weights;
  amsModelWeightsClose(weights);
  return NULL;
}

void amsModelWeightsClose(AmsModelWeights *weights) {
  if (!weights)
    return;
  if (weights->model)
    onnx__model_proto__free_unpacked(weights->model, NULL);
  free(weights->bytes);
  free(weights);
}

static const Onnx__TensorProto *findTensor(const AmsModelWeights *weights,
                                           const char *name) {
  const Onnx__GraphProto *graph = weights->model->graph;
  for (size_t i = 0; graph && i < graph->n_initializer; ++i)
    if (graph->initializer[i]->name &&
        !strcmp(graph->initializer[i]->name, name))
      return graph->initializer[i];
  return NULL;
}

/* Where the numbers of `name` stand among the bytes; SIZE_MAX after a failure.
 */
static size_t findNumbers(const AmsModelWeights *weights, const char *name,
                          int64_t count, char *reason, size_t reasonSize) {
  const Onnx__TensorProto *tensor = findTensor(weights, name);
  const uint8_t *at;
  size_t size;
  if (!tensor)
    snprintf(reason, reasonSize, "the model has no initializer '%s'", name);
  else if (tensor->data_type != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
    snprintf(reason, reasonSize, "initializer '%s' is not of float32", name);
  else if (!amsImportRawData(tensor, weights->bytes, weights->size, &at, &size))
    snprintf(
        reason, reasonSize,
        "initializer '%s' does not stand in the file as raw_data; save the "
        "model with its weights inside, as PyTorch's exporter does",
        name);
  else if (count < 0 || size / sizeof(float) != (size_t)count ||
           size % sizeof(float))
    snprintf(reason, reasonSize,
             "initializer '%s' has %zu bytes, not those of %lld numbers", name,
             size, (long long)count);
  else
    return (size_t)(at - weights->bytes);
  return SIZE_MAX;
}

bool amsModelWeightsGet(const AmsModelWeights *weights, const char *name,
                        int64_t count, float *outNumbers, char *reason,
                        size_t reasonSize) {
  size_t at = findNumbers(weights, name, count, reason, reasonSize);
  if (at == SIZE_MAX)
    return false;
  memcpy(outNumbers, weights->bytes + at, (size_t)count * sizeof(float));
  return true;
}

bool amsModelWeightsSet(AmsModelWeights *weights, const char *name,
                        int64_t count, const float *numbers, char *reason,
                        size_t reasonSize) {
  size_t at = findNumbers(weights, name, count, reason, reasonSize);
  if (at == SIZE_MAX)
    return false;
  memcpy(weights->bytes + at, numbers, (size_t)count * sizeof(float));
  return true;
}

const void *amsModelWeightsBytes(const AmsModelWeights *weights,
                                 size_t *outSize) {
  *outSize = weights->size;
  return weights->bytes;
}
