// RUN: ams-opt %s --ams-fold-weights --split-input-file --verify-diagnostics

#device = #ams.device<rows = 8, columns = 4>
func.func @elided(%x: tensor<2x3xf32>, %init: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %c = arith.constant dense_resource<__elided__> : tensor<3x2xf32>
  %e = tensor.empty() : tensor<2x3xf32>
  %w = linalg.transpose ins(%c : tensor<3x2xf32>) outs(%e : tensor<2x3xf32>) permutation = [1, 0]
  // expected-error@+1 {{'ams.matmul' op of layer "fc" has constant weights that cannot be evaluated: their data does not fit their type}}
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x3xf32>, tensor<2x3xf32>) outs(%init : tensor<2x2xf32>) device = #device -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}
