/*===-- AssignScales.c - Operands of products to ABFP -------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Level 1 to 2: weights are quantised now, by the runtime's own quantiser;   *|
|* inputs get an ams.quantize that runs with the model (Q5).                  *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Build.h"
#include "Constant.h"

#include "ams/product.h"

#include <stdlib.h>
#include <string.h>

static bool isLayer(MlirOperation op) {
  return (amsIsOp(op, "ams.matmul") || amsIsOp(op, "ams.conv") ||
          amsIsOp(op, "ams.batch_matmul")) &&
         !amsTypeIsAAbfp(mlirValueGetType(mlirOperationGetOperand(op, 0)));
}

/* `value` as an ABFP value with blocks from `axis`, quantised at run time. */
static MlirValue buildQuantize(const AmsBuilder *builder, MlirValue value,
                               int64_t axis, int64_t n, int64_t bits) {
  int64_t shape[AMS_MAX_RANK];
  MlirType type = mlirValueGetType(value);
  intptr_t rank = amsGetShape(type, AMS_MAX_RANK, shape);
  MlirType abfp =
      amsAbfpTypeGetChecked(builder->loc, rank, shape, axis, n, bits);
  return amsBuildValue(builder, "ams.quantize", 1, &value, abfp, 0, NULL);
}

/* The patches of `image` [B, H, W, C] as an ABFP value [B, OH, OW, groups, K].
 */
static MlirValue buildQuantizePatches(const AmsBuilder *builder,
                                      MlirValue image, MlirAttribute windowAttr,
                                      int64_t n, int64_t bits) {
  AmsWindow window = amsWindowAttrGetValue(windowAttr);
  int64_t s[4];
  amsGetShape(mlirValueGetType(image), 4, s);
  int64_t shape[5] = {s[0], amsWindowOutputSize(&window, 0, s[1]),
                      amsWindowOutputSize(&window, 1, s[2]), window.groups,
                      window.kernel[0] * window.kernel[1] *
                          (s[3] / window.groups)};
  MlirType abfp = amsAbfpTypeGetChecked(builder->loc, 5, shape, 4, n, bits);
  MlirNamedAttribute attribute =
      amsNamed(builder->context, "window", windowAttr);
  return amsBuildValue(builder, "ams.quantize", 1, &image, abfp, 1, &attribute);
}

/* Constant weights, quantised with blocks from axis 1. Null after an error. */
static MlirValue buildWeights(const AmsBuilder *builder, const char *layer,
                              MlirValue weights, int64_t n, int64_t bits) {
  const MlirValue null = {NULL};
  MlirContext context = builder->context;
  int64_t shape[AMS_MAX_RANK];
  intptr_t rank = amsGetShape(mlirValueGetType(weights), AMS_MAX_RANK, shape);
  MlirType abfp = amsAbfpTypeGetChecked(builder->loc, rank, shape, 1, n, bits);
  if (!amsIsConstant(weights)) {
    amsEmitError(builder->loc,
                 "weights of layer \"%s\" are not a constant: keep the product "
                 "of two computed values an ams.batch_matmul",
                 layer);
    return null;
  }
  float *elements = amsEvaluateConstant(weights);
  if (!elements) {
    amsEmitError(builder->loc,
                 "the bytes of the weights of layer \"%s\" are not at hand, or "
                 "do not fit their type: was the module printed with its "
                 "resources elided?",
                 layer);
    return null;
  }
  int64_t vectors = amsAbfpTypeGetNumVectors(abfp),
          k = amsAbfpTypeGetVectorSize(abfp),
          blocks = amsAbfpTypeGetNumBlocks(abfp);
  unsigned codeBytes = bits > 8 ? 2 : 1;
  size_t codesSize = (size_t)(vectors * blocks * n) * codeBytes;
  size_t scalesCount = (size_t)(vectors * blocks);
  void *codes = amsAllocate(codesSize, 1);
  uint16_t *scales = amsAllocate(scalesCount, sizeof(uint16_t));
  ams_status_t status = ams_quantise(vectors, k, k, (int32_t)n, (int32_t)bits,
                                     elements, codes, scales);
  free(elements);
  if (status) {
    amsEmitError(builder->loc, "weights of layer \"%s\": %s", layer,
                 ams_status_message(status));
    ams_status_free(status);
    free(codes);
    free(scales);
    return null;
  }
  MlirType codesType = mlirRankedTensorTypeGet(
      3, (int64_t[]){vectors, blocks, n},
      mlirIntegerTypeGet(context, 8 * codeBytes), mlirAttributeGetNull());
  MlirType scalesType =
      mlirRankedTensorTypeGet(2, (int64_t[]){vectors, blocks},
                              mlirBF16TypeGet(context), mlirAttributeGetNull());
  MlirNamedAttribute attributes[2] = {
      amsNamed(context, "codes",
               amsResourceAttr(codesType, "codes", codes, codesSize)),
      amsNamed(context, "scales",
               amsResourceAttr(scalesType, "scales", scales,
                               scalesCount * sizeof(uint16_t)))};
  return amsBuildValue(builder, "ams.weights", 0, NULL, abfp, 2, attributes);
}

static bool assignScales(MlirOperation op) {
  AmsBuilder builder = amsBuilderBefore(op);
  ams_abi_device_t device = amsDeviceAttrGetAbi(amsGetAttr(op, "device"));
  MlirValue first = mlirOperationGetOperand(op, 0);
  MlirValue second = mlirOperationGetOperand(op, 1);
  if (amsIsOp(op, "ams.batch_matmul")) {
    first = buildQuantize(&builder, first, 2, device.rows, device.bits_input);
    second =
        buildQuantize(&builder, second, 2, device.rows, device.bits_weight);
  } else {
    char *layer = amsGetString(op, "layer");
    second =
        buildWeights(&builder, layer, second, device.rows, device.bits_weight);
    free(layer);
    if (mlirValueIsNull(second))
      return false;
    if (amsIsOp(op, "ams.conv"))
      first = buildQuantizePatches(&builder, first, amsGetAttr(op, "window"),
                                   device.rows, device.bits_input);
    else
      first = buildQuantize(&builder, first, 1, device.rows, device.bits_input);
  }
  mlirOperationSetOperand(op, 0, first);
  mlirOperationSetOperand(op, 1, second);
  return true;
}

MlirLogicalResult amsAssignScales(MlirOperation module) {
  AmsOpList layers = amsCollectOps(module, isLayer);
  bool ok = true;
  for (size_t i = 0; i < layers.size; ++i)
    ok &= assignScales(layers.ops[i]);
  amsOpListFree(&layers);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
