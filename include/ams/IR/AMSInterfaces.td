//===-- AMSInterfaces.td - What all layers share -----------*- tablegen -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_INTERFACES_TD
#define AMS_INTERFACES_TD

include "mlir/IR/OpBase.td"

def AMS_LayerOpInterface : OpInterface<"LayerOpInterface"> {
  let description = [{
    A layer: a product on a device, at any level of docs/levels.md. C code
    reaches it through `amsOperationIsALayer` and `amsLayerGetInfo` of
    ams-c/Dialect.h.
  }];
  let cppNamespace = "::ams";
  let methods = [
    InterfaceMethod<"The layer's name.", "::llvm::StringRef", "getLayer">,
    InterfaceMethod<"The device it runs on.", "::ams::DeviceAttr", "getDevice">,
    InterfaceMethod<"Its gain, a number or an array of one a block or tile, or null.",
                    "::mlir::Attribute", "getGainAttr">,
    InterfaceMethod<"The sizes of its product.", "::ams::LayerShape",
                    "getLayerShape">,
    InterfaceMethod<"How its blocks are conditioned, or null.",
                    "::ams::ConditionAttr", "getLayerCondition">,
    InterfaceMethod<"Whether both sides are computed at run time.", "bool",
                    "hasTwoActivations">,
  ];
}

#endif // AMS_INTERFACES_TD
