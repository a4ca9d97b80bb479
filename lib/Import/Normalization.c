//===-- Normalization.c - Batch and layer normalization --------------*- C
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

static MlirValue deviationBody(AmsImportBuilder *builder,
                               const MlirValue *elements, const void *epsilon) {
  MlirValue sum = amsImportBuildBinary(
      builder, "arith.addf", elements[0],
      amsImportBuildFloat(builder, *(const float *)epsilon));
  return amsImportBuildUnary(builder, "math.sqrt", sum);
}

/* (x - mean) / sqrt(variance + epsilon) * scale + bias, over the dimensions
 * from `axis` on. */
AmsImportValue *amsImportLayerNormalization(AmsImport *import,
                                            const AmsImportNode *node) {
  AmsImportValue *value = amsImportInput(import, node, 0);
  AmsImportValue *scale = value ? amsImportInput(import, node, 1) : NULL;
  float epsilon;
  int64_t axisAttribute;
  int axis;
  if (!scale || !amsImportFloat(import, node, "epsilon", 1e-5f, &epsilon) ||
      !amsImportInt(import, node, "axis", -1, &axisAttribute) ||
      !amsImportAxis(import, axisAttribute, value->shape.rank, &axis))
    return NULL;
  bool isReduced[AmsImportMaxRank];
  for (int i = 0; i < value->shape.rank; ++i)
    isReduced[i] = i >= axis;
  AmsImportShape shape = value->shape;
  AmsImportValue *result = amsImportMean(import, value, isReduced, true);
  if (result)
    result = amsImportBroadcastBinary(import, "arith.subf", value, result);
  AmsImportValue *variance =
      result ? amsImportBroadcastBinary(import, "arith.mulf", result, result)
             : NULL;
  if (variance)
    variance = amsImportMean(import, variance, isReduced, true);
  AmsImportValue *deviation =
      variance
          ? amsImportBroadcast(import, 1, &variance, deviationBody, &epsilon)
          : NULL;
  if (deviation)
    result = amsImportBroadcastBinary(import, "arith.divf", result, deviation);
  else
    return NULL;
  if (result)
    result = amsImportBroadcastBinary(import, "arith.mulf", result, scale);
  if (result && amsImportHasInput(node, 2)) {
    AmsImportValue *bias = amsImportInput(import, node, 2);
    result = bias ? amsImportBroadcastBinary(import, "arith.addf", result, bias)
                  : NULL;
  }
  if (result && !amsImportShapeEqual(&result->shape, &shape))
    return amsImportError(import, "the scale or the bias does not broadcast to "
                                  "the input");
  return result;
}
