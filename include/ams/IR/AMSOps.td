//===-- AMSOps.td - The operations -------------------------*- tablegen -*-===//
//
// Part of the AMS project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef AMS_OPS_TD
#define AMS_OPS_TD

include "ams/IR/AMSAttrs.td"
include "ams/IR/AMSInterfaces.td"
include "ams/IR/AMSTypes.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

/// G: one number, one for each block of the reduction, or one for each crossbar
/// tile, in P2's order (G1).
def AMS_GainAttr : AnyAttrOf<[F32Attr, DenseF32ArrayAttr],
                             "f32 number, or array of one a block or tile">;

class AMS_Op<string mnemonic, list<Trait> traits = []>
    : Op<AMS_Dialect, mnemonic, traits>;

/// float32 data: a tensor before bufferization, a buffer after.
def AMS_Data : AnyTypeOf<[StaticShapeTensorOf<[F32]>,
                          StaticShapeMemRefOf<[F32]>],
                         "float32 tensor or memref of static shape">;
/// An operand of a product: data, or data that has been quantised.
def AMS_Operand : AnyTypeOf<[AMS_Data, AMS_AbfpType],
                            "float32 tensor, memref or ABFP value">;

/// An operation that writes its result into `init` (destination-passing style):
/// one result of its type on tensors, none on memrefs. What `init` held is never
/// read, so an operation whose only use is to fill it is passed over when folding.
class AMS_DestinationOp<string mnemonic, list<Trait> traits = []>
    : AMS_Op<mnemonic, !listconcat(traits, [
          DestinationStyleOpInterface, InferTypeOpAdaptor,
          DeclareOpInterfaceMethods<MemoryEffectsOpInterface>])> {
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let hasVerifier = 1;
  let hasFolder = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitMutable(); }
  }];
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::fold(
        FoldAdaptor, ::llvm::SmallVectorImpl<::mlir::OpFoldResult> &) {
      return foldInit(*this);
    }
    ::llvm::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *, std::optional<::mlir::Location>,
        Adaptor operation, ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      inferDestination(operation.getInit(), types);
      return ::mlir::success();
    }
  }];
}

/// A product of input vectors and weights: a layer. Its last arguments are the
/// addends that its `epilogue` names.
class AMS_LayerOp<string mnemonic>
    : AMS_DestinationOp<mnemonic,
                        [DeclareOpInterfaceMethods<AMS_LayerOpInterface>]>;

def AMS_MatmulOp : AMS_LayerOp<"matmul"> {
  let summary = "product with a matrix of weights";
  let description = [{
    `input` is [M, K], `weights` is [N, K] (one row an output), the result is
    [M, N]. On float32 operands (level 1) it is a layer still to be put on the
    device; on ABFP operands (levels 2 and 3) it computes A1 to D6, with `gain`
    G from level 3 on: one number, or one for each block of the reduction, or
    for each crossbar tile (`gain = [4.0, 8.0]`, G1). A `condition` says how the layer's blocks will be
    conditioned (C1); from level 2 on it is part of the operands' types.
    An `epilogue`, of any product, is what is done to the result as
    it is written (D7). With `records_clipping`, of any product, the device
    records which conversions were clipped (B2), for gradients of the same layer
    that leave them out.

    ```mlir
    %y = ams.matmul "fc" ins(%x, %w : tensor<4x300xf32>, tensor<10x300xf32>)
           outs(%init : tensor<4x10xf32>) device = #device -> tensor<4x10xf32>
    ```
  }];
  let arguments = (ins StrAttr:$layer, AMS_Operand:$input, AMS_Operand:$weights,
                       AMS_Data:$init, Variadic<AMS_Data>:$addends,
                       AMS_DeviceAttr:$device,
                       OptionalAttr<AMS_ConditionAttr>:$condition,
                       OptionalAttr<AMS_GainAttr>:$gain,
                       OptionalAttr<AMS_EpilogueAttr>:$epilogue,
                       UnitAttr:$records_clipping);
  let assemblyFormat = [{
    $layer `ins` `(` $input `,` $weights `:` qualified(type($input)) `,`
    qualified(type($weights)) `)` `outs` `(` $init `:` type($init) `)`
    `device` `=` qualified($device) (`condition` `=` qualified($condition)^)?
    (`gain` `=` custom<Gain>($gain)^)?
    (`epilogue` `=` qualified($epilogue)^
    (`(` $addends^ `:` type($addends) `)`)?)? attr-dict
    (`->` type($results)^)?
  }];
}

