// What is like an epilogue and stays apart, with a remark that says why.
// RUN: ams-opt %s --ams-fuse-epilogues --split-input-file --verify-diagnostics | FileCheck %s
// CHECK-NOT: epilogue = #ams.epilogue<{{.*}}(

// One of several users.
#device = #ams.device<rows = 8, columns = 4>
func.func @users(%x: tensor<6x3xf32>, %r: tensor<6x5xf32>) -> (tensor<6x5xf32>, tensor<6x5xf32>) {
  %w = arith.constant dense<1.0> : tensor<5x3xf32>
  %i = tensor.empty() : tensor<6x5xf32>
  // expected-remark@+1 {{nothing more is fused into layer "a": its result has several users}}
  %a = ams.matmul "a" ins(%x, %w : tensor<6x3xf32>, tensor<5x3xf32>) outs(%i : tensor<6x5xf32>) device = #device -> tensor<6x5xf32>
  %y = linalg.add ins(%a, %r : tensor<6x5xf32>, tensor<6x5xf32>) outs(%i : tensor<6x5xf32>) -> tensor<6x5xf32>
  return %a, %y : tensor<6x5xf32>, tensor<6x5xf32>
}

// -----

// Another operation.
#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1) -> (d0, d1)>
func.func @other(%x: tensor<6x3xf32>) -> tensor<6x5xf32> {
  %w = arith.constant dense<1.0> : tensor<5x3xf32>
  %i = tensor.empty() : tensor<6x5xf32>
  %a = ams.matmul "a" ins(%x, %w : tensor<6x3xf32>, tensor<5x3xf32>) outs(%i : tensor<6x5xf32>) device = #device -> tensor<6x5xf32>
  // expected-remark@+1 {{is not fused into layer "a": it is none of bias, residual, clamp}}
  %y = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<6x5xf32>) outs(%i : tensor<6x5xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = math.tanh %p : f32
    linalg.yield %s : f32
  } -> tensor<6x5xf32>
  return %y : tensor<6x5xf32>
}

// -----

// One number a vector; and a number that is none of the operation's inputs.
#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1) -> (d0, d1)>
func.func @addends(%x: tensor<6x3xf32>, %r: tensor<6xf32>, %f: f32) -> (tensor<6x5xf32>, tensor<6x5xf32>) {
  %w = arith.constant dense<1.0> : tensor<5x3xf32>
  %i = tensor.empty() : tensor<6x5xf32>
  %a = ams.matmul "a" ins(%x, %w : tensor<6x3xf32>, tensor<5x3xf32>) outs(%i : tensor<6x5xf32>) device = #device -> tensor<6x5xf32>
  %b = ams.matmul "b" ins(%x, %w : tensor<6x3xf32>, tensor<5x3xf32>) outs(%i : tensor<6x5xf32>) device = #device -> tensor<6x5xf32>
  // expected-remark@+1 {{is not fused into layer "a": what it adds is neither one number an output nor one an element}}
  %y = linalg.generic {indexing_maps = [#id, affine_map<(d0, d1) -> (d0)>, #id], iterator_types = ["parallel", "parallel"]} ins(%a, %r : tensor<6x5xf32>, tensor<6xf32>) outs(%i : tensor<6x5xf32>) {
  ^bb0(%p: f32, %q: f32, %o: f32):
    %s = arith.addf %p, %q : f32
    linalg.yield %s : f32
  } -> tensor<6x5xf32>
  // expected-remark@+1 {{is not fused into layer "b": what it adds is neither one number an output nor one an element}}
  %z = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%b : tensor<6x5xf32>) outs(%i : tensor<6x5xf32>) {
  ^bb0(%p: f32, %o: f32):
    %s = arith.addf %p, %f : f32
    linalg.yield %s : f32
  } -> tensor<6x5xf32>
  return %y, %z : tensor<6x5xf32>, tensor<6x5xf32>
}

// -----

// Comparisons and bounds that treat NaN or zeros otherwise.
#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1) -> (d0, d1)>
func.func @bounds(%x: tensor<6x3xf32>) -> (tensor<6x5xf32>, tensor<6x5xf32>, tensor<6x5xf32>) {
  %w = arith.constant dense<1.0> : tensor<5x3xf32>
  %zero = arith.constant 0.0 : f32
  %nan = arith.constant 0x7fc00000 : f32
  %i = tensor.empty() : tensor<6x5xf32>
  %a = ams.matmul "a" ins(%x, %w : tensor<6x3xf32>, tensor<5x3xf32>) outs(%i : tensor<6x5xf32>) device = #device -> tensor<6x5xf32>
  %b = ams.matmul "b" ins(%x, %w : tensor<6x3xf32>, tensor<5x3xf32>) outs(%i : tensor<6x5xf32>) device = #device -> tensor<6x5xf32>
  %c = ams.matmul "c" ins(%x, %w : tensor<6x3xf32>, tensor<5x3xf32>) outs(%i : tensor<6x5xf32>) device = #device -> tensor<6x5xf32>
  // expected-remark@+1 {{is not fused into layer "a": its comparison treats NaN or zeros otherwise than D7}}
  %p = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<6x5xf32>) outs(%i : tensor<6x5xf32>) {
  ^bb0(%v: f32, %o: f32):
    %above = arith.cmpf ogt, %v, %zero : f32
    %s = arith.select %above, %v, %zero : f32
    linalg.yield %s : f32
  } -> tensor<6x5xf32>
  // expected-remark@+1 {{is not fused into layer "b": of two zeros it takes another than D7}}
  %q = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%b : tensor<6x5xf32>) outs(%i : tensor<6x5xf32>) {
  ^bb0(%v: f32, %o: f32):
    %s = arith.minimumf %v, %zero : f32
    linalg.yield %s : f32
  } -> tensor<6x5xf32>
  // expected-remark@+1 {{is not fused into layer "c": its bound is no number}}
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%c : tensor<6x5xf32>) outs(%i : tensor<6x5xf32>) {
  ^bb0(%v: f32, %o: f32):
    %s = arith.maximumf %v, %nan : f32
    linalg.yield %s : f32
  } -> tensor<6x5xf32>
  return %p, %q, %r : tensor<6x5xf32>, tensor<6x5xf32>, tensor<6x5xf32>
}

