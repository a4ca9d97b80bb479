//===-- Sizes.h - Limits and products of sizes - C++ ---------------*- C
//-*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What verifiers of types and of operations share: sizes come from users, so
// products of them must not wrap.
//
//===----------------------------------------------------------------------===//

#ifndef AMS_IR_SIZES_H
#define AMS_IR_SIZES_H

#include "mlir/Support/LLVM.h"
#include "llvm/Support/MathExtras.h"

#include <cstdint>

namespace ams {

/// Coordinates of the noise (N2).
constexpr int64_t maxVectors = int64_t(1) << 44;
constexpr int64_t maxOutputs = int64_t(1) << 32;
constexpr int64_t maxBlocks = int64_t(1) << 20;
constexpr int64_t maxLayers = int64_t(1) << 16;
/// Tiles of a layer that these make possible (P2).
constexpr int64_t maxTiles = maxOutputs * maxBlocks;

/// Product of `sizes`, which are not negative; INT64_MAX where it is larger.
inline int64_t saturatingProduct(llvm::ArrayRef<int64_t> sizes) {
  uint64_t product = 1;
  for (int64_t size : sizes)
    product = llvm::SaturatingMultiply(product, uint64_t(size));
  return int64_t(std::min(product, uint64_t(INT64_MAX)));
}

} // namespace ams

#endif // AMS_IR_SIZES_H
