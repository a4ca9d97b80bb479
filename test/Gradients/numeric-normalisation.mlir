// Gradients of softmax and normalisations, compiled, against central differences
// in float64.
// REQUIRES: unsanitized
// RUN: %python %S/check_gradients.py %s softmax-cross-entropy %t %ams_lib

#both = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d1)>
#column = affine_map<(d0, d1) -> (d0)>
func.func @main(%x: tensor<6x8xf32>) -> tensor<6x8xf32> {
  %input = arith.constant {ams.weight = "input"} dense<0.0> : tensor<6x8xf32>
  %gamma = arith.constant {ams.weight = "gamma"} dense<0.0> : tensor<8xf32>
  %beta = arith.constant {ams.weight = "beta"} dense<0.0> : tensor<8xf32>
  %zero = arith.constant 0.0 : f32
  %least = arith.constant 0xFF800000 : f32
  %six = arith.constant 6.0 : f32
  %eight = arith.constant 8.0 : f32
  %epsilon = arith.constant 1.0e-3 : f32
  %e = tensor.empty() : tensor<6x8xf32>
  %er = tensor.empty() : tensor<8xf32>
  %ec = tensor.empty() : tensor<6xf32>
  %zr = linalg.fill ins(%zero : f32) outs(%er : tensor<8xf32>) -> tensor<8xf32>
  %zc = linalg.fill ins(%zero : f32) outs(%ec : tensor<6xf32>) -> tensor<6xf32>
  %start = linalg.add ins(%x, %input : tensor<6x8xf32>, tensor<6x8xf32>) outs(%e : tensor<6x8xf32>) -> tensor<6x8xf32>

  // Batch normalisation as training computes it: moments over the batch.
  %bs = linalg.generic {indexing_maps = [#both, #row], iterator_types = ["reduction", "parallel"]} ins(%start : tensor<6x8xf32>) outs(%zr : tensor<8xf32>) {
  ^bb0(%v: f32, %out: f32):
    %s = arith.addf %out, %v : f32
    linalg.yield %s : f32
  } -> tensor<8xf32>
  %bc = linalg.generic {indexing_maps = [#both, #row, #both], iterator_types = ["parallel", "parallel"]} ins(%start, %bs : tensor<6x8xf32>, tensor<8xf32>) outs(%e : tensor<6x8xf32>) {
  ^bb0(%v: f32, %s: f32, %out: f32):
    %m = arith.divf %s, %six : f32
    %d = arith.subf %v, %m : f32
    linalg.yield %d : f32
  } -> tensor<6x8xf32>
  %bq = linalg.generic {indexing_maps = [#both, #row], iterator_types = ["reduction", "parallel"]} ins(%bc : tensor<6x8xf32>) outs(%zr : tensor<8xf32>) {
  ^bb0(%v: f32, %out: f32):
    %q = arith.mulf %v, %v : f32
    %s = arith.addf %q, %out : f32
    linalg.yield %s : f32
  } -> tensor<8xf32>
  %bn = linalg.generic {indexing_maps = [#both, #row, #row, #row, #both], iterator_types = ["parallel", "parallel"]} ins(%bc, %bq, %gamma, %beta : tensor<6x8xf32>, tensor<8xf32>, tensor<8xf32>, tensor<8xf32>) outs(%e : tensor<6x8xf32>) {
  ^bb0(%v: f32, %s: f32, %g: f32, %b: f32, %out: f32):
    %m = arith.divf %s, %six : f32
    %n = arith.addf %m, %epsilon : f32
    %r = math.rsqrt %n : f32
    %0 = arith.mulf %v, %r : f32
    %1 = arith.mulf %0, %g : f32
    %2 = arith.addf %1, %b : f32
    linalg.yield %2 : f32
  } -> tensor<6x8xf32>

  // Layer normalisation.
  %ls = linalg.generic {indexing_maps = [#both, #column], iterator_types = ["parallel", "reduction"]} ins(%bn : tensor<6x8xf32>) outs(%zc : tensor<6xf32>) {
  ^bb0(%v: f32, %out: f32):
    %s = arith.addf %out, %v : f32
    linalg.yield %s : f32
  } -> tensor<6xf32>
  %lc = linalg.generic {indexing_maps = [#both, #column, #both], iterator_types = ["parallel", "parallel"]} ins(%bn, %ls : tensor<6x8xf32>, tensor<6xf32>) outs(%e : tensor<6x8xf32>) {
  ^bb0(%v: f32, %s: f32, %out: f32):
    %m = arith.divf %s, %eight : f32
    %d = arith.subf %v, %m : f32
    linalg.yield %d : f32
  } -> tensor<6x8xf32>
  %lq = linalg.generic {indexing_maps = [#both, #column], iterator_types = ["parallel", "reduction"]} ins(%lc : tensor<6x8xf32>) outs(%zc : tensor<6xf32>) {
  ^bb0(%v: f32, %out: f32):
    %q = arith.mulf %v, %v : f32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<6xf32>
  %ln = linalg.generic {indexing_maps = [#both, #column, #row, #both], iterator_types = ["parallel", "parallel"]} ins(%lc, %lq, %gamma : tensor<6x8xf32>, tensor<6xf32>, tensor<8xf32>) outs(%e : tensor<6x8xf32>) {
  ^bb0(%v: f32, %s: f32, %g: f32, %out: f32):
    %m = arith.divf %s, %eight : f32
    %n = arith.addf %m, %epsilon : f32
    %r = math.sqrt %n : f32
    %0 = arith.divf %v, %r : f32
    %1 = arith.mulf %0, %g : f32
    linalg.yield %1 : f32
  } -> tensor<6x8xf32>

  // Softmax.
  %fm = linalg.fill ins(%least : f32) outs(%ec : tensor<6xf32>) -> tensor<6xf32>
  %max = linalg.generic {indexing_maps = [#both, #column], iterator_types = ["parallel", "reduction"]} ins(%ln : tensor<6x8xf32>) outs(%fm : tensor<6xf32>) {
  ^bb0(%v: f32, %out: f32):
    %m = arith.maximumf %out, %v : f32
    linalg.yield %m : f32
  } -> tensor<6xf32>
  %power = linalg.generic {indexing_maps = [#both, #column, #both], iterator_types = ["parallel", "parallel"]} ins(%ln, %max : tensor<6x8xf32>, tensor<6xf32>) outs(%e : tensor<6x8xf32>) {
  ^bb0(%v: f32, %m: f32, %out: f32):
    %d = arith.subf %v, %m : f32
    %p = math.exp %d : f32
    linalg.yield %p : f32
  } -> tensor<6x8xf32>
  %sum = linalg.generic {indexing_maps = [#both, #column], iterator_types = ["parallel", "reduction"]} ins(%power : tensor<6x8xf32>) outs(%zc : tensor<6xf32>) {
  ^bb0(%v: f32, %out: f32):
    %s = arith.addf %out, %v : f32
    linalg.yield %s : f32
  } -> tensor<6xf32>
  %y = linalg.generic {indexing_maps = [#both, #column, #both], iterator_types = ["parallel", "parallel"]} ins(%power, %sum : tensor<6x8xf32>, tensor<6xf32>) outs(%e : tensor<6x8xf32>) {
  ^bb0(%v: f32, %s: f32, %out: f32):
    %q = arith.divf %v, %s : f32
    linalg.yield %q : f32
  } -> tensor<6x8xf32>
  return %y : tensor<6x8xf32>
}
