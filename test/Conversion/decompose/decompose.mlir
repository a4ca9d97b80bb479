// Every operation on buffers becomes a call of a function of plain MLIR.
// RUN: ams-opt %s --ams-decompose --split-input-file | FileCheck %s
// RUN: ams-opt %s --ams-decompose --split-input-file --mlir-print-op-generic | FileCheck %s --check-prefix=PLAIN
// PLAIN-NOT: "ams.
// PLAIN-NOT: "llvm.

// CHECK: module attributes {ams.layers = [{batch = 1 : i64, codes = 4294967295 : i64, device = #{{.*}}, gain = 2.000000e+00 : f32, kind = "matmul", name = "fc", outputs = 3 : i64, reduction = 9 : i64, scales = 4294967295 : i64, vectors = 2 : i64}]}
#device = #ams.device<rows = 8, columns = 4, weight_bits = 6, input_bits = 5, output_bits = 7, noise = [#ams.uniform<width = 0.5>]>
!qw = !ams.abfp<3x9, axis = 1, n = 8, bits = 6>
!grid = !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>
// CHECK-DAG: memref.global "private" constant @[[CODES:.*]] : memref<3x2x8xi8> = dense<1>
// CHECK-DAG: memref.global "private" constant @[[SCALES:.*]] : memref<3x2xbf16> = dense<5.000000e-01>
// CHECK-DAG: memref.global "private" constant @[[ALPHAS:.*]] : memref<2xf32> = dense<0.033870969>
// CHECK-DAG: memref.global "private" constant @[[OUTPUT_SCALES:.*]] : memref<2xf32> = dense<0.0634920672>
// Fields of the device: the largest codes of 6, 5 and 7 bits, rounding, and the
// noise's width; one repeat, no fixed point.
// CHECK-DAG: memref.global "private" constant @[[DEVICE:.*]] : memref<26xf32> = dense<[3.100000e+01, 1.500000e+01, 6.300000e+01, 1.000000e+00, 5.000000e-01, 0.000000e+00, {{(0.000000e\+00, )+}}1.000000e+00, 1.000000e+00, 1.000000e+00]>
// CHECK-DAG: memref.global "private" constant @[[NONE:.*]] : memref<0xf32> = dense<>
// CHECK-LABEL: func.func @mvm
// CHECK-SAME: (%[[X:.*]]: memref<2x9xf32>, %[[Y:.*]]: memref<2x3xf32>)
func.func @mvm(%x: memref<2x9xf32>, %y: memref<2x3xf32>) {
  // CHECK-DAG: %[[XF:.*]] = memref.collapse_shape %[[X]] {{\[}}[0, 1]] : memref<2x9xf32> into memref<18xf32>
  // CHECK-DAG: memref.cast %[[XF]] : memref<18xf32> to memref<?xf32>
  // CHECK-DAG: memref.get_global @[[CODES]] : memref<3x2x8xi8>
  // CHECK-DAG: call @ams_plain_widen(
  // CHECK-DAG: memref.get_global @[[SCALES]] : memref<3x2xbf16>
  // A1's and D1's constants for G = 2: alpha is 2 * 63 / (8 * 31 * 15), the scale
  // 8 / (2 * 63).
  // CHECK: memref.get_global @[[ALPHAS]] : memref<2xf32>
  // CHECK-NEXT: memref.cast
  // CHECK-NEXT: memref.get_global @[[OUTPUT_SCALES]] : memref<2xf32>
  // CHECK-NEXT: memref.cast
  // CHECK-NEXT: arith.constant 3 : index
  // CHECK-NEXT: arith.constant 0 : index
  // CHECK-NEXT: memref.get_global @[[DEVICE]] : memref<26xf32>
  // CHECK-NEXT: memref.cast
  // CHECK-NEXT: memref.get_global @[[NONE]] : memref<0xf32>
  // CHECK: call @ams_plain_mvm(
  // CHECK-NEXT: return
  %w = ams.weights codes = dense<1> : tensor<3x2x8xi8> scales = dense<0.5> : tensor<3x2xbf16> : !qw
  %g = ams.program %w : !qw to !grid
  ams.mvm "fc" %g, %x : !grid, memref<2x9xf32> outs(%y : memref<2x3xf32>) device = #device gain = 2.0
  return
}
// CHECK: memref.global @ams_plain_state : memref<4xi64> = dense<0>
// CHECK: func.func private @ams_plain_bf16
// CHECK: func.func private @ams_plain_mvm

// -----

