// Names and types of @main's arguments and results, before they change.
// RUN: ams-opt %s --ams-record-interface --split-input-file | FileCheck %s

// CHECK: module attributes {ams.inputs = [{name = "image", type = tensor<2x3xf32>}, {name = "input1", type = tensor<2xi64>}, {name = "input2", type = tensor<2x1x1x1x1x1x1x1xf32>}], ams.outputs = [{name = "output0", type = tensor<2x3xf32>}, {name = "labels", type = tensor<2xi64>}]}
func.func @main(%x: tensor<2x3xf32> {ams.name = "image"}, %i: tensor<2xi64>, %z: tensor<2x1x1x1x1x1x1x1xf32> {ams.name = 3})
    -> (tensor<2x3xf32>, tensor<2xi64> {ams.name = "labels"}) {
  return %x, %i : tensor<2x3xf32>, tensor<2xi64>
}

// -----

// What was recorded before is replaced; other functions are of no concern.
// CHECK: module attributes {ams.inputs = [], ams.outputs = [{name = "output0", type = tensor<1xf32>}]}
module attributes {ams.inputs = "other"} {
  func.func @other(%x: tensor<?xf32>) {
    return
  }
  func.func @main() -> tensor<1xf32> {
    %c = arith.constant dense<1.0> : tensor<1xf32>
    return %c : tensor<1xf32>
  }
}
