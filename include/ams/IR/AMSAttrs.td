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

/// Each source's description says: the unit of its numbers, where in the signal
/// path it stands (the number of its rule in docs/spec.md is its place in the
/// order), what it defaults to, and where it comes from. A source that a device
/// does not list is absent.
class AMS_Source<string cppName, string attrMnemonic>
    : AMS_Attr<cppName, attrMnemonic> {
  let genVerifyDecl = 1;
  let assemblyFormat = "`<` struct(params) `>`";
}

class AMS_Number<string desc> : APFloatParameter<desc>;

/// A number that is left out where it is `value`.
class AMS_NumberOr<string value, string desc>
    : DefaultValuedParameter<"::llvm::APFloat",
                             "::llvm::APFloat(" # value # ")", desc> {
  let comparator = "$_lhs.bitwiseIsEqual($_rhs)";
}

def AMS_UniformAttr : AMS_Source<"Uniform", "uniform"> {
  let summary = "uniform noise of the ADC";
  let description = [{
    Added to the ADC's input after the gain, before rounding (A2, S13). `width` is
    the full width of the distribution in LSB, centred on 0 (N6); at least 0, a float64.
    One LSB is the noise of the published experiments (arXiv 2205.06287). At
    most one kind of ADC noise stands in a device.

    ```mlir
    #ams.uniform<width = 1.0>
    ```
  }];
  let parameters = (ins AMS_Number<"full width in LSB">:$width);
}

def AMS_NormalAttr : AMS_Source<"Normal", "normal"> {
  let summary = "normal noise of the ADC";
  let description = [{
    Added to the ADC's input after the gain, before rounding (S13). `deviation`
    is in LSB. Thermal noise of an analog front end.

    ```mlir
    #ams.normal<deviation = 0.5>
    ```
  }];
  let parameters = (ins AMS_Number<"standard deviation in LSB">:$deviation);
}

def AMS_LogisticAttr : AMS_Source<"Logistic", "logistic"> {
  let summary = "logistic noise of the ADC";
  let description = [{
    As `#ams.normal`, with tails heavier than a normal distribution's: excess
    kurtosis 1.2 (S13). `deviation` is the standard deviation in LSB, pi / sqrt 3
    times the distribution's scale. Fits a measured photonic device.

    ```mlir
    #ams.logistic<deviation = 1.55>
    ```
  }];
  let parameters = (ins AMS_Number<"standard deviation in LSB">:$deviation);
}

def AMS_HistogramAttr : AMS_Source<"Histogram", "histogram"> {
  let summary = "measured noise of the ADC";
  let description = [{
    As `#ams.normal`, distributed as a histogram of measured errors (S13): up to
    128 bins of equal width from `low` to `high` LSB, with `weights` at least 0;
    uniform inside a bin. Its mean counts.

    ```mlir
    #ams.histogram<low = -2.0, high = 2.0, weights = [1.0, 4.0, 4.0, 1.0]>
    ```
  }];
  let parameters = (ins AMS_Number<"low end in LSB">:$low,
                        AMS_Number<"high end in LSB">:$high,
                        "::mlir::ArrayAttr":$weights);
}

def AMS_AdcSpreadAttr : AMS_Source<"AdcSpread", "adc_spread"> {
  let summary = "how the ADC noise differs between columns and signals";
  let description = [{
    Scales the ADC noise, of whatever kind (S13). `columns`: each column's noise
    is multiplied by 1 + columns * z, at least 0, z normal and drawn once from
    the device's seed. `growth`: noise is multiplied by 1 + growth * |a| / L_Y,
    a being the value it is added to. Both are relative and at least 0, 0 by
    default.

    ```mlir
    #ams.adc_spread<columns = 0.33, growth = 0.19>
    ```
  }];
  let parameters = (ins
      AMS_NumberOr<"0.0", "relative deviation over columns">:$columns,
      AMS_NumberOr<"0.0", "relative growth over the range">:$growth);
}

