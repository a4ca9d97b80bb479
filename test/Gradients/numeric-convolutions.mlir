// Gradients of convolutions, compiled, against central differences in float64.
// REQUIRES: unsanitized
// RUN: %python %S/check_gradients.py %s l2 %t %ams_lib

func.func @main(%x: tensor<2x7x6x4xf32>) -> tensor<2x2x2x8xf32> {
  %input = arith.constant {ams.weight = "input"} dense<0.0> : tensor<2x7x6x4xf32>
  %plain = arith.constant {ams.weight = "plain"} dense<0.0> : tensor<6x3x3x4xf32>
  %strided = arith.constant {ams.weight = "strided"} dense<0.0> : tensor<6x2x3x6xf32>
  %depthwise = arith.constant {ams.weight = "depthwise"} dense<0.0> : tensor<3x3x6xf32>
  %dilated = arith.constant {ams.weight = "dilated"} dense<0.0> : tensor<8x2x2x6xf32>
  %grouped = arith.constant {ams.weight = "grouped"} dense<0.0> : tensor<2x4x1x1x4xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x7x6x4xf32>
  %start = linalg.add ins(%x, %input : tensor<2x7x6x4xf32>, tensor<2x7x6x4xf32>) outs(%e : tensor<2x7x6x4xf32>) -> tensor<2x7x6x4xf32>
  %p1 = tensor.pad %start low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<2x7x6x4xf32> to tensor<2x9x8x4xf32>
  %e1 = tensor.empty() : tensor<2x7x6x6xf32>
  %f1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<2x7x6x6xf32>) -> tensor<2x7x6x6xf32>
  %c1 = linalg.conv_2d_nhwc_fhwc ins(%p1, %plain : tensor<2x9x8x4xf32>, tensor<6x3x3x4xf32>) outs(%f1 : tensor<2x7x6x6xf32>) -> tensor<2x7x6x6xf32>
  // More padding on one side than on the other, and strides.
  %p2 = tensor.pad %c1 low[0, 0, 1, 0] high[0, 1, 2, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<2x7x6x6xf32> to tensor<2x8x9x6xf32>
  %e2 = tensor.empty() : tensor<2x4x7x6xf32>
  %f2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<2x4x7x6xf32>) -> tensor<2x4x7x6xf32>
  %c2 = linalg.conv_2d_nhwc_fhwc {strides = dense<[2, 1]> : vector<2xi64>} ins(%p2, %strided : tensor<2x8x9x6xf32>, tensor<6x2x3x6xf32>) outs(%f2 : tensor<2x4x7x6xf32>) -> tensor<2x4x7x6xf32>
  %p3 = tensor.pad %c2 low[0, 1, 0, 0] high[0, 1, 0, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %zero : f32
  } : tensor<2x4x7x6xf32> to tensor<2x6x7x6xf32>
  %e3 = tensor.empty() : tensor<2x4x5x6xf32>
  %f3 = linalg.fill ins(%zero : f32) outs(%e3 : tensor<2x4x5x6xf32>) -> tensor<2x4x5x6xf32>
  %c3 = linalg.depthwise_conv_2d_nhwc_hwc ins(%p3, %depthwise : tensor<2x6x7x6xf32>, tensor<3x3x6xf32>) outs(%f3 : tensor<2x4x5x6xf32>) -> tensor<2x4x5x6xf32>
  %e4 = tensor.empty() : tensor<2x2x2x8xf32>
  %f4 = linalg.fill ins(%zero : f32) outs(%e4 : tensor<2x2x2x8xf32>) -> tensor<2x2x2x8xf32>
  %c4 = linalg.conv_2d_nhwc_fhwc {dilations = dense<[2, 3]> : vector<2xi64>} ins(%c3, %dilated : tensor<2x4x5x6xf32>, tensor<8x2x2x6xf32>) outs(%f4 : tensor<2x2x2x8xf32>) -> tensor<2x2x2x8xf32>
  %s4 = tensor.expand_shape %c4 [[0], [1], [2], [3, 4]] output_shape [2, 2, 2, 2, 4] : tensor<2x2x2x8xf32> into tensor<2x2x2x2x4xf32>
  %e5 = tensor.empty() : tensor<2x2x2x2x4xf32>
  %f5 = linalg.fill ins(%zero : f32) outs(%e5 : tensor<2x2x2x2x4xf32>) -> tensor<2x2x2x2x4xf32>
  %c5 = linalg.conv_2d_nhwgc_gfhwc ins(%s4, %grouped : tensor<2x2x2x2x4xf32>, tensor<2x4x1x1x4xf32>) outs(%f5 : tensor<2x2x2x2x4xf32>) -> tensor<2x2x2x2x4xf32>
  %y = tensor.collapse_shape %c5 [[0], [1], [2], [3, 4]] : tensor<2x2x2x2x4xf32> into tensor<2x2x2x8xf32>
  return %y : tensor<2x2x2x8xf32>
}
