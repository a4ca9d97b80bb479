// RUN: ams-opt %s --ams-tile-crossbar --split-input-file --verify-diagnostics

#device = #ams.device<rows = 8, columns = 4>
!q = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
func.func @input(%q: !q, %init: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %w = ams.weights codes = dense<1> : tensor<2x2x8xi8> scales = dense<0.5> : tensor<2x2xbf16> : !q
  // expected-error@+1 {{op of layer "fc" has an operand, number 0, that does not come from ams.quantize with the layer's window}}
  %0 = ams.matmul "fc" ins(%q, %w : !q, !q) outs(%init : tensor<2x2xf32>) device = #device gain = 3.0 -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// -----

#device = #ams.device<rows = 8, columns = 4>
!q = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
func.func @weights(%x: tensor<2x9xf32>, %w: !q, %init: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %q = ams.quantize %x : tensor<2x9xf32> to !q
  // expected-error@+1 {{'ams.matmul' op of layer "fc" has weights that come neither from ams.weights nor from ams.quantize, so they cannot be programmed onto crossbars}}
  %0 = ams.matmul "fc" ins(%q, %w : !q, !q) outs(%init : tensor<2x2xf32>) device = #device gain = 3.0 -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// -----

#device = #ams.device<rows = 8, columns = 4>
!q = !ams.abfp<1x2x9, axis = 2, n = 8, bits = 8>
func.func @second(%a: tensor<1x2x9xf32>, %q: !q, %init: tensor<1x2x2xf32>) -> tensor<1x2x2xf32> {
  %p = ams.quantize %a : tensor<1x2x9xf32> to !q
  // expected-error@+1 {{op of layer "s" has an operand, number 1, that does not come from ams.quantize with the layer's window}}
  %0 = ams.batch_matmul "s" ins(%p, %q : !q, !q) outs(%init : tensor<1x2x2xf32>) device = #device gain = 3.0 -> tensor<1x2x2xf32>
  return %0 : tensor<1x2x2xf32>
}

// -----

// Patches of another window: the same sizes, but other elements.
#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [1, 1, 0, 0], dilations = [1, 1], groups = 1>
#other = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 1, 1], dilations = [1, 1], groups = 1>
!qx = !ams.abfp<1x3x3x1x3, axis = 4, n = 8, bits = 8>
!qw = !ams.abfp<5x1x1x3, axis = 1, n = 8, bits = 8>
func.func @window(%x: tensor<1x2x2x3xf32>, %init: tensor<1x3x3x5xf32>) -> tensor<1x3x3x5xf32> {
  %w = ams.weights codes = dense<1> : tensor<5x1x8xi8> scales = dense<0.5> : tensor<5x1xbf16> : !qw
  %q = ams.quantize %x : tensor<1x2x2x3xf32> to !qx window = #other
  // expected-error@+1 {{op of layer "c" has an operand, number 0, that does not come from ams.quantize with the layer's window}}
  %0 = ams.conv "c" ins(%q, %w : !qx, !qw) outs(%init : tensor<1x3x3x5xf32>) window = #window device = #device gain = 3.0 -> tensor<1x3x3x5xf32>
  return %0 : tensor<1x3x3x5xf32>
}

// -----

// Patches that were quantised as they are.
#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
!qx = !ams.abfp<1x2x2x1x3, axis = 4, n = 8, bits = 8>
!qw = !ams.abfp<5x1x1x3, axis = 1, n = 8, bits = 8>
func.func @patches(%x: tensor<1x2x2x1x3xf32>, %init: tensor<1x2x2x5xf32>) -> tensor<1x2x2x5xf32> {
  %w = ams.weights codes = dense<1> : tensor<5x1x8xi8> scales = dense<0.5> : tensor<5x1xbf16> : !qw
  %q = ams.quantize %x : tensor<1x2x2x1x3xf32> to !qx
  // expected-error@+1 {{op of layer "c" has an operand, number 0, that does not come from ams.quantize with the layer's window}}
  %0 = ams.conv "c" ins(%q, %w : !qx, !qw) outs(%init : tensor<1x2x2x5xf32>) window = #window device = #device gain = 3.0 -> tensor<1x2x2x5xf32>
  return %0 : tensor<1x2x2x5xf32>
}
