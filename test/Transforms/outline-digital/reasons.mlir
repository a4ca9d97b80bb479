// Each reason for plain loops, with what it is about.
// RUN: ams-opt %s --ams-outline-digital --verify-diagnostics -o /dev/null

func.func @branch(%x: tensor<2048xf32>) -> tensor<2048xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<2048xf32>
  // expected-remark @+1 {{becomes plain loops: its body branches}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<2048xf32>) outs(%e : tensor<2048xf32>) {
  ^bb0(%v: f32, %o: f32):
    %c = arith.cmpf ogt, %v, %zero : f32
    %s = scf.if %c -> f32 {
      scf.yield %v : f32
    } else {
      scf.yield %zero : f32
    }
    linalg.yield %s : f32
  } -> tensor<2048xf32>
  return %0 : tensor<2048xf32>
}

func.func @outside(%x: tensor<2048xf32>, %f: f32) -> tensor<2048xf32> {
  %e = tensor.empty() : tensor<2048xf32>
  // expected-remark @+1 {{becomes plain loops: its body uses a value that is computed outside of it}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<2048xf32>) outs(%e : tensor<2048xf32>) {
  ^bb0(%v: f32, %o: f32):
    %s = arith.addf %v, %f : f32
    linalg.yield %s : f32
  } -> tensor<2048xf32>
  return %0 : tensor<2048xf32>
}

func.func @number(%x: tensor<2048xf32>, %f: f32) -> tensor<2048xf32> {
  %e = tensor.empty() : tensor<2048xf32>
  // expected-remark @+1 {{becomes plain loops: an operand is a number that is computed}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> ()>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x, %f : tensor<2048xf32>, f32) outs(%e : tensor<2048xf32>) {
  ^bb0(%v: f32, %w: f32, %o: f32):
    %s = arith.addf %v, %w : f32
    linalg.yield %s : f32
  } -> tensor<2048xf32>
  return %0 : tensor<2048xf32>
}

func.func @rank(%x: tensor<2048x1x1x1x1x1x1x1x1xf32>) -> tensor<2048xf32> {
  %e = tensor.empty() : tensor<2048xf32>
  // expected-remark @+1 {{becomes plain loops: an operand has too many dimensions}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0, 0, 0, 0, 0, 0, 0, 0, 0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<2048x1x1x1x1x1x1x1x1xf32>) outs(%e : tensor<2048xf32>) {
  ^bb0(%v: f32, %o: f32):
    linalg.yield %v : f32
  } -> tensor<2048xf32>
  return %0 : tensor<2048xf32>
}

func.func @loops(%x: tensor<2048x1x1x1x1x1x1x1x1xf32>) -> tensor<2048x1x1x1x1x1x1x1x1xf32> {
  // expected-remark @+1 {{becomes plain loops: it has too many loops}}
  %0 = linalg.generic {indexing_maps = [affine_map<(a, b, c, d, e, f, g, h, i) -> (a, b, c, d, e, f, g, h, i)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]} outs(%x : tensor<2048x1x1x1x1x1x1x1x1xf32>) {
  ^bb0(%o: f32):
    %s = arith.addf %o, %o : f32
    linalg.yield %s : f32
  } -> tensor<2048x1x1x1x1x1x1x1x1xf32>
  return %0 : tensor<2048x1x1x1x1x1x1x1x1xf32>
}

func.func @nothing(%x: tensor<2048xf32>) -> tensor<2048x0xf32> {
  %e = tensor.empty() : tensor<2048x0xf32>
  // expected-remark @+1 {{becomes plain loops: a loop has no iterations}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<2048xf32>) outs(%e : tensor<2048x0xf32>) {
  ^bb0(%v: f32, %o: f32):
    linalg.yield %v : f32
  } -> tensor<2048x0xf32>
  return %0 : tensor<2048x0xf32>
}

func.func @results(%x: tensor<2048xf32>) -> (tensor<2048xf32>, tensor<2048xf32>) {
  %e = tensor.empty() : tensor<2048xf32>
  // expected-remark @+1 {{becomes plain loops: it has more than one result}}
  %0:2 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<2048xf32>) outs(%e, %e : tensor<2048xf32>, tensor<2048xf32>) {
  ^bb0(%v: f32, %o: f32, %p: f32):
    linalg.yield %v, %v : f32, f32
  } -> (tensor<2048xf32>, tensor<2048xf32>)
  return %0#0, %0#1 : tensor<2048xf32>, tensor<2048xf32>
}

