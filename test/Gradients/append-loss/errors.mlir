// RUN: ams-opt %s --ams-append-loss --verify-diagnostics --split-input-file
// RUN: not ams-opt %s --split-input-file --ams-append-loss=loss=hinge 2>&1 | FileCheck %s
// CHECK: error: there is no loss 'hinge': choose softmax-cross-entropy, binary-cross-entropy or l2

// expected-error@+1 {{@main has no result}}
func.func @main(%x: tensor<2x4xf32>) {
  return
}

// -----

// expected-error@+1 {{the loss 'softmax-cross-entropy' needs the first result of @main to be a float32 tensor of static shape with elements}}
func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  return %x : tensor<?x4xf32>
}

// -----

// expected-error@+1 {{the loss 'softmax-cross-entropy' needs the first result of @main to be a tensor whose last dimension runs over classes and whose first is the batch}}
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
