// What canonicalisation folds and drops, and what it leaves.
// RUN: ams-opt %s --canonicalize --cse --split-input-file | FileCheck %s

// What outs held is never read: fills of it go, one after another.
#device = #ams.device<rows = 8, columns = 4>
// CHECK-LABEL: @fills
// CHECK-SAME: (%[[X:.*]]: tensor<2x9xf32>, %[[W:.*]]: tensor<3x9xf32>
func.func @fills(%x: tensor<2x9xf32>, %w: tensor<3x9xf32>, %a: tensor<1x2x9xf32>, %q: !ams.abfp<2x9, axis = 1, n = 8, bits = 8>) -> (tensor<2x3xf32>, tensor<1x2x2xf32>, tensor<2x9xf32>) {
  // CHECK-NOT: linalg.fill
  // CHECK: %[[E:.*]] = tensor.empty() : tensor<2x3xf32>
  // CHECK: ams.matmul "fc" ins(%[[X]], %[[W]] : {{.*}}) outs(%[[E]] :
  // CHECK-NOT: linalg.fill
  %c = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<2x3xf32>
  %f = linalg.fill ins(%c : f32) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  %y0 = ams.matmul "unread" ins(%x, %w : tensor<2x9xf32>, tensor<3x9xf32>) outs(%f : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x9xf32>, tensor<3x9xf32>) outs(%y0 : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  %e1 = tensor.empty() : tensor<1x2x2xf32>
  %f1 = linalg.fill ins(%c : f32) outs(%e1 : tensor<1x2x2xf32>) -> tensor<1x2x2xf32>
  %z = ams.batch_matmul "s" ins(%a, %a : tensor<1x2x9xf32>, tensor<1x2x9xf32>) outs(%f1 : tensor<1x2x2xf32>) device = #device -> tensor<1x2x2xf32>
  %e2 = tensor.empty() : tensor<2x9xf32>
  %f2 = linalg.fill ins(%c : f32) outs(%e2 : tensor<2x9xf32>) -> tensor<2x9xf32>
  %d = ams.dequantize %q : !ams.abfp<2x9, axis = 1, n = 8, bits = 8> outs(%f2 : tensor<2x9xf32>) -> tensor<2x9xf32>
  return %y, %z, %d : tensor<2x3xf32>, tensor<1x2x2xf32>, tensor<2x9xf32>
}

// -----

// The same of a convolution and of crossbars.
#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
!g = !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>
// CHECK-LABEL: @others
func.func @others(%i: tensor<1x2x2x3xf32>, %w: tensor<5x1x1x3xf32>, %g: !g, %x: tensor<2x9xf32>) -> (tensor<1x2x2x5xf32>, tensor<2x3xf32>) {
  // CHECK-NOT: linalg.fill
  // CHECK: return
  %c = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<1x2x2x5xf32>
  %f = linalg.fill ins(%c : f32) outs(%e : tensor<1x2x2x5xf32>) -> tensor<1x2x2x5xf32>
  %y = ams.conv "c" ins(%i, %w : tensor<1x2x2x3xf32>, tensor<5x1x1x3xf32>) outs(%f : tensor<1x2x2x5xf32>) window = #window device = #device -> tensor<1x2x2x5xf32>
  %e1 = tensor.empty() : tensor<2x3xf32>
  %f1 = linalg.fill ins(%c : f32) outs(%e1 : tensor<2x3xf32>) -> tensor<2x3xf32>
  %z = ams.mvm "m" %g, %x : !g, tensor<2x9xf32> outs(%f1 : tensor<2x3xf32>) device = #device gain = 2.0 -> tensor<2x3xf32>
  return %y, %z : tensor<1x2x2x5xf32>, tensor<2x3xf32>
}

// -----

// A fill that something else reads stays, and so does an init that no operation
// filled.
#device = #ams.device<rows = 8, columns = 4>
// CHECK-LABEL: @kept
// CHECK-SAME: %[[INIT:[a-z0-9]*]]: tensor<2x3xf32>)
func.func @kept(%x: tensor<2x9xf32>, %w: tensor<3x9xf32>, %init: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
  // CHECK: %[[F:.*]] = linalg.fill
  // CHECK: ams.matmul "a" {{.*}} outs(%[[F]] :
  // CHECK: ams.matmul "b" {{.*}} outs(%[[INIT]] :
  %c = arith.constant 1.0 : f32
  %e = tensor.empty() : tensor<2x3xf32>
  %f = linalg.fill ins(%c : f32) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  %y = ams.matmul "a" ins(%x, %w : tensor<2x9xf32>, tensor<3x9xf32>) outs(%f : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  %z = ams.matmul "b" ins(%x, %w : tensor<2x9xf32>, tensor<3x9xf32>) outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return %f, %y, %z : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
}

// -----

// On buffers nothing folds: what is in them may be read elsewhere.
#device = #ams.device<rows = 8, columns = 4>
// CHECK-LABEL: @buffers
func.func @buffers(%x: memref<2x9xf32>, %w: memref<3x9xf32>, %init: memref<2x3xf32>) {
  // CHECK: linalg.fill
  // CHECK: ams.matmul
  %c = arith.constant 1.0 : f32
  linalg.fill ins(%c : f32) outs(%init : memref<2x3xf32>)
  ams.matmul "a" ins(%x, %w : memref<2x9xf32>, memref<3x9xf32>) outs(%init : memref<2x3xf32>) device = #device
  return
}

// -----

// What nothing uses is dropped, what is alike merged: weights, programs, quantised
// values and layers.
#device = #ams.device<rows = 8, columns = 4>
!q = !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
!g = !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>
// CHECK-LABEL: @dead
func.func @dead(%x: tensor<3x9xf32>, %init: tensor<3x3xf32>) -> (tensor<3x3xf32>, tensor<3x3xf32>) {
  // CHECK-NEXT: ams.weights codes = dense<1>
  // CHECK-NEXT: %[[G:.*]] = ams.program
  // CHECK-NEXT: ams.mvm "a" %[[G]]
  // CHECK-NEXT: ams.mvm "b" %[[G]]
  // CHECK-NEXT: return
  %w = ams.weights codes = dense<1> : tensor<3x2x8xi8> scales = dense<0.5> : tensor<3x2xbf16> : !q
  %same = ams.weights codes = dense<1> : tensor<3x2x8xi8> scales = dense<0.5> : tensor<3x2xbf16> : !q
  %unused = ams.weights codes = dense<2> : tensor<3x2x8xi8> scales = dense<0.5> : tensor<3x2xbf16> : !q
  %g = ams.program %w : !q to !g
  %h = ams.program %same : !q to !g
  %u = ams.program %unused : !q to !g
  %q = ams.quantize %x : tensor<3x9xf32> to !q
  %0 = ams.mvm "a" %g, %x : !g, tensor<3x9xf32> outs(%init : tensor<3x3xf32>) device = #device gain = 2.0 -> tensor<3x3xf32>
  %1 = ams.mvm "b" %h, %x : !g, tensor<3x9xf32> outs(%init : tensor<3x3xf32>) device = #device gain = 2.0 -> tensor<3x3xf32>
  %2 = ams.mvm "c" %u, %x : !g, tensor<3x9xf32> outs(%init : tensor<3x3xf32>) device = #device gain = 2.0 -> tensor<3x3xf32>
  return %0, %1 : tensor<3x3xf32>, tensor<3x3xf32>
}

// -----

// Quantising again is no identity.
!q = !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
// CHECK-LABEL: @again
func.func @again(%q: !q) -> !q {
  // CHECK: ams.dequantize
  // CHECK: ams.quantize
  %e = tensor.empty() : tensor<3x9xf32>
  %x = ams.dequantize %q : !q outs(%e : tensor<3x9xf32>) -> tensor<3x9xf32>
  %r = ams.quantize %x : tensor<3x9xf32> to !q
  return %r : !q
}
