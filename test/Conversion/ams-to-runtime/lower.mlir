// Every operation on buffers becomes a call of runtime/include/ams/abi.h.
// RUN: ams-opt %s --convert-ams-to-runtime --split-input-file | FileCheck %s

// The layers and the raw weights are listed in the module's attributes.
// CHECK: #[[DEVICE:.*]] = #ams.device<rows = 8, columns = 4>
// CHECK: module attributes {ams.layers = [{batch = 1 : i64, codes = 0 : i64, device = #[[DEVICE]], gain = 2.500000e+00 : f32, kind = "matmul", name = "fc", outputs = 3 : i64, reduction = 9 : i64, scales = 1 : i64, vectors = 2 : i64}],
// CHECK-SAME: ams.sections = [dense_resource<{{.*}}> : tensor<3x2x8xi8>, dense<{{.*}}> : tensor<3x2xbf16>]}
#device = #ams.device<rows = 8, columns = 4>
!qw = !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
!grid = !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>
// CHECK: func.func private @ams_rt_mvm(!llvm.ptr, i64, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr)
// CHECK-LABEL: @mvm
// CHECK-SAME: (%[[STATE:.*]]: !llvm.ptr, %[[X:.*]]: memref<2x9xf32>, %[[Y:.*]]: memref<2x3xf32>)
// CHECK-DAG: %[[LAYER:.*]] = arith.constant 0 : i64
// CHECK-DAG: %[[XI:.*]] = memref.extract_aligned_pointer_as_index %[[X]]
// CHECK-DAG: %[[XN:.*]] = arith.index_cast %[[XI]] : index to i64
// CHECK-DAG: %[[XP:.*]] = llvm.inttoptr %[[XN]] : i64 to !llvm.ptr
// CHECK-DAG: %[[YI:.*]] = memref.extract_aligned_pointer_as_index %[[Y]]
// CHECK-DAG: %[[YN:.*]] = arith.index_cast %[[YI]] : index to i64
// CHECK-DAG: %[[YP:.*]] = llvm.inttoptr %[[YN]] : i64 to !llvm.ptr
// CHECK: call @ams_rt_mvm(%[[STATE]], %[[LAYER]], %[[XP]], %{{.*}}, %{{.*}}, %[[YP]])
// CHECK-NOT: ams.
// CHECK: return
func.func @mvm(%x: memref<2x9xf32>, %y: memref<2x3xf32>) {
  %w = ams.weights codes = dense<1> : tensor<3x2x8xi8> scales = dense<[[0.5, 1.0], [0.5, 1.0], [0.5, 1.0]]> : tensor<3x2xbf16> : !qw
  %g = ams.program %w : !qw to !grid
  ams.mvm "fc" %g, %x : !grid, memref<2x9xf32> outs(%y : memref<2x3xf32>) device = #device gain = 2.5
  return
}

// -----

// CHECK: #[[WINDOW:.*]] = #ams.window<kernel = [2, 3], strides = [2, 1], padding = [1, 0, 0, 2], dilations = [1, 2], groups = 2>
// CHECK: module attributes {ams.layers = [{
// CHECK-SAME: codes = 0 : i64
// CHECK-SAME: image = array<i64: 5, 6, 4>, kind = "conv", name = "c", outputs = 6 : i64, reduction = 12 : i64, scales = 1 : i64, vectors = 24 : i64, window = #[[WINDOW]]}]
#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [2, 3], strides = [2, 1], padding = [1, 0, 0, 2], dilations = [1, 2], groups = 2>
!qw = !ams.abfp<6x2x3x2, axis = 1, n = 8, bits = 8>
!grid = !ams.grid<outputs = 3, reduction = 12, groups = 2, rows = 8, columns = 4>
// CHECK-LABEL: @conv
func.func @conv(%x: memref<2x5x6x4xf32>, %y: memref<2x3x4x6xf32>) {
  // CHECK: call @ams_rt_mvm(
  %w = ams.weights codes = dense<1> : tensor<6x2x8xi8> scales = dense<0.5> : tensor<6x2xbf16> : !qw
  %g = ams.program %w : !qw to !grid
  ams.mvm "c" %g, %x : !grid, memref<2x5x6x4xf32> outs(%y : memref<2x3x4x6xf32>) window = #window device = #device gain = 8.0
  return
}

// -----

