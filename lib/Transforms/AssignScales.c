/*===-- AssignScales.c - Operands of products to ABFP -------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Level 1 to 2: constant weights are quantised now, by the runtime's own     *|
|* quantiser and, where second moments of inputs are given, by error          *|
|* feedback; weights that are computed or arguments, and inputs, get an       *|
|* ams.quantize that runs with the model (Q5).                                *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Build.h"
#include "Constant.h"
#include "ErrorFeedback.h"
#include "Layers.h"
#include "Moments.h"

#include "ams/product.h"
#include "ams/profile.h"

#include <stdlib.h>
#include <string.h>

/* `value` as an ABFP value with blocks from `axis`, quantised at run time. */
static MlirValue buildQuantize(const AmsBuilder *builder, MlirValue value,
                               int64_t axis, int64_t n, int64_t bits,
                               MlirAttribute condition) {
  int64_t shape[AMS_MAX_RANK];
  MlirType type = mlirValueGetType(value);
  intptr_t rank = amsGetShape(type, AMS_MAX_RANK, shape);
  MlirType abfp = amsAbfpTypeGetChecked(builder->loc, rank, shape, axis, n,
                                        bits, condition);
  return amsBuildValue(builder, "ams.quantize", 1, &value, abfp, 0, NULL);
}

/* The patches of `image` [B, H, W, C] as an ABFP value [B, OH, OW, groups, K].
 */
static MlirValue buildQuantizePatches(const AmsBuilder *builder,
                                      MlirValue image, MlirAttribute windowAttr,
                                      int64_t n, int64_t bits,
                                      MlirAttribute condition) {
  AmsWindow window = amsWindowAttrGetValue(windowAttr);
  int64_t s[4];
  amsGetShape(mlirValueGetType(image), 4, s);
  int64_t shape[5] = {s[0], amsWindowOutputSize(&window, 0, s[1]),
                      amsWindowOutputSize(&window, 1, s[2]), window.groups,
                      window.kernel[0] * window.kernel[1] *
                          (s[3] / window.groups)};
  MlirType abfp =
      amsAbfpTypeGetChecked(builder->loc, 5, shape, 4, n, bits, condition);
  MlirNamedAttribute attribute =
      amsNamed(builder->context, "window", windowAttr);
  return amsBuildValue(builder, "ams.quantize", 1, &image, abfp, 1, &attribute);
}

/* Weights as ams.weights holds them. */
typedef struct Quantised {
  void *codes;
  uint16_t *scales;
  float *sums; /* NULL where means stay */
} Quantised;

static void freeQuantised(Quantised *quantised) {
  free(quantised->codes);
  free(quantised->scales);
  free(quantised->sums);
}

/* One layer's weights and where their second moments may be. */
typedef struct Weights {
  const char *layer;
  ams_abi_device_t device;
  MlirType abfp;
  const float *elements;         /* as the model has them */
  float *conditioned;            /* owned; NULL where blocks are plain */
  const AmsMomentsFile *moments; /* NULL: each weight is rounded on its own */
} Weights;

/* Elements of a vector of weights once it is conditioned. */
static int64_t widthOf(const Weights *weights,
                       const ams_abi_condition_t *condition) {
  return ams_condition_width(condition, amsAbfpTypeGetVectorSize(weights->abfp),
                             weights->device.rows);
}

/* Conditions the elements where they are to be, and rounds each on its own. */
static ams_status_t quantise(Weights *weights, Quantised *quantised) {
  MlirType abfp = weights->abfp;
  int64_t vectors = amsAbfpTypeGetNumVectors(abfp),
          k = amsAbfpTypeGetVectorSize(abfp);
  int32_t n = weights->device.rows, bits = weights->device.bits_weight;
  ams_abi_condition_t condition =
      amsConditionAttrGetAbi(amsAbfpTypeGetCondition(abfp));
  size_t blocks = (size_t)(vectors * amsAbfpTypeGetNumBlocks(abfp));
  *quantised =
      (Quantised){.codes = amsAllocate(blocks * (size_t)n, bits > 8 ? 2 : 1),
                  .scales = amsAllocate(blocks, sizeof(uint16_t)),
                  .sums = condition.flags & AMS_ABI_CONDITION_MEAN
                              ? amsAllocate(blocks, sizeof(float))
                              : NULL};
  int64_t width = widthOf(weights, &condition);
  if (condition.flags) {
    weights->conditioned =
        amsAllocate((size_t)(vectors * width), sizeof(float));
    AMS_RETURN_IF_ERROR(
        ams_condition_weights(&condition, vectors, k, n, weights->elements,
                              weights->conditioned, quantised->sums));
  }
  return ams_quantise(vectors, width, width, n, bits,
                      weights->conditioned ? weights->conditioned
                                           : weights->elements,
                      quantised->codes, quantised->scales);
}

