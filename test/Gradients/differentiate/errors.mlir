// Every operation without a rule is reported, at once and where it stands.
// RUN: not ams-opt %s --split-input-file --allow-unregistered-dialect --ams-differentiate=memory=little 2>&1 | FileCheck %s
// CHECK: error: memory 'little' is neither keep nor recompute
// RUN: ams-opt %s --ams-differentiate --allow-unregistered-dialect --verify-diagnostics --split-input-file

#id = affine_map<(d0) -> (d0)>
#first = affine_map<(d0) -> (0)>
func.func @main(%w: tensor<4xf32> {ams.weight = "w"}, %i: index) -> tensor<1xf32> {
  // expected-error@+1 {{'unknown' op cannot be differentiated: there is no rule for this operation}}
  %0 = "unknown"(%w) : (tensor<4xf32>) -> tensor<4xf32>
  %e = tensor.empty() : tensor<4xf32>
  // expected-error@+1 {{'linalg.generic' op cannot be differentiated: there is no rule for 'math.atan' in its body}}
  %1 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%0 : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%v: f32, %out: f32):
    %a = math.atan %v : f32
    linalg.yield %a : f32
  } -> tensor<4xf32>
  // expected-error@+1 {{'linalg.generic' op cannot be differentiated: it accumulates by something else than a sum, a maximum or a minimum}}
  %2 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%1 : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%v: f32, %out: f32):
    %p = arith.mulf %v, %out : f32
    linalg.yield %p : f32
  } -> tensor<4xf32>
  // expected-error@+1 {{'tensor.extract_slice' op cannot be differentiated: its offsets, sizes and strides must be known when compiling}}
  %3 = tensor.extract_slice %2[%i] [2] [1] : tensor<4xf32> to tensor<2xf32>
  // expected-error@+1 {{'two' op cannot be differentiated: there is no rule for this operation}}
  %4:2 = "two"(%3) : (tensor<2xf32>) -> (tensor<1xf32>, tensor<1xf32>)
  // Nothing of this reaches the loss.
  %5 = "unrelated"(%2) : (tensor<4xf32>) -> tensor<4xf32>
  return %4#0 : tensor<1xf32>
}

// -----

#id = affine_map<(d0) -> (d0)>
#none = affine_map<(d0) -> ()>
func.func @main(%w: tensor<4xf32> {ams.weight = "w"}, %i: index) -> tensor<f32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4xf32>
  %f = tensor.empty() : tensor<f32>
  %z = linalg.fill ins(%zero : f32) outs(%f : tensor<f32>) -> tensor<f32>
  %s = tensor.extract %w[%i] : tensor<4xf32>
  // expected-error@+1 {{'linalg.generic' op cannot be differentiated: its body takes values that depend on weights from outside}}
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%w : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%v: f32, %out: f32):
    %p = arith.mulf %v, %s : f32
    linalg.yield %p : f32
  } -> tensor<4xf32>
  // expected-error@+1 {{'linalg.generic' op cannot be differentiated: it takes elements of a tensor in loops that do not each run along its result}}
  %1 = linalg.generic {indexing_maps = [#id, #none], iterator_types = ["reduction"]} ins(%0 : tensor<4xf32>) outs(%z : tensor<f32>) {
  ^bb0(%v: f32, %out: f32):
    %t = tensor.extract %w[%i] : tensor<4xf32>
    %p = arith.mulf %v, %t : f32
    %a = arith.addf %out, %p : f32
    linalg.yield %a : f32
  } -> tensor<f32>
  // expected-error@+1 {{'linalg.generic' op cannot be differentiated: it overwrites elements of its result}}
  %2 = linalg.generic {indexing_maps = [#id, #none], iterator_types = ["reduction"]} ins(%0 : tensor<4xf32>) outs(%1 : tensor<f32>) {
  ^bb0(%v: f32, %out: f32):
    linalg.yield %v : f32
  } -> tensor<f32>
  %3 = linalg.add ins(%1, %2 : tensor<f32>, tensor<f32>) outs(%f : tensor<f32>) -> tensor<f32>
  return %3 : tensor<f32>
}

// -----

// expected-error@+1 {{the first result of @main must be the loss, a float32 tensor of one element: run --ams-append-loss first}}
func.func @main(%w: tensor<4xf32> {ams.weight = "w"}) -> tensor<4xf32> {
  return %w : tensor<4xf32>
}

// -----

// expected-error@+1 {{@main has no weights among its arguments: run --ams-weights-to-arguments first}}
func.func @main(%x: tensor<1xf32>) -> tensor<1xf32> {
  return %x : tensor<1xf32>
}

// -----

func.func @main(%x: tensor<2x3xf32>, %b: tensor<4xf32>, %w: tensor<4x3xf32> {ams.weight = "w"}) -> (tensor<1xf32>, tensor<2x4xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2x4xf32>
  // expected-error@+1 {{cannot be differentiated: it has an epilogue: differentiate before --ams-fuse-epilogues}}
  %y = ams.matmul "a" ins(%x, %w : tensor<2x3xf32>, tensor<4x3xf32>) outs(%e : tensor<2x4xf32>) device = #ams.device<rows = 8, columns = 4>
       epilogue = #ams.epilogue<bias = true> (%b : tensor<4xf32>) -> tensor<2x4xf32>
  %s = tensor.empty() : tensor<1xf32>
  %z = linalg.fill ins(%zero : f32) outs(%s : tensor<1xf32>) -> tensor<1xf32>
  %l = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (0)>], iterator_types = ["reduction", "reduction"]} ins(%y : tensor<2x4xf32>) outs(%z : tensor<1xf32>) {
  ^bb0(%p: f32, %o: f32):
    %q = arith.addf %p, %o : f32
    linalg.yield %q : f32
  } -> tensor<1xf32>
  return %l, %y : tensor<1xf32>, tensor<2x4xf32>
}

