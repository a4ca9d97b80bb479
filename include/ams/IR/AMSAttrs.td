//===-- AMSAttrs.td - Device, noise and window attributes --*- tablegen -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_ATTRS_TD
#define AMS_ATTRS_TD

include "ams/IR/AMSBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

class AMS_Attr<string cppName, string attrMnemonic>
    : AttrDef<AMS_Dialect, cppName> {
  let mnemonic = attrMnemonic;
}

def AMS_Format : I32Enum<"Format", "format of partial sums and results", [
    I32EnumCase<"BF16", 0, "bf16">, I32EnumCase<"F32", 1, "f32">]> {
  let cppNamespace = "::ams";
}

def AMS_UniformAttr : AMS_Attr<"Uniform", "uniform"> {
  let summary = "uniform noise of the ADC";
  let description = [{
    Added to the ADC's input after the gain, before rounding (A2). `width` is
    the full width of the distribution in LSB, centred on 0 (N6); at least 0, a float64.
    One LSB is the noise of the published experiments.

    ```mlir
    #ams.uniform<width = 1.0>
    ```
  }];
  let parameters = (ins APFloatParameter<"full width in LSB">:$width);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def AMS_DeviceAttr : AMS_Attr<"Device", "device"> {
  let summary = "an analog mixed-signal device";
  let description = [{
    What the compiler and the runtime know of a device: its crossbars, its
    converters, the format of its partial sums and its sources of noise.

    | parameter | meaning | range | default |
    | --- | --- | --- | --- |
    | `rows` | n: rows of a crossbar, length of a block (V1) | 1 to 1024 | required |
    | `columns` | outputs of a crossbar | at least 1 | required |
    | `weight_bits` | b_W (V3) | 2 to 8 | 8 |
    | `input_bits` | b_X, of the DAC (V3) | 2 to 8 | 8 |
    | `output_bits` | b_Y, of the ADC (V3) | 2 to 16 | 8 |
    | `partials` | format of partial sums and results (D3 to D5) | `bf16`, `f32` | `bf16` |
    | `noise` | sources of noise, at most one of a kind | list of attributes | none |

    ```mlir
    #ams.device<rows = 128, columns = 128, noise = [#ams.uniform<width = 1.0>]>
    ```
  }];
  let parameters = (ins
      "int64_t":$rows, "int64_t":$columns,
      DefaultValuedParameter<"int64_t", "8">:$weight_bits,
      DefaultValuedParameter<"int64_t", "8">:$input_bits,
      DefaultValuedParameter<"int64_t", "8">:$output_bits,
      DefaultValuedParameter<EnumParameter<AMS_Format>.cppType,
                             "::ams::Format::BF16">:$partials,
      DefaultValuedParameter<"::mlir::ArrayAttr",
                             "::mlir::ArrayAttr::get($_ctxt, {})">:$noise);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def AMS_WindowAttr : AMS_Attr<"Window", "window"> {
  let summary = "geometry of a 2-D convolution";
  let description = [{
    Kernel, strides and dilations are (height, width); padding is (top, left,
    bottom, right), of zeros; `groups` divides channels and outputs.

    ```mlir
    #ams.window<kernel = [3, 3], strides = [1, 1], padding = [1, 1, 1, 1],
                dilations = [1, 1], groups = 1>
    ```
  }];
  let parameters = (ins
      ArrayRefParameter<"int64_t">:$kernel, ArrayRefParameter<"int64_t">:$strides,
      ArrayRefParameter<"int64_t">:$padding,
      ArrayRefParameter<"int64_t">:$dilations, "int64_t":$groups);
  let assemblyFormat = [{
    `<` `kernel` `=` `[` $kernel `]` `,` `strides` `=` `[` $strides `]` `,`
    `padding` `=` `[` $padding `]` `,` `dilations` `=` `[` $dilations `]` `,`
    `groups` `=` $groups `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Output height (dim 0) or width (dim 1) for an input of `size`; below 1
    /// where the kernel does not fit.
    int64_t getOutputSize(int64_t dim, int64_t size) const;
  }];
}

#endif // AMS_ATTRS_TD
