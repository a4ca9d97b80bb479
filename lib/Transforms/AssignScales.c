/*===-- AssignScales.c - Operands of products to ABFP -------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Level 1 to 2: constant weights are quantised now, by the runtime's own     *|
|* quantiser; weights that are computed or arguments, and inputs, get an      *|
|* ams.quantize that runs with the model (Q5).                                *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Build.h"
#include "Constant.h"
#include "Layers.h"

#include "ams/product.h"

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

/* Conditions and quantises `elements` to what type `abfp` says. */
static ams_status_t quantise(MlirType abfp, const float *elements,
                             Quantised *quantised) {
  int64_t vectors = amsAbfpTypeGetNumVectors(abfp),
          k = amsAbfpTypeGetVectorSize(abfp);
  int32_t n = (int32_t)amsAbfpTypeGetN(abfp),
          bits = (int32_t)amsAbfpTypeGetBits(abfp);
  ams_abi_condition_t condition =
      amsConditionAttrGetAbi(amsAbfpTypeGetCondition(abfp));
  size_t blocks = (size_t)(vectors * amsAbfpTypeGetNumBlocks(abfp));
  *quantised =
      (Quantised){.codes = amsAllocate(blocks * (size_t)n, bits > 8 ? 2 : 1),
                  .scales = amsAllocate(blocks, sizeof(uint16_t)),
                  .sums = condition.flags & AMS_ABI_CONDITION_MEAN
                              ? amsAllocate(blocks, sizeof(float))
                              : NULL};
  int64_t width = ams_condition_width(&condition, k, n);
  float *conditioned = NULL;
  ams_status_t status = AMS_OK;
  if (condition.flags) {
    conditioned = amsAllocate((size_t)(vectors * width), sizeof(float));
    status = ams_condition_weights(&condition, vectors, k, n, elements,
                                   conditioned, quantised->sums);
  }
  if (!status)
    status = ams_quantise(vectors, width, width, n, bits,
                          conditioned ? conditioned : elements,
                          quantised->codes, quantised->scales);
  free(conditioned);
  if (status) {
    free(quantised->codes);
    free(quantised->scales);
    free(quantised->sums);
  }
  return status;
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
                              MlirValue weights, int64_t n, int64_t bits,
                              MlirAttribute conditionAttr) {
  const MlirValue null = {NULL};
  int64_t shape[AMS_MAX_RANK];
  intptr_t rank = amsGetShape(mlirValueGetType(weights), AMS_MAX_RANK, shape);
  MlirType abfp = amsAbfpTypeGetChecked(builder->loc, rank, shape, 1, n, bits,
                                        conditionAttr);
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
  Quantised quantised;
  ams_status_t status = quantise(abfp, elements, &quantised);
  free(elements);
  if (status) {
    amsEmitError(builder->loc, "weights of layer \"%s\": %s", layer,
                 ams_status_message(status));
    ams_status_free(status);
    return null;
  }
  return buildConstants(builder, abfp, &quantised);
}

static bool assignScales(MlirOperation op) {
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
    second = amsIsConstant(second)
                 ? buildWeights(&builder, layer, second, device.rows,
                                device.bits_weight, condition)
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

MlirLogicalResult amsAssignScales(MlirOperation module) {
  AmsOpList layers = amsCollectOps(module, amsIsFloatProduct);
  bool ok = true;
  for (size_t i = 0; i < layers.size; ++i)
    ok &= assignScales(layers.ops[i]);
  amsOpListFree(&layers);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
