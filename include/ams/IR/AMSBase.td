//===-- AMSBase.td - The dialect ---------------------------*- tablegen -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_BASE_TD
#define AMS_BASE_TD

include "mlir/IR/OpBase.td"

def AMS_Dialect : Dialect {
  let name = "ams";
  let cppNamespace = "::ams";
  let summary = "Neural network layers on analog mixed-signal crossbars";
  let description = [{
    The dialect carries a network's products from plain layers to programmed
    crossbars of an analog device that computes in adaptive block floating
    point (ABFP). docs/spec.md states the arithmetic; its rule numbers are
    cited here. docs/levels.md shows which operations stand at which level.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
}

#endif // AMS_BASE_TD