// The library is merged once; layers are numbered as they come; partial sums in
// float32 are not rounded.
// CHECK: ams.layers = [{{[{].*}}name = "c"{{.*}}name = "s"
#device = #ams.device<rows = 8, columns = 4, partials = f32>
// CHECK-DAG: memref<26xf32> = dense<[1.270000e+02, 1.270000e+02, 1.270000e+02, 0.000000e+00,
#window = #ams.window<kernel = [2, 3], strides = [2, 1], padding = [1, 0, 0, 2], dilations = [1, 2], groups = 2>
!qw = !ams.abfp<6x2x3x2, axis = 1, n = 8, bits = 8>
!grid = !ams.grid<outputs = 3, reduction = 12, groups = 2, rows = 8, columns = 4>
// CHECK-LABEL: func.func @two
func.func @two(%x: memref<2x5x6x4xf32>, %y: memref<2x3x4x6xf32>, %a: memref<2x3x9xf32>, %b: memref<2x4x9xf32>, %z: memref<2x3x4xf32>) {
  // CHECK: arith.constant 0 : i64
  // CHECK-NEXT: arith.constant 24 : i64
  // CHECK: call @ams_plain_mvm
  // CHECK: arith.constant 1 : i64
  // CHECK-NEXT: arith.constant 6 : i64
  // CHECK: call @ams_plain_batch_matmul
  %w = ams.weights codes = dense<1> : tensor<6x2x8xi8> scales = dense<0.5> : tensor<6x2xbf16> : !qw
  %g = ams.program %w : !qw to !grid
  ams.mvm "c" %g, %x : !grid, memref<2x5x6x4xf32> outs(%y : memref<2x3x4x6xf32>) window = #window device = #device gain = 8.0
  ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x4x9xf32>) outs(%z : memref<2x3x4xf32>) device = #device gain = 8.0
  return
}
// CHECK-COUNT-1: memref.global @ams_plain_state
// CHECK-NOT: memref.global @ams_plain_state

// -----

// N3: vectors that a sample gives the layer, of a model whose batch is 2.
// CHECK-LABEL: func.func @samples
#device = #ams.device<rows = 8, columns = 4>
module attributes {ams.inputs = [{name = "x", type = tensor<2x3x9xf32>}]} {
  func.func @samples(%a: memref<2x3x9xf32>, %b: memref<2x4x9xf32>, %z: memref<2x3x4xf32>) {
    // CHECK: arith.constant 0 : i64
    // CHECK-NEXT: arith.constant 3 : i64
    // CHECK: call @ams_plain_batch_matmul
    ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x4x9xf32>) outs(%z : memref<2x3x4xf32>) device = #device gain = 8.0
    return
  }
}

// -----

// CHECK-NOT: ams.layers
!q = !ams.abfp<2x9, axis = 1, n = 8, bits = 6>
// CHECK-LABEL: func.func @quantize
// CHECK-SAME: (%[[X:.*]]: memref<2x9xf32, strided<[18, 1]>>, %[[Y:.*]]: memref<2x9xf32, strided<[1, 2]>>)
func.func @quantize(%x: memref<2x9xf32, strided<[18, 1]>>, %y: memref<2x9xf32, strided<[1, 2]>>) {
  // CHECK: memref.copy %[[X]], %{{.*}}
  // CHECK: call @ams_plain_quantize_all
  // Q6: float32(1 / L) of 6 bits.
  // CHECK: arith.constant 0.0322580636 : f32
  // CHECK: call @ams_plain_dequantize
  // CHECK: memref.copy %{{.*}}, %[[Y]]
  %q = ams.quantize %x : memref<2x9xf32, strided<[18, 1]>> to !q
  ams.dequantize %q : !q outs(%y : memref<2x9xf32, strided<[1, 2]>>)
  return
}

// -----

// A vector of rank 1, and a rank of 8.
!q1 = !ams.abfp<9, axis = 0, n = 8, bits = 8>
!q8 = !ams.abfp<1x1x1x1x1x2x2x9, axis = 5, n = 8, bits = 8>
// CHECK-LABEL: func.func @ranks
func.func @ranks(%x: memref<9xf32>, %y: memref<1x1x1x1x1x2x2x9xf32>) {
  // CHECK-NOT: memref.collapse_shape {{.*}} memref<9xf32>
  // CHECK: call @ams_plain_quantize_all
  // CHECK: call @ams_plain_quantize_all
  %q = ams.quantize %x : memref<9xf32> to !q1
  ams.dequantize %q : !q1 outs(%x : memref<9xf32>)
  %r = ams.quantize %y : memref<1x1x1x1x1x2x2x9xf32> to !q8
  ams.dequantize %r : !q8 outs(%y : memref<1x1x1x1x1x2x2x9xf32>)
  return
}

// -----

// Nothing to do, nothing merged.
// CHECK-LABEL: func.func @nothing
// CHECK-NOT: ams_plain
func.func @nothing() {
  return
}

// -----

// A gain for each block (G1): alpha is G * 127 / (8 * 127 * 127), the scale 8 / (G * 127).

