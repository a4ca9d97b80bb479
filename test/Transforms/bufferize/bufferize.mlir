// One-shot bufferization: each operation writes its outs in place, without
// reading it, and keeps its attributes; ABFP values and grids are no tensors.
// RUN: ams-opt %s --one-shot-bufferize="bufferize-function-boundaries=1 function-boundary-type-conversion=identity-layout-map" --split-input-file | FileCheck %s

#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
!qw = !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
!qx = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
!grid = !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>
// CHECK-LABEL: @operations
// CHECK-SAME: (%[[X:.*]]: memref<2x9xf32>, %[[W:.*]]: memref<3x9xf32>, %[[A:.*]]: memref<1x2x9xf32>, %[[I:.*]]: memref<1x2x2x3xf32>, %[[F:.*]]: memref<5x1x1x3xf32>)
func.func @operations(%x: tensor<2x9xf32>, %w: tensor<3x9xf32>, %a: tensor<1x2x9xf32>, %i: tensor<1x2x2x3xf32>, %f: tensor<5x1x1x3xf32>)
    -> (tensor<2x3xf32>, tensor<1x2x2xf32>, tensor<1x2x2x5xf32>, tensor<2x9xf32>, tensor<2x3xf32>) {
  // CHECK-NOT: memref.copy
  // CHECK: %[[Y0:.*]] = memref.alloc() {{.*}} : memref<2x3xf32>
  // CHECK: ams.matmul "fc" ins(%[[X]], %[[W]] : memref<2x9xf32>, memref<3x9xf32>) outs(%[[Y0]] : memref<2x3xf32>) device = #{{[a-z]*}} {some = "attribute"}
  %e0 = tensor.empty() : tensor<2x3xf32>
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x9xf32>, tensor<3x9xf32>) outs(%e0 : tensor<2x3xf32>) device = #device {some = "attribute"} -> tensor<2x3xf32>
  // CHECK: ams.batch_matmul "s" ins(%[[A]], %[[A]] : {{.*}}) outs(%{{.*}} : memref<1x2x2xf32>) device = #{{[a-z]*}} gain = 2.000000e+00{{$}}
  %e1 = tensor.empty() : tensor<1x2x2xf32>
  %1 = ams.batch_matmul "s" ins(%a, %a : tensor<1x2x9xf32>, tensor<1x2x9xf32>) outs(%e1 : tensor<1x2x2xf32>) device = #device gain = 2.0 -> tensor<1x2x2xf32>
  // CHECK: ams.conv "c" ins(%[[I]], %[[F]] : {{.*}}) outs(%{{.*}} : memref<1x2x2x5xf32>) window = #window device = #device{{$}}
  %e2 = tensor.empty() : tensor<1x2x2x5xf32>
  %2 = ams.conv "c" ins(%i, %f : tensor<1x2x2x3xf32>, tensor<5x1x1x3xf32>) outs(%e2 : tensor<1x2x2x5xf32>) window = #window device = #device -> tensor<1x2x2x5xf32>
  // CHECK: %[[Q:.*]] = ams.quantize %[[X]] : memref<2x9xf32> to !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
  // CHECK: ams.dequantize %[[Q]] : !ams.abfp<2x9, axis = 1, n = 8, bits = 8> outs(%{{.*}} : memref<2x9xf32>){{$}}
  %q = ams.quantize %x : tensor<2x9xf32> to !qx
  %e3 = tensor.empty() : tensor<2x9xf32>
  %3 = ams.dequantize %q : !qx outs(%e3 : tensor<2x9xf32>) -> tensor<2x9xf32>
  // CHECK: %[[G:.*]] = ams.program
  // CHECK: ams.mvm "m" %[[G]], %[[X]] : {{.*}} outs(%{{.*}} : memref<2x3xf32>) device = #device gain = 8.000000e+00{{$}}
  %qw = ams.weights codes = dense<1> : tensor<3x2x8xi8> scales = dense<0.5> : tensor<3x2xbf16> : !qw
  %g = ams.program %qw : !qw to !grid
  %e4 = tensor.empty() : tensor<2x3xf32>
  %4 = ams.mvm "m" %g, %x : !grid, tensor<2x9xf32> outs(%e4 : tensor<2x3xf32>) device = #device gain = 8.0 -> tensor<2x3xf32>
  // CHECK-NOT: memref.copy
  // CHECK: return
  return %0, %1, %2, %3, %4 : tensor<2x3xf32>, tensor<1x2x2xf32>, tensor<1x2x2x5xf32>, tensor<2x9xf32>, tensor<2x3xf32>
}

// -----

// What outs held is needed afterwards: the product gets a buffer of its own, but
// nothing is copied into it, for it is not read.
#device = #ams.device<rows = 8, columns = 4>
// CHECK-LABEL: @outs_kept
// CHECK-SAME: %[[Y:[a-z0-9]*]]: memref<2x3xf32>)
func.func @outs_kept(%x: tensor<2x9xf32>, %w: tensor<3x9xf32>, %y: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  // CHECK: %[[NEW:.*]] = memref.alloc()
  // CHECK-NOT: memref.copy
  // CHECK: ams.matmul {{.*}} outs(%[[NEW]] : memref<2x3xf32>)
  // CHECK-NEXT: return %[[NEW]], %[[Y]]
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x9xf32>, tensor<3x9xf32>) outs(%y : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return %0, %y : tensor<2x3xf32>, tensor<2x3xf32>
}

// -----

// An input is read where it stands: a later write to its tensor must not be
// seen.
#device = #ams.device<rows = 8, columns = 4>
!q = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
// CHECK-LABEL: @input_kept
func.func @input_kept(%f: f32, %e: tensor<2x9xf32>) -> (tensor<2x9xf32>, tensor<2x9xf32>) {
  // CHECK: linalg.fill {{.*}} outs(%[[A:.*]] : memref<2x9xf32>)
  // CHECK: ams.quantize %[[A]]
  // CHECK: ams.dequantize
  // CHECK: return
  %filled = linalg.fill ins(%f : f32) outs(%e : tensor<2x9xf32>) -> tensor<2x9xf32>
  %q = ams.quantize %filled : tensor<2x9xf32> to !q
  %y = ams.dequantize %q : !q outs(%e : tensor<2x9xf32>) -> tensor<2x9xf32>
  return %y, %filled : tensor<2x9xf32>, tensor<2x9xf32>
}
