// On tensors the operations have no effects: what is unused goes, what is equal
// is one. On buffers they read their inputs and write outs.
// RUN: ams-opt %s --split-input-file --pass-pipeline='builtin.module(func.func(canonicalize,cse))' | FileCheck %s

#device = #ams.device<rows = 128, columns = 128>
!q = !ams.abfp<4x300, axis = 1, n = 128, bits = 8>
!qw = !ams.abfp<10x300, axis = 1, n = 128, bits = 8>
!grid = !ams.grid<outputs = 10, reduction = 300, groups = 1, rows = 128, columns = 128>

// CHECK-LABEL: @unused_on_tensors
// CHECK-NEXT: return
func.func @unused_on_tensors(%x: tensor<4x300xf32>, %w: tensor<10x300xf32>, %init: tensor<4x10xf32>,
                             %a: tensor<1x4x300xf32>, %b: tensor<1x4x4xf32>,
                             %image: tensor<1x4x4x2xf32>, %filter: tensor<3x1x1x2xf32>, %pixels: tensor<1x4x4x3xf32>) {
  %0 = ams.matmul "fc" ins(%x, %w : tensor<4x300xf32>, tensor<10x300xf32>) outs(%init : tensor<4x10xf32>) device = #device -> tensor<4x10xf32>
  %1 = ams.batch_matmul "s" ins(%a, %a : tensor<1x4x300xf32>, tensor<1x4x300xf32>) outs(%b : tensor<1x4x4xf32>) device = #device -> tensor<1x4x4xf32>
  %2 = ams.conv "c" ins(%image, %filter : tensor<1x4x4x2xf32>, tensor<3x1x1x2xf32>) outs(%pixels : tensor<1x4x4x3xf32>)
       window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1> device = #device -> tensor<1x4x4x3xf32>
  %q = ams.quantize %x : tensor<4x300xf32> to !q
  %3 = ams.dequantize %q : !q outs(%x : tensor<4x300xf32>) -> tensor<4x300xf32>
  %qw = ams.weights codes = dense<1> : tensor<10x3x128xi8> scales = dense<0.5> : tensor<10x3xbf16> : !qw
  %g = ams.program %qw : !qw to !grid
  %4 = ams.mvm "fc" %g, %x : !grid, tensor<4x300xf32> outs(%init : tensor<4x10xf32>) device = #device gain = 8.0 -> tensor<4x10xf32>
  return
}

// CHECK-LABEL: @equal_on_tensors
func.func @equal_on_tensors(%x: tensor<4x300xf32>, %init: tensor<4x10xf32>) -> (tensor<4x10xf32>, tensor<4x10xf32>) {
  // CHECK-COUNT-1: ams.weights
  // CHECK-NOT: ams.weights
  // CHECK-COUNT-1: ams.program
  // CHECK-NOT: ams.program
  // CHECK: %[[Y:.*]] = ams.mvm
  // CHECK-NOT: ams.mvm
  // CHECK: return %[[Y]], %[[Y]]
  %w0 = ams.weights codes = dense<1> : tensor<10x3x128xi8> scales = dense<0.5> : tensor<10x3xbf16> : !qw
  %w1 = ams.weights codes = dense<1> : tensor<10x3x128xi8> scales = dense<0.5> : tensor<10x3xbf16> : !qw
  %g0 = ams.program %w0 : !qw to !grid
  %g1 = ams.program %w1 : !qw to !grid
  %0 = ams.mvm "fc" %g0, %x : !grid, tensor<4x300xf32> outs(%init : tensor<4x10xf32>) device = #device gain = 8.0 -> tensor<4x10xf32>
  %1 = ams.mvm "fc" %g1, %x : !grid, tensor<4x300xf32> outs(%init : tensor<4x10xf32>) device = #device gain = 8.0 -> tensor<4x10xf32>
  return %0, %1 : tensor<4x10xf32>, tensor<4x10xf32>
}