// CHECK: module attributes {ams.layers = [{batch = 2 : i64, {{.*}} gain = 5.000000e+00 : f32, gains = 4294967295 : i64, {{.*}} num_gains = 2 : i64
#device = #ams.device<rows = 8, columns = 4>
// CHECK-DAG: memref.global "private" constant @{{.*}} : memref<2xf32> = dense<[0.00196850393, 0.00787401571]>
// CHECK-DAG: memref.global "private" constant @{{.*}} : memref<2xf32> = dense<[0.0314960629, 0.00787401571]>
func.func @blocks(%a: memref<2x3x9xf32>, %b: memref<2x4x9xf32>, %z: memref<2x3x4xf32>) {
  // CHECK: call @ams_plain_batch_matmul(
  ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x4x9xf32>) outs(%z : memref<2x3x4xf32>) device = #device gain = [2.0, 8.0]
  return
}

// -----

// A gain for each tile (G1), of column tiles of 4 and 1 outputs.

// CHECK: module attributes {ams.layers = [{batch = 2 : i64, {{.*}} gain = 4.000000e+00 : f32, gains = 4294967295 : i64, {{.*}} num_gains = 4 : i64
#device = #ams.device<rows = 8, columns = 4>
// CHECK-DAG: memref.global "private" constant @{{.*}} : memref<4xf32> = dense<[0.00196850393, 0.00393700786, 0.00787401571, 0.00787401571]>
// CHECK-DAG: memref.global "private" constant @{{.*}} : memref<4xf32> = dense<[0.0314960629, 0.0157480314, 0.00787401571, 0.00787401571]>
func.func @tiles(%a: memref<2x3x9xf32>, %b: memref<2x5x9xf32>, %z: memref<2x3x5xf32>) {
  // Four outputs a tile, two tiles.
  // CHECK: memref.cast {{.*}} : memref<4xf32> to memref<?xf32>
  // CHECK: memref.cast {{.*}} : memref<4xf32> to memref<?xf32>
  // CHECK-NEXT: arith.constant 4 : index
  // CHECK-NEXT: arith.constant 2 : index
  // CHECK: call @ams_plain_batch_matmul(
  ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x5x9xf32>) outs(%z : memref<2x3x5xf32>) device = #device gain = [2.0, 4.0, 8.0, 8.0]
  return
}

// -----

// Sources: tables of quantiles that products share, and cells where they err (but
// for drift, of products of two activations too). The scale is 8 / (4 * 127)
// times what compensates drift.
#device = #ams.device<rows = 8, columns = 4, weight_bits = 9, noise = [#ams.programming<constant = 0.5>, #ams.dac<noise = 0.25>, #ams.drift<time = 100.0, reference = 1.0, exponent = 0.5, deviation = 0.0, compensated = true>, #ams.logistic<deviation = 2.0>, #ams.repeat<count = 3>]>
!qw = !ams.abfp<3x9, axis = 1, n = 8, bits = 9>
!grid = !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4>
// CHECK-DAG: memref<26xf32> = dense<[2.550000e+02, 1.270000e+02, 1.270000e+02, 1.000000e+00, 2.000000e+00, {{.*}} 2.500000e-01, 0.000000e+00, 5.000000e-01, {{.*}} 3.000000e+00, 6.400000e+01, 1.280000e+02]>
// CHECK-DAG: @[[DRIFT:.*]] : memref<65536xf32> = dense<1.000000e-01>
// CHECK-DAG: @[[SCALE:.*]] : memref<2xf32> = dense<0.157480
// CHECK-LABEL: func.func @sources
func.func @sources(%x: memref<2x9xf32>, %y: memref<2x3xf32>, %a: memref<2x3x9xf32>, %b: memref<2x4x9xf32>, %z: memref<2x3x4xf32>) {
  // CHECK: memref.get_global @[[NORMAL:.*]] : memref<65536xf32>
  // CHECK: memref.get_global @[[DRIFT]] : memref<65536xf32>
  // CHECK: call @ams_plain_cells(
  // CHECK: memref.get_global @[[SCALE]] : memref<2xf32>
  // CHECK: memref.get_global @[[NORMAL]] : memref<65536xf32>
  // CHECK: memref.get_global @[[LOGISTIC:.*]] : memref<65536xf32>
  // CHECK: call @ams_plain_mvm(
  // CHECK-NOT: ams_plain_cells
  // CHECK: arith.constant true
  // CHECK: memref.get_global @[[NORMAL]] : memref<65536xf32>
  // CHECK: memref.get_global @[[LOGISTIC]] : memref<65536xf32>
  // CHECK: call @ams_plain_batch_matmul(
  %w = ams.weights codes = dense<255> : tensor<3x2x8xi16> scales = dense<0.5> : tensor<3x2xbf16> : !qw
  %g = ams.program %w : !qw to !grid
  ams.mvm "fc" %g, %x : !grid, memref<2x9xf32> outs(%y : memref<2x3xf32>) device = #device gain = 4.0
  ams.batch_matmul "s" ins(%a, %b : memref<2x3x9xf32>, memref<2x4x9xf32>) outs(%z : memref<2x3x4xf32>) device = #device gain = 4.0
  return
}