def AMS_CommonAttr : AMS_Source<"Common", "common"> {
  let summary = "noise common to all columns";
  let description = [{
    Normal, in LSB, one draw for all columns of one input vector and block
    (S12), after the columns' errors and before the ADC noise. Noise of a source
    that all columns share: light, a supply, a reference.

    ```mlir
    #ams.common<deviation = 0.66>
    ```
  }];
  let parameters = (ins AMS_Number<"standard deviation in LSB">:$deviation);
}

def AMS_ColumnErrorAttr : AMS_Source<"ColumnError", "column_error"> {
  let summary = "static gain and offset errors of columns";
  let description = [{
    The ADC's input a becomes gain * a + offset (S11), drawn once a column of a
    crossbar from the device's seed, normal: `gain` 1 by default with
    `gain_deviation`, `offset` in LSB with `offset_deviation`, all 0 by
    default. What calibration leaves of amplifiers' mismatch.

    ```mlir
    #ams.column_error<gain = 0.834, gain_deviation = 0.037, offset = 0.22,
                      offset_deviation = 0.5>
    ```
  }];
  let parameters = (ins
      AMS_NumberOr<"1.0", "mean gain">:$gain,
      AMS_NumberOr<"0.0", "deviation of the gain">:$gain_deviation,
      AMS_NumberOr<"0.0", "mean offset in LSB">:$offset,
      AMS_NumberOr<"0.0", "deviation of the offset in LSB">:$offset_deviation);
}

def AMS_AdcNonlinearityAttr
    : AMS_Source<"AdcNonlinearity", "adc_nonlinearity"> {
  let summary = "the ADC's static transfer curve";
  let description = [{
    Subtracted from the ADC's input before rounding, by the code that it would
    have got (S14): a bow of at most `integral` LSB, 0 at the middle and both
    ends, and an error of each code so that the width of a step deviates by
    `differential` LSB, drawn once from the device's seed; all ADCs of a device
    share the curve. Both 0 by default.

    ```mlir
    #ams.adc_nonlinearity<integral = 1.0, differential = 0.3>
    ```
  }];
  let parameters = (ins
      AMS_NumberOr<"0.0", "largest bow in LSB">:$integral,
      AMS_NumberOr<"0.0", "deviation of a step in LSB">:$differential);
}

def AMS_DacAttr : AMS_Source<"Dac", "dac"> {
  let summary = "errors of the DACs";
  let description = [{
    Input codes become fixed-point numbers (S8): a bow of at most `integral`
    LSB of the input is added, then normal noise of deviation `noise` LSB, drawn
    for each element of each input vector. Rows that are idle stay at 0. Both 0
    by default.

    ```mlir
    #ams.dac<noise = 0.2, integral = 0.5>
    ```
  }];
  let parameters = (ins
      AMS_NumberOr<"0.0", "standard deviation in LSB of the input">:$noise,
      AMS_NumberOr<"0.0", "largest bow in LSB of the input">:$integral);
}

def AMS_ProgrammingAttr : AMS_Source<"Programming", "programming"> {
  let summary = "error of programmed weights";
  let description = [{
    Normal, drawn once a cell from the device's seed (S4). Its deviation is
    L_W * max(0, constant + proportional * t + quadratic * t^2) with t = |w| / L_W,
    so that numbers are relative to the largest weight; 0 by default. The form
    is that of Joshi et al., "Accurate deep neural network inference using
    computational phase-change memory", Nature Communications 11, 2020.

    ```mlir
    #ams.programming<constant = 0.01054, proportional = 0.0786, quadratic = -0.0469>
    ```
  }];
  let parameters = (ins
      AMS_NumberOr<"0.0", "constant part">:$constant,
      AMS_NumberOr<"0.0", "part by the weight">:$proportional,
      AMS_NumberOr<"0.0", "part by the weight's square">:$quadratic);
}

def AMS_StuckAttr : AMS_Source<"Stuck", "stuck"> {
  let summary = "broken cells";
  let description = [{
    Rates, from 0 to 1, of cells that hold 0 (`low`) or the largest weight of
    either sign (`high`) whatever is programmed, drawn once a cell from the
    device's seed (S6). 0 by default.

    ```mlir
    #ams.stuck<low = 0.01, high = 0.001>
    ```
  }];
  let parameters = (ins AMS_NumberOr<"0.0", "rate of cells at 0">:$low,
                        AMS_NumberOr<"0.0", "rate of cells at full">:$high);
}

