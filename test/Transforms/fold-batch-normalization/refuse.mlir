// Scales that stay apart, with a remark where there is a scale.
// RUN: ams-opt %s --ams-fold-batch-normalization --split-input-file --verify-diagnostics | FileCheck %s
// CHECK-NOT: dense_resource

// Scores of attention: nothing is known when compiling.
#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1, d2) -> (d0, d1, d2)>
func.func @scores(%a: tensor<2x3x8xf32>, %b: tensor<2x4x8xf32>) -> tensor<2x3x4xf32> {
  %factor = arith.constant 0.125 : f32
  %i = tensor.empty() : tensor<2x3x4xf32>
  %y = ams.batch_matmul "s" ins(%a, %b : tensor<2x3x8xf32>, tensor<2x4x8xf32>) outs(%i : tensor<2x3x4xf32>) device = #device -> tensor<2x3x4xf32>
  // expected-remark@+1 {{is not folded into the weights of layer "s": the layer multiplies two activations}}
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel"]} ins(%y : tensor<2x3x4xf32>) outs(%i : tensor<2x3x4xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.mulf %p, %factor : f32
    linalg.yield %s : f32
  } -> tensor<2x3x4xf32>
  return %0 : tensor<2x3x4xf32>
}

// -----

#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1) -> (d0, d1)>
func.func @weights(%x: tensor<6x3xf32>, %w: tensor<2x3xf32>) -> tensor<6x2xf32> {
  %factor = arith.constant 0.5 : f32
  %e = tensor.empty() : tensor<6x2xf32>
  %y = ams.matmul "m" ins(%x, %w : tensor<6x3xf32>, tensor<2x3xf32>) outs(%e : tensor<6x2xf32>) device = #device -> tensor<6x2xf32>
  // expected-remark@+1 {{is not folded into the weights of layer "m": its weights are no constant}}
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%y : tensor<6x2xf32>) outs(%e : tensor<6x2xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.mulf %p, %factor : f32
    linalg.yield %s : f32
  } -> tensor<6x2xf32>
  return %0 : tensor<6x2xf32>
}

// -----

// A variance of 0 and no epsilon.
#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1) -> (d0, d1)>
func.func @infinite(%x: tensor<6x3xf32>) -> tensor<6x2xf32> {
  %w = arith.constant dense<1.0> : tensor<2x3xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<6x2xf32>
  %y = ams.matmul "m" ins(%x, %w : tensor<6x3xf32>, tensor<2x3xf32>) outs(%e : tensor<6x2xf32>) device = #device -> tensor<6x2xf32>
  // expected-remark@+1 {{is not folded into the weights of layer "m": a weight would not be finite}}
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%y : tensor<6x2xf32>) outs(%e : tensor<6x2xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.divf %p, %zero : f32
    linalg.yield %s : f32
  } -> tensor<6x2xf32>
  return %0 : tensor<6x2xf32>
}

// -----

// No lines of each output, and no remarks: a square, a scale of each vector, a
// scale that is computed at run time, a result with another user.
#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1) -> (d0, d1)>
func.func @others(%x: tensor<6x3xf32>, %r: tensor<2xf32>) -> (tensor<6x2xf32>, tensor<6x2xf32>, tensor<6x2xf32>, tensor<6x2xf32>, tensor<6x2xf32>) {
  %w = arith.constant dense<1.0> : tensor<2x3xf32>
  %v = arith.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]> : tensor<6xf32>
  %two = arith.constant 2.0 : f32
  %e = tensor.empty() : tensor<6x2xf32>
  %a = ams.matmul "a" ins(%x, %w : tensor<6x3xf32>, tensor<2x3xf32>) outs(%e : tensor<6x2xf32>) device = #device -> tensor<6x2xf32>
  %b = ams.matmul "b" ins(%x, %w : tensor<6x3xf32>, tensor<2x3xf32>) outs(%e : tensor<6x2xf32>) device = #device -> tensor<6x2xf32>
  %c = ams.matmul "c" ins(%x, %w : tensor<6x3xf32>, tensor<2x3xf32>) outs(%e : tensor<6x2xf32>) device = #device -> tensor<6x2xf32>
  %d = ams.matmul "d" ins(%x, %w : tensor<6x3xf32>, tensor<2x3xf32>) outs(%e : tensor<6x2xf32>) device = #device -> tensor<6x2xf32>
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<6x2xf32>) outs(%e : tensor<6x2xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.mulf %p, %p : f32
    linalg.yield %s : f32
  } -> tensor<6x2xf32>
  %1 = linalg.generic {indexing_maps = [#id, affine_map<(d0, d1) -> (d0)>, #id], iterator_types = ["parallel", "parallel"]} ins(%b, %v : tensor<6x2xf32>, tensor<6xf32>) outs(%e : tensor<6x2xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.mulf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<6x2xf32>
  %2 = linalg.generic {indexing_maps = [#id, affine_map<(d0, d1) -> (d1)>, #id], iterator_types = ["parallel", "parallel"]} ins(%c, %r : tensor<6x2xf32>, tensor<2xf32>) outs(%e : tensor<6x2xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.mulf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<6x2xf32>
  %3 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%d : tensor<6x2xf32>) outs(%e : tensor<6x2xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.mulf %p, %two : f32
    linalg.yield %s : f32
  } -> tensor<6x2xf32>
  return %0, %1, %2, %3, %d : tensor<6x2xf32>, tensor<6x2xf32>, tensor<6x2xf32>, tensor<6x2xf32>, tensor<6x2xf32>
}

// -----

// Nothing follows: no memory is asked for, however many outputs there are.
#device = #ams.device<rows = 8, columns = 4>
func.func @many_outputs(%x: tensor<2x3xf32>, %w: tensor<4294967296x3xf32>, %e: tensor<2x4294967296xf32>) {
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x3xf32>, tensor<4294967296x3xf32>) outs(%e : tensor<2x4294967296xf32>) device = #device -> tensor<2x4294967296xf32>
  return
}
