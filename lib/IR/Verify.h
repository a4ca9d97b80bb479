//===-- Verify.h - What the operations share --------------------*- C++ -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checks and effects that products and their gradients have in common.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IR_VERIFY_H
#define AMS_IR_VERIFY_H

#include "ams/IR/AMSDialect.h"

namespace ams {

/// The shape of a tensor, memref or ABFP value.
mlir::ArrayRef<int64_t> shapeOf(mlir::Value value);

/// An error that begins with the names of the operation and of its layer.
mlir::InFlightDiagnostic emitLayerError(mlir::Operation *op);

/// Expects that what messages call `name` has the shape `expected`.
mlir::LogicalResult verifyShape(mlir::Operation *op, mlir::StringRef name,
                                mlir::ArrayRef<int64_t> found,
                                mlir::ArrayRef<int64_t> expected);

/// Checks the rank of operand `name`, and that it has elements.
mlir::LogicalResult verifyRank(mlir::Operation *op, mlir::StringRef name,
                               mlir::Value value, size_t rank);

/// The results of an operation that writes into `init`: one of its type on
/// tensors, none on memrefs.
void inferDestination(mlir::Value init,
                      mlir::SmallVectorImpl<mlir::Type> &types);

/// Results as inferred; data operands are all tensors or all memrefs.
mlir::LogicalResult verifyDestination(mlir::Operation *op, mlir::Value init);

/// [B, OH, OW] and K of a convolution of `image` [B, H, W, C], with checks.
/// Sizes of an image are int32 in the runtime's interface.
mlir::LogicalResult verifyWindow(mlir::Operation *op,
                                 mlir::ArrayRef<int64_t> image,
                                 WindowAttr window,
                                 mlir::SmallVectorImpl<int64_t> &pixels,
                                 int64_t &reduction);

/// The addends against what `epilogue`, which may be null, names (D7); outputs
/// are the last dimension of `init`.
mlir::LogicalResult verifyEpilogue(mlir::Operation *op, EpilogueAttr epilogue,
                                   mlir::ValueRange addends, mlir::Value init);

using Effects = mlir::SmallVectorImpl<mlir::MemoryEffects::EffectInstance>;

/// Reads of every buffer operand, a write of `init`.
void bufferEffects(mlir::Operation *op, mlir::Value init, Effects &effects);

} // namespace ams

#endif // AMS_IR_VERIFY_H