// -----

// Another order: what comes first is fused, and no more. An empty range.
#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1) -> (d0, d1)>
func.func @order(%x: tensor<6x3xf32>, %r: tensor<6x5xf32>) -> (tensor<6x5xf32>, tensor<6x5xf32>) {
  %w = arith.constant dense<1.0> : tensor<5x3xf32>
  %zero = arith.constant 0.0 : f32
  %less = arith.constant -1.0 : f32
  %i = tensor.empty() : tensor<6x5xf32>
  // CHECK: ams.matmul "a" {{.*}} epilogue = #ams.epilogue<low = 0.000000e+00> -> tensor<6x5xf32>
  %a = ams.matmul "a" ins(%x, %w : tensor<6x3xf32>, tensor<5x3xf32>) outs(%i : tensor<6x5xf32>) device = #device -> tensor<6x5xf32>
  %b = ams.matmul "b" ins(%x, %w : tensor<6x3xf32>, tensor<5x3xf32>) outs(%i : tensor<6x5xf32>) device = #device -> tensor<6x5xf32>
  %p = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<6x5xf32>) outs(%i : tensor<6x5xf32>) {
  ^bb0(%v: f32, %o: f32):
    %s = arith.maximumf %v, %zero : f32
    linalg.yield %s : f32
  } -> tensor<6x5xf32>
  // expected-remark@+1 {{is not fused into layer "a": an epilogue has one bias, one residual and one clamp, in this order}}
  %q = linalg.add ins(%p, %r : tensor<6x5xf32>, tensor<6x5xf32>) outs(%i : tensor<6x5xf32>) -> tensor<6x5xf32>
  // expected-remark@+1 {{is not fused into layer "b": its range is empty}}
  %s = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%b : tensor<6x5xf32>) outs(%i : tensor<6x5xf32>) {
  ^bb0(%v: f32, %o: f32):
    %t = arith.maximumf %v, %zero : f32
    %u = arith.minimumf %t, %less : f32
    linalg.yield %u : f32
  } -> tensor<6x5xf32>
  return %q, %s : tensor<6x5xf32>, tensor<6x5xf32>
}

// -----

// Products keep their order: "a" may not move behind "b", nor the other way.
#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1) -> (d0, d1)>
func.func @between(%x: tensor<6x3xf32>) -> (tensor<6x5xf32>, tensor<6x5xf32>) {
  %w = arith.constant dense<1.0> : tensor<5x3xf32>
  %i = tensor.empty() : tensor<6x5xf32>
  %a = ams.matmul "a" ins(%x, %w : tensor<6x3xf32>, tensor<5x3xf32>) outs(%i : tensor<6x5xf32>) device = #device -> tensor<6x5xf32>
  // expected-remark@+1 {{nothing more is fused into layer "b": its result has several users}}
  %b = ams.matmul "b" ins(%x, %w : tensor<6x3xf32>, tensor<5x3xf32>) outs(%i : tensor<6x5xf32>) device = #device -> tensor<6x5xf32>
  // expected-remark@+1 {{is not fused into layer "a": what it adds is computed after another layer}}
  %y = linalg.add ins(%a, %b : tensor<6x5xf32>, tensor<6x5xf32>) outs(%i : tensor<6x5xf32>) -> tensor<6x5xf32>
  return %y, %b : tensor<6x5xf32>, tensor<6x5xf32>
}

// -----

// Weights that are arguments of a training step.
#device = #ams.device<rows = 8, columns = 4>
func.func @varying(%x: tensor<6x3xf32>, %w: tensor<5x3xf32>, %r: tensor<6x5xf32>) -> tensor<6x5xf32> {
  %i = tensor.empty() : tensor<6x5xf32>
  %a = ams.matmul "a" ins(%x, %w : tensor<6x3xf32>, tensor<5x3xf32>) outs(%i : tensor<6x5xf32>) device = #device -> tensor<6x5xf32>
  // expected-remark@+1 {{is not fused into layer "a": its weights vary}}
  %y = linalg.add ins(%a, %r : tensor<6x5xf32>, tensor<6x5xf32>) outs(%i : tensor<6x5xf32>) -> tensor<6x5xf32>
  return %y : tensor<6x5xf32>
}