/* The moments' layer that these weights are. */
static ams_status_t findMoments(const Weights *weights,
                                const Quantised *quantised,
                                const AmsMomentsLayer **outFound) {
  ams_abi_layer_t layer = {
      .outputs = amsAbfpTypeGetNumVectors(weights->abfp),
      .reduction = amsAbfpTypeGetVectorSize(weights->abfp),
      .groups = 1,
      .device = weights->device,
      .condition =
          amsConditionAttrGetAbi(amsAbfpTypeGetCondition(weights->abfp)),
  };
  bool named;
  const AmsMomentsLayer *found = amsMomentsFind(
      weights->moments, weights->layer,
      ams_layer_fingerprint(&layer, quantised->codes, quantised->scales),
      &named);
  if (found && found->columns == widthOf(weights, &layer.condition) &&
      layer.outputs % found->groups == 0 &&
      (found->span == found->columns ||
       found->span % weights->device.rows == 0)) {
    *outFound = found;
    return AMS_OK;
  }
  return ams_status_make(
      AMS_STATUS_INVALID_DATA,
      named ? "the second moments in '%s' are of another shape, device, "
              "conditioning or weights; measure this model with ams-compile "
              "--error-feedback --moments"
            : "'%s' has no second moments of this layer: it is another "
              "model's; measure this one with ams-compile --error-feedback "
              "--moments",
      weights->moments->path);
}

/* Codes without padding, `columns` a vector, to where ams.weights has them. */
static void placeCodes(const int16_t *codes, int64_t vectors, int64_t columns,
                       int64_t padded, int32_t bits, void *out) {
  for (int64_t i = 0; i < vectors; ++i)
    for (int64_t c = 0; c < columns; ++c)
      if (bits > 8)
        ((int16_t *)out)[i * padded + c] = codes[i * columns + c];
      else
        ((int8_t *)out)[i * padded + c] = (int8_t)codes[i * columns + c];
}

/* Rounds anew, group after group, against second moments `sums`. */
static bool feedBack(const Weights *weights, const AmsMomentsLayer *moments,
                     const double *sums, Quantised *quantised) {
  const int64_t outputs = amsAbfpTypeGetNumVectors(weights->abfp);
  const int64_t columns = moments->columns;
  const int32_t n = weights->device.rows;
  const int64_t blocks = amsAbfpTypeGetNumBlocks(weights->abfp);
  size_t perGroup = 0;
  ams_moments_count(1, columns, moments->span, &perGroup);
  float *scales = amsAllocate((size_t)(outputs * blocks), sizeof *scales);
  for (int64_t i = 0; i < outputs * blocks; ++i) {
    uint32_t bits = (uint32_t)quantised->scales[i] << 16;
    memcpy(&scales[i], &bits, sizeof bits);
  }
  int16_t *codes = amsAllocate((size_t)(outputs * columns), sizeof *codes);
  const int64_t own = outputs / moments->groups;
  const float *elements =
      weights->conditioned ? weights->conditioned : weights->elements;
  bool ok = true;
  for (int64_t g = 0; ok && g < moments->groups; ++g) {
    AmsErrorFeedback problem = {
        .outputs = own,
        .columns = columns,
        .n = n,
        .bits = weights->device.bits_weight,
        .span = moments->span,
        .weights = elements + g * own * columns,
        .scales = scales + g * own * blocks,
        .secondMoments = sums + (size_t)g * perGroup,
    };
    ok = amsErrorFeedback(&problem, codes + g * own * columns);
  }
  if (ok)
    placeCodes(codes, outputs, columns, blocks * n, weights->device.bits_weight,
               quantised->codes);
  free(codes);
  free(scales);
  return ok;
}

static ams_status_t quantiseByMoments(const Weights *weights,
                                      Quantised *quantised) {
  const AmsMomentsLayer *found;
  AMS_RETURN_IF_ERROR(findMoments(weights, quantised, &found));
  double *sums = NULL;
  AMS_RETURN_IF_ERROR(amsMomentsRead(weights->moments, found, &sums));
  bool ok = feedBack(weights, found, sums, quantised);
  free(sums);
  return ok ? AMS_OK
            : ams_status_make(AMS_STATUS_INVALID_DATA,
                              "its second moments in '%s' are no sums of "
                              "squares, or memory is short",
                              weights->moments->path);
}

/* The ams.weights that holds `quantised`, whose arrays it takes over. */
static MlirValue buildConstants(const AmsBuilder *builder, MlirType abfp,
                                const Quantised *quantised) {
  MlirContext context = builder->context;
  const int64_t shape[3] = {amsAbfpTypeGetNumVectors(abfp),
                            amsAbfpTypeGetNumBlocks(abfp),
                            amsAbfpTypeGetN(abfp)};
  size_t codeBytes = amsAbfpTypeGetBits(abfp) > 8 ? 2 : 1;
  size_t blocks = (size_t)(shape[0] * shape[1]);
  MlirAttribute none = mlirAttributeGetNull();
  MlirType codes = mlirRankedTensorTypeGet(
      3, shape, mlirIntegerTypeGet(context, 8 * (unsigned)codeBytes), none);
  MlirType scales =
      mlirRankedTensorTypeGet(2, shape, mlirBF16TypeGet(context), none);
  MlirNamedAttribute attributes[3] = {
      amsNamed(context, "codes",
               amsResourceAttr(codes, "codes", quantised->codes,
                               blocks * (size_t)shape[2] * codeBytes)),
      amsNamed(context, "scales",
               amsResourceAttr(scales, "scales", quantised->scales,
                               blocks * sizeof(uint16_t)))};
  intptr_t count = 2;
  if (quantised->sums)
    attributes[count++] = amsNamed(
        context, "sums",
        amsResourceAttr(
            mlirRankedTensorTypeGet(2, shape, mlirF32TypeGet(context), none),
            "sums", quantised->sums, blocks * sizeof(float)));
  return amsBuildValue(builder, "ams.weights", 0, NULL, abfp, count,
                       attributes);
}

