// A model of one layer, which the tests here compile.
// RUN: ams-compile %s --emit=mlir:model | FileCheck %s

// CHECK: func.func @main(%{{.*}}: tensor<2x4xf32>) -> tensor<2x3xf32>
func.func @main(%x: tensor<2x4xf32>) -> tensor<2x3xf32> {
  %w = arith.constant dense<[[1.0, -0.5, 0.25], [0.5, 0.75, -1.0],
                             [-0.25, 1.0, 0.5], [0.125, 0.5, 1.0]]>
      : tensor<4x3xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x3xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x3xf32>)
      -> tensor<2x3xf32>
  %y = linalg.matmul {ams.layer = "dense"}
      ins(%x, %w : tensor<2x4xf32>, tensor<4x3xf32>)
      outs(%init : tensor<2x3xf32>) -> tensor<2x3xf32>
  return %y : tensor<2x3xf32>
}