// -----

#id = affine_map<(d0) -> (d0)>
#none = affine_map<(d0) -> (0)>
func.func @main(%w: tensor<4xf32> {ams.weight = "w"}, %i: index) -> tensor<1xf32> {
  %zero = arith.constant 0.0 : f32
  // expected-error@+1 {{'tensor.pad' op cannot be differentiated: its padding is negative}}
  %0 = tensor.pad %w low[-1] high[0] {
  ^bb0(%a: index):
    tensor.yield %zero : f32
  } : tensor<4xf32> to tensor<3xf32>
  // expected-error@+1 {{'tensor.pad' op cannot be differentiated: its padding must be known when compiling}}
  %1 = tensor.pad %0 low[%i] high[0] {
  ^bb0(%a: index):
    tensor.yield %zero : f32
  } : tensor<3xf32> to tensor<?xf32>
  // expected-error@+1 {{there is no rule for this operation}}
  %2 = tensor.cast %1 : tensor<?xf32> to tensor<8xf32>
  // expected-error@+1 {{'tensor.expand_shape' op cannot be differentiated: it has more dimensions than are supported}}
  %3 = tensor.expand_shape %2 [[0, 1, 2, 3, 4, 5, 6, 7, 8]] output_shape [8, 1, 1, 1, 1, 1, 1, 1, 1] : tensor<8xf32> into tensor<8x1x1x1x1x1x1x1x1xf32>
  // expected-error@+1 {{'tensor.collapse_shape' op cannot be differentiated: it has more dimensions than are supported}}
  %4 = tensor.collapse_shape %3 [[0, 1, 2, 3, 4, 5, 6, 7, 8]] : tensor<8x1x1x1x1x1x1x1x1xf32> into tensor<8xf32>
  %5 = tensor.extract_slice %4[0] [1] [1] : tensor<8xf32> to tensor<1xf32>
  // expected-error@+1 {{'linalg.generic' op cannot be differentiated: it starts from values that depend on weights}}
  %6 = linalg.generic {indexing_maps = [#id, #none], iterator_types = ["reduction"]} ins(%4 : tensor<8xf32>) outs(%5 : tensor<1xf32>) {
  ^bb0(%v: f32, %o: f32):
    %m = arith.maximumf %v, %o : f32
    linalg.yield %m : f32
  } -> tensor<1xf32>
  return %6 : tensor<1xf32>
}
