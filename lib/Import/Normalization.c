//===-- Normalization.c - BatchNormalization -------------------------*- C
//-*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Digital.h"
#include "Node.h"
#include "Operators.h"

#include <math.h>

/* A constant vector along dimension 1 that belongs to the node. */
static AmsImportValue *channelVector(AmsImport *import,
                                     const AmsImportNode *node,
                                     const char *what, const float *elements,
                                     int64_t count, int rank) {
  char *name = amsImportArenaFormat(&import->arena, "%s.%s", node->name, what);
  if (!name)
    return amsImportOutOfMemory(import);
  AmsImportShape shape = {.rank = 1, .dims = {count}};
  AmsImportValue *vector = amsImportNewConstant(
      import, name, &shape, ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT, elements);
  return vector ? amsImportAlong(import, vector, rank, 1) : NULL;
}

/* y = x * factor + offset, with both computed here: inference only. */
AmsImportValue *amsImportBatchNormalization(AmsImport *import,
                                            const AmsImportNode *node) {
  AmsImportValue *value = amsImportInput(import, node, 0);
  float epsilon;
  int64_t training, spatial;
  if (!value || !amsImportFloat(import, node, "epsilon", 1e-5f, &epsilon) ||
      !amsImportInt(import, node, "training_mode", 0, &training) ||
      !amsImportInt(import, node, "spatial", 1, &spatial))
    return NULL;
  if (!spatial)
    return amsImportError(import, "spatial = 0 is not supported");
  if (training)
    return amsImportError(import, "training_mode is set; export the model for "
                                  "inference");
  if (value->shape.rank < 2)
    return amsImportError(import, "input '%s' has no channels", value->name);
  int64_t channels = value->shape.dims[1];
  const float *parameters[4]; // scale, bias, mean, variance
  for (size_t i = 0; i < 4; ++i) {
    parameters[i] = amsImportInputFloats(import, node, i + 1, channels);
    if (!parameters[i])
      return NULL;
  }

  float *factors = amsImportArenaAllocateArray(&import->arena, (size_t)channels,
                                               2 * sizeof *factors);
  if (!factors)
    return amsImportOutOfMemory(import);
  float *offsets = factors + channels;
  for (int64_t i = 0; i < channels; ++i) {
    factors[i] = parameters[0][i] / sqrtf(parameters[3][i] + epsilon);
    offsets[i] = parameters[1][i] - parameters[2][i] * factors[i];
  }
  int rank = value->shape.rank;
  AmsImportValue *factor =
      channelVector(import, node, "scale", factors, channels, rank);
  AmsImportValue *offset =
      channelVector(import, node, "shift", offsets, channels, rank);
  if (!factor || !offset)
    return NULL;
  AmsImportValue *scaled =
      amsImportBroadcastBinary(import, "arith.mulf", value, factor);
  return scaled ? amsImportBroadcastBinary(import, "arith.addf", scaled, offset)
                : NULL;
}
