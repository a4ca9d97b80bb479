/*===-- TileCrossbar.c - Products onto crossbars ------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Level 3 to 4: products with weights become ams.program and ams.mvm, whose  *|
|* converters are the device's own.                                           *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "ams-c/Dialect.h"
#include "ams-c/Passes.h"

#include "Build.h"
#include "Layers.h"

#include <stdlib.h>

static bool isGainedProduct(MlirOperation op) {
  return amsIsProduct(op) && !mlirAttributeIsNull(amsGetAttr(op, "gain"));
}

/* The data behind a quantised operand; null after an error. */
static MlirValue unquantised(MlirOperation op, intptr_t operand) {
  MlirOperation source = amsDefiningOp(mlirOperationGetOperand(op, operand));
  if (amsIsOp(source, "ams.quantize") &&
      mlirAttributeEqual(amsGetAttr(source, "window"),
                         amsGetAttr(op, "window")))
    return mlirOperationGetOperand(source, 0);
  amsEmitOpError(op,
                 "has an operand, number %d, that does not come from "
                 "ams.quantize with the layer's window",
                 (int)operand);
  return (MlirValue){NULL};
}

static bool tileWeights(MlirOperation op, MlirValue input) {
  AmsBuilder builder = amsBuilderBefore(op);
  MlirContext context = builder.context;
  MlirAttribute deviceAttr = amsGetAttr(op, "device");
  MlirAttribute windowAttr = amsGetAttr(op, "window");
  ams_abi_device_t device = amsDeviceAttrGetAbi(deviceAttr);
  MlirValue weights = mlirOperationGetOperand(op, 1);
  MlirOperation source = amsDefiningOp(weights);
  if (!amsIsOp(source, "ams.weights") && !amsIsOp(source, "ams.quantize")) {
    amsEmitOpError(op, "has weights that come neither from ams.weights nor "
                       "from ams.quantize, so they cannot be programmed onto "
                       "crossbars");
    return false;
  }
  MlirType type = mlirValueGetType(weights);
  AmsGrid grid = {amsAbfpTypeGetNumVectors(type),
                  amsAbfpTypeGetVectorSize(type),
                  1,
                  device.rows,
                  device.columns,
                  amsAbfpTypeGetCondition(type)};
  if (!mlirAttributeIsNull(windowAttr)) {
    grid.groups = amsWindowAttrGetValue(windowAttr).groups;
    grid.outputs /= grid.groups;
  }
  MlirValue programmed = amsBuildValue(&builder, "ams.program", 1, &weights,
                                       amsGridTypeGet(context, &grid), 0, NULL);
  MlirAttribute epilogue = amsGetAttr(op, "epilogue");
  MlirValue operands[5] = {programmed, input, mlirOperationGetOperand(op, 2)};
  intptr_t numOperands = mlirOperationGetNumOperands(op);
  for (intptr_t i = 3; i < numOperands; ++i) /* its addends, at most 2 */
    operands[i] = mlirOperationGetOperand(op, i);
  MlirNamedAttribute attributes[6] = {
      amsNamed(context, "layer", amsGetAttr(op, "layer")),
      amsNamed(context, "device", deviceAttr),
      amsNamed(context, "gain", amsGetAttr(op, "gain"))};
  intptr_t numAttributes = 3;
  if (!mlirAttributeIsNull(windowAttr))
    attributes[numAttributes++] = amsNamed(context, "window", windowAttr);
  if (!mlirAttributeIsNull(epilogue))
    attributes[numAttributes++] = amsNamed(context, "epilogue", epilogue);
  MlirAttribute records = amsGetAttr(op, "records_clipping");
  if (!mlirAttributeIsNull(records))
    attributes[numAttributes++] =
        amsNamed(context, "records_clipping", records);
  MlirOperation mvm = amsBuildInferred(&builder, "ams.mvm", numOperands,
                                       operands, numAttributes, attributes);
  if (mlirOperationGetNumResults(op))
    mlirValueReplaceAllUsesOfWith(mlirOperationGetResult(op, 0),
                                  mlirOperationGetResult(mvm, 0));
  mlirOperationDestroy(op);
  return true;
}

static bool tile(MlirOperation op) {
  bool twoActivations = amsIsOp(op, "ams.batch_matmul");
  /* A product whose converters are its own already is at level 4. */
  if (!amsTypeIsAAbfp(mlirValueGetType(mlirOperationGetOperand(op, 0))))
    return true;
  MlirValue input = unquantised(op, 0);
  if (mlirValueIsNull(input))
    return false;
  if (!twoActivations)
    return tileWeights(op, input);
  MlirValue other = unquantised(op, 1);
  if (mlirValueIsNull(other))
    return false;
  mlirOperationSetOperand(op, 0, input);
  mlirOperationSetOperand(op, 1, other);
  return true;
}

MlirLogicalResult amsTileCrossbar(MlirOperation module) {
  AmsOpList products = amsCollectOps(module, isGainedProduct);
  bool ok = true;
  for (size_t i = 0; i < products.size; ++i)
    ok &= tile(products.ops[i]);
  amsOpListFree(&products);
  return ok ? mlirLogicalResultSuccess() : mlirLogicalResultFailure();
}
