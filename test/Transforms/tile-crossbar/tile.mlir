// Products onto grids of crossbars.
// RUN: ams-opt %s --ams-tile-crossbar --canonicalize --split-input-file | FileCheck %s

#device = #ams.device<rows = 8, columns = 4>
!qx = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
!qw = !ams.abfp<10x9, axis = 1, n = 8, bits = 8>
// CHECK-LABEL: @matmul
// CHECK-SAME: (%[[X:.*]]: tensor<2x9xf32>, %[[INIT:.*]]: tensor<2x10xf32>)
func.func @matmul(%x: tensor<2x9xf32>, %init: tensor<2x10xf32>) -> tensor<2x10xf32> {
  // CHECK-NEXT: %[[W:.*]] = ams.weights
  // CHECK-NEXT: %[[G:.*]] = ams.program %[[W]] : !ams.abfp<10x9, axis = 1, n = 8, bits = 8> to !ams.grid<outputs = 10, reduction = 9, groups = 1, rows = 8, columns = 4>
  // CHECK-NEXT: %[[Y:.*]] = ams.mvm "fc" %[[G]], %[[X]] : {{.*}} outs(%[[INIT]] : tensor<2x10xf32>) device = #{{.*}} gain = 3.000000e+00 -> tensor<2x10xf32>
  // CHECK-NEXT: return %[[Y]]
  %w = ams.weights codes = dense<1> : tensor<10x2x8xi8> scales = dense<0.5> : tensor<10x2xbf16> : !qw
  %q = ams.quantize %x : tensor<2x9xf32> to !qx
  %y = ams.matmul "fc" ins(%q, %w : !qx, !qw) outs(%init : tensor<2x10xf32>) device = #device gain = 3.0 -> tensor<2x10xf32>
  return %y : tensor<2x10xf32>
}

// -----

// A convolution keeps its window; the grid counts one group's outputs.
#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [2, 3], strides = [2, 1], padding = [1, 0, 0, 2], dilations = [1, 2], groups = 2>
!qx = !ams.abfp<2x3x4x2x12, axis = 4, n = 8, bits = 8>
!qw = !ams.abfp<6x2x3x2, axis = 1, n = 8, bits = 8>
// CHECK: #[[WINDOW:.*]] = #ams.window
// CHECK-LABEL: @conv
// CHECK-SAME: (%[[X:.*]]: tensor<2x5x6x4xf32>
func.func @conv(%x: tensor<2x5x6x4xf32>, %init: tensor<2x3x4x6xf32>) -> tensor<2x3x4x6xf32> {
  // CHECK: %[[G:.*]] = ams.program {{.*}} to !ams.grid<outputs = 3, reduction = 12, groups = 2, rows = 8, columns = 4>
  // CHECK: ams.mvm "c" %[[G]], %[[X]] : {{.*}} window = #[[WINDOW]] device = #{{.*}} gain = 3.000000e+00
  // CHECK-NOT: ams.quantize
  %w = ams.weights codes = dense<1> : tensor<6x2x8xi8> scales = dense<0.5> : tensor<6x2xbf16> : !qw
  %q = ams.quantize %x : tensor<2x5x6x4xf32> to !qx window = #window
  %y = ams.conv "c" ins(%q, %w : !qx, !qw) outs(%init : tensor<2x3x4x6xf32>) window = #window device = #device gain = 3.0 -> tensor<2x3x4x6xf32>
  return %y : tensor<2x3x4x6xf32>
}

// -----

// Two activations: the converters are the product's own now.
#device = #ams.device<rows = 8, columns = 4>
!qa = !ams.abfp<2x3x9, axis = 2, n = 8, bits = 8>
!qb = !ams.abfp<2x4x9, axis = 2, n = 8, bits = 8>
// CHECK-LABEL: @batch_matmul
// CHECK-SAME: (%[[A:.*]]: tensor<2x3x9xf32>, %[[B:.*]]: tensor<2x4x9xf32>, %[[INIT:.*]]: tensor<2x3x4xf32>)
func.func @batch_matmul(%a: tensor<2x3x9xf32>, %b: tensor<2x4x9xf32>, %init: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  // CHECK-NEXT: %[[Y:.*]] = ams.batch_matmul "s" ins(%[[A]], %[[B]] : tensor<2x3x9xf32>, tensor<2x4x9xf32>) outs(%[[INIT]] : tensor<2x3x4xf32>) device = #{{.*}} gain = 3.000000e+00
  // CHECK-NEXT: return %[[Y]]
  %qa = ams.quantize %a : tensor<2x3x9xf32> to !qa
  %qb = ams.quantize %b : tensor<2x4x9xf32> to !qb
  %y = ams.batch_matmul "s" ins(%qa, %qb : !qa, !qb) outs(%init : tensor<2x3x4xf32>) device = #device gain = 3.0 -> tensor<2x3x4xf32>
  return %y : tensor<2x3x4xf32>
}

// -----

// One quantised value for two layers; what has no gain, or is tiled, stays.
#device = #ams.device<rows = 8, columns = 4>
!qx = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
// CHECK-LABEL: @others
// CHECK-SAME: (%[[X:.*]]: tensor<2x9xf32>
func.func @others(%x: tensor<2x9xf32>, %init: tensor<2x2xf32>, %b: tensor<1x2x9xf32>, %c: tensor<1x2x2xf32>)
    -> (tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<1x2x2xf32>) {
  // CHECK: ams.mvm "a" %{{.*}}, %[[X]]
  // CHECK: ams.mvm "b" %{{.*}}, %[[X]]
  // CHECK: ams.matmul "none"
  // CHECK: ams.batch_matmul "done" ins(%{{.*}}, %{{.*}} : tensor<1x2x9xf32>, tensor<1x2x9xf32>)
  %w = ams.weights codes = dense<1> : tensor<2x2x8xi8> scales = dense<0.5> : tensor<2x2xbf16> : !qx
  %q = ams.quantize %x : tensor<2x9xf32> to !qx
  %0 = ams.matmul "a" ins(%q, %w : !qx, !qx) outs(%init : tensor<2x2xf32>) device = #device gain = 3.0 -> tensor<2x2xf32>
  %1 = ams.matmul "b" ins(%q, %w : !qx, !qx) outs(%init : tensor<2x2xf32>) device = #device gain = 4.0 -> tensor<2x2xf32>
  %2 = ams.matmul "none" ins(%q, %w : !qx, !qx) outs(%init : tensor<2x2xf32>) device = #device -> tensor<2x2xf32>
  %3 = ams.batch_matmul "done" ins(%b, %b : tensor<1x2x9xf32>, tensor<1x2x9xf32>) outs(%c : tensor<1x2x2xf32>) device = #device gain = 3.0 -> tensor<1x2x2xf32>
  return %0, %1, %2, %3 : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>, tensor<1x2x2xf32>
}
