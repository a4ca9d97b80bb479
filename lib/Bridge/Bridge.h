//===-- Bridge.h - What lib/Bridge's files share - C++ ------------*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_BRIDGE_H
#define AMS_BRIDGE_H

#include <memory>
#include <string>

namespace mlir {
class DialectRegistry;
class Pass;
} // namespace mlir

namespace ams {

/// The passes of Passes.td.
void registerPasses();
/// Those that take a user's text, which pipelines hand on as it is.
std::unique_ptr<mlir::Pass>
createConvertLinalgToAMS(std::string device, std::string keepDigitalLayers,
                         int64_t minMacs);
std::unique_ptr<mlir::Pass> createAssignConditioning(std::string condition);
std::unique_ptr<mlir::Pass> createAssignScales(std::string moments);
std::unique_ptr<mlir::Pass> createAppendLoss(std::string loss);
std::unique_ptr<mlir::Pass> createDifferentiate(std::string memory,
                                                bool clampGradient);
std::unique_ptr<mlir::Pass> createAssignGains(std::string gains);
std::unique_ptr<mlir::Pass> createPlaceCrossbars(std::string policy);
std::unique_ptr<mlir::Pass> createExportModel(std::string target,
                                              std::string sections);
/// The named pipelines of docs/levels.md.
void registerPipelines();
/// One-shot bufferization of the dialect's operations.
void registerBufferization(mlir::DialectRegistry &registry);

} // namespace ams

#endif // AMS_BRIDGE_H
