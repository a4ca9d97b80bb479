// Each loss: its labels in front of the weights, itself in front of the results.
// RUN: ams-opt %s --ams-append-loss | FileCheck %s --check-prefixes=CHECK,SOFTMAX
// RUN: ams-opt %s --ams-append-loss=loss=binary-cross-entropy | FileCheck %s --check-prefixes=CHECK,BINARY
// RUN: ams-opt %s --ams-append-loss=loss=l2 | FileCheck %s --check-prefixes=CHECK,L2

// SOFTMAX: func.func @main(%[[X:.*]]: tensor<2x4xf32> {ams.name = "x"}, %[[T:.*]]: tensor<2xi64> {ams.name = "labels"}, %[[W:.*]]: tensor<4xf32> {ams.weight = "w"})
// BINARY: func.func @main(%[[X:.*]]: tensor<2x4xf32> {ams.name = "x"}, %[[T:.*]]: tensor<2x4xf32> {ams.name = "labels"}, %[[W:.*]]: tensor<4xf32> {ams.weight = "w"})
// L2: func.func @main(%[[X:.*]]: tensor<2x4xf32> {ams.name = "x"}, %[[T:.*]]: tensor<2x4xf32> {ams.name = "labels"}, %[[W:.*]]: tensor<4xf32> {ams.weight = "w"})
// CHECK-SAME: -> (tensor<1xf32> {ams.name = "loss"}, tensor<2x4xf32> {ams.name = "y"}) attributes {ams.step}

// SOFTMAX: %[[MAX:.*]] = linalg.generic {{.*}} ins(%[[X]] : {{.*}}) {{.*}} attrs = {ams.no_gradient} {
// SOFTMAX: arith.maximumf
// SOFTMAX: %[[SHIFTED:.*]] = linalg.generic {{.*}} ins(%[[X]], %[[MAX]] :
// SOFTMAX: arith.subf
// SOFTMAX: linalg.generic {{.*}} ins(%[[SHIFTED]] :
// SOFTMAX: math.exp
// SOFTMAX: arith.addf
// SOFTMAX: linalg.generic {{.*}} ins(%[[SHIFTED]], %[[T]] :
// SOFTMAX: arith.cmpi eq
// SOFTMAX: arith.select
// SOFTMAX: arith.addf
// SOFTMAX: math.log
// SOFTMAX: arith.subf
// SOFTMAX: %[[COUNT:.*]] = arith.constant 2.000000e+00 : f32
// SOFTMAX: arith.divf %{{.*}}, %[[COUNT]]

// BINARY: linalg.generic {{.*}} ins(%[[X]], %[[T]] :
// BINARY: arith.maximumf
// BINARY: arith.mulf
// BINARY: arith.subf
// BINARY: math.absf
// BINARY: arith.negf
// BINARY: math.exp
// BINARY: math.log1p
// BINARY: %[[COUNT:.*]] = arith.constant 8.000000e+00 : f32
// BINARY: arith.divf %{{.*}}, %[[COUNT]]

// L2: linalg.generic {{.*}} ins(%[[X]], %[[T]] :
// L2: %[[D:.*]] = arith.subf
// L2: arith.mulf %[[D]], %[[D]]
// L2: %[[COUNT:.*]] = arith.constant 8.000000e+00 : f32
// L2: arith.divf %{{.*}}, %[[COUNT]]
// CHECK: %[[LOSS:.*]] = tensor.expand_shape %{{.*}} [] output_shape [1] : tensor<f32> into tensor<1xf32>
// CHECK: return %[[LOSS]], %[[X]]
func.func @main(%x: tensor<2x4xf32> {ams.name = "x"}, %w: tensor<4xf32> {ams.weight = "w"}) -> (tensor<2x4xf32> {ams.name = "y"}) {
  return %x : tensor<2x4xf32>
}