def AMS_DriftAttr : AMS_Source<"Drift", "drift"> {
  let summary = "drift of conductances";
  let description = [{
    `time` seconds after programming a weight has (time / reference)^-v of what
    it had after `reference` seconds (S5). The exponent v is normal with mean
    `exponent` and `deviation`, at least 0, drawn once a cell from the device's
    seed. Where it is `compensated`, outputs are divided by the mean of what is
    left, in digital logic (D1). Le Gallo et al., "Collective structural relaxation in
    phase-change memory devices", Advanced Electronic Materials 4, 2018. Not for
    products of two activations, whose cells were written just now.

    ```mlir
    #ams.drift<time = 86400.0, reference = 20.0, exponent = 0.05, deviation = 0.01, compensated = true>
    ```
  }];
  let parameters = (ins
      AMS_Number<"seconds since programming">:$time,
      AMS_NumberOr<"1.0", "seconds at which weights were right">:$reference,
      AMS_Number<"mean exponent">:$exponent,
      AMS_NumberOr<"0.0", "deviation of the exponent">:$deviation,
      DefaultValuedParameter<"bool", "false">:$compensated);
}

def AMS_IrDropAttr : AMS_Source<"IrDrop", "ir_drop"> {
  let summary = "voltage drop along columns";
  let description = [{
    First order (S7): a cell loses in proportion to the drop that the currents
    of all of its column's cells, at full input, make on the wire between it and
    the column's foot. `loss` is what the farthest cell loses where all cells
    hold the largest weight; from 0 to 1.

    ```mlir
    #ams.ir_drop<loss = 0.05>
    ```
  }];
  let parameters = (ins AMS_Number<"loss of the farthest cell">:$loss);
}

def AMS_ReadNoiseAttr : AMS_Source<"ReadNoise", "read_noise"> {
  let summary = "noise of reading weights";
  let description = [{
    Each weight fluctuates by normal noise of `deviation`, relative to the
    largest weight, from one product to the next. Its sum over a column is
    normal with a variance that the inputs decide; one draw a vector, block and
    output has that very distribution (S10). Read noise of memory cells, as in
    Joshi et al., Nature Communications 11, 2020.

    ```mlir
    #ams.read_noise<deviation = 0.02>
    ```
  }];
  let parameters = (ins AMS_Number<"deviation over L_W">:$deviation);
}

