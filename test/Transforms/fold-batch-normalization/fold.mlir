// Scales and offsets of outputs go into weights and a bias.
// RUN: ams-opt %s --ams-fold-batch-normalization --canonicalize --split-input-file --verify-diagnostics | FileCheck %s

// Batch normalisation as front ends write it: (y - mean) / sqrt(variance + e) *
// weight + bias, here after a bias of the product's own. For the first output
// (y + 1 - 3) * 2 - 5 = 2 y - 9, for the second (y + 2 + 2) * 4 + 0 = 4 y + 16.
#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#last = affine_map<(d0, d1, d2, d3) -> (d3)>
// CHECK-LABEL: @normalization
func.func @normalization(%x: tensor<1x2x2x3xf32>) -> tensor<1x2x2x2xf32> {
  // CHECK-DAG: %[[W:.*]] = arith.constant dense_resource<folded> : tensor<2x1x1x3xf32>
  // CHECK-DAG: %[[B:.*]] = arith.constant dense_resource<bias> : tensor<2xf32>
  // CHECK: %[[Y:.*]] = ams.conv "c" ins(%{{.*}}, %[[W]] :
  // CHECK: %[[Z:.*]] = linalg.generic {{.*}} ins(%[[Y]], %[[B]] :
  // CHECK-NEXT: ^bb0
  // CHECK-NEXT: arith.addf
  // CHECK-NEXT: linalg.yield
  // CHECK: return %[[Z]]
  // Weights 2, 4, 6, 16, 20, 24, biases -9, 16, in float32.
  // CHECK: bias: "0x08000000000010C100008041"
  // CHECK: folded: "0x08000000000000400000804000{{00C0400000804100}}00A0410000C041"
  %w = arith.constant dense<[[[[1.0, 2.0, 3.0]]], [[[4.0, 5.0, 6.0]]]]> : tensor<2x1x1x3xf32>
  %b0 = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %mean = arith.constant dense<[3.0, -2.0]> : tensor<2xf32>
  %variance = arith.constant dense<[0.125, 0.125]> : tensor<2xf32>
  %weight = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %bias = arith.constant dense<[-5.0, 0.0]> : tensor<2xf32>
  %eps = arith.constant 1.250000e-01 : f64
  %e = tensor.empty() : tensor<1x2x2x2xf32>
  %y = ams.conv "c" ins(%x, %w : tensor<1x2x2x3xf32>, tensor<2x1x1x3xf32>) outs(%e : tensor<1x2x2x2xf32>) window = #window device = #device -> tensor<1x2x2x2xf32>
  %0 = linalg.generic {indexing_maps = [#id, #last, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%y, %b0 : tensor<1x2x2x2xf32>, tensor<2xf32>) outs(%e : tensor<1x2x2x2xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.addf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<1x2x2x2xf32>
  %1 = linalg.generic {indexing_maps = [#id, #last, #last, #last, #last, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
       ins(%0, %weight, %bias, %mean, %variance : tensor<1x2x2x2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) outs(%0 : tensor<1x2x2x2xf32>) {
  ^bb0(%in: f32, %g: f32, %h: f32, %m: f32, %v: f32, %o: f32):
    %eps32 = arith.truncf %eps : f64 to f32
    %s0 = arith.addf %v, %eps32 : f32
    %s1 = math.rsqrt %s0 : f32
    %s2 = arith.subf %in, %m : f32
    %s3 = arith.mulf %s2, %s1 : f32
    %s4 = arith.mulf %s3, %g : f32
    %s5 = arith.addf %s4, %h : f32
    linalg.yield %s5 : f32
  } -> tensor<1x2x2x2xf32>
  return %1 : tensor<1x2x2x2xf32>
}

// -----

// One scale for all outputs, behind a reshape, and no offset; what follows and
// is no line stays.
#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-LABEL: @scale
func.func @scale(%x: tensor<6x3xf32>) -> tensor<2x3x2xf32> {
  // CHECK: %[[Y:.*]] = ams.matmul "m"
  // CHECK: %[[Z:.*]] = tensor.expand_shape %[[Y]]
  // CHECK: linalg.generic {{.*}} ins(%[[Z]] :
  // CHECK: math.tanh
  // CHECK: folded: "0x08000000000000BF000080BF{{.*}}"
  %w = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %factor = arith.constant -2.0 : f32
  %e = tensor.empty() : tensor<6x2xf32>
  %f = tensor.empty() : tensor<2x3x2xf32>
  %y = ams.matmul "m" ins(%x, %w : tensor<6x3xf32>, tensor<2x3xf32>) outs(%e : tensor<6x2xf32>) device = #device -> tensor<6x2xf32>
  %v = tensor.expand_shape %y [[0, 1], [2]] output_shape [2, 3, 2] : tensor<6x2xf32> into tensor<2x3x2xf32>
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%v : tensor<2x3x2xf32>) outs(%f : tensor<2x3x2xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.divf %p, %factor : f32
    linalg.yield %s : f32
  } -> tensor<2x3x2xf32>
  %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0 : tensor<2x3x2xf32>) outs(%f : tensor<2x3x2xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = math.tanh %p : f32
    linalg.yield %s : f32
  } -> tensor<2x3x2xf32>
  return %1 : tensor<2x3x2xf32>
}

// -----

// A bias alone is none of it.
#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: @bias
func.func @bias(%x: tensor<6x3xf32>) -> tensor<6x2xf32> {
  // CHECK: %[[W:.*]] = arith.constant dense<1.000000e+00> : tensor<2x3xf32>
  // CHECK: ams.matmul "m" ins(%{{.*}}, %[[W]] :
  // CHECK: linalg.generic
  %w = arith.constant dense<1.0> : tensor<2x3xf32>
  %b = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %e = tensor.empty() : tensor<6x2xf32>
  %y = ams.matmul "m" ins(%x, %w : tensor<6x3xf32>, tensor<2x3xf32>) outs(%e : tensor<6x2xf32>) device = #device -> tensor<6x2xf32>
  %0 = linalg.generic {indexing_maps = [#id, affine_map<(d0, d1) -> (d1)>, #id], iterator_types = ["parallel", "parallel"]} ins(%y, %b : tensor<6x2xf32>, tensor<2xf32>) outs(%e : tensor<6x2xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.addf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<6x2xf32>
  return %0 : tensor<6x2xf32>
}

// -----

// A scale and an offset in operations of their own.
#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1) -> (d0, d1)>
#last = affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: @two_operations
func.func @two_operations(%x: tensor<6x3xf32>) -> tensor<6x2xf32> {
  // CHECK: %[[Y:.*]] = ams.matmul "m"
  // CHECK: %[[Z:.*]] = linalg.generic {{.*}} ins(%[[Y]],
  // CHECK-NEXT: ^bb0
  // CHECK-NEXT: arith.addf
  // CHECK-NEXT: linalg.yield
  // CHECK: return %[[Z]]
  // CHECK: bias: "0x080000000000803F00000040"
  // CHECK: folded: "0x080000000000404000004040{{.*}}"
  %w = arith.constant dense<1.0> : tensor<2x3xf32>
  %a = arith.constant dense<3.0> : tensor<2xf32>
  %b = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %e = tensor.empty() : tensor<6x2xf32>
  %y = ams.matmul "m" ins(%x, %w : tensor<6x3xf32>, tensor<2x3xf32>) outs(%e : tensor<6x2xf32>) device = #device -> tensor<6x2xf32>
  %0 = linalg.generic {indexing_maps = [#id, #last, #id], iterator_types = ["parallel", "parallel"]} ins(%y, %a : tensor<6x2xf32>, tensor<2xf32>) outs(%e : tensor<6x2xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.mulf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<6x2xf32>
  %1 = linalg.generic {indexing_maps = [#id, #last, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %b : tensor<6x2xf32>, tensor<2xf32>) outs(%e : tensor<6x2xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.addf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<6x2xf32>
  return %1 : tensor<6x2xf32>
}
