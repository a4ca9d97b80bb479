// Operations that belong together become one function; what stands along
// neighbouring dimensions is one loop.
// RUN: ams-opt %s --split-input-file --ams-outline-digital | FileCheck %s

// A softmax without its division: rows of eight, reduced and then used.
// CHECK-LABEL: func.func @rows
// CHECK: %[[X:.*]] = tensor.collapse_shape %arg0 {{\[\[}}0, 1], [2]] : tensor<2x3x8xf32> into tensor<6x8xf32>
// CHECK: %[[Y:.*]] = call @digital(%[[X]]) : (tensor<6x8xf32>) -> tensor<6x8xf32>
// CHECK: tensor.expand_shape %[[Y]]
// CHECK: func.func private @digital(%arg0: tensor<6x8xf32>) -> tensor<6x8xf32> attributes {ams.schedule = "rows1", ams.tasks = array<i64: 6>}
// CHECK: iterator_types = ["parallel", "reduction"]
// CHECK: arith.maximumf
// CHECK: iterator_types = ["parallel", "parallel"]
// CHECK: arith.subf
#all = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#row = affine_map<(d0, d1, d2) -> (d0, d1)>
func.func @rows(%x: tensor<2x3x8xf32>) -> tensor<2x3x8xf32> {
  %least = arith.constant 0xFF800000 : f32
  %e1 = tensor.empty() : tensor<2x3xf32>
  %e2 = tensor.empty() : tensor<2x3x8xf32>
  %f = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} outs(%e1 : tensor<2x3xf32>) {
  ^bb0(%b: f32):
    linalg.yield %least : f32
  } -> tensor<2x3xf32>
  %m = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x : tensor<2x3x8xf32>) outs(%f : tensor<2x3xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.maximumf %b, %a : f32
    linalg.yield %0 : f32
  } -> tensor<2x3xf32>
  %p = linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x, %m : tensor<2x3x8xf32>, tensor<2x3xf32>) outs(%e2 : tensor<2x3x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.subf %a, %b : f32
    linalg.yield %0 : f32
  } -> tensor<2x3x8xf32>
  return %p : tensor<2x3x8xf32>
}

// -----

// Two alike share a function, which takes their constants as arguments; without
// a bias along them all dimensions are one.
// CHECK-LABEL: func.func @shared
// CHECK: call @digital_0({{.*}}) : (tensor<12x16xf32>, tensor<16xf32>) -> tensor<12x16xf32>
// CHECK: call @digital_0({{.*}}) : (tensor<12x16xf32>, tensor<16xf32>) -> tensor<12x16xf32>
// CHECK: call @digital({{.*}}) : (tensor<192xf32>) -> tensor<192xf32>
// CHECK: func.func private @digital({{.*}}ams.schedule = "rows0", ams.tasks = array<i64: 192>
// CHECK: func.func private @digital_0({{.*}}ams.schedule = "rows1", ams.tasks = array<i64: 12>
// CHECK-NOT: func.func
#i = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
#c = affine_map<(d0, d1, d2) -> (d2)>
func.func @shared(%x: tensor<4x3x16xf32>, %a: tensor<16xf32>, %b: tensor<16xf32>) -> (tensor<4x3x16xf32>, tensor<4x3x16xf32>, tensor<4x3x16xf32>) {
  %e = tensor.empty() : tensor<4x3x16xf32>
  %0 = linalg.generic {indexing_maps = [#i, #c, #i], iterator_types = ["parallel", "parallel", "parallel"]} ins(%x, %a : tensor<4x3x16xf32>, tensor<16xf32>) outs(%e : tensor<4x3x16xf32>) {
  ^bb0(%v: f32, %w: f32, %o: f32):
    %s = arith.addf %v, %w : f32
    linalg.yield %s : f32
  } -> tensor<4x3x16xf32>
  %1 = linalg.generic {indexing_maps = [#i, #c, #i], iterator_types = ["parallel", "parallel", "parallel"]} ins(%0, %b : tensor<4x3x16xf32>, tensor<16xf32>) outs(%e : tensor<4x3x16xf32>) {
  ^bb0(%v: f32, %w: f32, %o: f32):
    %s = arith.addf %v, %w : f32
    linalg.yield %s : f32
  } -> tensor<4x3x16xf32>
  %2 = linalg.generic {indexing_maps = [#i, #i], iterator_types = ["parallel", "parallel", "parallel"]} ins(%1 : tensor<4x3x16xf32>) outs(%e : tensor<4x3x16xf32>) {
  ^bb0(%v: f32, %o: f32):
    %s = math.exp %v : f32
    linalg.yield %s : f32
  } -> tensor<4x3x16xf32>
  return %0, %1, %2 : tensor<4x3x16xf32>, tensor<4x3x16xf32>, tensor<4x3x16xf32>
}

// -----

// A mean over rows: each column on its own.
// CHECK-LABEL: func.func @columns
// CHECK: call @digital({{.*}}) : (tensor<2x35x16xf32>) -> tensor<2x16xf32>
// CHECK: ams.schedule = "columns1"
// CHECK: linalg.generic
// CHECK: iterator_types = ["parallel", "reduction", "parallel"]
func.func @columns(%x: tensor<2x5x7x16xf32>) -> tensor<2x16xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x16xf32>
  %f = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} outs(%e : tensor<2x16xf32>) {
  ^bb0(%b: f32):
    linalg.yield %zero : f32
  } -> tensor<2x16xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d3)>], iterator_types = ["parallel", "reduction", "reduction", "parallel"]} ins(%x : tensor<2x5x7x16xf32>) outs(%f : tensor<2x16xf32>) {
  ^bb0(%v: f32, %s: f32):
    %n = arith.addf %s, %v : f32
    linalg.yield %n : f32
  } -> tensor<2x16xf32>
  return %0 : tensor<2x16xf32>
}

