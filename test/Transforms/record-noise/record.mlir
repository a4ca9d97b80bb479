// Twins in float32 take the place of products; what these differ by is returned.
// RUN: ams-opt %s --ams-record-noise | FileCheck %s

#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [3, 3], strides = [2, 1], padding = [1, 0, 1, 2], dilations = [1, 1], groups = 2>

// CHECK: #[[IMAGE:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6, d7) -> (d0, d1 * 2 + d5, d2 + d6, d3, d7)>
// CHECK-LABEL: @main
// CHECK-SAME: -> (tensor<4x3xf32> {ams.name = "y"}, tensor<2x3x6x4xf32> {ams.name = "conv.noise"}, tensor<2x2x3xf32> {ams.name = "fc.noise"}, tensor<2x3x6x4xf32> {ams.name = "conv.output"}, tensor<2x2x3xf32> {ams.name = "fc.output"})
// CHECK: %[[C:.*]] = ams.conv "conv"
// CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[0, 1, 0, 0] [2, 5, 6, 6] [1, 1, 1, 1] : tensor<2x5x6x6xf32> into tensor<2x7x8x6xf32>
// CHECK: linalg.generic {indexing_maps = [#[[IMAGE]],
// CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]
// CHECK: %[[CT:.*]] = tensor.collapse_shape
// CHECK: %[[CN:.*]] = linalg.generic {{.*}} ins(%[[C]], %[[CT]] :
// CHECK-NEXT: ^bb0
// CHECK-NEXT: arith.subf
// The next layer goes on with the twin.
// CHECK: %[[X:.*]] = tensor.extract_slice %[[CT]]
// CHECK: tensor.collapse_shape %[[X]]
// CHECK: %[[R:.*]] = tensor.expand_shape
// CHECK: %[[F:.*]] = ams.matmul "fc" ins(%[[R]],
// CHECK: %[[FT:.*]] = linalg.generic
// CHECK: linalg.generic {{.*}} ins(%[[F]], %[[FT]] :
// CHECK: return %[[FT]], %[[CN]],
func.func @main(%x: tensor<2x5x6x6xf32>) -> (tensor<4x3xf32> {ams.name = "y"}) {
  %w = arith.constant dense<0.5> : tensor<4x3x3x3xf32>
  %v = arith.constant dense<0.5> : tensor<3x9xf32>
  %e = tensor.empty() : tensor<2x3x6x4xf32>
  %y = ams.conv "conv" ins(%x, %w : tensor<2x5x6x6xf32>, tensor<4x3x3x3xf32>) outs(%e : tensor<2x3x6x4xf32>) window = #window device = #device -> tensor<2x3x6x4xf32>
  %s = tensor.extract_slice %y[0, 0, 0, 0] [2, 3, 6, 1] [1, 1, 1, 1] : tensor<2x3x6x4xf32> to tensor<2x3x6x1xf32>
  %c = tensor.collapse_shape %s [[0, 1, 2, 3]] : tensor<2x3x6x1xf32> into tensor<36xf32>
  %r = tensor.expand_shape %c [[0, 1]] output_shape [4, 9] : tensor<36xf32> into tensor<4x9xf32>
  %f = tensor.empty() : tensor<4x3xf32>
  %z = ams.matmul "fc" ins(%r, %v : tensor<4x9xf32>, tensor<3x9xf32>) outs(%f : tensor<4x3xf32>) device = #device -> tensor<4x3xf32>
  return %z : tensor<4x3xf32>
}