def AMS_ConvOp : AMS_LayerOp<"conv"> {
  let summary = "2-D convolution with weights";
  let description = [{
    `input` is [B, H, W, C], `weights` is [F, KH, KW, C / groups], the result is
    [B, OH, OW, F]. The reduction runs over (kernel row, kernel column,
    channel), channel fastest; each group is a product of its own (V4). As an
    ABFP value the input is [B, OH, OW, groups, K], the blocks of its patches.
    A `condition` is as that of `ams.matmul`; zeros that pad are elements like
    others.

    ```mlir
    %y = ams.conv "conv1" ins(%x, %w : tensor<1x8x8x16xf32>, tensor<32x3x3x16xf32>)
           outs(%init : tensor<1x8x8x32xf32>) window = #ams.window<kernel = [3, 3],
           strides = [1, 1], padding = [1, 1, 1, 1], dilations = [1, 1], groups = 1>
           device = #device -> tensor<1x8x8x32xf32>
    ```
  }];
  let arguments = (ins StrAttr:$layer, AMS_Operand:$input, AMS_Operand:$weights,
                       AMS_Data:$init, Variadic<AMS_Data>:$addends,
                       AMS_WindowAttr:$window,
                       AMS_DeviceAttr:$device,
                       OptionalAttr<AMS_ConditionAttr>:$condition,
                       OptionalAttr<AMS_GainAttr>:$gain,
                       OptionalAttr<AMS_EpilogueAttr>:$epilogue,
                       UnitAttr:$records_clipping);
  let assemblyFormat = [{
    $layer `ins` `(` $input `,` $weights `:` qualified(type($input)) `,`
    qualified(type($weights)) `)` `outs` `(` $init `:` type($init) `)`
    `window` `=` qualified($window) `device` `=` qualified($device)
    (`condition` `=` qualified($condition)^)?
    (`gain` `=` custom<Gain>($gain)^)?
    (`epilogue` `=` qualified($epilogue)^
    (`(` $addends^ `:` type($addends) `)`)?)? attr-dict (`->` type($results)^)?
  }];
}

def AMS_BatchMatmulOp : AMS_LayerOp<"batch_matmul"> {
  let summary = "product of two activations";
  let description = [{
    `lhs` is [B, M, K], `rhs` is [B, N, K], the result is [B, M, N]: for each b,
    lhs[b] times the transpose of rhs[b]. Both sides are quantised at run time
    (Q5), lhs as inputs are and rhs as weights are; nothing is programmed ahead.
    With a `gain` and float32 operands (level 4 on) the converters are part of the
    operation, as in `ams.mvm`, and `placement` says which crossbars each rhs[b]
    is programmed into, one after another (P2 to P5).

    ```mlir
    %y = ams.batch_matmul "scores" ins(%a, %b : tensor<2x5x32xf32>, tensor<2x7x32xf32>)
           outs(%init : tensor<2x5x7xf32>) device = #device -> tensor<2x5x7xf32>
    ```
  }];
  let arguments = (ins StrAttr:$layer, AMS_Operand:$lhs, AMS_Operand:$rhs,
                       AMS_Data:$init, Variadic<AMS_Data>:$addends,
                       AMS_DeviceAttr:$device, OptionalAttr<AMS_GainAttr>:$gain,
                       OptionalAttr<AMS_EpilogueAttr>:$epilogue,
                       OptionalAttr<AMS_PlacementAttr>:$placement,
                       UnitAttr:$records_clipping);
  let assemblyFormat = [{
    $layer `ins` `(` $lhs `,` $rhs `:` qualified(type($lhs)) `,`
    qualified(type($rhs)) `)` `outs` `(` $init `:` type($init) `)`
    `device` `=` qualified($device) (`gain` `=` custom<Gain>($gain)^)?
    (`placement` `=` qualified($placement)^)?
    (`epilogue` `=` qualified($epilogue)^
    (`(` $addends^ `:` type($addends) `)`)?)? attr-dict
    (`->` type($results)^)?
  }];
}

