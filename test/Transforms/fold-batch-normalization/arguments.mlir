// What depends on weights that are arguments is folded by operations of its own,
// in float64 where constants are evaluated so; without the option it stays.
// RUN: ams-opt %s --ams-fold-batch-normalization=arguments=true --canonicalize --split-input-file | FileCheck %s
// RUN: ams-opt %s --ams-fold-batch-normalization --canonicalize --split-input-file | FileCheck %s --check-prefix=APART
// APART-NOT: f64
// The folded layer has gradients by all that it was folded from.
// RUN: ams-opt %s --split-input-file --pass-pipeline='builtin.module(ams-fold-batch-normalization{arguments=true},ams-to-gradients{loss=l2})' | FileCheck %s --check-prefix=GRADIENT

// Scale and offset are computed behind the layer; they move in front of it.
#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#last = affine_map<(d0, d1, d2, d3) -> (d3)>
#vector = affine_map<(d0) -> (d0)>
// CHECK-LABEL: @main
// CHECK-SAME: %[[X:[^:]*]]: tensor<1x1x1x3xf32>, %[[W:[^:]*]]: tensor<1x1x1x3xf32> {ams.weight = "w"}, %[[G:[^:]*]]: tensor<1xf32> {ams.weight = "g"}, %[[B:[^:]*]]: tensor<1xf32> {ams.weight = "b"}
func.func @main(%x: tensor<1x1x1x3xf32>, %w: tensor<1x1x1x3xf32> {ams.weight = "w"}, %g: tensor<1xf32> {ams.weight = "g"}, %b: tensor<1xf32> {ams.weight = "b"}) -> tensor<1x1x1x1xf32> {
  // CHECK: %[[F:.*]] = linalg.generic {{.*}} ins(%[[G]] : tensor<1xf32>)
  // CHECK: arith.mulf
  // CHECK: %[[SCALED:.*]] = linalg.generic {{.*}} ins(%[[W]], %[[F]]{{.*}} : tensor<1x1x1x3xf32>, tensor<1xf32>
  // CHECK: arith.extf
  // CHECK: arith.mulf {{.*}} : f64
  // CHECK-NEXT: arith.truncf
  // CHECK: %[[Y:.*]] = ams.conv "c" ins(%[[X]], %[[SCALED]] :
  // A bias of 2 before the scale: 2 f + b.
  // CHECK: %[[OFFSET:.*]] = linalg.generic {{.*}} ins(%[[F]], %[[B]] : tensor<1xf32>, tensor<1xf32>)
  // CHECK: arith.mulf {{.*}} : f64
  // CHECK-NEXT: arith.addf {{.*}} : f64
  // CHECK-NEXT: arith.truncf
  // CHECK: %[[Z:.*]] = linalg.generic {{.*}} ins(%[[Y]], %[[OFFSET]] :
  // CHECK-NEXT: ^bb0
  // CHECK-NEXT: arith.addf
  // CHECK: return %[[Z]]
  // GRADIENT: %[[DSCALED:.*]] = ams.conv_weight_gradient "c"
  // GRADIENT: %[[DW:.*]] = linalg.generic {{.*}}%[[DSCALED]]{{.*}} outs(%{{.*}} : tensor<1x1x1x3xf32>) attrs = {ams.gradient}
  // GRADIENT: return %{{.*}}, %{{.*}}, %[[DW]], %{{.*}}, %{{.*}} : tensor<1xf32>, tensor<1x1x1x1xf32>, tensor<1x1x1x3xf32>, tensor<1xf32>, tensor<1xf32>
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<1x1x1x1xf32>
  %y = ams.conv "c" ins(%x, %w : tensor<1x1x1x3xf32>, tensor<1x1x1x3xf32>) outs(%e : tensor<1x1x1x1xf32>) window = #window device = #device -> tensor<1x1x1x1xf32>
  %v = tensor.empty() : tensor<1xf32>
  %f = linalg.generic {indexing_maps = [#vector, #vector], iterator_types = ["parallel"]} ins(%g : tensor<1xf32>) outs(%v : tensor<1xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.mulf %p, %two : f32
    linalg.yield %s : f32
  } -> tensor<1xf32>
  %z = linalg.generic {indexing_maps = [#id, #last, #last, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%y, %f, %b : tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>) outs(%e : tensor<1x1x1x1xf32>) {
  ^bb0(%p: f32, %q: f32, %r: f32, %o: f32):
    %s = arith.addf %p, %two : f32
    %t = arith.mulf %s, %q : f32
    %u = arith.addf %t, %r : f32
    linalg.yield %u : f32
  } -> tensor<1x1x1x1xf32>
  return %z : tensor<1x1x1x1xf32>
}

// -----

// All in one body, a deviation too; what is no line, and what is no weight,
// stays.
#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1) -> (d0, d1)>
#last = affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: @main
func.func @main(%x: tensor<1x3xf32>, %data: tensor<2xf32>, %w: tensor<2x3xf32> {ams.weight = "w"}, %v: tensor<2xf32> {ams.weight = "v"}) -> tensor<1x2xf32> {
  // CHECK: linalg.generic
  // CHECK: math.sqrt {{.*}} : f64
  // CHECK: arith.divf %{{.*}} : f64
  // CHECK: %[[Y:.*]] = ams.matmul "a"
  // CHECK-NOT: math.sqrt
  // CHECK: %[[Z:.*]] = linalg.generic {{.*}} ins(%[[Y]]
  // CHECK: arith.negf
  // CHECK: math.absf
  // CHECK: arith.mulf
  %e = tensor.empty() : tensor<1x2xf32>
  %y = ams.matmul "a" ins(%x, %w : tensor<1x3xf32>, tensor<2x3xf32>) outs(%e : tensor<1x2xf32>) device = #device -> tensor<1x2xf32>
  %0 = linalg.generic {indexing_maps = [#id, #last, #id], iterator_types = ["parallel", "parallel"]} ins(%y, %v : tensor<1x2xf32>, tensor<2xf32>) outs(%e : tensor<1x2xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %r = math.sqrt %q : f32
    %s = arith.divf %p, %r : f32
    linalg.yield %s : f32
  } -> tensor<1x2xf32>
  %1 = linalg.generic {indexing_maps = [#id, #last, #id], iterator_types = ["parallel", "parallel"]} ins(%0, %data : tensor<1x2xf32>, tensor<2xf32>) outs(%e : tensor<1x2xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %m = arith.negf %q : f32
    %n = math.absf %m : f32
    %s = arith.mulf %p, %n : f32
    linalg.yield %s : f32
  } -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}
