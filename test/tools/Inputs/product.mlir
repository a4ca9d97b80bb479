func.func @main(%x: tensor<1x16xf32>) -> tensor<1x5xf32> {
  %w = arith.constant dense<0.5> : tensor<16x5xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x5xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x5xf32>)
    -> tensor<1x5xf32>
  %y = linalg.matmul ins(%x, %w : tensor<1x16xf32>, tensor<16x5xf32>)
    outs(%init : tensor<1x5xf32>) -> tensor<1x5xf32>
  return %y : tensor<1x5xf32>
}
