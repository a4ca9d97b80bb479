//===-- Register.cpp - Registration and the tools' main functions -  -*- C
//-*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ams-c/Register.h"

#include "Bridge.h"

#include "ams/IR/AMSDialect.h"

#include "mlir-c/RegisterEverything.h"
#include "mlir/CAPI/IR.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

using namespace mlir;

void amsRegisterAllDialects(MlirDialectRegistry registry) {
  mlirRegisterAllDialects(registry);
  unwrap(registry)->insert<ams::AMSDialect>();
  ams::registerBufferization(*unwrap(registry));
}

void amsRegisterAllPasses(void) {
  mlirRegisterAllPasses();
  ams::registerPasses();
  ams::registerPipelines();
}

int amsOptMain(int argc, char **argv) {
  DialectRegistry registry;
  amsRegisterAllDialects(wrap(&registry));
  amsRegisterAllPasses();
  return asMainReturnCode(
      MlirOptMain(argc, argv, "AMS modular optimizer driver\n", registry));
}

int amsLspServerMain(int argc, char **argv) {
  DialectRegistry registry;
  amsRegisterAllDialects(wrap(&registry));
  return asMainReturnCode(MlirLspServerMain(argc, argv, registry));
}
