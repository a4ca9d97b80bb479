//===-- Verify.cpp - What the operations share ----------------------------===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Verify.h"

#include "Sizes.h"

using namespace mlir;
using namespace ams;

ArrayRef<int64_t> ams::shapeOf(Value value) {
  if (auto abfp = dyn_cast<AbfpType>(value.getType()))
    return abfp.getShape();
  return cast<ShapedType>(value.getType()).getShape();
}

static std::string text(ArrayRef<int64_t> shape) {
  std::string result = "[";
  for (auto [i, size] : llvm::enumerate(shape))
    result += (i ? ", " : "") + std::to_string(size);
  return result + "]";
}

InFlightDiagnostic ams::emitLayerError(Operation *op) {
  InFlightDiagnostic error = op->emitOpError();
  auto layer = op->getAttrOfType<StringAttr>("layer");
  if (layer && !layer.empty())
    error << "of layer \"" << layer.getValue() << "\" ";
  return error;
}

LogicalResult ams::verifyShape(Operation *op, StringRef name,
                               ArrayRef<int64_t> found,
                               ArrayRef<int64_t> expected) {
  if (found == expected)
    return success();
  return emitLayerError(op) << name << " has shape " << text(found)
                            << ", but must be " << text(expected) << " (F3)";
}

LogicalResult ams::verifyRank(Operation *op, StringRef name, Value value,
                              size_t rank) {
  ArrayRef<int64_t> shape = shapeOf(value);
  if (shape.size() != rank)
    return emitLayerError(op) << name << " has rank " << shape.size()
                              << ", but must have " << rank << " (F3)";
  if (llvm::is_contained(shape, 0))
    return emitLayerError(op) << name << " has shape " << text(shape)
                              << ", which holds no elements (F3)";
  return success();
}

void ams::inferDestination(Value init, SmallVectorImpl<Type> &types) {
  if (isa<TensorType>(init.getType()))
    types.push_back(init.getType());
}

LogicalResult ams::verifyDestination(Operation *op, Value init) {
  bool onTensors = isa<TensorType>(init.getType());
  SmallVector<Type, 1> inferred;
  inferDestination(init, inferred);
  if (op->getNumResults() != inferred.size())
    return emitLayerError(op)
           << "must have "
           << (onTensors ? "one result on tensors" : "no result on memrefs")
           << " (F2)";
  if (op->getResultTypes() != TypeRange(inferred))
    return emitLayerError(op)
           << "result type " << op->getResult(0).getType()
           << " differs from that of outs, " << init.getType() << " (F2)";
  for (Value operand : op->getOperands())
    if (isa<ShapedType>(operand.getType()) &&
        isa<TensorType>(operand.getType()) != onTensors)
      return emitLayerError(op) << "mixes tensors and memrefs (F2)";
  return success();
}

LogicalResult ams::verifyWindow(Operation *op, ArrayRef<int64_t> image,
                                WindowAttr window,
                                SmallVectorImpl<int64_t> &pixels,
                                int64_t &reduction) {
  if (llvm::any_of(image.drop_front(),
                   [](int64_t size) { return size > INT32_MAX; }))
    return emitLayerError(op) << "image has shape " << text(image)
                              << ", but height, width and channels must be "
                                 "below 2^31 (F4)";
  if (image[3] % window.getGroups())
    return emitLayerError(op)
           << "has " << image[3] << " channels, which " << window.getGroups()
           << " groups do not divide (F4)";
  pixels.assign({image[0], window.getOutputSize(0, image[1]),
                 window.getOutputSize(1, image[2])});
  if (pixels[1] < 1 || pixels[2] < 1)
    return emitLayerError(op)
           << "kernel does not fit into the padded image (F4)";
  if (pixels[1] > INT32_MAX || pixels[2] > INT32_MAX)
    return emitLayerError(op) << "has " << pixels[1] << " x " << pixels[2]
                              << " output pixels, but height and width must be "
                                 "below 2^31 (F4)";
  reduction = saturatingProduct({window.getKernel()[0], window.getKernel()[1],
                                 image[3] / window.getGroups()});
  return success();
}

LogicalResult ams::verifyEpilogue(Operation *op, EpilogueAttr epilogue,
                                  ValueRange addends, Value init) {
  size_t expected =
      epilogue ? size_t(epilogue.getBias()) + epilogue.getResidual() : 0;
  if (addends.size() != expected)
    return emitLayerError(op)
           << "has " << addends.size() << " addends, but its epilogue names "
           << expected << " (F10)";
  if (isa<BaseMemRefType>(init.getType()) && llvm::is_contained(addends, init))
    return emitLayerError(op) << "writes into the buffer that it adds (F10)";
  ArrayRef<int64_t> result = shapeOf(init);
  if (expected && epilogue.getBias() &&
      failed(verifyShape(op, "bias", shapeOf(addends.front()),
                         result.take_back())))
    return failure();
  if (expected && epilogue.getResidual())
    return verifyShape(op, "residual", shapeOf(addends.back()), result);
  return success();
}

void ams::bufferEffects(Operation *op, Value init, Effects &effects) {
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isa<BaseMemRefType>(operand.get().getType()))
      continue;
    if (operand.get() == init)
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
    else
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
  }
}
