//===-- Normalization.c - Batch and layer normalization -----------*- C -*-===//
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

/* Parameters of a batch normalisation, each of as many elements as channels. */
typedef struct Parameters {
  const float *scale, *bias, *mean, *variance;
  int64_t channels;
  float epsilon;
} Parameters;

/* x is multiplied by a factor, then an offset is added. */
typedef struct Line {
  AmsImportValue *factor, *offset;
} Line;

static bool readParameters(AmsImport *import, const AmsImportNode *node,
                           const AmsImportValue *value,
                           Parameters *parameters) {
  parameters->channels = value->shape.dims[1];
  const float **elements[] = {&parameters->scale, &parameters->bias,
                              &parameters->mean, &parameters->variance};
  for (size_t i = 0; i < sizeof elements / sizeof *elements; ++i) {
    *elements[i] =
        amsImportInputFloats(import, node, i + 1, parameters->channels);
    if (!*elements[i])
      return false;
  }
  return amsImportFloat(import, node, "epsilon", 1e-5f, &parameters->epsilon);
}

/* The line as two constants. */
static bool evaluateLine(AmsImport *import, const AmsImportNode *node,
                         const Parameters *p, int rank, Line *line) {
  float *factors = amsImportArenaAllocateArray(
      &import->arena, (size_t)p->channels, 2 * sizeof *factors);
  if (!factors)
    return amsImportOutOfMemory(import);
  float *offsets = factors + p->channels;
  for (int64_t i = 0; i < p->channels; ++i) {
    factors[i] = p->scale[i] / sqrtf(p->variance[i] + p->epsilon);
    offsets[i] = p->bias[i] - p->mean[i] * factors[i];
  }
  line->factor =
      channelVector(import, node, "scale", factors, p->channels, rank);
  line->offset =
      channelVector(import, node, "shift", offsets, p->channels, rank);
  return line->factor && line->offset;
}

/* The line as operations on scale and bias, which are weights of their own, of
 * the roundings of evaluateLine. Running mean and variance are none: they are
 * not trained by gradients. */
static bool buildLine(AmsImport *import, const AmsImportNode *node,
                      const Parameters *p, int rank, Line *line) {
  float *deviations = amsImportArenaAllocateArray(
      &import->arena, (size_t)p->channels, sizeof *deviations);
  if (!deviations)
    return amsImportOutOfMemory(import);
  for (int64_t i = 0; i < p->channels; ++i)
    deviations[i] = sqrtf(p->variance[i] + p->epsilon);
  AmsImportValue *scale = amsImportAlong(import, node->inputs[1], rank, 1);
  AmsImportValue *bias = amsImportAlong(import, node->inputs[2], rank, 1);
  AmsImportValue *deviation =
      channelVector(import, node, "deviation", deviations, p->channels, rank);
  AmsImportValue *mean =
      channelVector(import, node, "mean", p->mean, p->channels, rank);
  if (!scale || !bias || !deviation || !mean)
    return false;
  line->factor =
      amsImportBroadcastBinary(import, "arith.divf", scale, deviation);
  AmsImportValue *moved =
      line->factor
          ? amsImportBroadcastBinary(import, "arith.mulf", mean, line->factor)
          : NULL;
  line->offset =
      moved ? amsImportBroadcastBinary(import, "arith.subf", bias, moved)
            : NULL;
  return line->offset;
}

/* Named outputs of a node. */
static size_t countOutputs(const AmsImportNode *node) {
  size_t count = 0;
  for (size_t i = 0; i < node->proto->n_output; ++i)
    count += *node->proto->output[i] != 0;
  return count;
}

/* Refuses the form of training, which normalises by each batch's own mean and
 * variance: by an attribute since opset 14, by its outputs before. */
static bool checkInference(AmsImport *import, const AmsImportNode *node) {
  int64_t training, spatial;
  if (!amsImportInt(import, node, "training_mode", 0, &training) ||
      !amsImportInt(import, node, "spatial", 1, &spatial))
    return false;
  if (!spatial)
    return amsImportError(import, "spatial = 0 is not supported");
  const bool hasTrainingOutputs = import->opset < 14 && countOutputs(node) > 1;
  if (!training && !hasTrainingOutputs)
    return true;
  return amsImportError(
      import,
      "it is in the form of training (%s), which normalises by the mean and "
      "variance of the samples that share a batch; export the model for "
      "inference, which takes the running ones (in PyTorch: model.eval(), and "
      "torch.onnx.export without training=TrainingMode.TRAINING)",
      training ? "training_mode is set"
               : "more than one output before opset 14");
}

/* y = x * factor + offset: inference only. */
AmsImportValue *amsImportBatchNormalization(AmsImport *import,
                                            const AmsImportNode *node) {
  AmsImportValue *value = amsImportInput(import, node, 0);
  if (!value || !checkInference(import, node))
    return NULL;
  if (value->shape.rank < 2)
    return amsImportError(import, "input '%s' has no channels", value->name);
  Parameters parameters;
  Line line = {NULL, NULL};
  if (!readParameters(import, node, value, &parameters) ||
      !(import->weightsAsArguments ? buildLine : evaluateLine)(
          import, node, &parameters, value->shape.rank, &line))
    return NULL;
  AmsImportValue *scaled =
      amsImportBroadcastBinary(import, "arith.mulf", value, line.factor);
  return scaled ? amsImportBroadcastBinary(import, "arith.addf", scaled,
                                           line.offset)
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
