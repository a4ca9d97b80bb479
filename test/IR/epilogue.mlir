// Epilogues of products on tensors and buffers: round trips, and every error.
// RUN: ams-opt %s --split-input-file --verify-diagnostics | FileCheck %s
// RUN: ams-opt %s --split-input-file --verify-diagnostics | ams-opt --split-input-file | FileCheck %s

#device = #ams.device<rows = 8, columns = 4>
// CHECK-LABEL: @epilogues
func.func @epilogues(%x: tensor<4x9xf32>, %w: tensor<3x9xf32>, %init: tensor<4x3xf32>, %b: tensor<3xf32>, %r: tensor<4x3xf32>,
                     %m: memref<2x3x9xf32>, %n: memref<2x3x3xf32>, %o: memref<2x3x3xf32>) -> tensor<4x3xf32> {
  // CHECK: ams.matmul "a" {{.*}} device = #device epilogue = #ams.epilogue<bias = true, residual = true, low = -1.000000e+00, high = 1.000000e+00>(%{{.*}}, %{{.*}} : tensor<3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  %0 = ams.matmul "a" ins(%x, %w : tensor<4x9xf32>, tensor<3x9xf32>) outs(%init : tensor<4x3xf32>) device = #device
       epilogue = #ams.epilogue<bias = true, residual = true, low = -1.0, high = 1.0> (%b, %r : tensor<3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  // CHECK: ams.matmul "b" {{.*}} device = #device epilogue = #ams.epilogue<low = 0.000000e+00> -> tensor<4x3xf32>
  %1 = ams.matmul "b" ins(%x, %w : tensor<4x9xf32>, tensor<3x9xf32>) outs(%0 : tensor<4x3xf32>) device = #device
       epilogue = #ams.epilogue<low = 0.0> -> tensor<4x3xf32>
  // CHECK: ams.batch_matmul "c" {{.*}} gain = 1.000000e+00 epilogue = #ams.epilogue<residual = true>(%{{.*}} : memref<2x3x3xf32>)
  ams.batch_matmul "c" ins(%m, %m : memref<2x3x9xf32>, memref<2x3x9xf32>) outs(%n : memref<2x3x3xf32>) device = #device gain = 1.0
       epilogue = #ams.epilogue<residual = true> (%o : memref<2x3x3xf32>)
  return %1 : tensor<4x3xf32>
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @count(%x: tensor<4x9xf32>, %w: tensor<3x9xf32>, %init: tensor<4x3xf32>, %b: tensor<3xf32>) {
  // expected-error@+1 {{has 1 addends, but its epilogue names 2 (F10)}}
  %0 = ams.matmul "a" ins(%x, %w : tensor<4x9xf32>, tensor<3x9xf32>) outs(%init : tensor<4x3xf32>) device = #device
       epilogue = #ams.epilogue<bias = true, residual = true> (%b : tensor<3xf32>) -> tensor<4x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @bias(%x: tensor<4x9xf32>, %w: tensor<3x9xf32>, %init: tensor<4x3xf32>, %b: tensor<4xf32>) {
  // expected-error@+1 {{bias has shape [4], but must be [3] (F3)}}
  %0 = ams.matmul "a" ins(%x, %w : tensor<4x9xf32>, tensor<3x9xf32>) outs(%init : tensor<4x3xf32>) device = #device
       epilogue = #ams.epilogue<bias = true> (%b : tensor<4xf32>) -> tensor<4x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @residual(%g: !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, %x: tensor<4x9xf32>, %init: tensor<4x3xf32>, %r: tensor<3x4xf32>) {
  // expected-error@+1 {{residual has shape [3, 4], but must be [4, 3] (F3)}}
  %0 = ams.mvm "a" %g, %x : !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>, tensor<4x9xf32>
       outs(%init : tensor<4x3xf32>) device = #device gain = 1.0 epilogue = #ams.epilogue<residual = true> (%r : tensor<3x4xf32>) -> tensor<4x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @mixed(%x: tensor<4x9xf32>, %w: tensor<3x9xf32>, %init: tensor<4x3xf32>, %b: memref<3xf32>) {
  // expected-error@+1 {{mixes tensors and memrefs (F2)}}
  %0 = ams.matmul "a" ins(%x, %w : tensor<4x9xf32>, tensor<3x9xf32>) outs(%init : tensor<4x3xf32>) device = #device
       epilogue = #ams.epilogue<bias = true> (%b : memref<3xf32>) -> tensor<4x3xf32>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @overlap(%m: memref<2x3x9xf32>, %n: memref<2x3x3xf32>) {
  // expected-error@+1 {{writes into the buffer that it adds (F10)}}
  ams.batch_matmul "c" ins(%m, %m : memref<2x3x9xf32>, memref<2x3x9xf32>) outs(%n : memref<2x3x3xf32>) device = #device gain = 1.0
       epilogue = #ams.epilogue<residual = true> (%n : memref<2x3x3xf32>)
  return
}

// -----

// expected-error@+1 {{does nothing: leave it out (F9)}}
func.func private @nothing() attributes {a = #ams.epilogue<bias = false>}

// -----

// expected-error@+1 {{low, 1.000000e+00, is above high, 0.000000e+00 (D7)}}
func.func private @range() attributes {a = #ams.epilogue<low = 1.0, high = 0.0>}

// -----

// expected-error@+1 {{low and high must be float32 numbers (D7)}}
func.func private @float64() attributes {a = #ams.epilogue<low = 0.1>}
