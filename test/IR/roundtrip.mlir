// Every operation, attribute and type survives printing and parsing, in its own
// form, in the generic form and as bytecode.
// RUN: ams-opt %s | FileCheck %s
// RUN: ams-opt %s | ams-opt | FileCheck %s
// RUN: ams-opt %s -mlir-print-op-generic | ams-opt | FileCheck %s
// RUN: ams-opt %s -emit-bytecode | ams-opt | FileCheck %s
// RUN: ams-opt %s -mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC

// Defaults are not printed; an attribute's alias is, numbered where there are
// several.
// CHECK-DAG: #[[PLAIN:device[0-9]*]] = #ams.device<rows = 128, columns = 64>{{$}}
// CHECK-DAG: #[[FULL:device[0-9]*]] = #ams.device<rows = 8, columns = 1, weight_bits = 6, input_bits = 5, output_bits = 16, partials = f32, noise = [#ams.uniform<width = 1.23456789{{[0-9]*}}>]>
// CHECK-DAG: #[[WINDOW:window[0-9]*]] = #ams.window<kernel = [3, 2], strides = [2, 1], padding = [1, 0, 1, 2], dilations = [1, 3], groups = 2>
// CHECK-DAG: #[[MOST:device[0-9]*]] = #ams.device<rows = 1024, columns = 1048576>
// CHECK-DAG: #[[LEAST:device[0-9]*]] = #ams.device<rows = 1, columns = 1, weight_bits = 2, input_bits = 2, output_bits = 2>
#plain = #ams.device<rows = 128, columns = 64>
#same = #ams.device<rows = 128, columns = 64, weight_bits = 8, input_bits = 8, output_bits = 8, partials = bf16, noise = []>
#full = #ams.device<noise = [#ams.uniform<width = 1.2345678901>], partials = f32, columns = 1, rows = 8, weight_bits = 6, input_bits = 5, output_bits = 16>
#window = #ams.window<kernel = [3, 2], strides = [2, 1], padding = [1, 0, 1, 2], dilations = [1, 3], groups = 2>

