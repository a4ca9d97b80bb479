/*===-- ProductRules.c - Gradients of layers ----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Each gradient of a product is an operation of its own, in float32 whatever *|
|* computes the product: straight through the device's quantisers, or without *|
|* the conversions that its ADC clipped, which the product then records.      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Differentiate.h"

/* Adds the gradient of operand `index` of `op` by `name`, from the gradient of
 * the result and the other operand. */
static void addProduct(AmsGradients *gradients, MlirOperation op,
                       intptr_t index, const char *name, MlirValue gradient) {
  const AmsBuilder *builder = &gradients->builder;
  MlirValue wanted = mlirOperationGetOperand(op, index);
  if (!amsIsActive(gradients, wanted))
    return;
  MlirValue operands[3] = {gradient, mlirOperationGetOperand(op, 1 - index),
                           amsBuildEmpty(builder, mlirValueGetType(wanted))};
  MlirNamedAttribute attributes[3] = {
      amsNamed(builder->context, "layer", amsGetAttr(op, "layer"))};
  intptr_t count = 1;
  MlirAttribute window = amsGetAttr(op, "window");
  if (!mlirAttributeIsNull(window))
    attributes[count++] = amsNamed(builder->context, "window", window);
  if (gradients->clamps) {
    MlirAttribute unit = mlirUnitAttrGet(builder->context);
    attributes[count++] = amsNamed(builder->context, "drops_clipped", unit);
    mlirOperationSetAttributeByName(op, amsStringRef("records_clipping"), unit);
  }
  MlirOperation product =
      amsBuildInferred(builder, name, 3, operands, count, attributes);
  amsAddGradient(gradients, wanted, mlirOperationGetResult(product, 0));
}

/* Whether a product has no epilogue, whose operations have rules of their own
 * where they stand apart. */
static bool isPlain(AmsGradients *gradients, MlirOperation op) {
  return mlirAttributeIsNull(amsGetAttr(op, "epilogue")) ||
         amsRefuse(gradients, "it has an epilogue: differentiate before "
                              "--ams-fuse-epilogues");
}

bool amsMatmulRule(AmsGradients *gradients, MlirOperation op,
                   MlirValue gradient) {
  if (!isPlain(gradients, op))
    return false;
  addProduct(gradients, op, 0, "ams.matmul_input_gradient", gradient);
  addProduct(gradients, op, 1, "ams.matmul_weight_gradient", gradient);
  return true;
}

bool amsConvRule(AmsGradients *gradients, MlirOperation op,
                 MlirValue gradient) {
  if (!isPlain(gradients, op))
    return false;
  addProduct(gradients, op, 0, "ams.conv_input_gradient", gradient);
  addProduct(gradients, op, 1, "ams.conv_weight_gradient", gradient);
  return true;
}

bool amsBatchMatmulRule(AmsGradients *gradients, MlirOperation op,
                        MlirValue gradient) {
  if (!isPlain(gradients, op))
    return false;
  addProduct(gradients, op, 0, "ams.batch_matmul_lhs_gradient", gradient);
  addProduct(gradients, op, 1, "ams.batch_matmul_rhs_gradient", gradient);
  return true;
}

bool amsAddNoiseRule(AmsGradients *gradients, MlirOperation op,
                     MlirValue gradient) {
  amsAddGradient(gradients, mlirOperationGetOperand(op, 1), gradient);
  return true;
}
