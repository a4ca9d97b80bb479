//===-- AMSDialect.h - The dialect in C++ -----------------------*- C++ -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Only lib/IR and lib/Bridge include this; everything else uses ams-c/.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IR_AMSDIALECT_H
#define AMS_IR_AMSDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "ams/IR/AMSDialect.h.inc"
#include "ams/IR/AMSEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "ams/IR/AMSAttrs.h.inc"

#define GET_TYPEDEF_CLASSES
#include "ams/IR/AMSTypes.h.inc"

namespace ams {
/// Sizes of a layer: `batch` * `groups` products of `vectors` inputs of
/// `reduction` elements by `outputs`. A convolution's vectors count its output
/// pixels, samples included; only products of two activations have a batch.
struct LayerShape {
  int64_t batch, vectors, outputs, reduction, groups;
};
} // namespace ams

#include "ams/IR/AMSInterfaces.h.inc"

#define GET_OP_CLASSES
#include "ams/IR/AMSOps.h.inc"

#endif // AMS_IR_AMSDIALECT_H
