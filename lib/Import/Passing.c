//===-- Passing.c - Constant, Identity, Dropout ----------------------*- C
//-*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Node.h"
#include "Operators.h"

AmsImportValue *amsImportConstantNode(AmsImport *import,
                                      const AmsImportNode *node) {
  const Onnx__AttributeProto *attribute = amsImportFindAttribute(node, "value");
  if (attribute && attribute->t)
    return amsImportTensor(import, node->name, attribute->t);
  AmsImportShape scalar = {.rank = 0}, list = {.rank = 1};
  if ((attribute = amsImportFindAttribute(node, "value_float")))
    return amsImportNewConstant(import, node->name, &scalar,
                                ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT,
                                &attribute->f);
  if ((attribute = amsImportFindAttribute(node, "value_int")))
    return amsImportNewConstant(import, node->name, &scalar,
                                ONNX__TENSOR_PROTO__DATA_TYPE__INT64,
                                &attribute->i);
  if ((attribute = amsImportFindAttribute(node, "value_floats"))) {
    list.dims[0] = (int64_t)attribute->n_floats;
    return amsImportNewConstant(import, node->name, &list,
                                ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT,
                                attribute->floats);
  }
  if ((attribute = amsImportFindAttribute(node, "value_ints"))) {
    list.dims[0] = (int64_t)attribute->n_ints;
    return amsImportNewConstant(import, node->name, &list,
                                ONNX__TENSOR_PROTO__DATA_TYPE__INT64,
                                attribute->ints);
  }
  return amsImportError(import, "none of the attributes value, value_float, "
                                "value_floats, value_int, value_ints is set");
}

AmsImportValue *amsImportIdentity(AmsImport *import,
                                  const AmsImportNode *node) {
  return amsImportHasInput(node, 0) && node->inputs[0]->constant
             ? node->inputs[0]
             : amsImportAnyInput(import, node, 0);
}

/* In inference nothing drops out. */
AmsImportValue *amsImportDropout(AmsImport *import, const AmsImportNode *node) {
  int64_t training = 0;
  int count;
  if (amsImportHasInput(node, 2) &&
      !amsImportInputInts(import, node, 2, 1, &training, &count))
    return NULL;
  if (training)
    return amsImportError(import, "training_mode is set; export the model for "
                                  "inference");
  return amsImportInput(import, node, 0);
}
