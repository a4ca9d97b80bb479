/*===-- ProgrammedWeights.c - The codes of a level-2 layer --------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ProgrammedWeights.h"

#include "Build.h"
#include "ams-c/Dialect.h"
#include "ams-c/Register.h"

#include <stdlib.h>
#include <string.h>

/* All bytes of an attribute of elements, splats written out; NULL where they
 * are not at hand. */
static void *copyBytes(MlirAttribute elements, size_t elementSize) {
  const void *data;
  size_t size;
  if (mlirAttributeIsNull(elements) ||
      !amsElementsRawData(elements, &data, &size))
    return NULL;
  size_t count = (size_t)amsNumElements(mlirAttributeGetType(elements));
  char *bytes = amsAllocate(count + 1, elementSize);
  if (size == count * elementSize)
    memcpy(bytes, data, size);
  else
    for (size_t i = 0; i < count; ++i)
      memcpy(bytes + i * elementSize, data, elementSize);
  return bytes;
}

AmsProgrammedWeights amsProgrammedWeightsOf(MlirOperation op) {
  MlirValue value = mlirOperationGetOperand(op, 1);
  MlirType type = mlirValueGetType(value);
  AmsProgrammedWeights weights = {
      .layer = {.outputs = amsAbfpTypeGetNumVectors(type),
                .reduction = amsAbfpTypeGetVectorSize(type),
                .groups = 1,
                .device = amsDeviceAttrGetAbi(amsGetAttr(op, "device")),
                .condition = amsConditionAttrGetAbi(
                    amsOperationGetLayer(op).condition)}};
  if (amsIsOp(op, "ams.batch_matmul"))
    weights.layer.outputs = amsAbfpTypeGetDim(type, 1);
  MlirOperation source = amsDefiningOp(value);
  if (!mlirOperationIsNull(source) && amsIsOp(source, "ams.weights")) {
    size_t codeSize = weights.layer.device.bits_weight > 8 ? 2 : 1;
    weights.codes = copyBytes(amsGetAttr(source, "codes"), codeSize);
    weights.scales = copyBytes(amsGetAttr(source, "scales"), sizeof(uint16_t));
  }
  return weights;
}

void amsProgrammedWeightsFree(AmsProgrammedWeights *weights) {
  free(weights->codes);
  free(weights->scales);
}
