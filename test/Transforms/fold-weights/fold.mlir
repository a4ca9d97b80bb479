// Transposes and reshapes of constants that feed layers' weights are evaluated.
// RUN: ams-opt %s --ams-fold-weights --canonicalize --split-input-file | FileCheck %s

#device = #ams.device<rows = 8, columns = 4>
// CHECK-LABEL: @matmul
func.func @matmul(%x: tensor<2x3xf32>, %init: tensor<2x2xf32>) -> tensor<2x2xf32> {
  // CHECK-NEXT: %[[W:.*]] = arith.constant dense_resource<[[NAME:.*]]> : tensor<2x3xf32>
  // CHECK-NEXT: ams.matmul "fc" ins(%{{.*}}, %[[W]] :
  // CHECK-NEXT: return
  %c = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %e = tensor.empty() : tensor<2x3xf32>
  %w = linalg.transpose ins(%c : tensor<3x2xf32>) outs(%e : tensor<2x3xf32>) permutation = [1, 0]
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x3xf32>, tensor<2x3xf32>) outs(%init : tensor<2x2xf32>) device = #device -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}
// 1, 3, 5, 2, 4, 6.
// CHECK: [[NAME]]: "0x{{........}}0000803F000040400000A04000000040000080400000C040"

// -----

// Three dimensions, a splat behind a reshape, and a convolution.
#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [1, 2], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
// CHECK-LABEL: @conv
func.func @conv(%x: tensor<1x1x2x2xf32>, %init: tensor<1x1x1x2xf32>) -> (tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>) {
  // CHECK-DAG: arith.constant dense_resource<[[A:.*]]> : tensor<2x1x2x2xf32>
  // CHECK-DAG: arith.constant dense_resource<[[B:.*]]> : tensor<2x1x2x2xf32>
  // CHECK-NOT: linalg.transpose
  // CHECK-NOT: tensor.expand_shape
  %c = arith.constant dense<[[[0.0, 1.0], [2.0, 3.0]], [[4.0, 5.0], [6.0, 7.0]]]> : tensor<2x2x2xf32>
  %e = tensor.empty() : tensor<2x2x2xf32>
  // Element [i, j, k] of the result is [k, i, j] of the constant.
  %t = linalg.transpose ins(%c : tensor<2x2x2xf32>) outs(%e : tensor<2x2x2xf32>) permutation = [1, 2, 0]
  %w = tensor.expand_shape %t [[0, 1], [2], [3]] output_shape [2, 1, 2, 2] : tensor<2x2x2xf32> into tensor<2x1x2x2xf32>
  %y = ams.conv "c" ins(%x, %w : tensor<1x1x2x2xf32>, tensor<2x1x2x2xf32>) outs(%init : tensor<1x1x1x2xf32>) window = #window device = #device -> tensor<1x1x1x2xf32>
  %s = arith.constant dense<1.0> : tensor<8xf32>
  %v = tensor.expand_shape %s [[0, 1, 2, 3]] output_shape [2, 1, 2, 2] : tensor<8xf32> into tensor<2x1x2x2xf32>
  %z = ams.conv "d" ins(%x, %v : tensor<1x1x2x2xf32>, tensor<2x1x2x2xf32>) outs(%init : tensor<1x1x1x2xf32>) window = #window device = #device -> tensor<1x1x1x2xf32>
  return %y, %z : tensor<1x1x1x2xf32>, tensor<1x1x1x2xf32>
}
// 0, 4, 1, 5, 2, 6, 3, 7.
// CHECK-DAG: 0x{{........}}00000000000080400000803F0000A040000000400000C040000040400000E040"
// CHECK-DAG: 0x{{........}}0000803F0000803F0000803F0000803F0000803F0000803F0000803F0000803F"

// -----

// Constants and computed weights stay what they are.
#device = #ams.device<rows = 8, columns = 4>
// CHECK-LABEL: @others
func.func @others(%x: tensor<2x3xf32>, %c: tensor<3x2xf32>, %init: tensor<2x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  // CHECK-DAG: arith.constant dense<1.000000e+00>
  // CHECK-DAG: linalg.transpose
  %s = arith.constant dense<1.0> : tensor<2x3xf32>
  %e = tensor.empty() : tensor<2x3xf32>
  %w = linalg.transpose ins(%c : tensor<3x2xf32>) outs(%e : tensor<2x3xf32>) permutation = [1, 0]
  %y = ams.matmul "a" ins(%x, %s : tensor<2x3xf32>, tensor<2x3xf32>) outs(%init : tensor<2x2xf32>) device = #device -> tensor<2x2xf32>
  %z = ams.matmul "b" ins(%x, %w : tensor<2x3xf32>, tensor<2x3xf32>) outs(%init : tensor<2x2xf32>) device = #device -> tensor<2x2xf32>
  return %y, %z : tensor<2x2xf32>, tensor<2x2xf32>
}
