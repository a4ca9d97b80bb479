//===-- Sources.h - Sources of error of a device ----------------*- C++ -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IR_SOURCES_H
#define AMS_IR_SOURCES_H

#include "ams/abi.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Diagnostics.h"

namespace ams {

/// Checks that a device's list holds sources, at most one of a kind.
llvm::LogicalResult
verifySources(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
              mlir::ArrayAttr sources);

/// Fills in what `source`, an element of a verified list, says.
void describeSource(mlir::Attribute source, ams_abi_device_t &device);

} // namespace ams

#endif // AMS_IR_SOURCES_H
