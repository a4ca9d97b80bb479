// Weights are quantised when compiling, inputs at run time.
// RUN: ams-opt %s --ams-assign-scales --split-input-file | FileCheck %s

// Q1 to Q4 by hand, n = 4, L = 127: a block of [1, -0.5, 0.25, 0] has s = 1 and
// codes 127, -63.5 to the even -64, 31.75 to 32, 0; the last block of 2 elements
// is padded with codes 0; a block of zeros has scale and codes 0; 1.00390625
// lies half way between two bfloat16 values and is first rounded to the even 1.
#device = #ams.device<rows = 4, columns = 4>
// CHECK-LABEL: @matmul
// CHECK-SAME: (%[[X:.*]]: tensor<2x6xf32>, %[[INIT:.*]]: tensor<2x3xf32>)
func.func @matmul(%x: tensor<2x6xf32>, %init: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK-DAG: %[[QW:.*]] = ams.weights codes = dense_resource<[[CODES:.*]]> : tensor<3x2x4xi8> scales = dense_resource<[[SCALES:.*]]> : tensor<3x2xbf16> : !ams.abfp<3x6, axis = 1, n = 4, bits = 8>
  // CHECK-DAG: %[[QX:.*]] = ams.quantize %[[X]] : tensor<2x6xf32> to !ams.abfp<2x6, axis = 1, n = 4, bits = 8>
  // CHECK: ams.matmul "fc" ins(%[[QX]], %[[QW]] : !ams.abfp<2x6, axis = 1, n = 4, bits = 8>, !ams.abfp<3x6, axis = 1, n = 4, bits = 8>) outs(%[[INIT]] : tensor<2x3xf32>)
  // CHECK-NOT: gain
  %w = arith.constant dense<[[1.0, -0.5, 0.25, 0.0, 2.0, -2.0], [0.0, 0.0, 0.0, 0.0, -3.0, 1.5], [1.00390625, 1.0, -1.0, 0.0, 0.0, 0.0]]> : tensor<3x6xf32>
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x6xf32>, tensor<3x6xf32>) outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}
// CHECK-DAG: [[CODES]]: "0x080000007FC020007F81000000000000814000007F7F810000000000"
// CHECK-DAG: [[SCALES]]: "0x08000000803F004000004040803F0000"

// -----

// Other bits, a convolution: blocks run over (kernel row, kernel column,
// channel), here 0 to 7 and s = 3 and 7, L = 7.
// CHECK-LABEL: @conv
// CHECK-SAME: (%[[X:.*]]: tensor<1x3x4x4xf32>
#device = #ams.device<rows = 4, columns = 4, weight_bits = 4, input_bits = 6>
#window = #ams.window<kernel = [2, 2], strides = [1, 2], padding = [0, 1, 0, 0], dilations = [1, 1], groups = 2>
func.func @conv(%x: tensor<1x3x4x4xf32>, %init: tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32> {
  // CHECK-DAG: ams.weights codes = dense_resource<[[CODES:.*]]> : tensor<2x2x4xi8> scales = dense_resource<[[SCALES:.*]]> : tensor<2x2xbf16> : !ams.abfp<2x2x2x2, axis = 1, n = 4, bits = 4>
  // CHECK-DAG: ams.quantize %[[X]] : tensor<1x3x4x4xf32> to !ams.abfp<1x2x2x2x8, axis = 4, n = 4, bits = 6> window = #[[WINDOW:.*]]{{$}}
  // CHECK: ams.conv "c" {{.*}} window = #[[WINDOW]]
  %w = arith.constant dense<[[[[0.0, 1.0], [2.0, 3.0]], [[4.0, 5.0], [6.0, 7.0]]], [[[-7.0, -6.0], [-5.0, -4.0]], [[-3.0, -2.0], [-1.0, 0.0]]]]> : tensor<2x2x2x2xf32>
  %y = ams.conv "c" ins(%x, %w : tensor<1x3x4x4xf32>, tensor<2x2x2x2xf32>) outs(%init : tensor<1x2x2x2xf32>) window = #window device = #device -> tensor<1x2x2x2xf32>
  return %y : tensor<1x2x2x2xf32>
}
// CHECK-DAG: [[CODES]]: "0x080000000002050704050607F9FAFBFCF9FBFE00"
// CHECK-DAG: [[SCALES]]: "0x080000004040E040E0404040"

// -----

// Both sides of two activations at run time, lhs as inputs are, rhs as weights.
// CHECK-LABEL: @batch_matmul
// CHECK-SAME: (%[[A:.*]]: tensor<2x3x6xf32>, %[[B:.*]]: tensor<2x5x6xf32>
#device = #ams.device<rows = 4, columns = 4, weight_bits = 4, input_bits = 6>
func.func @batch_matmul(%a: tensor<2x3x6xf32>, %b: tensor<2x5x6xf32>, %init: tensor<2x3x5xf32>) -> tensor<2x3x5xf32> {
  // CHECK: %[[QA:.*]] = ams.quantize %[[A]] : tensor<2x3x6xf32> to !ams.abfp<2x3x6, axis = 2, n = 4, bits = 6>
  // CHECK: %[[QB:.*]] = ams.quantize %[[B]] : tensor<2x5x6xf32> to !ams.abfp<2x5x6, axis = 2, n = 4, bits = 4>
  // CHECK: ams.batch_matmul "s" ins(%[[QA]], %[[QB]] :
  %y = ams.batch_matmul "s" ins(%a, %b : tensor<2x3x6xf32>, tensor<2x5x6xf32>) outs(%init : tensor<2x3x5xf32>) device = #device -> tensor<2x3x5xf32>
  return %y : tensor<2x3x5xf32>
}

// -----

// Transposes and reshapes of constants are evaluated; a splat, a resource.
// CHECK-LABEL: @reshaped
#device = #ams.device<rows = 4, columns = 4>
func.func @reshaped(%x: tensor<2x4xf32>, %init: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  // Columns of [[1, 2, 3], [4, 5, 6]] and [[7, 8, 9], [10, 11, 12]]: 1, 4, 7, 10, then 2, 5, 8, 11 and 3, 6, 9, 12.
  // CHECK: ams.weights codes = dense_resource<[[CODES:.*]]> : tensor<3x1x4xi8>
  // CHECK: ams.weights codes = dense_resource<[[SPLAT:.*]]> : tensor<3x1x4xi8>
  %c = arith.constant dense_resource<weights> : tensor<2x2x3xf32>
  %r = tensor.collapse_shape %c [[0, 1], [2]] : tensor<2x2x3xf32> into tensor<4x3xf32>
  %e = tensor.empty() : tensor<3x4xf32>
  %w = linalg.transpose ins(%r : tensor<4x3xf32>) outs(%e : tensor<3x4xf32>) permutation = [1, 0]
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x4xf32>, tensor<3x4xf32>) outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  %s = arith.constant dense<-2.0> : tensor<3x4xf32>
  %z = ams.matmul "splat" ins(%x, %s : tensor<2x4xf32>, tensor<3x4xf32>) outs(%init : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  return %y, %z : tensor<2x3xf32>, tensor<2x3xf32>
}
// rne(127 v / s): 13, 51, 89, 127; 23, 58, 92, 127; 32, 64 (of 63.5), 95, 127.
// CHECK-DAG: [[CODES]]: "0x080000000D33597F173A5C7F20405F7F"
// CHECK-DAG: [[SPLAT]]: "0x08000000818181818181818181818181"

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803f0000004000004040000080400000a0400000c0400000e0400000004100001041000020410000304100004041"
    }
  }
