// Named constants become arguments behind the others, one a name; equal weights
// stay apart, and constants without a name stay.
// RUN: ams-opt %s --allow-unregistered-dialect --ams-weights-to-arguments | FileCheck %s
// RUN: ams-opt %s --allow-unregistered-dialect --ams-weights-to-arguments --convert-linalg-to-ams | FileCheck %s --check-prefix=LAYERS

// CHECK: func.func @main(%[[X:.*]]: tensor<2x4xf32> {ams.name = "x"}, %[[W:.*]]: tensor<4x4xf32> {ams.name = "w", ams.weight = "w"}, %[[B:.*]]: tensor<4xf32> {ams.name = "b", ams.weight = "b"}, %[[C:.*]]: tensor<4xf32> {ams.name = "c", ams.weight = "c"}, %[[S:.*]]: tensor<1xf32> {ams.name = "s", ams.weight = "s"})
// CHECK: %[[FLAT:.*]] = tensor.collapse_shape %[[W]] {{\[}}[0, 1]] : tensor<4x4xf32> into tensor<16xf32>
// CHECK: %[[TIED:.*]] = tensor.expand_shape %[[FLAT]] {{\[}}[0, 1]] output_shape [2, 8] : tensor<16xf32> into tensor<2x8xf32>
// CHECK: %[[SCALAR:.*]] = tensor.collapse_shape %[[S]] [] : tensor<1xf32> into tensor<f32>
// CHECK: %[[KEPT:.*]] = arith.constant dense<2.000000e+00> : tensor<4xf32>
// CHECK: "use"(%[[TIED]], %[[B]], %[[C]], %[[SCALAR]], %[[KEPT]])

// A weight that is an argument is the weights of a layer, transposed or not.
// LAYERS: ams.matmul "matmul" ins(%{{.*}}, %{{.*}} : tensor<2x4xf32>, tensor<4x4xf32>)
func.func @main(%x: tensor<2x4xf32> {ams.name = "x"}) -> tensor<2x4xf32> {
  %w = arith.constant {ams.weight = "w"} dense<1.0> : tensor<4x4xf32>
  %tied = arith.constant {ams.weight = "w"} dense<1.0> : tensor<2x8xf32>
  %b = arith.constant {ams.weight = "b"} dense<0.0> : tensor<4xf32>
  %c = arith.constant {ams.weight = "c"} dense<0.0> : tensor<4xf32>
  %s = arith.constant {ams.weight = "s"} dense<0.0> : tensor<f32>
  %kept = arith.constant dense<2.0> : tensor<4xf32>
  "use"(%tied, %b, %c, %s, %kept) : (tensor<2x8xf32>, tensor<4xf32>, tensor<4xf32>, tensor<f32>, tensor<4xf32>) -> ()
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x4xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<2x4xf32>) -> tensor<2x4xf32>
  %y = linalg.matmul ins(%x, %w : tensor<2x4xf32>, tensor<4x4xf32>) outs(%f : tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}