// CHECK: ams.layers = [{batch = 2 : i64, codes = 4294967295 : i64, device = #{{.*}}, gain = 8.000000e+00 : f32, kind = "batch_matmul", name = "s", outputs = 4 : i64, reduction = 9 : i64, scales = 4294967295 : i64, vectors = 3 : i64}]
// CHECK-NOT: ams.sections
#device = #ams.device<rows = 8, columns = 4>
// CHECK: func.func private @ams_rt_batch_matmul(!llvm.ptr, i64, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr)
// CHECK-LABEL: @batch_matmul
// CHECK-SAME: (%[[STATE:.*]]: !llvm.ptr
func.func @batch_matmul(%a: memref<2x3x9xf32>, %b: memref<2x4x9xf32>, %y: memref<2x3x4xf32>) {
  // CHECK: call @ams_rt_batch_matmul(%[[STATE]], %{{.*}}) : (!llvm.ptr, i64, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> ()
  ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x4x9xf32>) outs(%y : memref<2x3x4xf32>) device = #device gain = 8.0
  return
}

// -----

// Level 1, the digital target: float32 products, which have no gain.
// CHECK: ams.layers = [{{[{].*}}gain = 0.000000e+00 : f32, kind = "matmul", name = "fc"{{.*}}kind = "conv", name = "c"{{.*}}kind = "batch_matmul", name = "s"
#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
// CHECK-LABEL: @digital
// CHECK-SAME: (%[[STATE:[a-z0-9]*]]: !llvm.ptr
memref.global constant @fc : memref<3x9xf32> = dense<1.0>
memref.global constant @filter : memref<5x1x1x4xf32> = dense<1.0>
func.func @digital(%x: memref<2x9xf32>, %v: memref<3x9xf32>, %y: memref<2x3xf32>,
                   %i: memref<1x2x2x4xf32>, %o: memref<1x2x2x5xf32>,
                   %a: memref<2x3x9xf32>, %b: memref<2x4x9xf32>, %c: memref<2x3x4xf32>) {
  %w = memref.get_global @fc : memref<3x9xf32>
  %f = memref.get_global @filter : memref<5x1x1x4xf32>
  // CHECK: %[[L0:.*]] = arith.constant 0 : i64
  // CHECK: call @ams_rt_f32_matmul(%[[STATE]], %[[L0]], %{{.*}}) : (!llvm.ptr, i64, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> ()
  ams.matmul "fc" ins(%x, %w : memref<2x9xf32>, memref<3x9xf32>) outs(%y : memref<2x3xf32>) device = #device
  // CHECK: %[[L1:.*]] = arith.constant 1 : i64
  // CHECK: call @ams_rt_f32_conv(%[[STATE]], %[[L1]],
  ams.conv "c" ins(%i, %f : memref<1x2x2x4xf32>, memref<5x1x1x4xf32>) outs(%o : memref<1x2x2x5xf32>) window = #window device = #device
  // CHECK: %[[L2:.*]] = arith.constant 2 : i64
  // CHECK: call @ams_rt_f32_batch_matmul(%[[STATE]], %[[L2]],
  ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x4x9xf32>) outs(%c : memref<2x3x4xf32>) device = #device
  // Weights that are no constant may be others in the next run.
  // CHECK: %[[L3:.*]] = arith.constant 3 : i64
  // CHECK: call @ams_rt_f32_varying(%[[STATE]], %[[L3]],
  ams.matmul "v" ins(%x, %v : memref<2x9xf32>, memref<3x9xf32>) outs(%y : memref<2x3xf32>) device = #device
  return
}

// -----

// Quantised once, dequantised twice; vectors, K, n and bits are constants.
// CHECK-NOT: ams.layers
!q = !ams.abfp<2x3x9, axis = 1, n = 8, bits = 6>
// CHECK-LABEL: @quantize
// CHECK-SAME: (%[[STATE:.*]]: !llvm.ptr, %[[X:.*]]: memref<2x3x9xf32>
func.func @quantize(%x: memref<2x3x9xf32>, %y: memref<2x3x9xf32>, %z: memref<2x3x9xf32>) {
  // CHECK-DAG: %[[CODES:.*]] = memref.alloc() {alignment = 64 : i64} : memref<2x4x8xi8>
  // CHECK-DAG: %[[SCALES:.*]] = memref.alloc() {alignment = 64 : i64} : memref<2x4xbf16>
  // CHECK-DAG: %[[VECTORS:.*]] = arith.constant 2 : i64
  // CHECK-DAG: %[[K:.*]] = arith.constant 27 : i64
  // CHECK-DAG: %[[N:.*]] = arith.constant 8 : i64
  // CHECK-DAG: %[[BITS:.*]] = arith.constant 6 : i64
  // CHECK: call @ams_rt_quantize(%[[STATE]], %[[VECTORS]], %[[K]], %[[N]], %[[BITS]], %{{.*}}, %{{.*}}, %{{.*}}) : (!llvm.ptr, i64, i64, i64, i64, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> ()
  // CHECK-NOT: @ams_rt_quantize
  // CHECK: call @ams_rt_dequantize(%[[STATE]], %{{.*}}) : (!llvm.ptr, i64, i64, i64, i64, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> ()
  // CHECK: call @ams_rt_dequantize
  // CHECK-NOT: ams.
  // CHECK: return
  %q = ams.quantize %x : memref<2x3x9xf32> to !q
  ams.dequantize %q : !q outs(%y : memref<2x3x9xf32>)
  ams.dequantize %q : !q outs(%z : memref<2x3x9xf32>)
  return
}