// -----

// A pooling keeps its loops; large results are tasks of their own.
// CHECK-LABEL: func.func @pooling
// CHECK: call @digital(%arg0) : (tensor<8x28x28x32xf32>) -> tensor<8x14x14x32xf32>
// CHECK: ams.schedule = "window", ams.tasks = array<i64: 1, 10>
func.func @pooling(%x: tensor<8x28x28x32xf32>) -> tensor<8x14x14x32xf32> {
  %w = tensor.empty() : tensor<2x2xf32>
  %e = tensor.empty() : tensor<8x14x14x32xf32>
  %least = arith.constant 0xFF800000 : f32
  %f = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} outs(%e : tensor<8x14x14x32xf32>) {
  ^bb0(%b: f32):
    linalg.yield %least : f32
  } -> tensor<8x14x14x32xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1 * 2 + d4, d2 * 2 + d5, d3)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]} ins(%x, %w : tensor<8x28x28x32xf32>, tensor<2x2xf32>) outs(%f : tensor<8x14x14x32xf32>) {
  ^bb0(%v: f32, %u: f32, %s: f32):
    %n = arith.maximumf %s, %v : f32
    linalg.yield %n : f32
  } -> tensor<8x14x14x32xf32>
  return %0 : tensor<8x14x14x32xf32>
}

// -----

// A value that is used elsewhere is computed once, outside of the group.
// CHECK-LABEL: func.func @used
// CHECK: %[[E:.*]] = call @digital_0(%arg0)
// CHECK: %[[Y:.*]] = call @digital(%[[E]])
// CHECK: return %[[E]], %[[Y]]
func.func @used(%x: tensor<16xf32>) -> (tensor<16xf32>, tensor<16xf32>) {
  %e = tensor.empty() : tensor<16xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<16xf32>) outs(%e : tensor<16xf32>) {
  ^bb0(%v: f32, %o: f32):
    %s = math.exp %v : f32
    linalg.yield %s : f32
  } -> tensor<16xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%0 : tensor<16xf32>) outs(%e : tensor<16xf32>) {
  ^bb0(%v: f32, %o: f32):
    %s = arith.addf %v, %v : f32
    linalg.yield %s : f32
  } -> tensor<16xf32>
  return %0, %1 : tensor<16xf32>, tensor<16xf32>
}

// -----

// Two reductions share what fills their results.
// CHECK-LABEL: func.func @sharedFill
// CHECK: call @digital(%arg0) : (tensor<4x8xf32>) -> tensor<4xf32>
// CHECK: func.func private @digital
// CHECK: %[[F:.*]] = linalg.generic {{.*}} outs
// CHECK: linalg.generic {{.*}} outs(%[[F]]
// CHECK: linalg.generic {{.*}} outs(%[[F]]
func.func @sharedFill(%x: tensor<4x8xf32>) -> tensor<4xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %f = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} outs(%e : tensor<4xf32>) {
  ^bb0(%b: f32):
    linalg.yield %zero : f32
  } -> tensor<4xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<4x8xf32>) outs(%f : tensor<4xf32>) {
  ^bb0(%v: f32, %o: f32):
    %n = arith.addf %o, %v : f32
    linalg.yield %n : f32
  } -> tensor<4xf32>
  %q = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x, %s : tensor<4x8xf32>, tensor<4xf32>) outs(%f : tensor<4xf32>) {
  ^bb0(%v: f32, %m: f32, %o: f32):
    %d = arith.subf %v, %m : f32
    %n = arith.addf %o, %d : f32
    linalg.yield %n : f32
  } -> tensor<4xf32>
  return %q : tensor<4xf32>
}