#id = affine_map<(d0) -> (d0)>
func.func @operands(%x: tensor<2048xf32>) -> tensor<2048xf32> {
  // expected-remark @+1 {{becomes plain loops: it has too many operands}}
  %0 = linalg.generic {indexing_maps = [#id, #id, #id, #id, #id, #id, #id, #id, #id, #id, #id, #id, #id], iterator_types = ["parallel"]}
       ins(%x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x : tensor<2048xf32>, tensor<2048xf32>, tensor<2048xf32>, tensor<2048xf32>, tensor<2048xf32>, tensor<2048xf32>, tensor<2048xf32>, tensor<2048xf32>, tensor<2048xf32>, tensor<2048xf32>, tensor<2048xf32>, tensor<2048xf32>)
       outs(%x : tensor<2048xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32, %d: f32, %e: f32, %f: f32, %g: f32, %h: f32, %i: f32, %j: f32, %k: f32, %l: f32, %o: f32):
    linalg.yield %a : f32
  } -> tensor<2048xf32>
  return %0 : tensor<2048xf32>
}

// Rows along four dimensions, no two of which merge: each has an operand.
func.func @rows(%x: tensor<4x4x4x4x8xf32>, %a: tensor<4x4x4x8xf32>, %b: tensor<4x4x4x8xf32>) -> tensor<4x4x4x4xf32> {
  %zero = arith.constant dense<0.0> : tensor<4x4x4x4xf32>
  // expected-remark @+1 {{becomes plain loops: its rows are more than three loops}}
  %0 = linalg.generic {indexing_maps = [affine_map<(a, b, c, d, k) -> (a, b, c, d, k)>, affine_map<(a, b, c, d, k) -> (a, c, d, k)>, affine_map<(a, b, c, d, k) -> (a, b, d, k)>, affine_map<(a, b, c, d, k) -> (a, b, c, d)>], iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
       ins(%x, %a, %b : tensor<4x4x4x4x8xf32>, tensor<4x4x4x8xf32>, tensor<4x4x4x8xf32>) outs(%zero : tensor<4x4x4x4xf32>) {
  ^bb0(%v: f32, %w: f32, %z: f32, %o: f32):
    %p = arith.mulf %v, %w : f32
    %q = arith.mulf %p, %z : f32
    %s = arith.addf %q, %o : f32
    linalg.yield %s : f32
  } -> tensor<4x4x4x4xf32>
  return %0 : tensor<4x4x4x4xf32>
}

func.func @inside(%x: tensor<16x16x16xf32>, %a: tensor<16x16xf32>) -> tensor<16xf32> {
  %zero = arith.constant dense<0.0> : tensor<16xf32>
  // expected-remark @+1 {{becomes plain loops: more than one loop is left inside of its rows}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d0)>], iterator_types = ["parallel", "reduction", "reduction"]}
       ins(%x, %a : tensor<16x16x16xf32>, tensor<16x16xf32>) outs(%zero : tensor<16xf32>) {
  ^bb0(%v: f32, %w: f32, %o: f32):
    %p = arith.mulf %v, %w : f32
    %s = arith.addf %p, %o : f32
    linalg.yield %s : f32
  } -> tensor<16xf32>
  return %0 : tensor<16xf32>
}

// Reductions across rows.
func.func @init(%x: tensor<64x64xf32>) -> tensor<64xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64xf32>
  %f = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} outs(%e : tensor<64xf32>) {
  ^bb0(%o: f32):
    linalg.yield %zero : f32
  } -> tensor<64xf32>
  // expected-remark @+1 {{becomes plain loops: its init is used elsewhere}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d1)>], iterator_types = ["reduction", "parallel"]}
       ins(%x, %f : tensor<64x64xf32>, tensor<64xf32>) outs(%f : tensor<64xf32>) {
  ^bb0(%v: f32, %w: f32, %o: f32):
    %p = arith.mulf %v, %w : f32
    %s = arith.addf %p, %o : f32
    linalg.yield %s : f32
  } -> tensor<64xf32>
  return %0 : tensor<64xf32>
}

func.func @across(%x: tensor<16x16x16xf32>, %a: tensor<16x16xf32>) -> tensor<16xf32> {
  %zero = arith.constant dense<0.0> : tensor<16xf32>
  // expected-remark @+1 {{becomes plain loops: its reduction does not run along one loop before the last}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2)>], iterator_types = ["reduction", "reduction", "parallel"]}
       ins(%x, %a : tensor<16x16x16xf32>, tensor<16x16xf32>) outs(%zero : tensor<16xf32>) {
  ^bb0(%v: f32, %w: f32, %o: f32):
    %p = arith.mulf %v, %w : f32
    %s = arith.addf %p, %o : f32
    linalg.yield %s : f32
  } -> tensor<16xf32>
  return %0 : tensor<16xf32>
}

func.func @columns(%x: tensor<64x64xf32>) -> tensor<64xf32> {
  %zero = arith.constant dense<0.0> : tensor<64xf32>
  // expected-remark @+1 {{becomes plain loops: an operand is not contiguous along its last loop}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d1)>], iterator_types = ["reduction", "parallel"]}
       ins(%x : tensor<64x64xf32>) outs(%zero : tensor<64xf32>) {
  ^bb0(%v: f32, %o: f32):
    %s = arith.addf %v, %o : f32
    linalg.yield %s : f32
  } -> tensor<64xf32>
  return %0 : tensor<64xf32>
}
