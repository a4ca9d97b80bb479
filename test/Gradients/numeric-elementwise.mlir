// Gradients of operations by element, compiled, against central differences in
// float64: every scalar operation that has a derivative, and broadcasting.
// REQUIRES: unsanitized
// RUN: %python %S/check_gradients.py %s l2 %t %ams_lib

#both = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d1)>
#column = affine_map<(d0, d1) -> (d0)>
#scalar = affine_map<(d0, d1) -> ()>
func.func @main(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {
  %a = arith.constant {ams.weight = "a"} dense<0.0> : tensor<5x4xf32>
  %b = arith.constant {ams.weight = "b"} dense<0.0> : tensor<4xf32>
  %c = arith.constant {ams.weight = "c"} dense<0.0> : tensor<5xf32>
  %d = arith.constant {ams.weight = "d"} dense<0.0> : tensor<f32>
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %half = arith.constant 0.5 : f32
  %third = arith.constant 0.333 : f32
  %root = arith.constant 0.70710678 : f32
  %e = tensor.empty() : tensor<5x4xf32>
  %0 = linalg.generic {indexing_maps = [#both, #both, #row, #column, #scalar, #both], iterator_types = ["parallel", "parallel"]}
    ins(%x, %a, %b, %c, %d : tensor<5x4xf32>, tensor<5x4xf32>, tensor<4xf32>, tensor<5xf32>, tensor<f32>) outs(%e : tensor<5x4xf32>) {
  ^bb0(%vx: f32, %va: f32, %vb: f32, %vc: f32, %vd: f32, %out: f32):
    %s0 = arith.addf %vx, %va : f32
    %s1 = arith.mulf %s0, %vb : f32
    %s2 = arith.subf %s1, %vc : f32
    %square = arith.mulf %vd, %vd : f32
    %below = arith.addf %square, %one : f32
    %s3 = arith.divf %s2, %below : f32
    %s4 = arith.negf %s3 : f32
    linalg.yield %s4 : f32
  } -> tensor<5x4xf32>
  // GELU, sigmoid, tanh, ReLU, clip, and a leaky ReLU of two branches.
  %1 = linalg.generic {indexing_maps = [#both, #row, #both], iterator_types = ["parallel", "parallel"]}
    ins(%0, %b : tensor<5x4xf32>, tensor<4xf32>) outs(%e : tensor<5x4xf32>) {
  ^bb0(%v: f32, %vb: f32, %out: f32):
    %t0 = arith.mulf %v, %root : f32
    %t1 = math.erf %t0 : f32
    %t2 = arith.addf %t1, %one : f32
    %t3 = arith.mulf %v, %half : f32
    %gelu = arith.mulf %t2, %t3 : f32
    %n = arith.negf %vb : f32
    %t4 = math.exp %n : f32
    %t5 = arith.addf %t4, %one : f32
    %sigmoid = arith.divf %one, %t5 : f32
    %tanh = math.tanh %v : f32
    %relu = arith.maximumf %v, %zero : f32
    %clip = arith.minimumf %relu, %half : f32
    %small = arith.mulf %v, %third : f32
    %leaky = arith.maxnumf %v, %small : f32
    %q0 = arith.addf %gelu, %sigmoid : f32
    %q1 = arith.addf %q0, %tanh : f32
    %q2 = arith.addf %q1, %clip : f32
    %q3 = arith.mulf %q2, %leaky : f32
    linalg.yield %q3 : f32
  } -> tensor<5x4xf32>
  %2 = linalg.generic {indexing_maps = [#both, #both], iterator_types = ["parallel", "parallel"]}
    ins(%1 : tensor<5x4xf32>) outs(%e : tensor<5x4xf32>) {
  ^bb0(%v: f32, %out: f32):
    %size = math.absf %v : f32
    %above = arith.addf %size, %half : f32
    %log = math.log %above : f32
    %log1 = math.log1p %size : f32
    %sqrt = math.sqrt %above : f32
    %rsqrt = math.rsqrt %above : f32
    %sin = math.sin %v : f32
    %cos = math.cos %v : f32
    %expm1 = math.expm1 %v : f32
    %fma = math.fma %sin, %cos, %log : f32
    %p = math.powf %above, %third : f32
    %p2 = math.powf %third, %above : f32
    %isBelow = arith.cmpf olt, %v, %third : f32
    %chosen = arith.select %isBelow, %expm1, %sqrt : f32
    %low = arith.minnumf %chosen, %rsqrt : f32
    %q0 = arith.addf %fma, %log1 : f32
    %q1 = arith.addf %q0, %p : f32
    %q2 = arith.addf %q1, %p2 : f32
    %q3 = arith.addf %q2, %low : f32
    linalg.yield %q3 : f32
  } -> tensor<5x4xf32>
  return %2 : tensor<5x4xf32>
}
