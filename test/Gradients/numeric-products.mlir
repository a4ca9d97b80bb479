// Gradients of products, compiled, against central differences in float64.
// REQUIRES: unsanitized
// RUN: %python %S/check_gradients.py %s l2 %t %ams_lib

// The input is a weight too, so that both gradients of each product are used.
func.func @main(%x: tensor<4x6xf32>) -> tensor<2x4x4xf32> {
  %input = arith.constant {ams.weight = "input"} dense<0.0> : tensor<4x6xf32>
  %w = arith.constant {ams.weight = "w"} dense<0.0> : tensor<8x6xf32>
  %v = arith.constant {ams.weight = "v"} dense<0.0> : tensor<6x8xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x6xf32>
  %start = linalg.add ins(%x, %input : tensor<4x6xf32>, tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  %e1 = tensor.empty() : tensor<4x8xf32>
  %f1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<4x8xf32>) -> tensor<4x8xf32>
  %a = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
    ins(%start, %w : tensor<4x6xf32>, tensor<8x6xf32>) outs(%f1 : tensor<4x8xf32>) -> tensor<4x8xf32>
  // Weights stored the other way; an accumulator that depends on weights.
  %b = linalg.matmul ins(%start, %v : tensor<4x6xf32>, tensor<6x8xf32>) outs(%a : tensor<4x8xf32>) -> tensor<4x8xf32>
  // A product of two activations.
  %l = tensor.expand_shape %a [[0], [1, 2]] output_shape [4, 2, 4] : tensor<4x8xf32> into tensor<4x2x4xf32>
  %r = tensor.expand_shape %b [[0], [1, 2]] output_shape [4, 2, 4] : tensor<4x8xf32> into tensor<4x2x4xf32>
  %e2 = tensor.empty() : tensor<2x4x4xf32>
  %lt = linalg.transpose ins(%l : tensor<4x2x4xf32>) outs(%e2 : tensor<2x4x4xf32>) permutation = [1, 0, 2]
  %rt = linalg.transpose ins(%r : tensor<4x2x4xf32>) outs(%e2 : tensor<2x4x4xf32>) permutation = [1, 2, 0]
  %f2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  %y = linalg.batch_matmul ins(%lt, %rt : tensor<2x4x4xf32>, tensor<2x4x4xf32>) outs(%f2 : tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  return %y : tensor<2x4x4xf32>
}
