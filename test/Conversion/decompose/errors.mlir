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

#device = #ams.device<rows = 8, columns = 4>
func.func @records(%a: memref<2x3x9xf32>, %b: memref<2x4x9xf32>, %z: memref<2x3x4xf32>) {
  // expected-error@+1 {{'ams.batch_matmul' op of layer "s" records clipped conversions, which only the runtime does: leave --ams-decompose out (--target=device)}}
  ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x4x9xf32>) outs(%z : memref<2x3x4xf32>) device = #device gain = 2.0 {records_clipping}
  return
}
