// Conditioned layers at levels 1 to 4, read back as they are printed.
// RUN: ams-opt %s | ams-opt | FileCheck %s
// RUN: ams-opt %s --mlir-print-op-generic | ams-opt | FileCheck %s
// RUN: ams-opt %s --emit-bytecode | ams-opt | FileCheck %s

#device = #ams.device<rows = 4, columns = 4>
#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
// CHECK-DAG: #[[MEAN:.*]] = #ams.condition<mean = true>
// CHECK-DAG: #[[SPREAD:.*]] = #ams.condition<spread = true, signs = "++-+">
// CHECK-DAG: #[[BOTH:.*]] = #ams.condition<mean = true, spread = true, signs = "----">
#both = #ams.condition<mean = true, spread = true, signs = "----">
#mean = #ams.condition<mean = true, spread = false>

// CHECK-LABEL: @layers
func.func @layers(%x: tensor<2x3xf32>, %image: tensor<2x3x3x1xf32>, %i: tensor<2x1xf32>, %j: tensor<2x3x3x1xf32>) {
  %w = arith.constant dense<1.0> : tensor<1x3xf32>
  %f = arith.constant dense<1.0> : tensor<1x1x1x1xf32>
  // CHECK: device = #device condition = #[[SPREAD]] ->
  %0 = ams.matmul "a" ins(%x, %w : tensor<2x3xf32>, tensor<1x3xf32>) outs(%i : tensor<2x1xf32>) device = #device condition = #ams.condition<spread = true, signs = "++-+"> -> tensor<2x1xf32>
  // CHECK: device = #device condition = #[[MEAN]] ->
  %1 = ams.conv "b" ins(%image, %f : tensor<2x3x3x1xf32>, tensor<1x1x1x1xf32>) outs(%j : tensor<2x3x3x1xf32>) window = #window device = #device condition = #mean -> tensor<2x3x3x1xf32>
  return
}

// CHECK-LABEL: @gains
func.func @gains(%x: tensor<2x3xf32>, %i: tensor<2x1xf32>) {
  // CHECK: sums = dense<5.000000e-01> : tensor<1x1xf32> : !ams.abfp<1x3, axis = 1, n = 4, bits = 8, condition = #[[BOTH]]>
  %w = ams.weights codes = dense<1> : tensor<1x1x4xi8> scales = dense<1.0> : tensor<1x1xbf16> sums = dense<0.5> : tensor<1x1xf32> : !ams.abfp<1x3, axis = 1, n = 4, bits = 8, condition = #both>
  // CHECK: to !ams.abfp<2x3, axis = 1, n = 4, bits = 8, condition = #[[BOTH]]>
  %q = ams.quantize %x : tensor<2x3xf32> to !ams.abfp<2x3, axis = 1, n = 4, bits = 8, condition = #both>
  %0 = ams.matmul "a" ins(%q, %w : !ams.abfp<2x3, axis = 1, n = 4, bits = 8, condition = #both>, !ams.abfp<1x3, axis = 1, n = 4, bits = 8, condition = #both>) outs(%i : tensor<2x1xf32>) device = #device gain = 2.0 -> tensor<2x1xf32>
  // CHECK: ams.program {{.*}} columns = 4, condition = #[[BOTH]]>
  %g = ams.program %w : !ams.abfp<1x3, axis = 1, n = 4, bits = 8, condition = #both> to !ams.grid<outputs = 1, reduction = 3, groups = 1, rows = 4, columns = 4, condition = #both>
  %1 = ams.mvm "b" %g, %x : !ams.grid<outputs = 1, reduction = 3, groups = 1, rows = 4, columns = 4, condition = #both>, tensor<2x3xf32> outs(%i : tensor<2x1xf32>) device = #device gain = 2.0 -> tensor<2x1xf32>
  return
}
