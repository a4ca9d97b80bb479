//===-- AddNoiseOp.cpp - The verifier of ams.add_noise --------------------===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Verify.h"

#include "Sizes.h"

#include "ams/abi.h"

using namespace mlir;
using namespace ams;

void AddNoiseOp::getEffects(Effects &e) {
  bufferEffects(*this, getInit(), e);
  if (isa<BaseMemRefType>(getInit().getType()))
    e.emplace_back(MemoryEffects::Read::get(), &getInitMutable());
}

LogicalResult AddNoiseOp::verify() {
  if (getLayer().empty())
    return emitLayerError(*this) << "needs a layer name (F1)";
  if (failed(verifyDestination(*this, getInit())) ||
      failed(verifyRank(*this, "table", getTable(), 3)))
    return failure();
  ArrayRef<int64_t> table = shapeOf(getTable()), result = shapeOf(getInit());
  if (result.empty() || llvm::is_contained(result, 0))
    return emitLayerError(*this)
           << "outs must have elements, and dimensions (F3)";
  if (failed(verifyEpilogue(*this, getEpilogueAttr(), getAddends(), getInit())))
    return failure();
  int64_t channels = table[0] == 1 ? 1 : result.back();
  if (failed(verifyShape(*this, "table", table,
                         {channels, table[1], AMS_ABI_NOISE_ROW})))
    return failure();
  int64_t rows = saturatingProduct({table[0], table[1]});
  if (rows > INT32_MAX / AMS_ABI_NOISE_ROW)
    return emitLayerError(*this)
           << "table has " << rows << " rows, but at most "
           << INT32_MAX / AMS_ABI_NOISE_ROW << " are possible (T1)";
  if (getIndex() >= maxLayers)
    return emitLayerError(*this)
           << "index is " << getIndex() << ", but must be from 0 to "
           << maxLayers - 1 << " (T3)";
  int64_t count = saturatingProduct(result);
  if (getSamples() < 1 || count % getSamples() ||
      (count / getSamples()) % result.back())
    return emitLayerError(*this)
           << "outs has " << count << " elements, which " << getSamples()
           << " samples do not share by whole rows (T3)";
  if (count / getSamples() > maxOutputs)
    return emitLayerError(*this)
           << "a sample has " << count / getSamples()
           << " elements, but at most " << maxOutputs << " are possible (T3)";
  return success();
}