def AMS_QuantizeOp : AMS_Op<"quantize",
    [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "to adaptive block floating point";
  let description = [{
    Rounds, scales and quantises (Q1 to Q4) `input` along the result's `axis`,
    conditioned before where the result's type says so (C1 to C4).
    With a `window`, `input` is an image [B, H, W, C] and its patches are
    quantised: the result is [B, OH, OW, groups, K] with axis 4.

    ```mlir
    %q = ams.quantize %x : tensor<4x300xf32> to !ams.abfp<4x300, axis = 1, n = 128, bits = 8>
    ```
  }];
  let arguments = (ins AMS_Data:$input, OptionalAttr<AMS_WindowAttr>:$window);
  let results = (outs AMS_AbfpType:$result);
  let assemblyFormat = [{
    $input `:` type($input) `to` qualified(type($result))
    (`window` `=` qualified($window)^)? attr-dict
  }];
  let hasVerifier = 1;
}

def AMS_DequantizeOp : AMS_DestinationOp<"dequantize"> {
  let summary = "from adaptive block floating point to float32";
  let description = [{
    Code times scale (Q6). The result has the shape of the ABFP value, whose
    blocks are plain.

    ```mlir
    %y = ams.dequantize %q : !ams.abfp<4x300, axis = 1, n = 128, bits = 8>
           outs(%init : tensor<4x300xf32>) -> tensor<4x300xf32>
    ```
  }];
  let arguments = (ins AMS_AbfpType:$input, AMS_Data:$init);
  let assemblyFormat = [{
    $input `:` qualified(type($input)) `outs` `(` $init `:` type($init) `)`
    attr-dict (`->` type($results)^)?
  }];
}

def AMS_WeightsOp : AMS_Op<"weights", [Pure]> {
  let summary = "weights that were quantised when compiling";
  let description = [{
    `codes` holds codes [vectors, blocks, n], int8 up to 8 bits, else int16;
    `scales` holds bfloat16 scales [vectors, blocks]. Where the type's condition
    removes means, `sums` holds the weights' sums [vectors, blocks] (C2). Written by
    `--ams-assign-scales`.

    ```mlir
    %w = ams.weights codes = dense<1> : tensor<10x3x128xi8>
           scales = dense<0.5> : tensor<10x3xbf16>
           : !ams.abfp<10x300, axis = 1, n = 128, bits = 8>
    ```
  }];
  let arguments = (ins ElementsAttr:$codes, ElementsAttr:$scales,
                       OptionalAttr<ElementsAttr>:$sums);
  let results = (outs AMS_AbfpType:$result);
  let assemblyFormat = [{
    `codes` `=` $codes `scales` `=` $scales (`sums` `=` $sums^)? attr-dict `:`
    qualified(type($result))
  }];
  let hasVerifier = 1;
}

def AMS_ProgramOp : AMS_Op<"program", [Pure]> {
  let summary = "programs a layer's weights onto crossbars";
  let description = [{
    Done once, when the model is loaded; a run only streams inputs. `placement`,
    written by `--ams-place-crossbars`, says which crossbars hold which tile, and
    in which step (P2 to P5).

    ```mlir
    %g = ams.program %w : !ams.abfp<10x300, axis = 1, n = 128, bits = 8> to
           !ams.grid<outputs = 10, reduction = 300, groups = 1, rows = 128, columns = 128>
    ```
  }];
  let arguments = (ins AMS_AbfpType:$weights,
                       OptionalAttr<AMS_PlacementAttr>:$placement);
  let results = (outs AMS_GridType:$grid);
  let assemblyFormat = [{
    $weights attr-dict `:` qualified(type($weights)) `to`
    qualified(type($grid)) (`placement` `=` qualified($placement)^)?
  }];
  let hasVerifier = 1;
}

