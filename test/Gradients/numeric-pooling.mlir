// Gradients of pooling, compiled, against central differences in float64.
// REQUIRES: unsanitized
// RUN: %python %S/check_gradients.py %s l2 %t %ams_lib

func.func @main(%x: tensor<2x8x8x3xf32>) -> tensor<2x3xf32> {
  %scale = arith.constant {ams.weight = "scale"} dense<0.0> : tensor<2x8x8x3xf32>
  %zero = arith.constant 0.0 : f32
  %least = arith.constant 0xFF800000 : f32
  %nine = arith.constant 9.0 : f32
  %e = tensor.empty() : tensor<2x8x8x3xf32>
  %start = linalg.mul ins(%x, %scale : tensor<2x8x8x3xf32>, tensor<2x8x8x3xf32>) outs(%e : tensor<2x8x8x3xf32>) -> tensor<2x8x8x3xf32>
  %window = tensor.empty() : tensor<3x3xf32>
  // Overlapping windows, padded with what is never the largest.
  %p = tensor.pad %start low[0, 1, 1, 0] high[0, 0, 0, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %least : f32
  } : tensor<2x8x8x3xf32> to tensor<2x9x9x3xf32>
  %e1 = tensor.empty() : tensor<2x4x4x3xf32>
  %f1 = linalg.fill ins(%least : f32) outs(%e1 : tensor<2x4x4x3xf32>) -> tensor<2x4x4x3xf32>
  %max = linalg.pooling_nhwc_max {strides = dense<2> : vector<2xi64>} ins(%p, %window : tensor<2x9x9x3xf32>, tensor<3x3xf32>) outs(%f1 : tensor<2x4x4x3xf32>) -> tensor<2x4x4x3xf32>
  %e2 = tensor.empty() : tensor<2x2x2x3xf32>
  %f2 = linalg.fill ins(%zero : f32) outs(%e2 : tensor<2x2x2x3xf32>) -> tensor<2x2x2x3xf32>
  %sum = linalg.pooling_nhwc_sum ins(%max, %window : tensor<2x4x4x3xf32>, tensor<3x3xf32>) outs(%f2 : tensor<2x2x2x3xf32>) -> tensor<2x2x2x3xf32>
  // The mean over height and width.
  %e3 = tensor.empty() : tensor<2x3xf32>
  %f3 = linalg.fill ins(%zero : f32) outs(%e3 : tensor<2x3xf32>) -> tensor<2x3xf32>
  %all = linalg.reduce ins(%sum : tensor<2x2x2x3xf32>) outs(%f3 : tensor<2x3xf32>) dimensions = [1, 2]
    (%in: f32, %out: f32) {
      %s = arith.addf %out, %in : f32
      linalg.yield %s : f32
    }
  %y = linalg.map ins(%all : tensor<2x3xf32>) outs(%e3 : tensor<2x3xf32>)
    (%in: f32, %out: f32) {
      %q = arith.divf %in, %nine : f32
      linalg.yield %q : f32
    }
  return %y : tensor<2x3xf32>
}
