//===-- GradientOps.cpp - Verifiers of the gradients ----------------------===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Verify.h"

using namespace mlir;
using namespace ams;

void MatmulInputGradientOp::getEffects(Effects &e) {
  bufferEffects(*this, getInit(), e);
}
void MatmulWeightGradientOp::getEffects(Effects &e) {
  bufferEffects(*this, getInit(), e);
}
void ConvInputGradientOp::getEffects(Effects &e) {
  bufferEffects(*this, getInit(), e);
}
void ConvWeightGradientOp::getEffects(Effects &e) {
  bufferEffects(*this, getInit(), e);
}
void BatchMatmulLhsGradientOp::getEffects(Effects &e) {
  bufferEffects(*this, getInit(), e);
}
void BatchMatmulRhsGradientOp::getEffects(Effects &e) {
  bufferEffects(*this, getInit(), e);
}

/// What every gradient shares: a name, a destination, and ranks.
template <typename Op>
static LogicalResult verifyGradient(Op op, Value other, StringRef otherName,
                                    size_t rank) {
  if (op.getLayer().empty())
    return emitLayerError(op) << "needs a layer name (F1)";
  if (failed(verifyDestination(op, op.getInit())) ||
      failed(verifyRank(op, "gradient", op.getGradient(), rank)))
    return failure();
  return verifyRank(op, otherName, other, rank);
}

/// gradient [..., M, N] and `other` [..., N, K] to [..., M, K].
template <typename Op>
static LogicalResult verifyLeftGradient(Op op, Value other, StringRef name,
                                        size_t rank) {
  if (failed(verifyGradient(op, other, name, rank)))
    return failure();
  ArrayRef<int64_t> found = shapeOf(other);
  SmallVector<int64_t> gradient(shapeOf(op.getGradient()));
  SmallVector<int64_t> needed(gradient), result(gradient);
  needed[rank - 2] = gradient[rank - 1];
  needed[rank - 1] = result[rank - 1] = found[rank - 1];
  if (failed(verifyShape(op, name, found, needed)))
    return failure();
  return verifyShape(op, "outs", shapeOf(op.getInit()), result);
}

/// gradient [..., M, N] and `other` [..., M, K] to [..., N, K].
template <typename Op>
static LogicalResult verifyRightGradient(Op op, Value other, StringRef name,
                                         size_t rank) {
  if (failed(verifyGradient(op, other, name, rank)))
    return failure();
  ArrayRef<int64_t> found = shapeOf(other);
  SmallVector<int64_t> gradient(shapeOf(op.getGradient()));
  SmallVector<int64_t> needed(gradient), result(gradient);
  needed[rank - 1] = result[rank - 1] = found[rank - 1];
  result[rank - 2] = gradient[rank - 1];
  if (failed(verifyShape(op, name, found, needed)))
    return failure();
  return verifyShape(op, "outs", shapeOf(op.getInit()), result);
}

LogicalResult MatmulInputGradientOp::verify() {
  return verifyLeftGradient(*this, getWeights(), "weights", 2);
}

LogicalResult MatmulWeightGradientOp::verify() {
  return verifyRightGradient(*this, getInput(), "input", 2);
}

LogicalResult BatchMatmulLhsGradientOp::verify() {
  return verifyLeftGradient(*this, getRhs(), "rhs", 3);
}

LogicalResult BatchMatmulRhsGradientOp::verify() {
  return verifyRightGradient(*this, getLhs(), "lhs", 3);
}

/// The shapes of a convolution whose gradient `op` computes.
static LogicalResult verifyConvGradient(Operation *op, WindowAttr window,
                                        Value image, StringRef imageName,
                                        Value weights, StringRef weightsName,
                                        Value gradient) {
  if (failed(verifyRank(op, imageName, image, 4)) ||
      failed(verifyRank(op, weightsName, weights, 4)))
    return failure();
  SmallVector<int64_t> result;
  int64_t reduction;
  ArrayRef<int64_t> input = shapeOf(image), filters = shapeOf(weights);
  if (failed(verifyWindow(op, input, window, result, reduction)))
    return failure();
  if (filters[0] % window.getGroups())
    return emitLayerError(op)
           << "has " << filters[0] << " outputs, which " << window.getGroups()
           << " groups do not divide (F4)";
  result.push_back(filters[0]);
  if (failed(
          verifyShape(op, weightsName, filters,
                      {filters[0], window.getKernel()[0], window.getKernel()[1],
                       input[3] / window.getGroups()})))
    return failure();
  return verifyShape(op, "gradient", shapeOf(gradient), result);
}

LogicalResult ConvInputGradientOp::verify() {
  if (failed(verifyGradient(*this, getWeights(), "weights", 4)))
    return failure();
  return verifyConvGradient(*this, getWindow(), getInit(), "outs", getWeights(),
                            "weights", getGradient());
}

LogicalResult ConvWeightGradientOp::verify() {
  if (failed(verifyGradient(*this, getInput(), "input", 4)))
    return failure();
  return verifyConvGradient(*this, getWindow(), getInput(), "input", getInit(),
                            "outs", getGradient());
}
