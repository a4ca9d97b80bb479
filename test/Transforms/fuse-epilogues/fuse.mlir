// What follows a product and becomes its epilogue.
// RUN: ams-opt %s --ams-fuse-epilogues --canonicalize --split-input-file --verify-diagnostics | FileCheck %s

// Bias, residual and a clamp, each in its own operation.
#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
#last = affine_map<(d0, d1, d2, d3) -> (d3)>
// CHECK-LABEL: @chain
// CHECK-SAME: (%[[X:.*]]: tensor<1x2x2x3xf32>, %[[B:.*]]: tensor<5xf32>, %[[R:.*]]: tensor<1x2x2x5xf32>)
func.func @chain(%x: tensor<1x2x2x3xf32>, %b: tensor<5xf32>, %r: tensor<1x2x2x5xf32>) -> tensor<1x2x2x5xf32> {
  // CHECK: %[[Y:.*]] = ams.conv "c" {{.*}} epilogue = #ams.epilogue<bias = true, residual = true, low = 0.000000e+00, high = 6.000000e+00>(%[[B]], %[[R]] : tensor<5xf32>, tensor<1x2x2x5xf32>)
  // CHECK-NEXT: return %[[Y]]
  %w = arith.constant dense<1.0> : tensor<5x1x1x3xf32>
  %zero = arith.constant 0.0 : f32
  %six = arith.constant 6.0 : f32
  %e = tensor.empty() : tensor<1x2x2x5xf32>
  %y = ams.conv "c" ins(%x, %w : tensor<1x2x2x3xf32>, tensor<5x1x1x3xf32>) outs(%e : tensor<1x2x2x5xf32>) window = #window device = #device -> tensor<1x2x2x5xf32>
  %0 = linalg.generic {indexing_maps = [#id, #last, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
       ins(%y, %b : tensor<1x2x2x5xf32>, tensor<5xf32>) outs(%e : tensor<1x2x2x5xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.addf %q, %p : f32
    linalg.yield %s : f32
  } -> tensor<1x2x2x5xf32>
  %1 = linalg.add ins(%r, %0 : tensor<1x2x2x5xf32>, tensor<1x2x2x5xf32>) outs(%e : tensor<1x2x2x5xf32>) -> tensor<1x2x2x5xf32>
  %2 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
       ins(%1 : tensor<1x2x2x5xf32>) outs(%e : tensor<1x2x2x5xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.maximumf %p, %zero : f32
    %t = arith.minimumf %six, %s : f32
    linalg.yield %t : f32
  } -> tensor<1x2x2x5xf32>
  return %2 : tensor<1x2x2x5xf32>
}

// -----

// Behind a reshape, with a bias that front ends repeat, and a comparison.
#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-LABEL: @reshaped
// CHECK-SAME: (%[[X:.*]]: tensor<6x3xf32>, %[[B:.*]]: tensor<5xf32>, %[[R:.*]]: tensor<2x3x5xf32>)
func.func @reshaped(%x: tensor<6x3xf32>, %b: tensor<5xf32>, %r: tensor<2x3x5xf32>) -> tensor<2x3x5xf32> {
  // CHECK: %[[F:.*]] = tensor.collapse_shape %[[R]] {{\[}}[0, 1], [2]]
  // CHECK: %[[Y:.*]] = ams.matmul "m" {{.*}} epilogue = #ams.epilogue<bias = true, residual = true, low = 0.000000e+00>(%[[B]], %[[F]] : tensor<5xf32>, tensor<6x5xf32>)
  // CHECK: %[[Z:.*]] = tensor.expand_shape %[[Y]]
  // CHECK: return %[[Z]]
  %w = arith.constant dense<1.0> : tensor<5x3xf32>
  %zero = arith.constant 0.0 : f32
  %i = tensor.empty() : tensor<6x5xf32>
  %e = tensor.empty() : tensor<2x3x5xf32>
  %y = ams.matmul "m" ins(%x, %w : tensor<6x3xf32>, tensor<5x3xf32>) outs(%i : tensor<6x5xf32>) device = #device -> tensor<6x5xf32>
  %v = tensor.expand_shape %y [[0, 1], [2]] output_shape [2, 3, 5] : tensor<6x5xf32> into tensor<2x3x5xf32>
  %c = linalg.broadcast ins(%b : tensor<5xf32>) outs(%e : tensor<2x3x5xf32>) dimensions = [0, 1]
  %0 = linalg.add ins(%v, %c : tensor<2x3x5xf32>, tensor<2x3x5xf32>) outs(%e : tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
  %1 = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel", "parallel"]}
       ins(%0, %r : tensor<2x3x5xf32>, tensor<2x3x5xf32>) outs(%e : tensor<2x3x5xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.addf %p, %q : f32
    %above = arith.cmpf ugt, %s, %zero : f32
    %t = arith.select %above, %s, %zero : f32
    linalg.yield %t : f32
  } -> tensor<2x3x5xf32>
  return %1 : tensor<2x3x5xf32>
}

// -----

// Of two products that are added the later one takes the other.
#device = #ams.device<rows = 8, columns = 4>
// CHECK-LABEL: @two
func.func @two(%x: tensor<6x3xf32>) -> tensor<6x5xf32> {
  // CHECK: %[[A:.*]] = ams.matmul "a"
  // CHECK-NOT: epilogue
  // CHECK: ams.matmul "b" {{.*}} epilogue = #ams.epilogue<residual = true>(%[[A]] : tensor<6x5xf32>)
  %w = arith.constant dense<1.0> : tensor<5x3xf32>
  %i = tensor.empty() : tensor<6x5xf32>
  %a = ams.matmul "a" ins(%x, %w : tensor<6x3xf32>, tensor<5x3xf32>) outs(%i : tensor<6x5xf32>) device = #device -> tensor<6x5xf32>
  %b = ams.matmul "b" ins(%x, %w : tensor<6x3xf32>, tensor<5x3xf32>) outs(%i : tensor<6x5xf32>) device = #device -> tensor<6x5xf32>
  %y = linalg.add ins(%a, %b : tensor<6x5xf32>, tensor<6x5xf32>) outs(%i : tensor<6x5xf32>) -> tensor<6x5xf32>
  return %y : tensor<6x5xf32>
}

// -----

// An addend that is computed after the product, but before any other: the
// product moves. A constant does not move it. Products of activations too.
#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
// CHECK-LABEL: @moved
func.func @moved(%a: tensor<2x3x8xf32>, %b: tensor<2x4x8xf32>, %m: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  // CHECK: %[[N:.*]] = linalg.generic
  // CHECK: math.exp
  // CHECK: ams.batch_matmul "s" {{.*}} gain = 2.000000e+00 epilogue = #ams.epilogue<bias = true, residual = true>(%{{.*}}, %[[N]] : tensor<4xf32>, tensor<2x3x4xf32>)
  // CHECK-NEXT: return
  %i = tensor.empty() : tensor<2x3x4xf32>
  %y = ams.batch_matmul "s" ins(%a, %b : tensor<2x3x8xf32>, tensor<2x4x8xf32>) outs(%i : tensor<2x3x4xf32>) device = #device gain = 2.0 -> tensor<2x3x4xf32>
  %n = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]}
       ins(%m : tensor<2x3x4xf32>) outs(%i : tensor<2x3x4xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = math.exp %p : f32
    linalg.yield %s : f32
  } -> tensor<2x3x4xf32>
  %c = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %0 = linalg.generic {indexing_maps = [#id, affine_map<(d0, d1, d2) -> (d2)>, #id], iterator_types = ["parallel", "parallel", "parallel"]}
       ins(%y, %c : tensor<2x3x4xf32>, tensor<4xf32>) outs(%i : tensor<2x3x4xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.addf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<2x3x4xf32>
  %1 = linalg.add ins(%0, %n : tensor<2x3x4xf32>, tensor<2x3x4xf32>) outs(%i : tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  return %1 : tensor<2x3x4xf32>
}

// -----

// On crossbars: whatever else a product says stays.
#device = #ams.device<rows = 8, columns = 4>
#placement = #ams.placement<order = [group, column, block], idle_rows = 0, idle_columns = 0, lanes = 1, runs = [<tiles = 1, step = 0, device = 0, crossbar = 6, slot = 0>]>
!g = !ams.grid<outputs = 4, reduction = 8, groups = 1, rows = 8, columns = 4>
// CHECK-LABEL: @kept
func.func @kept(%g: !g, %x: tensor<3x8xf32>, %a: tensor<1x3x8xf32>, %b: tensor<1x4x8xf32>, %p: tensor<3x4xf32>, %q: tensor<1x3x4xf32>) -> (tensor<3x4xf32>, tensor<1x3x4xf32>) {
  %i = tensor.empty() : tensor<3x4xf32>
  %j = tensor.empty() : tensor<1x3x4xf32>
  // CHECK: ams.mvm "fc" {{.*}} gain = 2.000000e+00 epilogue = #ams.epilogue<residual = true>{{.*}} {records_clipping}
  %y = ams.mvm "fc" %g, %x : !g, tensor<3x8xf32> outs(%i : tensor<3x4xf32>) device = #device gain = 2.0 {records_clipping} -> tensor<3x4xf32>
  // CHECK: ams.batch_matmul "s" {{.*}} placement = #ams.placement<{{.*}}crossbar = 6{{.*}} epilogue = #ams.epilogue<residual = true>
  %z = ams.batch_matmul "s" ins(%a, %b : tensor<1x3x8xf32>, tensor<1x4x8xf32>) outs(%j : tensor<1x3x4xf32>) device = #device gain = 2.0 placement = #placement -> tensor<1x3x4xf32>
  %0 = linalg.add ins(%y, %p : tensor<3x4xf32>, tensor<3x4xf32>) outs(%i : tensor<3x4xf32>) -> tensor<3x4xf32>
  %1 = linalg.add ins(%z, %q : tensor<1x3x4xf32>, tensor<1x3x4xf32>) outs(%j : tensor<1x3x4xf32>) -> tensor<1x3x4xf32>
  return %0, %1 : tensor<3x4xf32>, tensor<1x3x4xf32>
}

// -----

// Noise on a product's result takes what follows, whatever its weights are; the
// product itself cannot, as its weights vary.
#device = #ams.device<rows = 8, columns = 4>
// CHECK-LABEL: @noise
func.func @noise(%x: tensor<2x8xf32>, %w: tensor<4x8xf32>, %t: tensor<1x1x641xf32>, %r: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %i = tensor.empty() : tensor<2x4xf32>
  // CHECK: %[[Y:.*]] = ams.matmul "fc" {{.*}} device = {{[^ ]*}} -> tensor<2x4xf32>
  // CHECK: %[[Z:.*]] = ams.add_noise "fc" {{.*}} outs(%[[Y]] : tensor<2x4xf32>) index = 0 samples = 2 epilogue = #ams.epilogue<residual = true>(%{{.*}} : tensor<2x4xf32>) -> tensor<2x4xf32>
  // CHECK-NEXT: return %[[Z]]
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x8xf32>, tensor<4x8xf32>) outs(%i : tensor<2x4xf32>) device = #device -> tensor<2x4xf32>
  %z = ams.add_noise "fc" table(%t : tensor<1x1x641xf32>) outs(%y : tensor<2x4xf32>) index = 0 samples = 2 -> tensor<2x4xf32>
  %0 = linalg.add ins(%z, %r : tensor<2x4xf32>, tensor<2x4xf32>) outs(%i : tensor<2x4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}
