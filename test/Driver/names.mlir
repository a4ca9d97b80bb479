// What a product is called stays with it when level 0 is printed, whether an
// attribute or its location says so.
// RUN: ams-compile %s --emit=mlir:model -o %t.mlir
// RUN: FileCheck %s < %t.mlir
// RUN: ams-compile %t.mlir --emit=mlir:layers | FileCheck %s --check-prefix=LAYERS

// CHECK: linalg.matmul {ams.layer = "hidden"}
// CHECK: linalg.matmul {ams.layer = "output"}
// CHECK-NOT: ams.layer
// LAYERS: ams.matmul "hidden"
// LAYERS: ams.matmul "output"
func.func @main(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %w = arith.constant dense<0.5> : tensor<4x4xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<2x4xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<2x4xf32>)
      -> tensor<2x4xf32> loc("no product")
  %h = linalg.matmul ins(%x, %w : tensor<2x4xf32>, tensor<4x4xf32>)
      outs(%init : tensor<2x4xf32>) -> tensor<2x4xf32> loc("hidden")
  %y = linalg.matmul {ams.layer = "output"}
      ins(%h, %w : tensor<2x4xf32>, tensor<4x4xf32>)
      outs(%init : tensor<2x4xf32>) -> tensor<2x4xf32> loc("elsewhere")
  return %y : tensor<2x4xf32>
}
