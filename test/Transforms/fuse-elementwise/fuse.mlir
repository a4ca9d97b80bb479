// Elementwise operations go into what uses them; what is used along a row stays
// outside, where it is computed once.
// RUN: ams-opt %s --pass-pipeline='builtin.module(func.func(ams-fuse-elementwise),canonicalize)' | FileCheck %s

#all = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
#one = affine_map<(d0) -> (d0)>

// CHECK-LABEL: func.func @chain
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xf32>, %{{.*}}: tensor<2x3xf32>)
func.func @chain(%x: tensor<2x3xf32>, %e: tensor<2x3xf32>) -> tensor<2x3xf32> {
  // CHECK: %[[Y:.*]] = linalg.generic {{.*}} ins(%[[X]] : tensor<2x3xf32>)
  // CHECK: math.exp
  // CHECK-NEXT: arith.negf
  // CHECK-NEXT: linalg.yield
  // CHECK-NOT: linalg.generic
  // CHECK: return %[[Y]]
  %a = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = math.exp %in : f32
    linalg.yield %v : f32
  } -> tensor<2x3xf32>
  %b = linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%a : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = arith.negf %in : f32
    linalg.yield %v : f32
  } -> tensor<2x3xf32>
  return %b : tensor<2x3xf32>
}

// CHECK-LABEL: func.func @row
func.func @row(%x: tensor<2x3xf32>, %f: tensor<2xf32>, %e: tensor<2x3xf32>, %g: tensor<2xf32>) -> tensor<2x3xf32> {
  // CHECK: %[[R:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<2xf32>)
  // CHECK: math.rsqrt
  // CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[R]] : tensor<2x3xf32>, tensor<2xf32>)
  // CHECK-NOT: math.rsqrt
  // CHECK: arith.mulf
  %a = linalg.generic {indexing_maps = [#one, #one], iterator_types = ["parallel"]}
      ins(%f : tensor<2xf32>) outs(%g : tensor<2xf32>) {
  ^bb0(%in: f32, %out: f32):
    %v = math.rsqrt %in : f32
    linalg.yield %v : f32
  } -> tensor<2xf32>
  %b = linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]}
      ins(%x, %a : tensor<2x3xf32>, tensor<2xf32>) outs(%e : tensor<2x3xf32>) {
  ^bb0(%in: f32, %factor: f32, %out: f32):
    %v = arith.mulf %in, %factor : f32
    linalg.yield %v : f32
  } -> tensor<2x3xf32>
  return %b : tensor<2x3xf32>
}
