/*===-- Rules.c - Which operation has which rule ------------------*- C -*-===*\
|*                                                                            *|
|* Part of the AMS project, under the Apache License v2.0 with LLVM           *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "Differentiate.h"

#include <string.h>

static const struct {
  const char *name;
  AmsGradientRule rule;
} rules[] = {
    {"ams.matmul", amsMatmulRule},
    {"ams.conv", amsConvRule},
    {"ams.batch_matmul", amsBatchMatmulRule},
    {"ams.add_noise", amsAddNoiseRule},
    {"tensor.collapse_shape", amsReshapeRule},
    {"tensor.expand_shape", amsReshapeRule},
    {"tensor.pad", amsPadRule},
    {"tensor.extract_slice", amsExtractSliceRule},
    {"tensor.insert_slice", amsInsertSliceRule},
    {"tensor.concat", amsConcatRule},
};

AmsGradientRule amsFindGradientRule(MlirOperation op) {
  for (size_t i = 0; i < sizeof rules / sizeof *rules; ++i)
    if (amsIsOp(op, rules[i].name))
      return rules[i].rule;
  MlirStringRef name = mlirIdentifierStr(mlirOperationGetName(op));
  bool isStructured = name.length > 7 && !memcmp(name.data, "linalg.", 7) &&
                      mlirOperationGetNumRegions(op) == 1;
  return isStructured ? amsStructuredRule : NULL;
}
