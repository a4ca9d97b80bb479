// What the backward pass uses of the forward pass is kept, or computed again from
// what is: the choice shows.
// RUN: ams-opt %s --ams-differentiate --cse | FileCheck %s --check-prefix=KEEP
// RUN: ams-opt %s --ams-differentiate=memory=recompute --cse | FileCheck %s --check-prefix=RECOMPUTE

#device = #ams.device<rows = 8, columns = 4>
#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d1)>

// KEEP-NOT: ams.recomputed
// KEEP: %[[Y:.*]] = ams.matmul "a" {{.*}} device = #device ->
// KEEP: %[[BIASED:.*]] = linalg.generic {{.*}} ins(%[[Y]], %{{.*}} attrs = {ams.kept} {
// KEEP: %[[TANH:.*]] = linalg.generic {{.*}} ins(%[[BIASED]] : {{.*}} attrs = {ams.kept} {
// KEEP: ams.matmul "b" ins(%[[TANH]],
// KEEP: ams.matmul_weight_gradient "b" ins(%{{.*}}, %[[TANH]] :
// KEEP: linalg.generic {{.*}} ins(%[[BIASED]], %{{.*}} attrs = {ams.gradient} {
// KEEP-NOT: ams.recomputed

// Only the layer's own result is kept; the rest follows from it and the weights,
// and is not merged with what it is a copy of.
// RECOMPUTE: %[[Y:.*]] = ams.matmul "a" {{.*}} device = #device {ams.kept} ->
// RECOMPUTE-NOT: ams.kept
// RECOMPUTE: ams.matmul "b"
// RECOMPUTE: %[[AGAIN:.*]] = linalg.generic {{.*}} ins(%[[Y]], %{{.*}} attrs = {ams.recomputed} {
// RECOMPUTE: %[[TANH:.*]] = linalg.generic {{.*}} ins(%[[AGAIN]] : {{.*}} attrs = {ams.recomputed} {
// RECOMPUTE: ams.matmul_weight_gradient "b" ins(%{{.*}}, %[[TANH]] :
// RECOMPUTE: linalg.generic {{.*}} ins(%[[AGAIN]], %{{.*}} attrs = {ams.gradient} {
func.func @main(%x: tensor<1x3xf32>, %w: tensor<2x3xf32> {ams.weight = "w"}, %b: tensor<2xf32> {ams.weight = "b"}, %v: tensor<1x2xf32> {ams.weight = "v"}) -> tensor<1x1xf32> {
  %e0 = tensor.empty() : tensor<1x2xf32>
  %y = ams.matmul "a" ins(%x, %w : tensor<1x3xf32>, tensor<2x3xf32>) outs(%e0 : tensor<1x2xf32>) device = #device -> tensor<1x2xf32>
  %biased = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%y, %b : tensor<1x2xf32>, tensor<2xf32>) outs(%e0 : tensor<1x2xf32>) {
  ^bb0(%u: f32, %t: f32, %out: f32):
    %s = arith.addf %u, %t : f32
    linalg.yield %s : f32
  } -> tensor<1x2xf32>
  %bent = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]} ins(%biased : tensor<1x2xf32>) outs(%e0 : tensor<1x2xf32>) {
  ^bb0(%u: f32, %out: f32):
    %t = math.tanh %u : f32
    %p = arith.mulf %t, %u : f32
    linalg.yield %p : f32
  } -> tensor<1x2xf32>
  %e1 = tensor.empty() : tensor<1x1xf32>
  %z = ams.matmul "b" ins(%bent, %v : tensor<1x2xf32>, tensor<1x2xf32>) outs(%e1 : tensor<1x1xf32>) device = #device -> tensor<1x1xf32>
  return %z : tensor<1x1xf32>
}
