// Models whose outputs, inputs and functions are shaped in every way that a
// front end may choose, all the way to LLVM IR.
// RUN: ams-opt %s --ams-pipeline=device=abfp-n8 --split-input-file | FileCheck %s
// RUN: ams-opt %s '--ams-pipeline=device=abfp-n8 target=digital' --split-input-file | FileCheck %s
// RUN: ams-opt %s '--ams-pipeline=device=abfp-n8 target=plain' --split-input-file | FileCheck %s
// RUN: ams-opt %s --ams-to-layers=device=abfp-n8 --split-input-file | FileCheck %s --check-prefix=LAYERS

// Two outputs, one of them an input as it is.
// CHECK: @ams_model()
func.func @main(%x: tensor<4x3xf32>) -> (tensor<4x2xf32>, tensor<4x3xf32>) {
  %w = arith.constant dense<1.0> : tensor<2x3xf32>
  %e = tensor.empty() : tensor<4x2xf32>
  %y = ams.matmul "fc" ins(%x, %w : tensor<4x3xf32>, tensor<2x3xf32>) outs(%e : tensor<4x2xf32>) device = #ams.device<rows = 8, columns = 8> -> tensor<4x2xf32>
  return %y, %x : tensor<4x2xf32>, tensor<4x3xf32>
}

// -----

// The same output twice, and constants, small and large, as outputs; no layers.
// CHECK: @ams_model()
func.func @main(%x: tensor<1x300xf32>) -> (tensor<1x300xf32>, tensor<1x300xf32>, tensor<1xf32>, tensor<1x300xf32>) {
  %c = arith.constant dense<1.0> : tensor<1xf32>
  %d = arith.constant dense<2.0> : tensor<1x300xf32>
  %y = arith.addf %x, %d : tensor<1x300xf32>
  return %y, %y, %c, %d : tensor<1x300xf32>, tensor<1x300xf32>, tensor<1xf32>, tensor<1x300xf32>
}

// -----

// Integers of 64 bits in and out.
// CHECK: @ams_model()
func.func @main(%i: tensor<4xi64>, %x: tensor<4x3xf32>) -> tensor<4xi64> {
  %one = arith.constant dense<1> : tensor<4xi64>
  %y = arith.addi %i, %one : tensor<4xi64>
  return %y : tensor<4xi64>
}

// -----

// No inputs.
// CHECK: @ams_model()
func.func @main() -> tensor<1x2xf32> {
  %x = arith.constant dense<1.0> : tensor<1x3xf32>
  %w = arith.constant dense<1.0> : tensor<3x2xf32>
  %init = arith.constant dense<0.0> : tensor<1x2xf32>
  %y = linalg.matmul ins(%x, %w : tensor<1x3xf32>, tensor<3x2xf32>) outs(%init : tensor<1x2xf32>) -> tensor<1x2xf32>
  return %y : tensor<1x2xf32>
}

// -----

// Functions that call functions are inlined.
// CHECK: @ams_model()
// LAYERS-LABEL: func.func @main(%arg0: tensor<4x3xf32>) -> tensor<4x2xf32>
// LAYERS: ams.matmul "matmul"
func.func private @layer(%x: tensor<4x3xf32>) -> tensor<4x2xf32> {
  %w = arith.constant dense<1.0> : tensor<3x2xf32>
  %init = arith.constant dense<0.0> : tensor<4x2xf32>
  %y = linalg.matmul ins(%x, %w : tensor<4x3xf32>, tensor<3x2xf32>) outs(%init : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}
func.func @main(%x: tensor<4x3xf32>) -> tensor<4x2xf32> {
  %y = call @layer(%x) : (tensor<4x3xf32>) -> tensor<4x2xf32>
  %z = arith.addf %y, %y : tensor<4x2xf32>
  return %z : tensor<4x2xf32>
}

// -----

// One function called twice is two layers: each has noise of its own.
// CHECK: @ams_model()
// LAYERS-LABEL: func.func @main(%arg0: tensor<4x3xf32>) -> tensor<4x3xf32>
// LAYERS: ams.matmul "matmul"
// LAYERS: ams.matmul "matmul_1"
func.func private @layer(%x: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %w = arith.constant dense<1.0> : tensor<3x3xf32>
  %init = arith.constant dense<0.0> : tensor<4x3xf32>
  %y = linalg.matmul ins(%x, %w : tensor<4x3xf32>, tensor<3x3xf32>) outs(%init : tensor<4x3xf32>) -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}
func.func @main(%x: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %y = call @layer(%x) : (tensor<4x3xf32>) -> tensor<4x3xf32>
  %z = call @layer(%y) : (tensor<4x3xf32>) -> tensor<4x3xf32>
  return %z : tensor<4x3xf32>
}

// -----

// Weights that are a splat, and attention's product of two activations.
// CHECK: @ams_model()
func.func @main(%x: tensor<2x4x3xf32>) -> tensor<2x4x4xf32> {
  %e = tensor.empty() : tensor<2x3x4xf32>
  %t = linalg.transpose ins(%x : tensor<2x4x3xf32>) outs(%e : tensor<2x3x4xf32>) permutation = [0, 2, 1]
  %init = arith.constant dense<0.0> : tensor<2x4x4xf32>
  %y = linalg.batch_matmul ins(%x, %t : tensor<2x4x3xf32>, tensor<2x3x4xf32>) outs(%init : tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  return %y : tensor<2x4x4xf32>
}