// CHECK-LABEL: @attributes
// CHECK-SAME: attributes {full = #[[FULL]], noise = #ams.uniform<width = 0.000000e+00>, plain = #[[PLAIN]], same = #[[PLAIN]], window = #[[WINDOW]]}
func.func private @attributes() attributes {
  plain = #plain, same = #same, full = #full, window = #window, noise = #ams.uniform<width = 0.0>}

// CHECK-LABEL: @types
// CHECK-SAME: (!ams.abfp<7, axis = 0, n = 1, bits = 2>, !ams.abfp<1x2x3x4x5x6x7x8, axis = 7, n = 1024, bits = 8>, !ams.grid<outputs = 3, reduction = 5, groups = 2, rows = 128, columns = 7>)
func.func private @types(!ams.abfp<7, axis = 0, n = 1, bits = 2>,
                         !ams.abfp<1x2x3x4x5x6x7x8, axis = 7, n = 1024, bits = 8>,
                         !ams.grid<outputs = 3, reduction = 5, groups = 2, rows = 128, columns = 7>)

// The largest sizes that the noise has coordinates for (N2).
// CHECK-LABEL: @limits
// CHECK-SAME: !ams.abfp<1048576, axis = 0, n = 1, bits = 8>
// CHECK-SAME: !ams.abfp<1073741824, axis = 0, n = 1024, bits = 8>
// CHECK-SAME: !ams.grid<outputs = 2147483648, reduction = 1048576, groups = 2, rows = 1, columns = 1>
func.func private @limits(!ams.abfp<1048576, axis = 0, n = 1, bits = 8>,
                          !ams.abfp<1073741824, axis = 0, n = 1024, bits = 8>,
                          !ams.grid<outputs = 2147483648, reduction = 1048576, groups = 2, rows = 1, columns = 1>)
// CHECK-SAME: attributes {least = [#[[LEAST]]], most = [#[[MOST]]]}
attributes {most = [#ams.device<rows = 1024, columns = 1048576>],
            least = [#ams.device<rows = 1, columns = 1, weight_bits = 2, input_bits = 2, output_bits = 2>]}

// CHECK-LABEL: @matmul
// GENERIC-LABEL: sym_name = "matmul"
func.func @matmul(%x: tensor<4x300xf32>, %w: tensor<10x300xf32>, %init: tensor<4x10xf32>,
                  %qx: !ams.abfp<4x300, axis = 1, n = 128, bits = 8>,
                  %qw: !ams.abfp<10x300, axis = 1, n = 128, bits = 8>,
                  %mx: memref<4x300xf32, strided<[600, 2], offset: 1>>, %mw: memref<10x300xf32>, %my: memref<4x10xf32>)
    -> (tensor<4x10xf32>, tensor<4x10xf32>, tensor<4x10xf32>) {
  // CHECK: ams.matmul "fc" ins(%{{.*}}, %{{.*}} : tensor<4x300xf32>, tensor<10x300xf32>) outs(%{{.*}} : tensor<4x10xf32>) device = #[[PLAIN]] -> tensor<4x10xf32>
  // GENERIC: "ams.matmul"(%{{.*}}) <{device = #{{.*}}, layer = "fc"}> : (tensor<4x300xf32>, tensor<10x300xf32>, tensor<4x10xf32>) -> tensor<4x10xf32>
  %0 = ams.matmul "fc" ins(%x, %w : tensor<4x300xf32>, tensor<10x300xf32>)
       outs(%init : tensor<4x10xf32>) device = #plain -> tensor<4x10xf32>
  // CHECK: ams.matmul "fc \22\\1" ins(%{{.*}}, %{{.*}} : !ams.abfp<4x300, axis = 1, n = 128, bits = 8>, !ams.abfp<10x300, axis = 1, n = 128, bits = 8>) outs({{.*}}) device = #[[PLAIN]] {some = "attribute"} -> tensor<4x10xf32>
  %1 = ams.matmul "fc \"\\1" ins(%qx, %qw : !ams.abfp<4x300, axis = 1, n = 128, bits = 8>, !ams.abfp<10x300, axis = 1, n = 128, bits = 8>)
       outs(%init : tensor<4x10xf32>) device = #plain {some = "attribute"} -> tensor<4x10xf32>
  // CHECK: ams.matmul "fc" {{.*}} gain = 1.100000e+00 -> tensor<4x10xf32>
  // GENERIC: "ams.matmul"(%{{.*}}) <{device = #{{.*}}, gain = 1.100000e+00 : f32, layer = "fc"}>
  %2 = ams.matmul "fc" ins(%qx, %qw : !ams.abfp<4x300, axis = 1, n = 128, bits = 8>, !ams.abfp<10x300, axis = 1, n = 128, bits = 8>)
       outs(%init : tensor<4x10xf32>) device = #plain gain = 1.1 -> tensor<4x10xf32>
  // CHECK: ams.matmul "fc" {{.*}} gain = [1.100000e+00, 4.000000e+00, 5.000000e-01] -> tensor<4x10xf32>
  // GENERIC: "ams.matmul"(%{{.*}}) <{device = #{{.*}}, gain = array<f32: 1.100000e+00, 4.000000e+00, 5.000000e-01>, layer = "fc"}>
  %blocks = ams.matmul "fc" ins(%qx, %qw : !ams.abfp<4x300, axis = 1, n = 128, bits = 8>, !ams.abfp<10x300, axis = 1, n = 128, bits = 8>)
       outs(%init : tensor<4x10xf32>) device = #plain gain = [1.1, 4.0, 0.5] -> tensor<4x10xf32>
  // CHECK: ams.matmul "fc" ins(%{{.*}}, %{{.*}} : memref<4x300xf32, strided<[600, 2], offset: 1>>, memref<10x300xf32>) outs(%{{.*}} : memref<4x10xf32>) device = #[[PLAIN]]{{$}}
  ams.matmul "fc" ins(%mx, %mw : memref<4x300xf32, strided<[600, 2], offset: 1>>, memref<10x300xf32>)
    outs(%my : memref<4x10xf32>) device = #plain
  // CHECK: ams.matmul "fc" ins({{.*}} : !ams.abfp{{.*}}, !ams.abfp{{.*}}) outs(%{{.*}} : memref<4x10xf32>)
  ams.matmul "fc" ins(%qx, %qw : !ams.abfp<4x300, axis = 1, n = 128, bits = 8>, !ams.abfp<10x300, axis = 1, n = 128, bits = 8>)
    outs(%my : memref<4x10xf32>) device = #plain
  return %0, %1, %2 : tensor<4x10xf32>, tensor<4x10xf32>, tensor<4x10xf32>
}

// CHECK-LABEL: @conv
func.func @conv(%x: tensor<1x7x8x4xf32>, %w: tensor<6x3x2x2xf32>, %init: tensor<1x4x7x6xf32>,
                %qx: !ams.abfp<1x4x7x2x12, axis = 4, n = 8, bits = 5>,
                %qw: !ams.abfp<6x3x2x2, axis = 1, n = 8, bits = 6>,
                %mx: memref<1x7x8x4xf32>, %mw: memref<6x3x2x2xf32>, %my: memref<1x4x7x6xf32>)
    -> (tensor<1x4x7x6xf32>, tensor<1x4x7x6xf32>) {
  // CHECK: ams.conv "c" ins(%{{.*}}, %{{.*}} : tensor<1x7x8x4xf32>, tensor<6x3x2x2xf32>) outs(%{{.*}} : tensor<1x4x7x6xf32>) window = #[[WINDOW]] device = #[[FULL]] -> tensor<1x4x7x6xf32>
  %0 = ams.conv "c" ins(%x, %w : tensor<1x7x8x4xf32>, tensor<6x3x2x2xf32>)
       outs(%init : tensor<1x4x7x6xf32>) window = #window device = #full -> tensor<1x4x7x6xf32>
  // CHECK: ams.conv "c" ins(%{{.*}}, %{{.*}} : !ams.abfp<1x4x7x2x12, axis = 4, n = 8, bits = 5>, !ams.abfp<6x3x2x2, axis = 1, n = 8, bits = 6>) outs(%{{.*}}) window = #[[WINDOW]] device = #[[FULL]] gain = 5.000000e-01 -> tensor<1x4x7x6xf32>
  %1 = ams.conv "c" ins(%qx, %qw : !ams.abfp<1x4x7x2x12, axis = 4, n = 8, bits = 5>, !ams.abfp<6x3x2x2, axis = 1, n = 8, bits = 6>)
       outs(%init : tensor<1x4x7x6xf32>) window = #window device = #full gain = 0.5 -> tensor<1x4x7x6xf32>
  // CHECK: ams.conv "c" ins({{.*}} : memref<1x7x8x4xf32>, memref<6x3x2x2xf32>) outs(%{{.*}} : memref<1x4x7x6xf32>) window = #[[WINDOW]] device = #[[FULL]]{{$}}
  ams.conv "c" ins(%mx, %mw : memref<1x7x8x4xf32>, memref<6x3x2x2xf32>)
    outs(%my : memref<1x4x7x6xf32>) window = #window device = #full
  return %0, %1 : tensor<1x4x7x6xf32>, tensor<1x4x7x6xf32>
}

// CHECK-LABEL: @batch_matmul
func.func @batch_matmul(%a: tensor<2x5x32xf32>, %b: tensor<2x7x32xf32>, %init: tensor<2x5x7xf32>,
                        %qa: !ams.abfp<2x5x32, axis = 2, n = 8, bits = 5>,
                        %qb: !ams.abfp<2x7x32, axis = 2, n = 8, bits = 6>,
                        %ma: memref<2x5x32xf32>, %mb: memref<2x7x32xf32>, %my: memref<2x5x7xf32>)
    -> (tensor<2x5x7xf32>, tensor<2x5x7xf32>, tensor<2x5x7xf32>) {
  // CHECK: ams.batch_matmul "s" ins(%{{.*}}, %{{.*}} : tensor<2x5x32xf32>, tensor<2x7x32xf32>) outs(%{{.*}} : tensor<2x5x7xf32>) device = #[[FULL]] -> tensor<2x5x7xf32>
  %0 = ams.batch_matmul "s" ins(%a, %b : tensor<2x5x32xf32>, tensor<2x7x32xf32>)
       outs(%init : tensor<2x5x7xf32>) device = #full -> tensor<2x5x7xf32>
  // CHECK: ams.batch_matmul "s" ins(%{{.*}}, %{{.*}} : !ams.abfp<2x5x32, axis = 2, n = 8, bits = 5>, !ams.abfp<2x7x32, axis = 2, n = 8, bits = 6>) {{.*}} gain = 2.000000e+00 -> tensor<2x5x7xf32>
  %1 = ams.batch_matmul "s" ins(%qa, %qb : !ams.abfp<2x5x32, axis = 2, n = 8, bits = 5>, !ams.abfp<2x7x32, axis = 2, n = 8, bits = 6>)
       outs(%init : tensor<2x5x7xf32>) device = #full gain = 2.0 -> tensor<2x5x7xf32>
  // CHECK: ams.batch_matmul "s" ins({{.*}} : tensor<2x5x32xf32>, tensor<2x7x32xf32>) {{.*}} gain = 2.000000e+00 -> tensor<2x5x7xf32>
  %2 = ams.batch_matmul "s" ins(%a, %b : tensor<2x5x32xf32>, tensor<2x7x32xf32>)
       outs(%init : tensor<2x5x7xf32>) device = #full gain = 2.0 -> tensor<2x5x7xf32>
  // CHECK: ams.batch_matmul "s" ins({{.*}} : memref<2x5x32xf32>, memref<2x7x32xf32>) outs(%{{.*}} : memref<2x5x7xf32>) device = #[[FULL]] gain = 2.000000e+00{{$}}
  ams.batch_matmul "s" ins(%ma, %mb : memref<2x5x32xf32>, memref<2x7x32xf32>)
    outs(%my : memref<2x5x7xf32>) device = #full gain = 2.0
  return %0, %1, %2 : tensor<2x5x7xf32>, tensor<2x5x7xf32>, tensor<2x5x7xf32>
}

// CHECK-LABEL: @quantize
func.func @quantize(%x: tensor<4x300xf32>, %m: memref<4x300xf32>, %image: tensor<1x7x8x4xf32>, %init: tensor<4x300xf32>)
    -> (!ams.abfp<4x300, axis = 1, n = 128, bits = 8>, !ams.abfp<4x300, axis = 0, n = 128, bits = 8>, !ams.abfp<1x4x7x2x12, axis = 4, n = 8, bits = 5>, tensor<4x300xf32>) {
  // CHECK: %[[Q:.*]] = ams.quantize %{{.*}} : tensor<4x300xf32> to !ams.abfp<4x300, axis = 1, n = 128, bits = 8>{{$}}
  %0 = ams.quantize %x : tensor<4x300xf32> to !ams.abfp<4x300, axis = 1, n = 128, bits = 8>
  // CHECK: %[[M:.*]] = ams.quantize %{{.*}} : memref<4x300xf32> to !ams.abfp<4x300, axis = 0, n = 128, bits = 8> {a = 1 : i64}
  %1 = ams.quantize %m : memref<4x300xf32> to !ams.abfp<4x300, axis = 0, n = 128, bits = 8> {a = 1}
  // CHECK: ams.quantize %{{.*}} : tensor<1x7x8x4xf32> to !ams.abfp<1x4x7x2x12, axis = 4, n = 8, bits = 5> window = #[[WINDOW]]
  %2 = ams.quantize %image : tensor<1x7x8x4xf32> to !ams.abfp<1x4x7x2x12, axis = 4, n = 8, bits = 5> window = #window
  // CHECK: ams.dequantize %[[Q]] : !ams.abfp<4x300, axis = 1, n = 128, bits = 8> outs(%{{.*}} : tensor<4x300xf32>) -> tensor<4x300xf32>
  %3 = ams.dequantize %0 : !ams.abfp<4x300, axis = 1, n = 128, bits = 8> outs(%init : tensor<4x300xf32>) -> tensor<4x300xf32>
  // CHECK: ams.dequantize %[[M]] : !ams.abfp<4x300, axis = 0, n = 128, bits = 8> outs(%{{.*}} : memref<4x300xf32>){{$}}
  ams.dequantize %1 : !ams.abfp<4x300, axis = 0, n = 128, bits = 8> outs(%m : memref<4x300xf32>)
  return %0, %1, %2, %3 : !ams.abfp<4x300, axis = 1, n = 128, bits = 8>, !ams.abfp<4x300, axis = 0, n = 128, bits = 8>, !ams.abfp<1x4x7x2x12, axis = 4, n = 8, bits = 5>, tensor<4x300xf32>
}

// CHECK-LABEL: @crossbars
func.func @crossbars(%x: tensor<4x300xf32>, %init: tensor<4x10xf32>, %mx: memref<4x300xf32>, %my: memref<4x10xf32>,
                     %image: tensor<1x7x8x4xf32>, %pixels: tensor<1x4x7x6xf32>)
    -> (tensor<4x10xf32>, tensor<1x4x7x6xf32>) {
  // CHECK: %[[W:.*]] = ams.weights codes = dense<1> : tensor<10x3x128xi8> scales = dense<5.000000e-01> : tensor<10x3xbf16> : !ams.abfp<10x300, axis = 1, n = 128, bits = 8>
  %w = ams.weights codes = dense<1> : tensor<10x3x128xi8> scales = dense<0.5> : tensor<10x3xbf16>
       : !ams.abfp<10x300, axis = 1, n = 128, bits = 8>
  // CHECK: %[[G:.*]] = ams.program %[[W]] : !ams.abfp<10x300, axis = 1, n = 128, bits = 8> to !ams.grid<outputs = 10, reduction = 300, groups = 1, rows = 128, columns = 64>
  %g = ams.program %w : !ams.abfp<10x300, axis = 1, n = 128, bits = 8> to
       !ams.grid<outputs = 10, reduction = 300, groups = 1, rows = 128, columns = 64>
  // CHECK: ams.mvm "fc" %[[G]], %{{.*}} : !ams.grid<outputs = 10, reduction = 300, groups = 1, rows = 128, columns = 64>, tensor<4x300xf32> outs(%{{.*}} : tensor<4x10xf32>) device = #[[PLAIN]] gain = 8.000000e+00 -> tensor<4x10xf32>
  %0 = ams.mvm "fc" %g, %x : !ams.grid<outputs = 10, reduction = 300, groups = 1, rows = 128, columns = 64>, tensor<4x300xf32>
       outs(%init : tensor<4x10xf32>) device = #plain gain = 8.0 -> tensor<4x10xf32>
  // CHECK: ams.mvm "fc" %[[G]], %{{.*}}, memref<4x300xf32> outs(%{{.*}} : memref<4x10xf32>) device = #[[PLAIN]] gain = 8.000000e+00{{$}}
  ams.mvm "fc" %g, %mx : !ams.grid<outputs = 10, reduction = 300, groups = 1, rows = 128, columns = 64>, memref<4x300xf32>
    outs(%my : memref<4x10xf32>) device = #plain gain = 8.0
  // Resources are kept as such, and weights of any rank are programmed.
  // CHECK: ams.weights codes = dense_resource<codes> : tensor<6x2x8xi8> scales = dense{{.*}} : tensor<6x2xbf16> : !ams.abfp<6x3x2x2, axis = 1, n = 8, bits = 6>
  %cw = ams.weights codes = dense_resource<codes> : tensor<6x2x8xi8> scales = dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0], [9.0, 10.0], [11.0, 12.0]]> : tensor<6x2xbf16>
        : !ams.abfp<6x3x2x2, axis = 1, n = 8, bits = 6>
  // CHECK: ams.program %{{.*}} {a = 1 : i64} : !ams.abfp<6x3x2x2, axis = 1, n = 8, bits = 6> to !ams.grid<outputs = 3, reduction = 12, groups = 2, rows = 8, columns = 1>
  %cg = ams.program %cw {a = 1} : !ams.abfp<6x3x2x2, axis = 1, n = 8, bits = 6> to
        !ams.grid<outputs = 3, reduction = 12, groups = 2, rows = 8, columns = 1>
  // CHECK: ams.mvm "c" %{{.*}} outs(%{{.*}} : tensor<1x4x7x6xf32>) window = #[[WINDOW]] device = #[[FULL]] gain = 1.000000e+00 -> tensor<1x4x7x6xf32>
  %1 = ams.mvm "c" %cg, %image : !ams.grid<outputs = 3, reduction = 12, groups = 2, rows = 8, columns = 1>, tensor<1x7x8x4xf32>
       outs(%pixels : tensor<1x4x7x6xf32>) window = #window device = #full gain = 1.0 -> tensor<1x4x7x6xf32>
  return %0, %1 : tensor<4x10xf32>, tensor<1x4x7x6xf32>
}

{-#
  dialect_resources: {
    builtin: {
      codes: "0x01000000000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F"
    }
  }
#-}
