// The sanitizers' allocators end the process instead.
// REQUIRES: unsanitized
// Weights of one number, of four terabytes: an error, whatever the target.
// RUN: not ams-compile %s -o %t.so 2>&1 | FileCheck %s
// RUN: not ams-compile %s --target=digital -o %t.so 2>&1 | FileCheck %s
// CHECK: errors-memory.mlir:[[#@LINE+7]]:{{.*}}: error: a constant of 1099511627776 elements, written out, is larger than the memory there is

func.func @main(%x: tensor<1x1048576xf32>) -> tensor<1x1048576xf32> {
  %w = arith.constant dense<0.5> : tensor<1048576x1048576xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x1048576xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x1048576xf32>) -> tensor<1x1048576xf32>
  %y = linalg.matmul ins(%x, %w : tensor<1x1048576xf32>, tensor<1048576x1048576xf32>) outs(%f : tensor<1x1048576xf32>) -> tensor<1x1048576xf32>
  return %y : tensor<1x1048576xf32>
}
