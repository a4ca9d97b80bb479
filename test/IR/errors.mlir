// Every message of the verifiers of operations, and of the parsers of the
// dialect's own forms.
// RUN: ams-opt %s --split-input-file --verify-diagnostics

#device = #ams.device<rows = 8, columns = 4>
func.func @no_layer_name(%x: tensor<2x9xf32>, %w: tensor<3x9xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op needs a layer name (F1)}}
  %0 = ams.matmul "" ins(%x, %w : tensor<2x9xf32>, tensor<3x9xf32>) outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @gain_without_scales(%x: tensor<2x9xf32>, %w: tensor<3x9xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" has a gain but no scales: quantise input and weights first (F5)}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x9xf32>, tensor<3x9xf32>) outs(%init : tensor<2x3xf32>) device = #device gain = 8.0 -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @gain_zero(%x: !ams.abfp<2x9, axis = 1, n = 8, bits = 8>, %w: !ams.abfp<3x9, axis = 1, n = 8, bits = 8>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" gain must be finite and positive (V3)}}
  %0 = ams.matmul "fc" ins(%x, %w : !ams.abfp<2x9, axis = 1, n = 8, bits = 8>, !ams.abfp<3x9, axis = 1, n = 8, bits = 8>)
       outs(%init : tensor<2x3xf32>) device = #device gain = 0.0 -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @gain_negative(%a: tensor<1x2x9xf32>, %init: tensor<1x2x2xf32>) {
  // expected-error@+1 {{'ams.batch_matmul' op of layer "s" gain must be finite and positive (V3)}}
  %0 = ams.batch_matmul "s" ins(%a, %a : tensor<1x2x9xf32>, tensor<1x2x9xf32>) outs(%init : tensor<1x2x2xf32>) device = #device gain = -1.0 -> tensor<1x2x2xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @gain_infinite(%a: tensor<1x2x9xf32>, %init: tensor<1x2x2xf32>) {
  // expected-error@+1 {{'ams.batch_matmul' op of layer "s" gain must be finite and positive (V3)}}
  %0 = ams.batch_matmul "s" ins(%a, %a : tensor<1x2x9xf32>, tensor<1x2x9xf32>) outs(%init : tensor<1x2x2xf32>) device = #device gain = 0x7F800000 -> tensor<1x2x2xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @gain_nan(%g: !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, %x: tensor<2x9xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.mvm' op of layer "fc" gain must be finite and positive (V3)}}
  %0 = ams.mvm "fc" %g, %x : !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, tensor<2x9xf32>
       outs(%init : tensor<2x3xf32>) device = #device gain = 0x7FC00000 -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @gain_of_another_type(%x: !ams.abfp<2x9, axis = 1, n = 8, bits = 8>, %w: !ams.abfp<3x9, axis = 1, n = 8, bits = 8>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{attribute 'gain' failed to satisfy constraint: f32 number, or array of one a block or tile}}
  %0 = "ams.matmul"(%x, %w, %init) <{device = #device, gain = 1.0 : f64, layer = "fc"}>
    : (!ams.abfp<2x9, axis = 1, n = 8, bits = 8>, !ams.abfp<3x9, axis = 1, n = 8, bits = 8>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @gains_of_more_blocks(%x: !ams.abfp<2x9, axis = 1, n = 8, bits = 8>, %w: !ams.abfp<3x9, axis = 1, n = 8, bits = 8>, %init: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // expected-error@+1 {{has 3 gains, but 2 blocks of its reduction and 2 tiles (G1)}}
  %0 = ams.matmul "fc" ins(%x, %w : !ams.abfp<2x9, axis = 1, n = 8, bits = 8>, !ams.abfp<3x9, axis = 1, n = 8, bits = 8>) outs(%init : tensor<2x3xf32>) device = #device gain = [1.0, 2.0, 4.0] -> tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @a_block_without_gain(%a: memref<2x3x9xf32>, %b: memref<2x4x9xf32>, %z: memref<2x3x4xf32>) {
  // expected-error@+1 {{gain must be finite and positive (V3)}}
  ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x4x9xf32>) outs(%z : memref<2x3x4xf32>) device = #device gain = [8.0, 0.0]
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @gains_of_fewer_blocks(%a: memref<2x3x9xf32>, %b: memref<2x4x9xf32>, %z: memref<2x3x4xf32>) {
  // expected-error@+1 {{has 1 gains, but 2 blocks of its reduction and 2 tiles (G1)}}
  ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x4x9xf32>) outs(%z : memref<2x3x4xf32>) device = #device gain = [8.0]
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @gains_of_fewer_tiles(%a: memref<2x3x9xf32>, %b: memref<2x9x9xf32>, %z: memref<2x3x9xf32>) {
  // expected-error@+1 {{has 4 gains, but 2 blocks of its reduction and 6 tiles (G1)}}
  ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x9x9xf32>) outs(%z : memref<2x3x9xf32>) device = #device gain = [8.0, 4.0, 2.0, 1.0]
  return
}

// -----

func.func @no_device(%x: tensor<2x9xf32>, %w: tensor<3x9xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op requires attribute 'device'}}
  %0 = "ams.matmul"(%x, %w, %init) <{layer = "fc"}> : (tensor<2x9xf32>, tensor<3x9xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @mixed_scales(%x: tensor<2x9xf32>, %w: !ams.abfp<3x9, axis = 1, n = 8, bits = 8>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" input and weights must both be ABFP values or neither (F5)}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x9xf32>, !ams.abfp<3x9, axis = 1, n = 8, bits = 8>) outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @mixed_tensors_and_memrefs(%x: memref<2x9xf32>, %w: tensor<3x9xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" mixes tensors and memrefs (F2)}}
  %0 = ams.matmul "fc" ins(%x, %w : memref<2x9xf32>, tensor<3x9xf32>) outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @result_on_memrefs(%x: memref<2x9xf32>, %w: memref<3x9xf32>, %init: memref<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" must have no result on memrefs (F2)}}
  %0 = ams.matmul "fc" ins(%x, %w : memref<2x9xf32>, memref<3x9xf32>) outs(%init : memref<2x3xf32>) device = #device -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @no_result_on_tensors(%x: tensor<2x9xf32>, %w: tensor<3x9xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" must have one result on tensors (F2)}}
  ams.matmul "fc" ins(%x, %w : tensor<2x9xf32>, tensor<3x9xf32>) outs(%init : tensor<2x3xf32>) device = #device
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @result_type(%x: tensor<2x9xf32>, %w: tensor<3x9xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" result type 'tensor<3x2xf32>' differs from that of outs, 'tensor<2x3xf32>' (F2)}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x9xf32>, tensor<3x9xf32>) outs(%init : tensor<2x3xf32>) device = #device -> tensor<3x2xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @element_type(%x: tensor<2x9xbf16>, %w: tensor<3x9xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{operand #0 must be float32 tensor, memref or ABFP value, but got 'tensor<2x9xbf16>'}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x9xbf16>, tensor<3x9xf32>) outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @dynamic_shape(%x: tensor<?x9xf32>, %w: tensor<3x9xf32>, %init: tensor<?x3xf32>) {
  // expected-error@+1 {{operand #0 must be float32 tensor, memref or ABFP value, but got 'tensor<?x9xf32>'}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<?x9xf32>, tensor<3x9xf32>) outs(%init : tensor<?x3xf32>) device = #device -> tensor<?x3xf32>
  return
}

// -----

func.func @dynamic_quantize(%x: tensor<?x9xf32>) {
  // expected-error@+1 {{operand #0 must be float32 tensor or memref of static shape, but got 'tensor<?x9xf32>'}}
  %0 = ams.quantize %x : tensor<?x9xf32> to !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
  return
}

// -----

func.func @unranked_quantize(%x: tensor<*xf32>) {
  // expected-error@+1 {{operand #0 must be float32 tensor or memref of static shape, but got 'tensor<*xf32>'}}
  %0 = ams.quantize %x : tensor<*xf32> to !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @rank(%x: tensor<2x9x1xf32>, %w: tensor<3x9xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" input has rank 3, but must have 2 (F3)}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x9x1xf32>, tensor<3x9xf32>) outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @rank_0(%x: tensor<f32>, %w: tensor<3x9xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" input has rank 0, but must have 2 (F3)}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<f32>, tensor<3x9xf32>) outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @rank_of_weights(%x: tensor<2x9xf32>, %w: tensor<3xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" weights has rank 1, but must have 2 (F3)}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x9xf32>, tensor<3xf32>) outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @no_elements(%x: tensor<0x9xf32>, %w: tensor<3x9xf32>, %init: tensor<0x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" input has shape [0, 9], which holds no elements (F3)}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<0x9xf32>, tensor<3x9xf32>) outs(%init : tensor<0x3xf32>) device = #device -> tensor<0x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @no_reduction(%x: tensor<2x0xf32>, %w: tensor<3x0xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" input has shape [2, 0], which holds no elements (F3)}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x0xf32>, tensor<3x0xf32>) outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @no_outputs(%x: tensor<2x9xf32>, %w: tensor<0x9xf32>, %init: tensor<2x0xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" weights has shape [0, 9], which holds no elements (F3)}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x9xf32>, tensor<0x9xf32>) outs(%init : tensor<2x0xf32>) device = #device -> tensor<2x0xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @reduction(%x: tensor<2x9xf32>, %w: tensor<3x8xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" weights has shape [3, 8], but must be [3, 9] (F3)}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x9xf32>, tensor<3x8xf32>) outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @outs(%x: tensor<2x9xf32>, %w: tensor<3x9xf32>, %init: tensor<2x3x1xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" outs has shape [2, 3, 1], but must be [2, 3] (F3)}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x9xf32>, tensor<3x9xf32>) outs(%init : tensor<2x3x1xf32>) device = #device -> tensor<2x3x1xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @axis(%x: !ams.abfp<2x9, axis = 0, n = 8, bits = 8>, %w: !ams.abfp<3x9, axis = 1, n = 8, bits = 8>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" input has blocks from axis 0, but needs axis 1 (V1, V4)}}
  %0 = ams.matmul "fc" ins(%x, %w : !ams.abfp<2x9, axis = 0, n = 8, bits = 8>, !ams.abfp<3x9, axis = 1, n = 8, bits = 8>)
       outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @blocks(%x: !ams.abfp<2x9, axis = 1, n = 8, bits = 8>, %w: !ams.abfp<3x9, axis = 1, n = 9, bits = 8>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" weights has blocks of n = 9, but the device has 8 rows (V1)}}
  %0 = ams.matmul "fc" ins(%x, %w : !ams.abfp<2x9, axis = 1, n = 8, bits = 8>, !ams.abfp<3x9, axis = 1, n = 9, bits = 8>)
       outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4, weight_bits = 4, input_bits = 6>
func.func @input_bits(%x: !ams.abfp<2x9, axis = 1, n = 8, bits = 4>, %w: !ams.abfp<3x9, axis = 1, n = 8, bits = 6>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" input has 4 bits, but the device has 6 (V3)}}
  %0 = ams.matmul "fc" ins(%x, %w : !ams.abfp<2x9, axis = 1, n = 8, bits = 4>, !ams.abfp<3x9, axis = 1, n = 8, bits = 6>)
       outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4, weight_bits = 4, input_bits = 6>
func.func @weight_bits(%x: !ams.abfp<2x9, axis = 1, n = 8, bits = 6>, %w: !ams.abfp<3x9, axis = 1, n = 8, bits = 6>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" weights has 6 bits, but the device has 4 (V3)}}
  %0 = ams.matmul "fc" ins(%x, %w : !ams.abfp<2x9, axis = 1, n = 8, bits = 6>, !ams.abfp<3x9, axis = 1, n = 8, bits = 6>)
       outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return
}

// -----

// Coordinates of the noise (N2): the first size past each limit.

#device = #ams.device<rows = 8, columns = 4>
func.func @blocks_limit(%x: tensor<2x8388609xf32>, %w: tensor<3x8388609xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" reduces 8388609 elements, more than 1048576 blocks of 8 rows (N2)}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x8388609xf32>, tensor<3x8388609xf32>) outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @blocks_at_limit(%x: tensor<2x8388608xf32>, %w: tensor<4294967296x8388608xf32>, %init: tensor<2x4294967296xf32>) {
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x8388608xf32>, tensor<4294967296x8388608xf32>) outs(%init : tensor<2x4294967296xf32>) device = #device -> tensor<2x4294967296xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @outputs_limit(%x: tensor<2x9xf32>, %w: tensor<4294967297x9xf32>, %init: tensor<2x4294967297xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" has 4294967297 outputs, but at most 4294967296 are possible (N2)}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x9xf32>, tensor<4294967297x9xf32>) outs(%init : tensor<2x4294967297xf32>) device = #device -> tensor<2x4294967297xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @vectors_limit(%x: tensor<17592186044417x9xf32>, %w: tensor<3x9xf32>, %init: tensor<17592186044417x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" has more than 17592186044416 input vectors (N2)}}
  %0 = ams.matmul "fc" ins(%x, %w : tensor<17592186044417x9xf32>, tensor<3x9xf32>) outs(%init : tensor<17592186044417x3xf32>) device = #device -> tensor<17592186044417x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @vectors_wrap(%x: tensor<4294967296x4294967296x9xf32>, %y: tensor<4294967296x1x9xf32>, %init: tensor<4294967296x4294967296x1xf32>) {
  // expected-error@+1 {{'ams.batch_matmul' op of layer "s" has more than 17592186044416 input vectors (N2)}}
  %0 = ams.batch_matmul "s" ins(%x, %y : tensor<4294967296x4294967296x9xf32>, tensor<4294967296x1x9xf32>)
       outs(%init : tensor<4294967296x4294967296x1xf32>) device = #device -> tensor<4294967296x4294967296x1xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @mvm_vectors_limit(%g: !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, %x: tensor<17592186044417x9xf32>, %init: tensor<17592186044417x3xf32>) {
  // expected-error@+1 {{'ams.mvm' op of layer "fc" has more than 17592186044416 input vectors (N2)}}
  %0 = ams.mvm "fc" %g, %x : !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, tensor<17592186044417x9xf32>
       outs(%init : tensor<17592186044417x3xf32>) device = #device gain = 8.0 -> tensor<17592186044417x3xf32>
  return
}

// -----

// Convolutions.

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_rank(%x: tensor<5x5x2xf32>, %w: tensor<4x3x3x2xf32>, %init: tensor<1x3x3x4xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" input has rank 3, but must have 4 (F3)}}
  %0 = ams.conv "c" ins(%x, %w : tensor<5x5x2xf32>, tensor<4x3x3x2xf32>) outs(%init : tensor<1x3x3x4xf32>)
       window = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1> device = #device -> tensor<1x3x3x4xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_patches_rank(%x: !ams.abfp<1x5x5x2, axis = 1, n = 8, bits = 8>, %w: !ams.abfp<4x3x3x2, axis = 1, n = 8, bits = 8>, %init: tensor<1x3x3x4xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" input has rank 4, but must have 5 (F3)}}
  %0 = ams.conv "c" ins(%x, %w : !ams.abfp<1x5x5x2, axis = 1, n = 8, bits = 8>, !ams.abfp<4x3x3x2, axis = 1, n = 8, bits = 8>) outs(%init : tensor<1x3x3x4xf32>)
       window = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1> device = #device -> tensor<1x3x3x4xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_weights(%x: tensor<1x5x5x2xf32>, %w: tensor<4x3x2x2xf32>, %init: tensor<1x3x3x4xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" weights has shape [4, 3, 2, 2], but must be [4, 3, 3, 2] (F3)}}
  %0 = ams.conv "c" ins(%x, %w : tensor<1x5x5x2xf32>, tensor<4x3x2x2xf32>) outs(%init : tensor<1x3x3x4xf32>)
       window = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1> device = #device -> tensor<1x3x3x4xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_outs(%x: tensor<1x5x5x2xf32>, %w: tensor<4x3x3x2xf32>, %init: tensor<1x5x5x4xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" outs has shape [1, 5, 5, 4], but must be [1, 3, 3, 4] (F3)}}
  %0 = ams.conv "c" ins(%x, %w : tensor<1x5x5x2xf32>, tensor<4x3x3x2xf32>) outs(%init : tensor<1x5x5x4xf32>)
       window = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1> device = #device -> tensor<1x5x5x4xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_strided_outs(%x: tensor<1x8x9x2xf32>, %w: tensor<4x3x3x2xf32>, %init: tensor<1x8x9x4xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" outs has shape [1, 8, 9, 4], but must be [1, 3, 6, 4] (F3)}}
  %0 = ams.conv "c" ins(%x, %w : tensor<1x8x9x2xf32>, tensor<4x3x3x2xf32>) outs(%init : tensor<1x8x9x4xf32>)
       window = #ams.window<kernel = [3, 3], strides = [3, 1], padding = [1, 0, 0, 1], dilations = [1, 2], groups = 1> device = #device -> tensor<1x8x9x4xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_channels(%x: tensor<1x5x5x3xf32>, %w: tensor<4x3x3x1xf32>, %init: tensor<1x3x3x4xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" has 3 channels, which 2 groups do not divide (F4)}}
  %0 = ams.conv "c" ins(%x, %w : tensor<1x5x5x3xf32>, tensor<4x3x3x1xf32>) outs(%init : tensor<1x3x3x4xf32>)
       window = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 2> device = #device -> tensor<1x3x3x4xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_outputs(%x: tensor<1x5x5x2xf32>, %w: tensor<3x3x3x1xf32>, %init: tensor<1x3x3x3xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" has 3 outputs, which 2 groups do not divide (F4)}}
  %0 = ams.conv "c" ins(%x, %w : tensor<1x5x5x2xf32>, tensor<3x3x3x1xf32>) outs(%init : tensor<1x3x3x3xf32>)
       window = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 2> device = #device -> tensor<1x3x3x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_kernel(%x: tensor<1x5x5x2xf32>, %w: tensor<4x3x3x2xf32>, %init: tensor<1x1x1x4xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" kernel does not fit into the padded image (F4)}}
  %0 = ams.conv "c" ins(%x, %w : tensor<1x5x5x2xf32>, tensor<4x3x3x2xf32>) outs(%init : tensor<1x1x1x4xf32>)
       window = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 3], groups = 1> device = #device -> tensor<1x1x1x4xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_largest_window(%x: tensor<1x5x5x2xf32>, %w: tensor<4x3x3x2xf32>, %init: tensor<1x1x1x4xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" kernel does not fit into the padded image (F4)}}
  %0 = ams.conv "c" ins(%x, %w : tensor<1x5x5x2xf32>, tensor<4x3x3x2xf32>) outs(%init : tensor<1x1x1x4xf32>)
       window = #ams.window<kernel = [2147483647, 2147483647], strides = [1, 1], padding = [2147483647, 2147483647, 2147483647, 2147483647], dilations = [2147483647, 2147483647], groups = 1>
       device = #device -> tensor<1x1x1x4xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_large_image(%x: tensor<1x2147483648x5x2xf32>, %w: tensor<4x1x1x2xf32>, %init: tensor<1x2147483648x5x4xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" image has shape [1, 2147483648, 5, 2], but height, width and channels must be below 2^31 (F4)}}
  %0 = ams.conv "c" ins(%x, %w : tensor<1x2147483648x5x2xf32>, tensor<4x1x1x2xf32>) outs(%init : tensor<1x2147483648x5x4xf32>)
       window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1> device = #device -> tensor<1x2147483648x5x4xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_largest_image(%x: tensor<1x9223372036854775807x5x2xf32>, %w: tensor<4x1x1x2xf32>, %init: tensor<1x1x5x4xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" image has shape [1, 9223372036854775807, 5, 2], but height, width and channels must be below 2^31 (F4)}}
  %0 = ams.conv "c" ins(%x, %w : tensor<1x9223372036854775807x5x2xf32>, tensor<4x1x1x2xf32>) outs(%init : tensor<1x1x5x4xf32>)
       window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [1, 0, 1, 0], dilations = [1, 1], groups = 1> device = #device -> tensor<1x1x5x4xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_large_output(%x: tensor<1x2147483647x5x2xf32>, %w: tensor<4x1x1x2xf32>, %init: tensor<1x2147483648x5x4xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" has 2147483648 x 5 output pixels, but height and width must be below 2^31 (F4)}}
  %0 = ams.conv "c" ins(%x, %w : tensor<1x2147483647x5x2xf32>, tensor<4x1x1x2xf32>) outs(%init : tensor<1x2147483648x5x4xf32>)
       window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [1, 0, 0, 0], dilations = [1, 1], groups = 1> device = #device -> tensor<1x2147483648x5x4xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_blocks_limit(%x: tensor<1x2048x2048x3xf32>, %w: tensor<4x2048x2048x3xf32>, %init: tensor<1x1x1x4xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" reduces 12582912 elements, more than 1048576 blocks of 8 rows (N2)}}
  %0 = ams.conv "c" ins(%x, %w : tensor<1x2048x2048x3xf32>, tensor<4x2048x2048x3xf32>) outs(%init : tensor<1x1x1x4xf32>)
       window = #ams.window<kernel = [2048, 2048], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1> device = #device -> tensor<1x1x1x4xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_patches(%x: !ams.abfp<1x3x3x1x17, axis = 4, n = 8, bits = 8>, %w: !ams.abfp<4x3x3x2, axis = 1, n = 8, bits = 8>, %init: tensor<1x3x3x4xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" input has shape [1, 3, 3, 1, 17], but must be [1, 3, 3, 1, 18] (F3)}}
  %0 = ams.conv "c" ins(%x, %w : !ams.abfp<1x3x3x1x17, axis = 4, n = 8, bits = 8>, !ams.abfp<4x3x3x2, axis = 1, n = 8, bits = 8>) outs(%init : tensor<1x3x3x4xf32>)
       window = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1> device = #device -> tensor<1x3x3x4xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_patches_kernel(%x: !ams.abfp<1x3x3x1x18, axis = 4, n = 8, bits = 8>, %w: !ams.abfp<4x3x3x2, axis = 1, n = 8, bits = 8>, %init: tensor<1x3x3x4xf32>) {
  // expected-error@+1 {{'ams.conv' op of layer "c" weights has shape [4, 3, 3, 2], but must be [4, 9, 1, 2] (F3)}}
  %0 = ams.conv "c" ins(%x, %w : !ams.abfp<1x3x3x1x18, axis = 4, n = 8, bits = 8>, !ams.abfp<4x3x3x2, axis = 1, n = 8, bits = 8>) outs(%init : tensor<1x3x3x4xf32>)
       window = #ams.window<kernel = [9, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1> device = #device -> tensor<1x3x3x4xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @conv_window_missing(%x: tensor<1x5x5x2xf32>, %w: tensor<4x3x3x2xf32>, %init: tensor<1x3x3x4xf32>) {
  // expected-error@+1 {{'ams.conv' op requires attribute 'window'}}
  %0 = "ams.conv"(%x, %w, %init) <{device = #device, layer = "c"}> : (tensor<1x5x5x2xf32>, tensor<4x3x3x2xf32>, tensor<1x3x3x4xf32>) -> tensor<1x3x3x4xf32>
  return
}

// -----

// Products of two activations.

#device = #ams.device<rows = 8, columns = 4>
func.func @batch_rank(%a: tensor<2x9xf32>, %b: tensor<1x2x9xf32>, %init: tensor<1x2x2xf32>) {
  // expected-error@+1 {{'ams.batch_matmul' op of layer "s" lhs has rank 2, but must have 3 (F3)}}
  %0 = ams.batch_matmul "s" ins(%a, %b : tensor<2x9xf32>, tensor<1x2x9xf32>) outs(%init : tensor<1x2x2xf32>) device = #device -> tensor<1x2x2xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @batch_sizes(%a: tensor<1x2x9xf32>, %b: tensor<2x2x9xf32>, %init: tensor<1x2x2xf32>) {
  // expected-error@+1 {{'ams.batch_matmul' op of layer "s" rhs has shape [2, 2, 9], but must be [1, 2, 9] (F3)}}
  %0 = ams.batch_matmul "s" ins(%a, %b : tensor<1x2x9xf32>, tensor<2x2x9xf32>) outs(%init : tensor<1x2x2xf32>) device = #device -> tensor<1x2x2xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @batch_outs(%a: tensor<1x2x9xf32>, %b: tensor<1x3x9xf32>, %init: tensor<1x3x2xf32>) {
  // expected-error@+1 {{'ams.batch_matmul' op of layer "s" outs has shape [1, 3, 2], but must be [1, 2, 3] (F3)}}
  %0 = ams.batch_matmul "s" ins(%a, %b : tensor<1x2x9xf32>, tensor<1x3x9xf32>) outs(%init : tensor<1x3x2xf32>) device = #device -> tensor<1x3x2xf32>
  return
}

// -----

// Conversions.

func.func @quantize_shape(%x: tensor<2x9xf32>) {
  // expected-error@+1 {{'ams.quantize' op result has shape [9, 2], but must be [2, 9] (F3)}}
  %0 = ams.quantize %x : tensor<2x9xf32> to !ams.abfp<9x2, axis = 1, n = 8, bits = 8>
  return
}

// -----

func.func @quantize_window_rank(%x: tensor<2x9xf32>) {
  // expected-error@+1 {{'ams.quantize' op input has rank 2, but must have 4 (F3)}}
  %0 = ams.quantize %x : tensor<2x9xf32> to !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
       window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
  return
}

// -----

func.func @quantize_window_axis(%x: tensor<1x3x3x2xf32>) {
  // expected-error@+1 {{'ams.quantize' op result has blocks from axis 3, but patches need axis 4 (V4)}}
  %0 = ams.quantize %x : tensor<1x3x3x2xf32> to !ams.abfp<1x3x3x1x2, axis = 3, n = 8, bits = 8>
       window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
  return
}

// -----

func.func @quantize_window_shape(%x: tensor<1x3x3x2xf32>) {
  // expected-error@+1 {{'ams.quantize' op result has shape [1, 3, 3, 1, 2], but must be [1, 3, 3, 2, 1] (F3)}}
  %0 = ams.quantize %x : tensor<1x3x3x2xf32> to !ams.abfp<1x3x3x1x2, axis = 4, n = 8, bits = 8>
       window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 2>
  return
}

// -----

func.func @quantize_window_kernel(%x: tensor<1x3x3x2xf32>) {
  // expected-error@+1 {{'ams.quantize' op kernel does not fit into the padded image (F4)}}
  %0 = ams.quantize %x : tensor<1x3x3x2xf32> to !ams.abfp<1x1x1x1x2, axis = 4, n = 8, bits = 8>
       window = #ams.window<kernel = [4, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
  return
}

// -----

func.func @dequantize_outs(%x: !ams.abfp<2x9, axis = 1, n = 8, bits = 8>, %init: tensor<2x8xf32>) {
  // expected-error@+1 {{'ams.dequantize' op outs has shape [2, 8], but must be [2, 9] (F3)}}
  %0 = ams.dequantize %x : !ams.abfp<2x9, axis = 1, n = 8, bits = 8> outs(%init : tensor<2x8xf32>) -> tensor<2x8xf32>
  return
}

// -----

func.func @dequantize_result(%x: !ams.abfp<2x9, axis = 1, n = 8, bits = 8>, %init: tensor<2x9xf32>) {
  // expected-error@+1 {{'ams.dequantize' op must have one result on tensors (F2)}}
  ams.dequantize %x : !ams.abfp<2x9, axis = 1, n = 8, bits = 8> outs(%init : tensor<2x9xf32>)
  return
}

// -----

// Weights and crossbars.

func.func @codes_type() {
  // expected-error@+1 {{'ams.weights' op codes must be a tensor of i8, not 'tensor<3x2x8xi16>' (F7)}}
  %0 = ams.weights codes = dense<1> : tensor<3x2x8xi16> scales = dense<0.5> : tensor<3x2xbf16> : !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
  return
}

// -----

func.func @codes_unsigned() {
  // expected-error@+1 {{'ams.weights' op codes must be a tensor of i8, not 'tensor<3x2x8xui8>' (F7)}}
  %0 = ams.weights codes = dense<1> : tensor<3x2x8xui8> scales = dense<0.5> : tensor<3x2xbf16> : !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
  return
}

// -----

func.func @codes_vector() {
  // expected-error@+1 {{'ams.weights' op codes must be a tensor of i8, not 'vector<3x2x8xi8>' (F7)}}
  %0 = ams.weights codes = dense<1> : vector<3x2x8xi8> scales = dense<0.5> : tensor<3x2xbf16> : !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
  return
}

// -----

func.func @scales_type() {
  // expected-error@+1 {{'ams.weights' op scales must be a tensor of bf16, not 'tensor<3x2xf16>' (F7)}}
  %0 = ams.weights codes = dense<1> : tensor<3x2x8xi8> scales = dense<0.5> : tensor<3x2xf16> : !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
  return
}

// -----

func.func @codes_shape() {
  // expected-error@+1 {{'ams.weights' op codes has shape [3, 9], but must be [3, 2, 8] (F3)}}
  %0 = ams.weights codes = dense<1> : tensor<3x9xi8> scales = dense<0.5> : tensor<3x2xbf16> : !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
  return
}

// -----

func.func @scales_shape() {
  // expected-error@+1 {{'ams.weights' op scales has shape [3, 1], but must be [3, 2] (F3)}}
  %0 = ams.weights codes = dense<1> : tensor<3x2x8xi8> scales = dense<0.5> : tensor<3x1xbf16> : !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
  return
}

// -----

func.func @codes_no_elements() {
  // expected-error@+1 {{Invalid attribute `codes` in property conversion: 1 : i8}}
  %0 = "ams.weights"() <{codes = 1 : i8, scales = dense<0.5> : tensor<3x1xbf16>}> : () -> !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
  return
}

// -----

func.func @program_axis(%w: !ams.abfp<3x9, axis = 0, n = 8, bits = 8>) {
  // expected-error@+1 {{'ams.program' op weights have blocks from axis 0, but need axis 1 (V4)}}
  %0 = ams.program %w : !ams.abfp<3x9, axis = 0, n = 8, bits = 8> to !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>
  return
}

// -----

func.func @program_outputs(%w: !ams.abfp<4x9, axis = 1, n = 8, bits = 8>) {
  // expected-error@+1 {{'ams.program' op weights are 4 x 9, but the grid holds 6 x 9 (F8)}}
  %0 = ams.program %w : !ams.abfp<4x9, axis = 1, n = 8, bits = 8> to !ams.grid<outputs = 3, reduction = 9, groups = 2, rows = 8, columns = 4>
  return
}

// -----

func.func @program_reduction(%w: !ams.abfp<3x9, axis = 1, n = 8, bits = 8>) {
  // expected-error@+1 {{'ams.program' op weights are 3 x 9, but the grid holds 3 x 8 (F8)}}
  %0 = ams.program %w : !ams.abfp<3x9, axis = 1, n = 8, bits = 8> to !ams.grid<outputs = 3, reduction = 8, groups = 1, rows = 8, columns = 4>
  return
}

// -----

func.func @program_rows(%w: !ams.abfp<3x9, axis = 1, n = 8, bits = 8>) {
  // expected-error@+1 {{'ams.program' op weights have blocks of n = 8, but the crossbars have 16 rows (V1)}}
  %0 = ams.program %w : !ams.abfp<3x9, axis = 1, n = 8, bits = 8> to !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 16, columns = 4>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @mvm_layer(%g: !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, %x: tensor<2x9xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.mvm' op needs a layer name (F1)}}
  %0 = ams.mvm "" %g, %x : !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, tensor<2x9xf32>
       outs(%init : tensor<2x3xf32>) device = #device gain = 8.0 -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @mvm_mixed(%g: !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, %x: tensor<2x9xf32>, %init: memref<2x3xf32>) {
  // expected-error@+1 {{'ams.mvm' op of layer "fc" mixes tensors and memrefs (F2)}}
  ams.mvm "fc" %g, %x : !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, tensor<2x9xf32>
    outs(%init : memref<2x3xf32>) device = #device gain = 8.0
  return
}

// -----

#device = #ams.device<rows = 8, columns = 5>
func.func @mvm_crossbars(%g: !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, %x: tensor<2x9xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.mvm' op of layer "fc" grid has crossbars of 8 x 4, but the device's are 8 x 5 (F8)}}
  %0 = ams.mvm "fc" %g, %x : !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, tensor<2x9xf32>
       outs(%init : tensor<2x3xf32>) device = #device gain = 8.0 -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @mvm_rank(%g: !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, %x: tensor<9xf32>, %init: tensor<1x3xf32>) {
  // expected-error@+1 {{'ams.mvm' op of layer "fc" input has rank 1, but must have 2 (F3)}}
  %0 = ams.mvm "fc" %g, %x : !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, tensor<9xf32>
       outs(%init : tensor<1x3xf32>) device = #device gain = 8.0 -> tensor<1x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @mvm_groups(%g: !ams.grid<outputs = 3, reduction = 9, groups = 2, rows = 8, columns = 4>, %x: tensor<2x9xf32>, %init: tensor<2x6xf32>) {
  // expected-error@+1 {{'ams.mvm' op of layer "fc" needs a window for a grid of 2 groups (F8)}}
  %0 = ams.mvm "fc" %g, %x : !ams.grid<outputs = 3, reduction = 9, groups = 2, rows = 8, columns = 4>, tensor<2x9xf32>
       outs(%init : tensor<2x6xf32>) device = #device gain = 8.0 -> tensor<2x6xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @mvm_reduction(%g: !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, %x: tensor<2x8xf32>, %init: tensor<2x3xf32>) {
  // expected-error@+1 {{'ams.mvm' op of layer "fc" input has shape [2, 8], but must be [2, 9] (F3)}}
  %0 = ams.mvm "fc" %g, %x : !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, tensor<2x8xf32>
       outs(%init : tensor<2x3xf32>) device = #device gain = 8.0 -> tensor<2x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @mvm_outs(%g: !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, %x: tensor<2x9xf32>, %init: tensor<2x4xf32>) {
  // expected-error@+1 {{'ams.mvm' op of layer "fc" outs has shape [2, 4], but must be [2, 3] (F3)}}
  %0 = ams.mvm "fc" %g, %x : !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, tensor<2x9xf32>
       outs(%init : tensor<2x4xf32>) device = #device gain = 8.0 -> tensor<2x4xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @mvm_window(%g: !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, %x: tensor<1x3x3x2xf32>, %init: tensor<1x1x1x3xf32>) {
  // expected-error@+1 {{'ams.mvm' op of layer "fc" window reduces 18 elements in 1 groups, but the grid 9 in 1 (F8)}}
  %0 = ams.mvm "fc" %g, %x : !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, tensor<1x3x3x2xf32>
       outs(%init : tensor<1x1x1x3xf32>) window = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
       device = #device gain = 8.0 -> tensor<1x1x1x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @mvm_window_groups(%g: !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, %x: tensor<1x3x3x2xf32>, %init: tensor<1x1x1x3xf32>) {
  // expected-error@+1 {{'ams.mvm' op of layer "fc" window reduces 9 elements in 2 groups, but the grid 9 in 1 (F8)}}
  %0 = ams.mvm "fc" %g, %x : !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, tensor<1x3x3x2xf32>
       outs(%init : tensor<1x1x1x3xf32>) window = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 2>
       device = #device gain = 8.0 -> tensor<1x1x1x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @mvm_window_outs(%g: !ams.grid<outputs = 3, reduction = 9, groups = 2, rows = 8, columns = 4>, %x: tensor<1x3x3x2xf32>, %init: tensor<1x1x1x3xf32>) {
  // expected-error@+1 {{'ams.mvm' op of layer "fc" outs has shape [1, 1, 1, 3], but must be [1, 1, 1, 6] (F3)}}
  %0 = ams.mvm "fc" %g, %x : !ams.grid<outputs = 3, reduction = 9, groups = 2, rows = 8, columns = 4>, tensor<1x3x3x2xf32>
       outs(%init : tensor<1x1x1x3xf32>) window = #ams.window<kernel = [3, 3], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 2>
       device = #device gain = 8.0 -> tensor<1x1x1x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @mvm_window_vectors(%g: !ams.grid<outputs = 3, reduction = 2, groups = 1, rows = 8, columns = 4>, %x: tensor<4x2147483647x2147483647x2xf32>, %init: tensor<4x2147483647x2147483647x3xf32>) {
  // expected-error@+1 {{'ams.mvm' op of layer "fc" has more than 17592186044416 input vectors (N2)}}
  %0 = ams.mvm "fc" %g, %x : !ams.grid<outputs = 3, reduction = 2, groups = 1, rows = 8, columns = 4>, tensor<4x2147483647x2147483647x2xf32>
       outs(%init : tensor<4x2147483647x2147483647x3xf32>) window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
       device = #device gain = 8.0 -> tensor<4x2147483647x2147483647x3xf32>
  return
}
