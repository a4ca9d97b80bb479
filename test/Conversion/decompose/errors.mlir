// What only the plain way refuses: float32 products are the digital target's.
// RUN: ams-opt %s --ams-decompose --split-input-file --verify-diagnostics

#device = #ams.device<rows = 8, columns = 4>
func.func @no_gain(%a: memref<2x3x9xf32>, %b: memref<2x4x9xf32>, %z: memref<2x3x4xf32>) {
  // expected-error@+1 {{'ams.batch_matmul' op of layer "s" has no gain: run --ams-assign-gains first}}
  ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x4x9xf32>) outs(%z : memref<2x3x4xf32>) device = #device
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @digital(%x: memref<2x9xf32>, %w: memref<3x9xf32>, %y: memref<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" is not on crossbars yet: run --ams-tile-crossbar first}}
  ams.matmul "fc" ins(%x, %w : memref<2x9xf32>, memref<3x9xf32>) outs(%y : memref<2x3xf32>) device = #device
  return
}

// -----

// Sources of error beside uniform noise, and codes of more than 8 bits, are the
// runtime's alone.

#device = #ams.device<rows = 8, columns = 4, noise = [#ams.normal<deviation = 0.5>]>
func.func @normal(%a: memref<2x3x9xf32>, %b: memref<2x4x9xf32>, %z: memref<2x3x4xf32>) {
  // expected-error@+1 {{is on a device with normal, which only the runtime computes: leave --ams-decompose out (--target=device)}}
  ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x4x9xf32>) outs(%z : memref<2x3x4xf32>) device = #device gain = 2.0
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4, weight_bits = 9>
!qw = !ams.abfp<3x9, axis = 1, n = 8, bits = 9>
!grid = !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>
func.func @weights(%x: memref<2x9xf32>, %y: memref<2x3xf32>) {
  %w = ams.weights codes = dense<255> : tensor<3x2x8xi16> scales = dense<0.5> : tensor<3x2xbf16> : !qw
  %g = ams.program %w : !qw to !grid
  // expected-error@+1 {{which only the runtime computes}}
  ams.mvm "fc" %g, %x : !grid, memref<2x9xf32> outs(%y : memref<2x3xf32>) device = #device gain = 2.0
  return
}

// -----

!q = !ams.abfp<2x9, axis = 1, n = 8, bits = 9>
func.func @dequantize(%x: memref<2x9xf32>) {
  %q = ams.quantize %x : memref<2x9xf32> to !q
  // expected-error@+1 {{'ams.dequantize' op has codes of more than 8 bits, which only the runtime computes: leave --ams-decompose out (--target=device)}}
  ams.dequantize %q : !q outs(%x : memref<2x9xf32>)
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @records(%a: memref<2x3x9xf32>, %b: memref<2x4x9xf32>, %z: memref<2x3x4xf32>) {
  // expected-error@+1 {{'ams.batch_matmul' op of layer "s" records clipped conversions, which only the runtime does: leave --ams-decompose out (--target=device)}}
  ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x4x9xf32>) outs(%z : memref<2x3x4xf32>) device = #device gain = 2.0 {records_clipping}
  return
}
