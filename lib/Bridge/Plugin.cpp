//===-- Plugin.cpp - The dialect and passes for stock mlir-opt -  -*- C -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Bridge.h"

#include "ams/IR/AMSDialect.h"

#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

using namespace mlir;

extern "C" LLVM_ATTRIBUTE_WEAK
    __attribute__((visibility("default"))) DialectPluginLibraryInfo
    mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "ams", "0.1.0",
          [](DialectRegistry *registry) {
            registry->insert<ams::AMSDialect>();
            ams::registerBufferization(*registry);
          }};
}

extern "C" LLVM_ATTRIBUTE_WEAK
    __attribute__((visibility("default"))) PassPluginLibraryInfo
    mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "ams", "0.1.0", [] {
            ams::registerPasses();
            ams::registerPipelines();
          }};
}
