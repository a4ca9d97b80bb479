// What each rule builds. That the numbers are right is for numeric-*.
// RUN: ams-opt %s --ams-differentiate --cse --split-input-file | FileCheck %s

// Of the first layer only the weights' gradient is computed: its input is data.
// A device's product has the gradients of the product that it stands for.
#device = #ams.device<rows = 8, columns = 4>
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<1x3xf32>, %[[W:.*]]: tensor<2x3xf32> {ams.name = "w", ams.weight = "w"}, %[[V:.*]]: tensor<1x2xf32> {ams.weight = "v"})
// CHECK-SAME: -> (tensor<1x1xf32> {ams.name = "loss"}, tensor<2x3xf32> {ams.name = "w.gradient"}, tensor<1x2xf32> {ams.name = "v.gradient"})
func.func @main(%x: tensor<1x3xf32>, %w: tensor<2x3xf32> {ams.name = "w", ams.weight = "w"}, %v: tensor<1x2xf32> {ams.weight = "v"}) -> (tensor<1x1xf32> {ams.name = "loss"}) {
  // CHECK: %[[H:.*]] = ams.matmul "a"
  // CHECK: %[[Y:.*]] = ams.matmul "b"
  // CHECK: %[[ONE:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%{{.*}} : tensor<1x1xf32>)
  // CHECK: %[[DH:.*]] = ams.matmul_input_gradient "b" ins(%[[ONE]], %[[V]] : tensor<1x1xf32>, tensor<1x2xf32>)
  // CHECK: %[[DV:.*]] = ams.matmul_weight_gradient "b" ins(%[[ONE]], %[[H]] : tensor<1x1xf32>, tensor<1x2xf32>)
  // CHECK-NOT: input_gradient
  // CHECK: %[[DW:.*]] = ams.matmul_weight_gradient "a" ins(%[[DH]], %[[X]] : tensor<1x2xf32>, tensor<1x3xf32>)
  // CHECK: return %[[Y]], %[[DW]], %[[DV]]
  %e0 = tensor.empty() : tensor<1x2xf32>
  %0 = ams.matmul "a" ins(%x, %w : tensor<1x3xf32>, tensor<2x3xf32>) outs(%e0 : tensor<1x2xf32>) device = #device -> tensor<1x2xf32>
  %e1 = tensor.empty() : tensor<1x1xf32>
  %1 = ams.matmul "b" ins(%0, %v : tensor<1x2xf32>, tensor<1x2xf32>) outs(%e1 : tensor<1x1xf32>) device = #device -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// -----

#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [2, 2], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: tensor<1x2x2x3xf32> {ams.weight = "x"}, %[[W:.*]]: tensor<1x2x2x3xf32> {ams.weight = "w"})
func.func @main(%x: tensor<1x2x2x3xf32> {ams.weight = "x"}, %w: tensor<1x2x2x3xf32> {ams.weight = "w"}) -> tensor<1x1x1x1xf32> {
  // CHECK: ams.conv_input_gradient "c" ins(%[[ONE:.*]], %[[W]] : tensor<1x1x1x1xf32>, tensor<1x2x2x3xf32>) outs(%{{.*}} : tensor<1x2x2x3xf32>) window = #window
  // CHECK: ams.conv_weight_gradient "c" ins(%[[ONE]], %[[X]] : tensor<1x1x1x1xf32>, tensor<1x2x2x3xf32>) outs(%{{.*}} : tensor<1x2x2x3xf32>) window = #window
  %e = tensor.empty() : tensor<1x1x1x1xf32>
  %0 = ams.conv "c" ins(%x, %w : tensor<1x2x2x3xf32>, tensor<1x2x2x3xf32>) outs(%e : tensor<1x1x1x1xf32>) window = #window device = #device -> tensor<1x1x1x1xf32>
  return %0 : tensor<1x1x1x1xf32>
}

// -----

#device = #ams.device<rows = 8, columns = 4>
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[A:.*]]: tensor<1x1x3xf32> {ams.weight = "a"}, %[[B:.*]]: tensor<1x1x3xf32> {ams.weight = "b"})
func.func @main(%a: tensor<1x1x3xf32> {ams.weight = "a"}, %b: tensor<1x1x3xf32> {ams.weight = "b"}) -> tensor<1x1x1xf32> {
  // CHECK: ams.batch_matmul_lhs_gradient "s" ins(%[[ONE:.*]], %[[B]] : tensor<1x1x1xf32>, tensor<1x1x3xf32>)
  // CHECK: ams.batch_matmul_rhs_gradient "s" ins(%[[ONE]], %[[A]] : tensor<1x1x1xf32>, tensor<1x1x3xf32>)
  %e = tensor.empty() : tensor<1x1x1xf32>
  %0 = ams.batch_matmul "s" ins(%a, %b : tensor<1x1x3xf32>, tensor<1x1x3xf32>) outs(%e : tensor<1x1x1xf32>) device = #device -> tensor<1x1x1xf32>
  return %0 : tensor<1x1x1xf32>
}

// -----

