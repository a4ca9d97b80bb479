// Layers that a user keeps digital, by patterns of names or by size; names come
// from ams.layer or from a location.
// RUN: ams-opt %s --convert-linalg-to-ams='keep-digital-layers=block?.*,head' 2>&1 | FileCheck %s
// RUN: ams-opt %s --convert-linalg-to-ams=min-macs=25 2>&1 | FileCheck %s --check-prefix=SIZE
// RUN: not ams-opt %s --convert-linalg-to-ams='keep-digital-layers=head,block*,stem?' 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// CHECK: remark: layer "block1.fc" stays digital: keep-digital-layers names it
// CHECK: remark: layer "head" stays digital: keep-digital-layers names it
// CHECK: ams.matmul "stem"
// CHECK: linalg.matmul {{.*}}"block1.fc"
// CHECK: linalg.matmul

// SIZE: remark: layer "head" stays digital: it has fewer multiplications than min-macs
// SIZE: ams.matmul "stem"
// SIZE: ams.matmul "block1.fc"
// SIZE-NOT: ams.matmul

// UNKNOWN: error: keep-digital-layers: no layer is called 'stem?'
func.func @f(%x: tensor<4x3xf32>) -> tensor<4x2xf32> {
  %w = arith.constant dense<1.0> : tensor<3x3xf32>
  %v = arith.constant dense<1.0> : tensor<3x2xf32>
  %zero = arith.constant dense<0.0> : tensor<4x3xf32>
  %init = arith.constant dense<0.0> : tensor<4x2xf32>
  %a = linalg.matmul ins(%x, %w : tensor<4x3xf32>, tensor<3x3xf32>) outs(%zero : tensor<4x3xf32>) -> tensor<4x3xf32> loc("stem")
  %b = linalg.matmul {ams.layer = "block1.fc"} ins(%a, %w : tensor<4x3xf32>, tensor<3x3xf32>) outs(%zero : tensor<4x3xf32>) -> tensor<4x3xf32>
  %c = linalg.matmul ins(%b, %v : tensor<4x3xf32>, tensor<3x2xf32>) outs(%init : tensor<4x2xf32>) -> tensor<4x2xf32> loc(fused["model.py":3:5, callsite("head" at "model.py":7:1)])
  return %c : tensor<4x2xf32>
}