/* Constant weights, quantised with blocks from axis 1. Null after an error. */
static MlirValue buildWeights(const AmsBuilder *builder, const char *layer,
                              MlirValue weights, ams_abi_device_t device,
                              MlirAttribute conditionAttr,
                              const AmsMomentsFile *moments) {
  const MlirValue null = {NULL};
  int64_t shape[AMS_MAX_RANK];
  intptr_t rank = amsGetShape(mlirValueGetType(weights), AMS_MAX_RANK, shape);
  MlirType abfp =
      amsAbfpTypeGetChecked(builder->loc, rank, shape, 1, device.rows,
                            device.bits_weight, conditionAttr);
  if (!amsFitsMemory(builder->loc, mlirValueGetType(weights)))
    return null;
  float *elements = amsEvaluateConstant(weights);
  if (!elements) {
    amsEmitError(builder->loc,
                 "the bytes of the weights of layer \"%s\" are not at hand, or "
                 "do not fit their type: was the module printed with its "
                 "resources elided?",
                 layer);
    return null;
  }
  Weights own = {.layer = layer,
                 .device = device,
                 .abfp = abfp,
                 .elements = elements,
                 .moments = moments};
  Quantised quantised;
  ams_status_t status = quantise(&own, &quantised);
  if (!status && moments)
    status = quantiseByMoments(&own, &quantised);
  free(own.conditioned);
  free(elements);
  if (status) {
    freeQuantised(&quantised);
    amsEmitError(builder->loc, "weights of layer \"%s\": %s", layer,
                 ams_status_message(status));
    ams_status_free(status);
    return null;
  }
  return buildConstants(builder, abfp, &quantised);
}

static bool assignScales(MlirOperation op, const AmsMomentsFile *moments) {
  AmsBuilder builder = amsBuilderBefore(op);
  ams_abi_device_t device = amsDeviceAttrGetAbi(amsGetAttr(op, "device"));
  MlirAttribute condition = amsGetAttr(op, "condition");
  MlirValue first = mlirOperationGetOperand(op, 0);
  MlirValue second = mlirOperationGetOperand(op, 1);
  if (amsIsOp(op, "ams.batch_matmul")) {
    first = buildQuantize(&builder, first, 2, device.rows, device.bits_input,
                          mlirAttributeGetNull());
    second = buildQuantize(&builder, second, 2, device.rows, device.bits_weight,
                           mlirAttributeGetNull());
  } else {
    char *layer = amsGetString(op, "layer");
    second =
        amsIsConstant(second)
            ? buildWeights(&builder, layer, second, device, condition, moments)
            : buildQuantize(&builder, second, 1, device.rows,
                            device.bits_weight, condition);
    free(layer);
    if (mlirValueIsNull(second))
      return false;
    if (amsIsOp(op, "ams.conv"))
      first = buildQuantizePatches(&builder, first, amsGetAttr(op, "window"),
                                   device.rows, device.bits_input, condition);
    else
      first = buildQuantize(&builder, first, 1, device.rows, device.bits_input,
                            condition);
    mlirOperationRemoveAttributeByName(op, amsStringRef("condition"));
  }
  mlirOperationSetOperand(op, 0, first);
  mlirOperationSetOperand(op, 1, second);
  return true;
}

static bool openMoments(MlirOperation module, const char *path,
                        AmsMomentsFile *file) {
  ams_status_t status = amsMomentsOpen(path, file);
  if (!status)
    return true;
  amsEmitError(mlirOperationGetLocation(module), "scales: %s",
               ams_status_message(status));
  ams_status_free(status);
  return false;
}

MlirLogicalResult amsAssignScales(MlirOperation module,
                                  const AmsAssignScalesOptions *options) {
  AmsMomentsFile moments = {0};
  bool given = *options->moments != '\0';
  if (given && !openMoments(module, options->moments, &moments))
    return mlirLogicalResultFailure();
  AmsOpList layers = amsCollectOps(module, amsIsFloatProduct);
  bool ok = true;
  for (size_t i = 0; i < layers.size; ++i)
    ok &= assignScales(layers.ops[i], given ? &moments : NULL);
  amsOpListFree(&layers);
  amsMomentsClose(&moments);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