// The result is at hand: exp is not computed again, and its input is not kept.
// The gradient of what was broadcast is a sum over the loops that it was not
// indexed by. A value used twice has a gradient of two parts.
#id = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d1)>
#none = affine_map<(d0, d1) -> ()>
// CHECK-DAG: #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-DAG: #[[NONE:.*]] = affine_map<(d0, d1) -> ()>
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[A:.*]]: tensor<2x3xf32> {ams.weight = "a"}, %[[B:.*]]: tensor<3xf32> {ams.weight = "b"})
func.func @main(%a: tensor<2x3xf32> {ams.weight = "a"}, %b: tensor<3xf32> {ams.weight = "b"}) -> tensor<f32> {
  // CHECK: %[[P:.*]] = linalg.generic
  // CHECK: math.exp
  // CHECK: linalg.generic
  // CHECK: %[[ONE:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%{{.*}} : tensor<f32>)
  // Two parts of the gradient of %p, from the sum of p * p.
  // CHECK: %[[DP:.*]] = linalg.generic {indexing_maps = [#[[ID]], #[[NONE]], #[[ID]]], iterator_types = ["parallel", "parallel"]} ins(%[[P]], %[[ONE]] : tensor<2x3xf32>, tensor<f32>) outs(%{{.*}} : tensor<2x3xf32>) attrs = {ams.gradient} {
  // CHECK: %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[DP]], %[[DP]] : tensor<2x3xf32>, tensor<2x3xf32>) {{.*}} attrs = {ams.gradient}
  // CHECK: arith.addf
  // CHECK: %[[DA:.*]] = linalg.generic {indexing_maps = [#[[ID]], #[[ID]], #[[ID]]], iterator_types = ["parallel", "parallel"]} ins(%[[P]], %[[SUM]] : tensor<2x3xf32>, tensor<2x3xf32>)
  // CHECK-NEXT: ^bb0(%[[VP:.*]]: f32, %[[VD:.*]]: f32, %{{.*}}: f32):
  // CHECK-NEXT: arith.mulf %[[VD]], %[[VP]] : f32
  // CHECK-NEXT: linalg.yield
  // CHECK: %[[DB:.*]] = linalg.generic {indexing_maps = [#[[ID]], #[[ID]], #[[ROW]]], iterator_types = ["reduction", "parallel"]} ins(%[[P]], %[[SUM]] : tensor<2x3xf32>, tensor<2x3xf32>) outs(%{{.*}} : tensor<3xf32>)
  // CHECK-NEXT: ^bb0(%[[VP:.*]]: f32, %[[VD:.*]]: f32, %[[OUT:.*]]: f32):
  // CHECK-NEXT: %[[D:.*]] = arith.mulf %[[VD]], %[[VP]] : f32
  // CHECK-NEXT: %[[S:.*]] = arith.addf %[[OUT]], %[[D]] : f32
  // CHECK-NEXT: linalg.yield %[[S]]
  // CHECK: return %{{.*}}, %[[DA]], %[[DB]]
  %zero = arith.constant 0.0 : f32
  %e0 = tensor.empty() : tensor<2x3xf32>
  %p = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]} ins(%a, %b : tensor<2x3xf32>, tensor<3xf32>) outs(%e0 : tensor<2x3xf32>) {
  ^bb0(%va: f32, %vb: f32, %out: f32):
    %s = arith.addf %va, %vb : f32
    %q = math.exp %s : f32
    linalg.yield %q : f32
  } -> tensor<2x3xf32>
  %e1 = tensor.empty() : tensor<f32>
  %f1 = linalg.fill ins(%zero : f32) outs(%e1 : tensor<f32>) -> tensor<f32>
  %l = linalg.generic {indexing_maps = [#id, #id, #none], iterator_types = ["reduction", "reduction"]} ins(%p, %p : tensor<2x3xf32>, tensor<2x3xf32>) outs(%f1 : tensor<f32>) {
  ^bb0(%v: f32, %u: f32, %out: f32):
    %q = arith.mulf %v, %u : f32
    %s = arith.addf %out, %q : f32
    linalg.yield %s : f32
  } -> tensor<f32>
  return %l : tensor<f32>
}

// -----