def AMS_RepeatAttr : AMS_Source<"Repeat", "repeat"> {
  let summary = "products repeated and averaged";
  let description = [{
    Each product is converted `count` times, with draws of its own, and codes
    are averaged in digital logic (S15); 1 to 256.

    ```mlir
    #ams.repeat<count = 4>
    ```
  }];
  let parameters = (ins "int64_t":$count);
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
    | `stack` | slots of `rows` rows, one above the other, of a crossbar; one is active at a time (P1) | 1 to 1024 | 1 |
    | `crossbars` | how many a device has | 0 to 2^30; 0: as many as it takes | 0 |
    | `weight_bits` | b_W (V3) | 2 to 16 | 8 |
    | `input_bits` | b_X, of the DAC (V3) | 2 to 16 | 8 |
    | `output_bits` | b_Y, of the ADC (V3) | 2 to 16 | 8 |
    | `gains` | those that the ADCs can have, ascending | list of positive numbers; none: any | none |
    | `partials` | format of partial sums and results (D3 to D5) | `bf16`, `f32` | `bf16` |
    | `noise` | sources of error, at most one of a kind, in any order (S1 to S15) | list of attributes | none |

    ```mlir
    #ams.device<rows = 128, columns = 128, noise = [#ams.uniform<width = 1.0>]>
    ```
  }];
  let parameters = (ins
      "int64_t":$rows, "int64_t":$columns,
      DefaultValuedParameter<"int64_t", "1">:$stack,
      DefaultValuedParameter<"int64_t", "0">:$crossbars,
      DefaultValuedParameter<"int64_t", "8">:$weight_bits,
      DefaultValuedParameter<"int64_t", "8">:$input_bits,
      DefaultValuedParameter<"int64_t", "8">:$output_bits,
      DefaultValuedParameter<EnumParameter<AMS_Format>.cppType,
                             "::ams::Format::BF16">:$partials,
      DefaultValuedParameter<"::mlir::ArrayAttr",
                             "::mlir::ArrayAttr::get($_ctxt, {})">:$gains,
      DefaultValuedParameter<"::mlir::ArrayAttr",
                             "::mlir::ArrayAttr::get($_ctxt, {})">:$noise);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def AMS_ConditionAttr : AMS_Attr<"Condition", "condition"> {
  let summary = "how a layer's blocks are conditioned";
  let description = [{
    Digital logic ahead of the DACs and behind the ADCs that helps blocks which
    a mean or an outlier would leave few codes, and reductions that are much
    shorter than a crossbar (C1 to C7). `mean`: the means of inputs are removed
    and added back. `spread`: elements are spread over all n rows by a transform;
    `signs` holds a + or - for each row. Not for products of two activations.

    ```mlir
    #ams.condition<mean = true, spread = true, signs = "+--+-+++">
    ```
  }];
  let parameters = (ins
      DefaultValuedParameter<"bool", "false">:$mean,
      DefaultValuedParameter<"bool", "false">:$spread,
      StringRefParameter<"signs of the rows", [{""}]>:$signs);
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

def AMS_TileRunAttr : AMS_Attr<"TileRun", "run"> {
  let summary = "where a run of tiles stands";
  let description = [{
    `tiles` tiles, in the order of P2, that crossbars of `device` hold in
    `step` (P3): the first at `slot` of `crossbar`, the next in the next lane,
    slot or crossbar. All count from 0.

    ```mlir
    #ams.run<tiles = 6, step = 0, device = 0, crossbar = 3, slot = 0>
    ```
  }];
  let parameters = (ins "int64_t":$tiles, "int64_t":$step, "int64_t":$device,
                        "int64_t":$crossbar, "int64_t":$slot);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def AMS_EpilogueAttr : AMS_Attr<"Epilogue", "epilogue"> {
  let summary = "what is done to a result as it is written";
  let description = [{
    In float32 after D4 (D7), in this order: with `bias`, an addend for each output
    is added; with `residual`, an addend for each element of the result; then what
    is not above `low` becomes `low`, and what is not below `high` becomes `high`.
    The addends are operands of the product, the bias first.

    ```mlir
    #ams.epilogue<bias = true, residual = true, low = 0.0>
    ```
  }];
  let parameters = (ins
      DefaultValuedParameter<"bool", "false", "an addend for each output">:$bias,
      DefaultValuedParameter<"bool", "false", "an addend for each element">:$residual,
      AMS_NumberOr<"-HUGE_VAL", "least value">:$low,
      AMS_NumberOr<"HUGE_VAL", "greatest value">:$high);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def AMS_PlacementAttr : AMS_Attr<"Placement", "placement"> {
  let summary = "the crossbars and steps that hold a layer's weights";
  let description = [{
    Tiles in the order (group, column tile, block), the block fastest (P2), in
    `runs` whose steps do not descend (P3, P4). `idle_rows` of the last block and
    `idle_columns` of the last column tile hold nothing. `lanes` tiles stand
    side by side in one slot. A placement never changes a result (P6).

    ```mlir
    #ams.placement<order = [group, column, block], idle_rows = 84, idle_columns = 118, lanes = 1,
                   runs = [<tiles = 3, step = 0, device = 0, crossbar = 0, slot = 0>]>
    ```
  }];
  let parameters = (ins "int64_t":$idleRows, "int64_t":$idleColumns,
                        "int64_t":$lanes,
                        ArrayRefParameter<"::ams::TileRunAttr">:$runs);
  let assemblyFormat = [{
    `<` `order` `=` `[` `group` `,` `column` `,` `block` `]` `,`
    `idle_rows` `=` $idleRows `,` `idle_columns` `=` $idleColumns `,`
    `lanes` `=` $lanes `,` `runs` `=` `[` $runs `]` `>`
  }];
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Tiles of all runs.
    int64_t getNumTiles() const;
  }];
}

#endif // AMS_ATTRS_TD
