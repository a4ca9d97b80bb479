// A product's epilogue on both ways down: addresses of its addends, or null; the
// layer's description; a function of the plain library.
// RUN: ams-opt %s --convert-ams-to-runtime | FileCheck %s
// RUN: ams-opt %s --ams-decompose | FileCheck %s --check-prefix=PLAIN

#device = #ams.device<rows = 8, columns = 4>
!qw = !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
!grid = !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>
// CHECK: ams.layers = [{
// CHECK-SAME: epilogue = #ams.epilogue<bias = true, residual = true, low = 0.000000e+00>
// CHECK: func.func @main(%[[STATE:.*]]: !llvm.ptr, %[[X:.*]]: memref<2x9xf32>, %[[B:.*]]: memref<3xf32>, %[[R:.*]]: memref<2x3xf32>, %[[Y:.*]]: memref<2x3xf32>, %{{.*}}: memref<2x3xf32>)
// PLAIN: func.func @main(%[[X:.*]]: memref<2x9xf32>, %[[B:.*]]: memref<3xf32>, %[[R:.*]]: memref<2x3xf32>, %[[Y:.*]]: memref<2x3xf32>, %[[Z:.*]]: memref<2x3xf32>)
func.func @main(%x: memref<2x9xf32>, %b: memref<3xf32>, %r: memref<2x3xf32>, %y: memref<2x3xf32>, %z: memref<2x3xf32>) {
  // CHECK: %[[BI:.*]] = memref.extract_aligned_pointer_as_index %[[B]]
  // CHECK: %[[BN:.*]] = arith.index_cast %[[BI]]
  // CHECK: %[[BP:.*]] = llvm.inttoptr %[[BN]]
  // CHECK: %[[RI:.*]] = memref.extract_aligned_pointer_as_index %[[R]]
  // CHECK: %[[RN:.*]] = arith.index_cast %[[RI]]
  // CHECK: %[[RP:.*]] = llvm.inttoptr %[[RN]]
  // CHECK: call @ams_rt_mvm(%[[STATE]], %{{.*}}, %{{.*}}, %[[BP]], %[[RP]], %{{.*}})
  // PLAIN: call @ams_plain_mvm
  // PLAIN-DAG: %[[YF:.*]] = memref.collapse_shape %[[Y]]
  // PLAIN-DAG: %[[YC:.*]] = memref.cast %[[YF]]
  // PLAIN-DAG: %[[BC:.*]] = memref.cast %[[B]]
  // PLAIN: call @ams_plain_epilogue(%{{.*}}, %[[BC]], %{{.*}}
  %w = ams.weights codes = dense<1> : tensor<3x2x8xi8> scales = dense<0.5> : tensor<3x2xbf16> : !qw
  %g = ams.program %w : !qw to !grid
  ams.mvm "fc" %g, %x : !grid, memref<2x9xf32> outs(%y : memref<2x3xf32>) device = #device gain = 2.5
    epilogue = #ams.epilogue<bias = true, residual = true, low = 0.0> (%b, %r : memref<3xf32>, memref<2x3xf32>)
  // CHECK: %[[NULL:.*]] = llvm.mlir.zero : !llvm.ptr
  // CHECK: call @ams_rt_mvm(%[[STATE]], %{{.*}}, %{{.*}}, %[[NULL]], %{{.*}}, %{{.*}})
  // PLAIN: call @ams_plain_mvm
  // PLAIN: call @ams_plain_epilogue
  ams.mvm "fd" %g, %x : !grid, memref<2x9xf32> outs(%z : memref<2x3xf32>) device = #device gain = 2.5
    epilogue = #ams.epilogue<high = 1.0>
  return
}