def AMS_MvmOp : AMS_LayerOp<"mvm"> {
  let summary = "input vectors through programmed crossbars";
  let description = [{
    The device's own instruction: the DACs quantise each block of each input
    vector (Q1 to Q4), the crossbars multiply, the ADCs convert (A1, A2), digital
    logic scales and adds (D1 to D6). Where the grid's condition says so, digital
    logic conditions blocks before and adds means after (C1 to C5). `input` is [M, K], or with a `window` an
    image [B, H, W, C]. The quantiser is part of the operation because the DACs
    are part of the crossbar.

    ```mlir
    %y = ams.mvm "fc" %g, %x : !ams.grid<outputs = 10, reduction = 300, groups = 1,
           rows = 128, columns = 128>, tensor<4x300xf32> outs(%init : tensor<4x10xf32>)
           device = #device gain = 8.0 : f32 -> tensor<4x10xf32>
    ```
  }];
  let arguments = (ins StrAttr:$layer, AMS_GridType:$grid, AMS_Data:$input,
                       AMS_Data:$init, Variadic<AMS_Data>:$addends,
                       OptionalAttr<AMS_WindowAttr>:$window,
                       AMS_DeviceAttr:$device, AMS_GainAttr:$gain,
                       OptionalAttr<AMS_EpilogueAttr>:$epilogue,
                       UnitAttr:$records_clipping);
  let assemblyFormat = [{
    $layer $grid `,` $input `:` qualified(type($grid)) `,` type($input)
    `outs` `(` $init `:` type($init) `)` (`window` `=` qualified($window)^)?
    `device` `=` qualified($device) `gain` `=` custom<Gain>($gain)
    (`epilogue` `=` qualified($epilogue)^
    (`(` $addends^ `:` type($addends) `)`)?)? attr-dict
    (`->` type($results)^)?
  }];
}

/// The gradient of one operand of a product, from that of its result and the
/// other operand; in float32, whatever computes the product. With
/// `drops_clipped` conversions of the layer's product that were clipped have no
/// part in it (B3): the product is in the same module and `records_clipping`.
class AMS_GradientOp<string mnemonic, string other, dag more = (ins)>
    : AMS_DestinationOp<mnemonic> {
  let arguments = !con((ins StrAttr:$layer, AMS_Data:$gradient),
                       !dag(ins, [AMS_Data], [other]),
                       (ins AMS_Data:$init), more,
                       (ins UnitAttr:$drops_clipped));
}

class AMS_MatmulGradientOp<string mnemonic, string other>
    : AMS_GradientOp<mnemonic, other> {
  let assemblyFormat = "$layer `ins` `(` $gradient `,` $" # other #
    " `:` type($gradient) `,` type($" # other # ") `)` `outs` `(` $init `:` "
    "type($init) `)` attr-dict (`->` type($results)^)?";
}

class AMS_ConvGradientOp<string mnemonic, string other>
    : AMS_GradientOp<mnemonic, other, (ins AMS_WindowAttr:$window)> {
  let assemblyFormat = "$layer `ins` `(` $gradient `,` $" # other #
    " `:` type($gradient) `,` type($" # other # ") `)` `outs` `(` $init `:` "
    "type($init) `)` `window` `=` qualified($window) attr-dict "
    "(`->` type($results)^)?";
}

def AMS_MatmulInputGradientOp
    : AMS_MatmulGradientOp<"matmul_input_gradient", "weights"> {
  let summary = "gradient of the input of a matrix product";
  let description = [{
    `gradient` is [M, N], that of the product's result, `weights` is [N, K]; the
    result is [M, K], gradient times weights. With `drops_clipped`, of any
    gradient, conversions of the layer's product that were clipped have no part
    in it (B3): that product has `records_clipping`.

    ```mlir
    %dx = ams.matmul_input_gradient "fc" ins(%dy, %w : tensor<4x10xf32>,
            tensor<10x300xf32>) outs(%init : tensor<4x300xf32>) -> tensor<4x300xf32>
    ```
  }];
}

def AMS_MatmulWeightGradientOp
    : AMS_MatmulGradientOp<"matmul_weight_gradient", "input"> {
  let summary = "gradient of the weights of a matrix product";
  let description = [{
    `gradient` is [M, N], that of the product's result, `input` is [M, K]; the
    result is [N, K], the transpose of gradient times input.

    ```mlir
    %dw = ams.matmul_weight_gradient "fc" ins(%dy, %x : tensor<4x10xf32>,
            tensor<4x300xf32>) outs(%init : tensor<10x300xf32>) -> tensor<10x300xf32>
    ```
  }];
}

