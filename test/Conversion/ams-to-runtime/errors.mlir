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
