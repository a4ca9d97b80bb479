// Gradients of shape operations, compiled, against central differences in float64.
// REQUIRES: unsanitized
// RUN: %python %S/check_gradients.py %s binary-cross-entropy %t %ams_lib

func.func @main(%x: tensor<4x6xf32>) -> tensor<8x5xf32> {
  %a = arith.constant {ams.weight = "a"} dense<0.0> : tensor<4x6xf32>
  %b = arith.constant {ams.weight = "b"} dense<0.0> : tensor<2x5xf32>
  %row = arith.constant {ams.weight = "row"} dense<0.0> : tensor<5xf32>
  %unused = arith.constant {ams.weight = "unused"} dense<0.0> : tensor<3xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x6xf32>
  %start = linalg.mul ins(%x, %a : tensor<4x6xf32>, tensor<4x6xf32>) outs(%e : tensor<4x6xf32>) -> tensor<4x6xf32>
  // Reshapes that need a flat shape between them, and a transpose.
  %flat = tensor.collapse_shape %start [[0, 1]] : tensor<4x6xf32> into tensor<24xf32>
  %expanded = tensor.expand_shape %flat [[0, 1, 2]] output_shape [2, 3, 4] : tensor<24xf32> into tensor<2x3x4xf32>
  %et = tensor.empty() : tensor<4x2x3xf32>
  %turned = linalg.transpose ins(%expanded : tensor<2x3x4xf32>) outs(%et : tensor<4x2x3xf32>) permutation = [2, 0, 1]
  %back = tensor.collapse_shape %turned [[0], [1, 2]] : tensor<4x2x3xf32> into tensor<4x6xf32>
  // Every other column of the middle rows, then padding.
  %slice = tensor.extract_slice %back[1, 0] [2, 3] [1, 2] : tensor<4x6xf32> to tensor<2x3xf32>
  %padded = tensor.pad %slice low[0, 1] high[1, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<2x3xf32> to tensor<3x5xf32>
  %joined = tensor.concat dim(0) %padded, %b, %padded : (tensor<3x5xf32>, tensor<2x5xf32>, tensor<3x5xf32>) -> tensor<8x5xf32>
  %set = tensor.insert_slice %b into %joined[5, 0] [2, 5] [1, 1] : tensor<2x5xf32> into tensor<8x5xf32>
  %er = tensor.empty() : tensor<8x5xf32>
  %spread = linalg.broadcast ins(%row : tensor<5xf32>) outs(%er : tensor<8x5xf32>) dimensions = [0]
  %y = linalg.add ins(%set, %spread : tensor<8x5xf32>, tensor<8x5xf32>) outs(%er : tensor<8x5xf32>) -> tensor<8x5xf32>
  return %y : tensor<8x5xf32>
}
