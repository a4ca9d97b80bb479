// What neither way down can lower: the same messages from both.
// RUN: ams-opt %s --convert-ams-to-runtime --split-input-file --verify-diagnostics
// RUN: ams-opt %s --ams-decompose --split-input-file --verify-diagnostics

#device = #ams.device<rows = 8, columns = 4>
!qx = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
!qw = !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
func.func @gained(%x: !qx, %w: !qw, %y: memref<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" is not on crossbars yet: run --ams-tile-crossbar first}}
  ams.matmul "fc" ins(%x, %w : !qx, !qw) outs(%y : memref<2x3xf32>) device = #device gain = 8.0
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
!qx = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
!qw = !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
func.func @quantised(%x: !qx, %w: !qw, %y: memref<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" is not on crossbars yet: run --ams-tile-crossbar first}}
  ams.matmul "fc" ins(%x, %w : !qx, !qw) outs(%y : memref<2x3xf32>) device = #device
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
!qx = !ams.abfp<1x2x2x1x3, axis = 4, n = 8, bits = 8>
!qw = !ams.abfp<5x1x1x3, axis = 1, n = 8, bits = 8>
func.func @quantised_conv(%x: !qx, %w: !qw, %y: memref<1x2x2x5xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" is not on crossbars yet: run --ams-tile-crossbar first}}
  ams.conv "c" ins(%x, %w : !qx, !qw) outs(%y : memref<1x2x2x5xf32>) window = #window device = #device
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
!q = !ams.abfp<1x2x9, axis = 2, n = 8, bits = 8>
func.func @quantised_batch(%x: !q, %y: memref<1x2x2xf32>) {
  // expected-error@+1 {{'ams.batch_matmul' op of layer "s" is not on crossbars yet: run --ams-tile-crossbar first}}
  ams.batch_matmul "s" ins(%x, %x : !q, !q) outs(%y : memref<1x2x2xf32>) device = #device gain = 2.0
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
!grid = !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>
func.func @grid_argument(%g: !grid, %x: memref<2x9xf32>, %y: memref<2x3xf32>) {
  // expected-error@+1 {{'ams.mvm' op of layer "fc" needs a grid that is programmed from ams.weights, or from ams.quantize of a buffer, in the same function}}
  ams.mvm "fc" %g, %x : !grid, memref<2x9xf32> outs(%y : memref<2x3xf32>) device = #device gain = 8.0
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
!qw = !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
!grid = !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>
func.func @weights_argument(%w: !qw, %x: memref<2x9xf32>, %y: memref<2x3xf32>) {
  %g = ams.program %w : !qw to !grid
  // expected-error@+1 {{'ams.mvm' op of layer "fc" needs a grid that is programmed from ams.weights, or from ams.quantize of a buffer, in the same function}}
  ams.mvm "fc" %g, %x : !grid, memref<2x9xf32> outs(%y : memref<2x3xf32>) device = #device gain = 8.0
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
!qw = !ams.abfp<3x9, axis = 1, n = 8, bits = 4>
!grid = !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>
func.func @bits(%x: memref<2x9xf32>, %y: memref<2x3xf32>) {
  %w = ams.weights codes = dense<1> : tensor<3x2x8xi8> scales = dense<0.5> : tensor<3x2xbf16> : !qw
  %g = ams.program %w : !qw to !grid
  // expected-error@+1 {{'ams.mvm' op of layer "fc" has weights of 4 bits, but the device has 8 (V3)}}
  ams.mvm "fc" %g, %x : !grid, memref<2x9xf32> outs(%y : memref<2x3xf32>) device = #device gain = 8.0
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
!qw = !ams.abfp<1x2, axis = 1, n = 8, bits = 8>
!grid = !ams.grid<outputs = 1, reduction = 2, groups = 1, rows = 8, columns = 4>
func.func @code(%x: memref<2x2xf32>, %y: memref<2x1xf32>) {
  // expected-error@+1 {{'ams.weights' op of layer "a" holds the code -128, but codes of 8 bits are from -127 to 127 (Q3)}}
  %w = ams.weights codes = dense<[[[127, -127, 0, 0, 0, 0, 0, -128]]]> : tensor<1x1x8xi8> scales = dense<0.5> : tensor<1x1xbf16> : !qw
  %g = ams.program %w : !qw to !grid
  ams.mvm "a" %g, %x : !grid, memref<2x2xf32> outs(%y : memref<2x1xf32>) device = #device gain = 8.0
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4, weight_bits = 4>
!qw = !ams.abfp<1x2, axis = 1, n = 8, bits = 4>
!grid = !ams.grid<outputs = 1, reduction = 2, groups = 1, rows = 8, columns = 4>
func.func @code_of_4_bits(%x: memref<2x2xf32>, %y: memref<2x1xf32>) {
  // expected-error@+1 {{'ams.weights' op of layer "a" holds the code 8, but codes of 4 bits are from -7 to 7 (Q3)}}
  %w = ams.weights codes = dense<8> : tensor<1x1x8xi8> scales = dense<0.5> : tensor<1x1xbf16> : !qw
  %g = ams.program %w : !qw to !grid
  ams.mvm "a" %g, %x : !grid, memref<2x2xf32> outs(%y : memref<2x1xf32>) device = #device gain = 8.0
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4, weight_bits = 10>
!qw = !ams.abfp<1x2, axis = 1, n = 8, bits = 10>
!grid = !ams.grid<outputs = 1, reduction = 2, groups = 1, rows = 8, columns = 4>
func.func @code_of_10_bits(%x: memref<2x2xf32>, %y: memref<2x1xf32>) {
  // expected-error@+1 {{'ams.weights' op of layer "a" holds the code -512, but codes of 10 bits are from -511 to 511 (Q3)}}
  %w = ams.weights codes = dense<[[[511, -511, 256, -512, 0, 0, 0, 0]]]> : tensor<1x1x8xi16> scales = dense<0.5> : tensor<1x1xbf16> : !qw
  %g = ams.program %w : !qw to !grid
  ams.mvm "a" %g, %x : !grid, memref<2x2xf32> outs(%y : memref<2x1xf32>) device = #device gain = 8.0
  return
}

// -----

!q = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
func.func @dequantize_argument(%q: !q, %y: memref<2x9xf32>) {
  // expected-error@+1 {{'ams.dequantize' op takes at run time only what ams.quantize yields from a buffer, without a window}}
  ams.dequantize %q : !q outs(%y : memref<2x9xf32>)
  return
}

// -----

!q = !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
func.func @dequantize_weights(%y: memref<3x9xf32>) {
  %w = ams.weights codes = dense<1> : tensor<3x2x8xi8> scales = dense<0.5> : tensor<3x2xbf16> : !q
  // expected-error@+1 {{'ams.dequantize' op takes at run time only what ams.quantize yields from a buffer, without a window}}
  ams.dequantize %w : !q outs(%y : memref<3x9xf32>)
  return
}

// -----

#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
!q = !ams.abfp<1x2x2x1x3, axis = 4, n = 8, bits = 8>
func.func @dequantize_patches(%x: memref<1x2x2x3xf32>, %y: memref<1x2x2x1x3xf32>) {
  %q = ams.quantize %x : memref<1x2x2x3xf32> to !q window = #window
  // expected-error@+1 {{'ams.dequantize' op takes at run time only what ams.quantize yields from a buffer, without a window}}
  ams.dequantize %q : !q outs(%y : memref<1x2x2x1x3xf32>)
  return
}

// -----

!q = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
func.func @dequantize_tensor(%x: tensor<2x9xf32>, %y: memref<2x9xf32>) {
  %q = ams.quantize %x : tensor<2x9xf32> to !q
  // expected-error@+1 {{'ams.dequantize' op takes at run time only what ams.quantize yields from a buffer, without a window}}
  ams.dequantize %q : !q outs(%y : memref<2x9xf32>)
  return
}

// -----

// A layer that is computed twice would draw the same noise twice.

#device = #ams.device<rows = 8, columns = 4>
func.func @loop(%x: memref<1x2x9xf32>, %y: memref<1x2x2xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  scf.for %i = %c0 to %c2 step %c1 {
    // expected-error@+1 {{layer "s" is computed more than once a run, where its noise would repeat (N2): inline its function (--inline) or unroll its loop before layers are named}}
    ams.batch_matmul "s" ins(%x, %x : memref<1x2x9xf32>, memref<1x2x9xf32>) outs(%y : memref<1x2x2xf32>) device = #device gain = 2.0
  }
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func private @layer(%x: memref<1x2x9xf32>, %y: memref<1x2x2xf32>) {
  // expected-error@+1 {{layer "s" is computed more than once a run}}
  ams.batch_matmul "s" ins(%x, %x : memref<1x2x9xf32>, memref<1x2x9xf32>) outs(%y : memref<1x2x2xf32>) device = #device gain = 2.0
  return
}
func.func @called_twice(%x: memref<1x2x9xf32>, %y: memref<1x2x2xf32>) {
  call @layer(%x, %y) : (memref<1x2x9xf32>, memref<1x2x2xf32>) -> ()
  call @layer(%x, %y) : (memref<1x2x9xf32>, memref<1x2x2xf32>) -> ()
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func private @layer(%x: memref<1x2x9xf32>, %y: memref<1x2x2xf32>) {
  // expected-error@+1 {{layer "s" is computed more than once a run}}
  ams.batch_matmul "s" ins(%x, %x : memref<1x2x9xf32>, memref<1x2x9xf32>) outs(%y : memref<1x2x2xf32>) device = #device gain = 2.0
  return
}
func.func @called_in_loop(%x: memref<1x2x9xf32>, %y: memref<1x2x2xf32>) {
  affine.for %i = 0 to 2 {
    func.call @layer(%x, %y) : (memref<1x2x9xf32>, memref<1x2x2xf32>) -> ()
  }
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @recursive(%x: memref<1x2x9xf32>, %y: memref<1x2x2xf32>) {
  // expected-error@+1 {{layer "s" is computed more than once a run}}
  ams.batch_matmul "s" ins(%x, %x : memref<1x2x9xf32>, memref<1x2x9xf32>) outs(%y : memref<1x2x2xf32>) device = #device gain = 2.0
  call @recursive(%x, %y) : (memref<1x2x9xf32>, memref<1x2x2xf32>) -> ()
  return
}

// -----

// Raw bytes that are elided, or that do not fit their type.

#device = #ams.device<rows = 8, columns = 4>
!qw = !ams.abfp<1x2, axis = 1, n = 8, bits = 8>
!grid = !ams.grid<outputs = 1, reduction = 2, groups = 1, rows = 8, columns = 4>
func.func @elided(%x: memref<2x2xf32>, %y: memref<2x1xf32>) {
  // expected-error@+1 {{'ams.weights' op of layer "a" holds a constant whose bytes are not at hand, or do not fit its type: was the module printed with its resources elided?}}
  %w = ams.weights codes = dense_resource<__elided__> : tensor<1x1x8xi8> scales = dense<0.5> : tensor<1x1xbf16> : !qw
  %g = ams.program %w : !qw to !grid
  ams.mvm "a" %g, %x : !grid, memref<2x2xf32> outs(%y : memref<2x1xf32>) device = #device gain = 8.0
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
!qw = !ams.abfp<1x2, axis = 1, n = 8, bits = 8>
!grid = !ams.grid<outputs = 1, reduction = 2, groups = 1, rows = 8, columns = 4>
func.func @short(%x: memref<2x2xf32>, %y: memref<2x1xf32>) {
  // expected-error@+1 {{'ams.weights' op of layer "a" holds a constant whose bytes are not at hand, or do not fit its type}}
  %w = ams.weights codes = dense_resource<short> : tensor<1x1x8xi8> scales = dense<0.5> : tensor<1x1xbf16> : !qw
  %g = ams.program %w : !qw to !grid
  ams.mvm "a" %g, %x : !grid, memref<2x2xf32> outs(%y : memref<2x1xf32>) device = #device gain = 8.0
  return
}

{-#
  dialect_resources: {
    builtin: {
      short: "0x010000000102030405"
    }
  }
#-}

// -----

// Attributes of the module that are not what passes write.

// expected-error@+1 {{the module's attribute ams.inputs is not a list of {name, type, range} of inputs}}
module attributes {ams.inputs = "input"} {}

// -----

// expected-error@+1 {{the module's attribute ams.inputs is not a list of {name, type, range} of inputs}}
module attributes {ams.inputs = [{name = "x"}]} {}

// -----

// expected-error@+1 {{the module's attribute ams.inputs is not a list of {name, type, range} of inputs}}
module attributes {ams.inputs = [{name = 3, type = tensor<2x3xf32>}]} {}

// -----

// expected-error@+1 {{the module's attribute ams.outputs is not a list of {name, type, range} of outputs}}
module attributes {ams.outputs = [{name = "y", type = tensor<0x3xf32>}]} {}

// -----

// expected-error@+1 {{the module's attribute ams.outputs is not a list of {name, type, range} of outputs}}
module attributes {ams.outputs = [{name = "y", type = tensor<?x3xf32>}]} {}

// -----

// expected-error@+1 {{the module's attribute ams.outputs is not a list of {name, type, range} of outputs}}
module attributes {ams.outputs = [{name = "y", type = 3}]} {}

// -----

// expected-error@+1 {{the module's attribute ams.layers is not a list of layers' dictionaries}}
module attributes {ams.layers = {}} {}

// -----

// expected-error@+1 {{the module's attribute ams.layers is not a list of layers' dictionaries}}
module attributes {ams.layers = [1]} {}

// -----

// expected-error@+1 {{the module's attribute ams.sections is not a list of constants whose bytes are at hand}}
module attributes {ams.sections = [1 : i64]} {}

// -----

// expected-error@+1 {{the module's attribute ams.sections is not a list of constants whose bytes are at hand}}
module attributes {ams.sections = [dense_resource<__elided__> : tensor<1x1x8xi8>]} {}