// -----

// The runtime takes dense buffers: others are copied, before and after.
#device = #ams.device<rows = 8, columns = 4>
!qw = !ams.abfp<3x9, axis = 1, n = 8, bits = 8>
!grid = !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>
// CHECK-LABEL: @strided
// CHECK-SAME: (%{{.*}}: !llvm.ptr, %[[X:.*]]: memref<2x9xf32, strided<[18, 1], offset: 9>>, %[[Y:.*]]: memref<2x3xf32, strided<[1, 2]>>)
func.func @strided(%x: memref<2x9xf32, strided<[18, 1], offset: 9>>, %y: memref<2x3xf32, strided<[1, 2]>>) {
  // CHECK-DAG: %[[DX:.*]] = memref.alloc() {{.*}} : memref<2x9xf32>
  // CHECK-DAG: %[[DY:.*]] = memref.alloc() {{.*}} : memref<2x3xf32>
  // CHECK-DAG: memref.copy %[[X]], %[[DX]]
  // CHECK-DAG: memref.extract_aligned_pointer_as_index %[[DX]] : memref<2x9xf32>
  // CHECK-DAG: memref.extract_aligned_pointer_as_index %[[DY]] : memref<2x3xf32>
  // CHECK: call @ams_rt_mvm
  // CHECK-NEXT: memref.copy %[[DY]], %[[Y]]
  %w = ams.weights codes = dense<1> : tensor<3x2x8xi8> scales = dense<0.5> : tensor<3x2xbf16> : !qw
  %g = ams.program %w : !qw to !grid
  ams.mvm "fc" %g, %x : !grid, memref<2x9xf32, strided<[18, 1], offset: 9>> outs(%y : memref<2x3xf32, strided<[1, 2]>>) device = #device gain = 8.0
  return
}

// -----

// Weights that two layers share are listed once, layers twice.
// CHECK: ams.layers = [{{[{].*}}codes = 0 : i64{{.*}}name = "a"{{.*}}scales = 1 : i64{{.*}}codes = 0 : i64{{.*}}name = "b"{{.*}}scales = 1 : i64
// CHECK-SAME: ams.sections = [dense<{{.*}}> : tensor<1x1x8xi8>, dense<{{.*}}> : tensor<1x1xbf16>]}
#device = #ams.device<rows = 8, columns = 4>
!qw = !ams.abfp<1x2, axis = 1, n = 8, bits = 8>
!grid = !ams.grid<outputs = 1, reduction = 2, groups = 1, rows = 8, columns = 4>
func.func @shared(%x: memref<2x2xf32>, %y: memref<2x1xf32>, %z: memref<2x1xf32>) {
  %w = ams.weights codes = dense<[[[1, 2, 3, 4, 5, 6, 7, 8]]]> : tensor<1x1x8xi8> scales = dense<0.5> : tensor<1x1xbf16> : !qw
  %g = ams.program %w : !qw to !grid
  ams.mvm "a" %g, %x : !grid, memref<2x2xf32> outs(%y : memref<2x1xf32>) device = #device gain = 8.0
  ams.mvm "b" %g, %x : !grid, memref<2x2xf32> outs(%z : memref<2x1xf32>) device = #device gain = 8.0
  return
}

// -----

