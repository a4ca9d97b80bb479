// What only the runtime's way refuses: its calls need a function's state.
// RUN: ams-opt %s --convert-ams-to-runtime --split-input-file --verify-diagnostics

#device = #ams.device<rows = 8, columns = 4>
llvm.func @outside(%p: !llvm.ptr) {
  %a = builtin.unrealized_conversion_cast %p : !llvm.ptr to memref<1x2x9xf32>
  %z = builtin.unrealized_conversion_cast %p : !llvm.ptr to memref<1x2x2xf32>
  // expected-error@+1 {{'ams.batch_matmul' op of layer "s" stands outside of any func.func, where the call's state is not at hand}}
  ams.batch_matmul "s" ins(%a, %a : memref<1x2x9xf32>, memref<1x2x9xf32>) outs(%z : memref<1x2x2xf32>) device = #device gain = 8.0
  llvm.return
}

// -----

!q = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
%x = memref.alloc() : memref<2x9xf32>
%q = ams.quantize %x : memref<2x9xf32> to !q
// expected-error@+1 {{'ams.dequantize' op stands outside of any func.func, where the call's state is not at hand}}
ams.dequantize %q : !q outs(%x : memref<2x9xf32>)

// -----

// A gradient without clipped conversions needs a product that records them, on
// the device.
#device = #ams.device<rows = 8, columns = 4>
func.func @not_recorded(%dy: memref<2x4xf32>, %w: memref<4x3xf32>, %dx: memref<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul_input_gradient' op of layer "fc" drops clipped conversions, but no product of its layer stands in front of it that records them (B2)}}
  ams.matmul_input_gradient "fc" ins(%dy, %w : memref<2x4xf32>, memref<4x3xf32>) outs(%dx : memref<2x3xf32>) {drops_clipped}
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @digital(%x: memref<2x3xf32>, %w: memref<4x3xf32>, %y: memref<2x4xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" records clipped conversions, but has none in float32: compile it for the device, or differentiate without clamp-gradient}}
  ams.matmul "fc" ins(%x, %w : memref<2x3xf32>, memref<4x3xf32>) outs(%y : memref<2x4xf32>) device = #device {records_clipping}
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @varying(%x: memref<2x9xf32>, %w: memref<3x9xf32>, %b: memref<3xf32>, %y: memref<2x3xf32>) {
  // expected-error@+1 {{'ams.matmul' op of layer "fc" has an epilogue, but weights that vary from run to run}}
  ams.matmul "fc" ins(%x, %w : memref<2x9xf32>, memref<3x9xf32>) outs(%y : memref<2x3xf32>) device = #device
    epilogue = #ams.epilogue<bias = true> (%b : memref<3xf32>)
  return
}