#-}

// -----

// Products that have scales already are left alone, and level 4 is too.
// CHECK-LABEL: @done
#device = #ams.device<rows = 4, columns = 4>
!q = !ams.abfp<2x6, axis = 1, n = 4, bits = 8>
!g = !ams.grid<outputs = 2, reduction = 6, groups = 1, rows = 4, columns = 4>
func.func @done(%q: !q, %x: tensor<2x6xf32>, %g: !g, %init: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  // CHECK-NOT: ams.quantize
  // CHECK-NOT: ams.weights
  %y = ams.matmul "fc" ins(%q, %q : !q, !q) outs(%init : tensor<2x2xf32>) device = #device gain = 2.0 -> tensor<2x2xf32>
  %z = ams.mvm "fc2" %g, %x : !g, tensor<2x6xf32> outs(%init : tensor<2x2xf32>) device = #device gain = 2.0 -> tensor<2x2xf32>
  return %y, %z : tensor<2x2xf32>, tensor<2x2xf32>
}

// -----

// C3 and C4 by hand: elements 1, 2, 4 take rows 1, 2, 0 with signs + - + -, that
// is 4, -1, 2, 0; the transform gives 5, 7, 1, 3, and over 4 rows s = 1.75 and
// codes 91, 127, 18, 54. The weights' sum is 7 (C2).
// CHECK: #[[CONDITION:.*]] = #ams.condition<mean = true, spread = true, signs = "+-+-">
// CHECK-LABEL: @conditioned
#device = #ams.device<rows = 4, columns = 4>
#condition = #ams.condition<mean = true, spread = true, signs = "+-+-">
func.func @conditioned(%x: tensor<2x3xf32>, %init: tensor<2x1xf32>) -> tensor<2x1xf32> {
  // CHECK-DAG: ams.weights codes = dense_resource<[[CODES:.*]]> : tensor<1x1x4xi8> scales = dense_resource<[[SCALES:.*]]> : tensor<1x1xbf16> sums = dense_resource<[[SUMS:.*]]> : tensor<1x1xf32> : !ams.abfp<1x3, axis = 1, n = 4, bits = 8, condition = #[[CONDITION]]>
  // CHECK-DAG: ams.quantize {{.*}} to !ams.abfp<2x3, axis = 1, n = 4, bits = 8, condition = #[[CONDITION]]>
  // CHECK: ams.matmul "fc" {{.*}} device = #{{device[^ ]*}} ->
  %w = arith.constant dense<[[1.0, 2.0, 4.0]]> : tensor<1x3xf32>
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x3xf32>, tensor<1x3xf32>) outs(%init : tensor<2x1xf32>) device = #device condition = #condition -> tensor<2x1xf32>
  return %y : tensor<2x1xf32>
}
// CHECK-DAG: [[CODES]]: "0x080000005B7F1236"
// CHECK-DAG: [[SCALES]]: "0x08000000E03F"
// CHECK-DAG: [[SUMS]]: "0x080000000000E040"

// -----

// Weights that are no constant are quantised at run time, with blocks from axis 1.
// CHECK-LABEL: @varying
// CHECK: ams.quantize %{{.*}} : tensor<3x6xf32> to !ams.abfp<3x6, axis = 1, n = 4, bits = 8>
// CHECK: ams.quantize %{{.*}} : tensor<2x6xf32> to !ams.abfp<2x6, axis = 1, n = 4, bits = 8>
#varying = #ams.device<rows = 4, columns = 4>
func.func @varying(%x: tensor<2x6xf32>, %w: tensor<3x6xf32>, %init: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x6xf32>, tensor<3x6xf32>) outs(%init : tensor<2x3xf32>) device = #varying -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}