// The elements that attain a maximum are counted, and share its gradient.
#id = affine_map<(d0) -> (d0)>
#none = affine_map<(d0) -> ()>
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[A:.*]]: tensor<3xf32> {ams.weight = "a"})
func.func @main(%a: tensor<3xf32> {ams.weight = "a"}) -> tensor<f32> {
  // CHECK: %[[MAX:.*]] = linalg.generic
  // CHECK: arith.maximumf
  // CHECK: %[[COUNT:.*]] = linalg.generic {{.*}} iterator_types = ["reduction"]} ins(%[[A]], %[[MAX]] : tensor<3xf32>, tensor<f32>)
  // CHECK: arith.cmpf oeq
  // CHECK: arith.select
  // CHECK: arith.addf
  // CHECK: linalg.generic {{.*}} iterator_types = ["parallel"]} ins(%[[A]], %[[MAX]], %{{.*}}, %[[COUNT]] : tensor<3xf32>, tensor<f32>, tensor<f32>, tensor<f32>)
  // CHECK: arith.cmpf oeq
  // CHECK: arith.divf
  // CHECK: arith.select
  %least = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : tensor<f32>
  %f = linalg.fill ins(%least : f32) outs(%e : tensor<f32>) -> tensor<f32>
  %l = linalg.generic {indexing_maps = [#id, #none], iterator_types = ["reduction"]} ins(%a : tensor<3xf32>) outs(%f : tensor<f32>) {
  ^bb0(%v: f32, %out: f32):
    %m = arith.maximumf %out, %v : f32
    linalg.yield %m : f32
  } -> tensor<f32>
  return %l : tensor<f32>
}

// -----

// Pooling is scattered: loops that two of its indices share are sums. The
// window's tensor stays, for the sizes of its loops.
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[A:.*]]: tensor<1x3x3x1xf32> {ams.weight = "a"})
func.func @main(%a: tensor<1x3x3x1xf32> {ams.weight = "a"}) -> tensor<1x1x1x1xf32> {
  // CHECK: linalg.pooling_nhwc_sum
  // CHECK: linalg.generic {indexing_maps = [#{{.*}}, #{{.*}}, #{{.*}}], iterator_types = ["parallel", "reduction", "reduction", "parallel", "reduction", "reduction"]} ins(%{{.*}}, %{{.*}} : tensor<3x3xf32>, tensor<1x1x1x1xf32>) outs(%{{.*}} : tensor<1x3x3x1xf32>) attrs = {ams.gradient}
  %zero = arith.constant 0.0 : f32
  %window = tensor.empty() : tensor<3x3xf32>
  %e = tensor.empty() : tensor<1x1x1x1xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  %y = linalg.pooling_nhwc_sum ins(%a, %window : tensor<1x3x3x1xf32>, tensor<3x3xf32>) outs(%f : tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %y : tensor<1x1x1x1xf32>
}

// -----

// Shape operations, and a weight that the loss does not depend on.
// CHECK-LABEL: func.func @main
func.func @main(%a: tensor<2x4xf32> {ams.weight = "a"}, %b: tensor<1x2xf32> {ams.weight = "b"}, %c: tensor<3xf32> {ams.weight = "c"}) -> tensor<1x1xf32> {
  // CHECK: %[[ONE:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%{{.*}} : tensor<1x1xf32>)
  // CHECK: %[[D5:.*]] = tensor.insert_slice %[[ONE]] into %{{.*}}[1, 3] [1, 1] [1, 2] : tensor<1x1xf32> into tensor<5x6xf32>
  // CHECK: %[[D4:.*]] = tensor.extract_slice %[[D5]][1, 2] [3, 4] [1, 1] : tensor<5x6xf32> to tensor<3x4xf32>
  // CHECK: %[[DA1:.*]] = tensor.extract_slice %[[D4]][0, 0] [2, 4] [1, 1] : tensor<3x4xf32> to tensor<2x4xf32>
  // CHECK: %[[D3:.*]] = tensor.extract_slice %[[D4]][2, 0] [1, 4] [1, 1] : tensor<3x4xf32> to tensor<1x4xf32>
  // CHECK: %[[DB:.*]] = tensor.extract_slice %[[D3]][0, 1] [1, 2] [1, 1] : tensor<1x4xf32> to tensor<1x2xf32>
  // CHECK: %[[D2:.*]] = tensor.insert_slice %{{.*}} into %[[D3]][0, 1] [1, 2] [1, 1] : tensor<1x2xf32> into tensor<1x4xf32>
  // CHECK: %[[D1:.*]] = tensor.insert_slice %[[D2]] into %{{.*}}[0, 0] [1, 4] [1, 1] : tensor<1x4xf32> into tensor<2x4xf32>
  // CHECK: %[[DA:.*]] = linalg.generic {{.*}} ins(%[[DA1]], %[[D1]] : tensor<2x4xf32>, tensor<2x4xf32>)
  // CHECK: %[[DC:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%{{.*}} : tensor<3xf32>)
  // CHECK: return %{{.*}}, %[[DA]], %[[DB]], %[[DC]]
  %zero = arith.constant 0.0 : f32
  %0 = tensor.extract_slice %a[0, 0] [1, 4] [1, 1] : tensor<2x4xf32> to tensor<1x4xf32>
  %1 = tensor.insert_slice %b into %0[0, 1] [1, 2] [1, 1] : tensor<1x2xf32> into tensor<1x4xf32>
  %2 = tensor.concat dim(0) %a, %1 : (tensor<2x4xf32>, tensor<1x4xf32>) -> tensor<3x4xf32>
  %3 = tensor.pad %2 low[1, 2] high[1, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<3x4xf32> to tensor<5x6xf32>
  %4 = tensor.extract_slice %3[1, 3] [1, 1] [1, 2] : tensor<5x6xf32> to tensor<1x1xf32>
  return %4 : tensor<1x1xf32>
}
