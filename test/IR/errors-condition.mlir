// Every message about conditioned blocks.
// RUN: ams-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{condition does nothing: leave it out (F9)}}
#c = #ams.condition<mean = false>

// -----

// expected-error@+1 {{has signs, but does not spread blocks (C7)}}
#c = #ams.condition<mean = true, signs = "+">

// -----

// expected-error@+1 {{has 3 signs, but blocks are spread over a power of two of rows, up to 1024 (C1)}}
#c = #ams.condition<spread = true, signs = "+-+">

// -----

// expected-error@+1 {{has 0 signs, but blocks are spread over a power of two of rows, up to 1024 (C1)}}
#c = #ams.condition<spread = true>

// -----

// expected-error@+1 {{signs must be + or - (C7)}}
#c = #ams.condition<spread = true, signs = "+1">

// -----

// expected-error@+1 {{condition has 2 signs, but blocks are spread over 4 rows (C3)}}
func.func private @f(!ams.abfp<2x3, axis = 1, n = 4, bits = 8, condition = #ams.condition<spread = true, signs = "+-">>)

// -----

// expected-error@+1 {{condition has 2 signs, but blocks are spread over 4 rows (C3)}}
func.func private @f(!ams.grid<outputs = 1, reduction = 3, groups = 1, rows = 4, columns = 4, condition = #ams.condition<spread = true, signs = "+-">>)

// -----

#device = #ams.device<rows = 4, columns = 4>
func.func @rows(%x: tensor<2x3xf32>, %w: tensor<1x3xf32>, %i: tensor<2x1xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "a" condition has 2 signs, but the device has 4 rows (C3)}}
  %0 = ams.matmul "a" ins(%x, %w : tensor<2x3xf32>, tensor<1x3xf32>) outs(%i : tensor<2x1xf32>) device = #device condition = #ams.condition<spread = true, signs = "+-"> -> tensor<2x1xf32>
  return
}

// -----

#device = #ams.device<rows = 4, columns = 4>
func.func @twice(%x: !ams.abfp<2x3, axis = 1, n = 4, bits = 8>, %w: !ams.abfp<1x3, axis = 1, n = 4, bits = 8>, %i: tensor<2x1xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "a" has a condition, but its operands are ABFP values, whose types say it (C1)}}
  %0 = ams.matmul "a" ins(%x, %w : !ams.abfp<2x3, axis = 1, n = 4, bits = 8>, !ams.abfp<1x3, axis = 1, n = 4, bits = 8>) outs(%i : tensor<2x1xf32>) device = #device condition = #ams.condition<mean = true> -> tensor<2x1xf32>
  return
}

// -----

#device = #ams.device<rows = 4, columns = 4>
#mean = #ams.condition<mean = true>
func.func @differently(%x: !ams.abfp<2x3, axis = 1, n = 4, bits = 8, condition = #mean>, %w: !ams.abfp<1x3, axis = 1, n = 4, bits = 8>, %i: tensor<2x1xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "a" input and weights are conditioned differently (C1)}}
  %0 = ams.matmul "a" ins(%x, %w : !ams.abfp<2x3, axis = 1, n = 4, bits = 8, condition = #mean>, !ams.abfp<1x3, axis = 1, n = 4, bits = 8>) outs(%i : tensor<2x1xf32>) device = #device -> tensor<2x1xf32>
  return
}

// -----

#device = #ams.device<rows = 4, columns = 4>
#mean = #ams.condition<mean = true>
func.func @activations(%x: !ams.abfp<1x2x3, axis = 2, n = 4, bits = 8, condition = #mean>, %i: tensor<1x2x2xf32>) {
  // expected-error@+1 {{'ams.batch_matmul' op of layer "a" is a product of two activations, whose blocks cannot be conditioned (C1)}}
  %0 = ams.batch_matmul "a" ins(%x, %x : !ams.abfp<1x2x3, axis = 2, n = 4, bits = 8, condition = #mean>, !ams.abfp<1x2x3, axis = 2, n = 4, bits = 8, condition = #mean>) outs(%i : tensor<1x2x2xf32>) device = #device -> tensor<1x2x2xf32>
  return
}

// -----

func.func @dequantize(%x: !ams.abfp<2x3, axis = 1, n = 4, bits = 8, condition = #ams.condition<mean = true>>, %i: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.dequantize' op input is conditioned, which is not undone (C1)}}
  %0 = ams.dequantize %x : !ams.abfp<2x3, axis = 1, n = 4, bits = 8, condition = #ams.condition<mean = true>> outs(%i : tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @no_sums() {
  // expected-error@+1 {{'ams.weights' op needs sums, as means are removed (C2)}}
  %w = ams.weights codes = dense<1> : tensor<1x1x4xi8> scales = dense<1.0> : tensor<1x1xbf16> : !ams.abfp<1x3, axis = 1, n = 4, bits = 8, condition = #ams.condition<mean = true>>
  return
}

// -----

func.func @needless_sums() {
  // expected-error@+1 {{'ams.weights' op has sums, but means are not removed (C2)}}
  %w = ams.weights codes = dense<1> : tensor<1x1x4xi8> scales = dense<1.0> : tensor<1x1xbf16> sums = dense<1.0> : tensor<1x1xf32> : !ams.abfp<1x3, axis = 1, n = 4, bits = 8>
  return
}

// -----

func.func @sums_type() {
  // expected-error@+1 {{'ams.weights' op sums must be a tensor of f32, not 'tensor<1x1xbf16>' (F7)}}
  %w = ams.weights codes = dense<1> : tensor<1x1x4xi8> scales = dense<1.0> : tensor<1x1xbf16> sums = dense<1.0> : tensor<1x1xbf16> : !ams.abfp<1x3, axis = 1, n = 4, bits = 8, condition = #ams.condition<mean = true>>
  return
}

// -----

func.func @sums_shape() {
  // expected-error@+1 {{'ams.weights' op sums has shape [2, 1], but must be [1, 1] (F3)}}
  %w = ams.weights codes = dense<1> : tensor<1x1x4xi8> scales = dense<1.0> : tensor<1x1xbf16> sums = dense<1.0> : tensor<2x1xf32> : !ams.abfp<1x3, axis = 1, n = 4, bits = 8, condition = #ams.condition<mean = true>>
  return
}

// -----

#mean = #ams.condition<mean = true>
func.func @grid(%w: !ams.abfp<1x3, axis = 1, n = 4, bits = 8, condition = #mean>) {
  // expected-error@+1 {{'ams.program' op weights and grid are conditioned differently (C1)}}
  %g = ams.program %w : !ams.abfp<1x3, axis = 1, n = 4, bits = 8, condition = #mean> to !ams.grid<outputs = 1, reduction = 3, groups = 1, rows = 4, columns = 4>
  return
}