// Functions hand the state on; others' declarations stay as they are.
#device = #ams.device<rows = 8, columns = 4>
// CHECK: func.func private @outside(memref<2x9xf32>)
func.func private @outside(memref<2x9xf32>)
// CHECK-LABEL: func.func private @layer
// CHECK-SAME: (%[[INNER:[a-z0-9]*]]: !llvm.ptr, %{{.*}}: memref<2x9xf32>
// CHECK: call @ams_rt_batch_matmul(%[[INNER]]
func.func private @layer(%x: memref<2x9xf32>, %a: memref<1x2x9xf32>, %y: memref<1x2x2xf32>) -> memref<2x9xf32> {
  ams.batch_matmul "s" ins(%a, %a : memref<1x2x9xf32>, memref<1x2x9xf32>) outs(%y : memref<1x2x2xf32>) device = #device gain = 8.0
  return %x : memref<2x9xf32>
}
// CHECK-LABEL: @main
// CHECK-SAME: (%[[OUTER:[a-z0-9]*]]: !llvm.ptr, %[[X:.*]]: memref<2x9xf32>,
// CHECK: %[[R:.*]] = call @layer(%[[OUTER]], %[[X]], %{{.*}}, %{{.*}}) : (!llvm.ptr, memref<2x9xf32>, memref<1x2x9xf32>, memref<1x2x2xf32>) -> memref<2x9xf32>
// CHECK: call @outside(%[[R]]) : (memref<2x9xf32>) -> ()
func.func @main(%x: memref<2x9xf32>, %a: memref<1x2x9xf32>, %y: memref<1x2x2xf32>) {
  %r = call @layer(%x, %a, %y) : (memref<2x9xf32>, memref<1x2x9xf32>, memref<1x2x2xf32>) -> memref<2x9xf32>
  call @outside(%r) : (memref<2x9xf32>) -> ()
  return
}

// -----

// Where there is a branch, either side is computed once; a digital layer may be
// computed as often as it is reached.
#device = #ams.device<rows = 8, columns = 4>
// CHECK-LABEL: @branches
func.func @branches(%c: i1, %x: memref<2x9xf32>, %w: memref<3x9xf32>, %y: memref<2x3xf32>, %a: memref<1x2x9xf32>, %b: memref<1x2x2xf32>) {
  // CHECK: scf.if
  // CHECK: call @ams_rt_batch_matmul
  // CHECK: scf.for
  // CHECK: call @ams_rt_f32_varying
  scf.if %c {
    ams.batch_matmul "s" ins(%a, %a : memref<1x2x9xf32>, memref<1x2x9xf32>) outs(%b : memref<1x2x2xf32>) device = #device gain = 8.0
  }
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  scf.for %i = %c0 to %c2 step %c1 {
    ams.matmul "fc" ins(%x, %w : memref<2x9xf32>, memref<3x9xf32>) outs(%y : memref<2x3xf32>) device = #device
  }
  return
}

// -----

// What is on tensors still is left alone, and so is a module without layers.
#device = #ams.device<rows = 8, columns = 4>
// CHECK-LABEL: @tensors
func.func @tensors(%x: tensor<2x9xf32>, %w: tensor<3x9xf32>, %y: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x9xf32>) {
  // CHECK: ams.matmul
  // CHECK: ams.quantize
  // CHECK: ams.dequantize
  %0 = ams.matmul "fc" ins(%x, %w : tensor<2x9xf32>, tensor<3x9xf32>) outs(%y : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  %q = ams.quantize %x : tensor<2x9xf32> to !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
  %1 = ams.dequantize %q : !ams.abfp<2x9, axis = 1, n = 8, bits = 8> outs(%x : tensor<2x9xf32>) -> tensor<2x9xf32>
  return %0, %1 : tensor<2x3xf32>, tensor<2x9xf32>
}

// -----

// Gains of blocks (G1) are a section; the layer's gain is their mean.

// CHECK: module attributes {ams.layers = [{batch = 2 : i64, {{.*}} gain = 5.000000e+00 : f32, gains = 0 : i64, {{.*}} num_gains = 2 : i64
// CHECK-SAME: ams.sections = [dense<[2.000000e+00, 8.000000e+00]> : tensor<2xf32>]
#device = #ams.device<rows = 8, columns = 4>
func.func @blocks(%a: memref<2x3x9xf32>, %b: memref<2x4x9xf32>, %z: memref<2x3x4xf32>) {
  // CHECK: call @ams_rt_batch_matmul(
  ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x4x9xf32>) outs(%z : memref<2x3x4xf32>) device = #device gain = [2.0, 8.0]
  return
}

// -----

// Gains of tiles (G1): the mean is that of conversions, of which the last column
// tile has a quarter.

// CHECK: module attributes {ams.layers = [{batch = 2 : i64, {{.*}} gain = 4.000000e+00 : f32, gains = 0 : i64, {{.*}} num_gains = 4 : i64
// CHECK-SAME: ams.sections = [dense<[2.000000e+00, 4.000000e+00, 8.000000e+00, 8.000000e+00]> : tensor<4xf32>]
#device = #ams.device<rows = 8, columns = 4>
func.func @tiles(%a: memref<2x3x9xf32>, %b: memref<2x5x9xf32>, %z: memref<2x3x5xf32>) {
  // CHECK: call @ams_rt_batch_matmul(
  ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x5x9xf32>) outs(%z : memref<2x3x5xf32>) device = #device gain = [2.0, 4.0, 8.0, 8.0]
  return
}