// Two layers are two products: each has noise of its own.
// CHECK-LABEL: @two_layers
func.func @two_layers(%x: tensor<4x300xf32>, %w: tensor<10x300xf32>, %init: tensor<4x10xf32>) -> (tensor<4x10xf32>, tensor<4x10xf32>) {
  // CHECK: ams.matmul "one"
  // CHECK: ams.matmul "two"
  %0 = ams.matmul "one" ins(%x, %w : tensor<4x300xf32>, tensor<10x300xf32>) outs(%init : tensor<4x10xf32>) device = #device -> tensor<4x10xf32>
  %1 = ams.matmul "two" ins(%x, %w : tensor<4x300xf32>, tensor<10x300xf32>) outs(%init : tensor<4x10xf32>) device = #device -> tensor<4x10xf32>
  return %0, %1 : tensor<4x10xf32>, tensor<4x10xf32>
}

// CHECK-LABEL: @on_buffers
func.func @on_buffers(%x: memref<4x300xf32>, %w: memref<10x300xf32>, %y: memref<4x10xf32>,
                      %a: memref<1x4x300xf32>, %b: memref<1x4x4xf32>,
                      %image: memref<1x4x4x2xf32>, %filter: memref<3x1x1x2xf32>, %pixels: memref<1x4x4x3xf32>) {
  // CHECK: ams.matmul
  // CHECK: ams.batch_matmul
  // CHECK: ams.conv
  // CHECK: ams.dequantize
  // CHECK: ams.mvm
  ams.matmul "fc" ins(%x, %w : memref<4x300xf32>, memref<10x300xf32>) outs(%y : memref<4x10xf32>) device = #device
  ams.batch_matmul "s" ins(%a, %a : memref<1x4x300xf32>, memref<1x4x300xf32>) outs(%b : memref<1x4x4xf32>) device = #device
  ams.conv "c" ins(%image, %filter : memref<1x4x4x2xf32>, memref<3x1x1x2xf32>) outs(%pixels : memref<1x4x4x3xf32>)
    window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1> device = #device
  %q = ams.quantize %x : memref<4x300xf32> to !q
  ams.dequantize %q : !q outs(%x : memref<4x300xf32>)
  %qw = ams.weights codes = dense<1> : tensor<10x3x128xi8> scales = dense<0.5> : tensor<10x3xbf16> : !qw
  %g = ams.program %qw : !qw to !grid
  ams.mvm "fc" %g, %x : !grid, memref<4x300xf32> outs(%y : memref<4x10xf32>) device = #device gain = 8.0
  return
}

// A read of a buffer: unused it goes, and two without a write between them are
// one, but not across a write.
// CHECK-LABEL: @quantize_reads
func.func @quantize_reads(%x: memref<4x300xf32>, %init: tensor<4x300xf32>, %f: f32) -> (tensor<4x300xf32>, tensor<4x300xf32>, tensor<4x300xf32>) {
  // CHECK: %[[A:.*]] = ams.quantize
  // CHECK-NEXT: memref.store
  // CHECK-NEXT: %[[B:.*]] = ams.quantize
  // CHECK-NOT: ams.quantize
  // CHECK: %[[Y:.*]] = ams.dequantize %[[A]]
  // CHECK: %[[Z:.*]] = ams.dequantize %[[B]]
  // CHECK: return %[[Y]], %[[Y]], %[[Z]]
  %c0 = arith.constant 0 : index
  %unused = ams.quantize %x : memref<4x300xf32> to !ams.abfp<4x300, axis = 1, n = 64, bits = 8>
  %0 = ams.quantize %x : memref<4x300xf32> to !q
  %1 = ams.quantize %x : memref<4x300xf32> to !q
  memref.store %f, %x[%c0, %c0] : memref<4x300xf32>
  %2 = ams.quantize %x : memref<4x300xf32> to !q
  %3 = ams.dequantize %0 : !q outs(%init : tensor<4x300xf32>) -> tensor<4x300xf32>
  %4 = ams.dequantize %1 : !q outs(%init : tensor<4x300xf32>) -> tensor<4x300xf32>
  %5 = ams.dequantize %2 : !q outs(%init : tensor<4x300xf32>) -> tensor<4x300xf32>
  return %3, %4, %5 : tensor<4x300xf32>, tensor<4x300xf32>, tensor<4x300xf32>
}
