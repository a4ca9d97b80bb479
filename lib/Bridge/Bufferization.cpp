//===-- Bufferization.cpp - Models of one-shot bufferization -  ---*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The operations are in destination-passing style, so upstream's model answers
// what is read, written and aliased; here stands how they are rebuilt on
// memrefs.
//
//===----------------------------------------------------------------------===//

#include "Bridge.h"

#include "ams/IR/AMSDialect.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"

using namespace mlir;
using namespace mlir::bufferization;
using namespace ams;

/// Rebuilds `op` with buffers in place of its tensor operands and with `types`
/// as results; null where a buffer cannot be had.
static Operation *rebuild(Operation *op, TypeRange types,
                          RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) {
  SmallVector<Value> operands;
  for (Value operand : op->getOperands()) {
    if (isa<TensorType>(operand.getType())) {
      FailureOr<Value> buffer = getBuffer(rewriter, operand, options, state);
      if (failed(buffer))
        return nullptr;
      operand = *buffer;
    }
    operands.push_back(operand);
  }
  OperationState rebuilt(op->getLoc(), op->getName(), operands, types,
                         llvm::to_vector(op->getDiscardableAttrs()));
  rebuilt.propertiesAttr = op->getPropertiesAsAttribute();
  return rewriter.create(rebuilt);
}

namespace {
template <typename Op>
struct DestinationModel
    : DstBufferizableOpInterfaceExternalModel<DestinationModel<Op>, Op> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand,
                              const AnalysisState &) const {
    // Inits are overwritten whole, but for noise, which is added to one.
    return std::is_same_v<Op, AddNoiseOp> || !cast<Op>(op).isDpsInit(&operand);
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    Operation *rebuilt = rebuild(op, {}, rewriter, options, state);
    if (!rebuilt)
      return failure();
    Value init = cast<Op>(rebuilt).getInit();
    replaceOpWithBufferizedValues(rewriter, op, init);
    return success();
  }
};

/// Reads its input; the ABFP value it yields is not a tensor.
struct QuantizeModel
    : BufferizableOpInterface::ExternalModel<QuantizeModel, QuantizeOp> {
  bool bufferizesToMemoryRead(Operation *, OpOperand &,
                              const AnalysisState &) const {
    return true;
  }
  bool bufferizesToMemoryWrite(Operation *, OpOperand &,
                               const AnalysisState &) const {
    return false;
  }
  AliasingValueList getAliasingValues(Operation *, OpOperand &,
                                      const AnalysisState &) const {
    return {};
  }
  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    Operation *rebuilt =
        rebuild(op, op->getResultTypes(), rewriter, options, state);
    if (!rebuilt)
      return failure();
    rewriter.replaceOp(op, rebuilt->getResults());
    return success();
  }
};
} // namespace

template <typename... Ops> static void attachDestination(MLIRContext *context) {
  (Ops::template attachInterface<DestinationModel<Ops>>(*context), ...);
}

void ams::registerBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, AMSDialect *) {
    attachDestination<AddNoiseOp, MatmulOp, ConvOp, BatchMatmulOp, DequantizeOp,
                      MvmOp, MatmulInputGradientOp, MatmulWeightGradientOp,
                      ConvInputGradientOp, ConvWeightGradientOp,
                      BatchMatmulLhsGradientOp, BatchMatmulRhsGradientOp>(
        context);
    QuantizeOp::attachInterface<QuantizeModel>(*context);
  });
}