def AMS_ConvInputGradientOp
    : AMS_ConvGradientOp<"conv_input_gradient", "weights"> {
  let summary = "gradient of the image of a convolution";
  let description = [{
    `gradient` is [B, OH, OW, F], that of the convolution's result, `weights` is
    [F, KH, KW, C / groups]; the result is [B, H, W, C].

    ```mlir
    %dx = ams.conv_input_gradient "conv1" ins(%dy, %w : tensor<1x8x8x32xf32>,
            tensor<32x3x3x16xf32>) outs(%init : tensor<1x8x8x16xf32>)
            window = #window -> tensor<1x8x8x16xf32>
    ```
  }];
}

def AMS_ConvWeightGradientOp
    : AMS_ConvGradientOp<"conv_weight_gradient", "input"> {
  let summary = "gradient of the weights of a convolution";
  let description = [{
    `gradient` is [B, OH, OW, F], that of the convolution's result, `input` is
    [B, H, W, C]; the result is [F, KH, KW, C / groups].

    ```mlir
    %dw = ams.conv_weight_gradient "conv1" ins(%dy, %x : tensor<1x8x8x32xf32>,
            tensor<1x8x8x16xf32>) outs(%init : tensor<32x3x3x16xf32>)
            window = #window -> tensor<32x3x3x16xf32>
    ```
  }];
}

def AMS_BatchMatmulLhsGradientOp
    : AMS_MatmulGradientOp<"batch_matmul_lhs_gradient", "rhs"> {
  let summary = "gradient of the left side of a product of two activations";
  let description = [{
    `gradient` is [B, M, N], that of the product's result, `rhs` is [B, N, K]; the
    result is [B, M, K].

    ```mlir
    %da = ams.batch_matmul_lhs_gradient "scores" ins(%dy, %b : tensor<2x5x7xf32>,
            tensor<2x7x32xf32>) outs(%init : tensor<2x5x32xf32>) -> tensor<2x5x32xf32>
    ```
  }];
}

def AMS_BatchMatmulRhsGradientOp
    : AMS_MatmulGradientOp<"batch_matmul_rhs_gradient", "lhs"> {
  let summary = "gradient of the right side of a product of two activations";
  let description = [{
    `gradient` is [B, M, N], that of the product's result, `lhs` is [B, M, K]; the
    result is [B, N, K].

    ```mlir
    %db = ams.batch_matmul_rhs_gradient "scores" ins(%dy, %a : tensor<2x5x7xf32>,
            tensor<2x5x32xf32>) outs(%init : tensor<2x7x32xf32>) -> tensor<2x7x32xf32>
    ```
  }];
}

def AMS_AddNoiseOp : AMS_Op<"add_noise",
    [DestinationStyleOpInterface,
     DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "differential noise on a layer's result";
  let description = [{
    Adds to every element of `outs`, the result of a layer in float32 for
    `samples` samples, a number drawn from `table` (T1 to T4), so that a network
    is trained with the noise that the layer has on the device. `table` is
    [channels, ranges, 641]: rows for all channels of the result (1) or for each
    of its last dimension, and for each range of its magnitude. `index` is the
    layer's address: its place among the products of @main. The sum takes the
    buffer of `outs`. The gradient is passed on as it is. An `epilogue` is what
    is done to the sum then, as to a product's result (D7).

    ```mlir
    %z = ams.add_noise "conv1" table(%t : tensor<1x1x641xf32>)
           outs(%y : tensor<4x8x8x16xf32>) index = 0 samples = 4
           -> tensor<4x8x8x16xf32>
    ```
  }];
  let arguments = (ins StrAttr:$layer, AMS_Data:$table, AMS_Data:$init,
                       Variadic<AMS_Data>:$addends, I64Attr:$index,
                       I64Attr:$samples, OptionalAttr<AMS_EpilogueAttr>:$epilogue);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $layer `table` `(` $table `:` type($table) `)` `outs` `(` $init `:`
    type($init) `)` `index` `=` $index `samples` `=` $samples
    (`epilogue` `=` qualified($epilogue)^
    (`(` $addends^ `:` type($addends) `)`)?)? attr-dict
    (`->` type($results)^)?
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() { return getInitMutable(); }
  }];
}

#endif // AMS_OPS_TD
