// Contractions, named or generic, become products in the layout of the device.
// RUN: ams-opt %s --convert-linalg-to-ams=device=abfp-n8 --split-input-file | FileCheck %s

// CHECK-DAG: #[[DEVICE:device]] = #ams.device<rows = 8, columns = 8, noise = [#ams.uniform<width = 1.000000e+00>]>
// The weights of linalg.matmul are [K, N], the device's [N, K].
// CHECK-LABEL: @matmul
// CHECK-SAME: (%[[X:.*]]: tensor<4x3xf32>)
func.func @matmul(%x: tensor<4x3xf32>) -> tensor<4x2xf32> {
  // CHECK-DAG: %[[W:.*]] = arith.constant dense<{{.*}}> : tensor<3x2xf32>
  // CHECK: %[[T:.*]] = linalg.transpose ins(%[[W]] : tensor<3x2xf32>) outs(%{{.*}} : tensor<2x3xf32>) permutation = [1, 0]
  // CHECK: %[[INIT:.*]] = tensor.empty() : tensor<4x2xf32>
  // CHECK: %[[Y:.*]] = ams.matmul "matmul" ins(%[[X]], %[[T]] : tensor<4x3xf32>, tensor<2x3xf32>) outs(%[[INIT]] : tensor<4x2xf32>) device = #[[DEVICE]] -> tensor<4x2xf32>
  // CHECK-NEXT: return %[[Y]]
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<4x2xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<4x2xf32>) -> tensor<4x2xf32>
  %y = linalg.matmul ins(%x, %w : tensor<4x3xf32>, tensor<3x2xf32>) outs(%init : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

// Weights that are [N, K] already are taken as they are; an accumulator of
// zeros may be a splat constant.
// CHECK-LABEL: @matmul_transposed_weights
// CHECK-SAME: (%[[X:.*]]: tensor<4x3xf32>)
func.func @matmul_transposed_weights(%x: tensor<4x3xf32>) -> tensor<4x2xf32> {
  // CHECK-DAG: %[[W:.*]] = arith.constant dense<{{.*}}> : tensor<2x3xf32>
  // CHECK-NOT: linalg.transpose
  // CHECK: %[[Y:.*]] = ams.matmul "matmul" ins(%[[X]], %[[W]] : tensor<4x3xf32>, tensor<2x3xf32>)
  // CHECK-NEXT: return %[[Y]]
  %w = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %init = arith.constant dense<0.0> : tensor<4x2xf32>
  %y = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
       ins(%x, %w : tensor<4x3xf32>, tensor<2x3xf32>) outs(%init : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

// CHECK-LABEL: @matmul_transposed_input
// CHECK-SAME: (%[[X:.*]]: tensor<3x4xf32>)
func.func @matmul_transposed_input(%x: tensor<3x4xf32>) -> tensor<4x2xf32> {
  // CHECK: %[[T:.*]] = linalg.transpose ins(%[[X]] : tensor<3x4xf32>) outs(%{{.*}} : tensor<4x3xf32>) permutation = [1, 0]
  // CHECK: ams.matmul "matmul" ins(%[[T]], %{{.*}} : tensor<4x3xf32>, tensor<2x3xf32>)
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %init = arith.constant dense<0.0> : tensor<4x2xf32>
  %y = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (k, m)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>]
       ins(%x, %w : tensor<3x4xf32>, tensor<3x2xf32>) outs(%init : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

// A constant on the left holds the weights: y^T = x^T W^T.
// CHECK-LABEL: @matmul_weights_left
// CHECK-SAME: (%[[X:.*]]: tensor<3x4xf32>)
func.func @matmul_weights_left(%x: tensor<3x4xf32>) -> tensor<2x4xf32> {
  // CHECK-DAG: %[[W:.*]] = arith.constant dense<{{.*}}> : tensor<2x3xf32>
  // CHECK: %[[T:.*]] = linalg.transpose ins(%[[X]] : tensor<3x4xf32>) outs(%{{.*}} : tensor<4x3xf32>) permutation = [1, 0]
  // CHECK: %[[Y:.*]] = ams.matmul "matmul" ins(%[[T]], %[[W]] : tensor<4x3xf32>, tensor<2x3xf32>) outs(%{{.*}} : tensor<4x2xf32>)
  // CHECK: %[[R:.*]] = linalg.transpose ins(%[[Y]] : tensor<4x2xf32>) outs(%{{.*}} : tensor<2x4xf32>) permutation = [1, 0]
  // CHECK-NEXT: return %[[R]]
  %w = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %init = arith.constant dense<0.0> : tensor<2x4xf32>
  %y = linalg.matmul ins(%w, %x : tensor<2x3xf32>, tensor<3x4xf32>) outs(%init : tensor<2x4xf32>) -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// -----

// An accumulator other than zeros is added digitally afterwards.
// CHECK-LABEL: @accumulator
// CHECK-SAME: (%[[X:.*]]: tensor<4x3xf32>, %[[B:.*]]: tensor<4x2xf32>)
func.func @accumulator(%x: tensor<4x3xf32>, %b: tensor<4x2xf32>) -> tensor<4x2xf32> {
  // CHECK: %[[INIT:.*]] = tensor.empty() : tensor<4x2xf32>
  // CHECK: %[[Y:.*]] = ams.matmul {{.*}} outs(%[[INIT]] : tensor<4x2xf32>)
  // CHECK: %[[SUM:.*]] = linalg.add ins(%[[Y]], %[[B]] : tensor<4x2xf32>, tensor<4x2xf32>)
  // CHECK-NEXT: return %[[SUM]]
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %y = linalg.matmul ins(%x, %w : tensor<4x3xf32>, tensor<3x2xf32>) outs(%b : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

// So is one filled with another value, and one of constants that differ.
// CHECK-LABEL: @accumulator_ones
func.func @accumulator_ones(%x: tensor<4x2xf32>) -> (tensor<4x2xf32>, tensor<4x2xf32>) {
  // CHECK: %[[FILL:.*]] = linalg.fill
  // CHECK: %[[Y:.*]] = ams.matmul "matmul" {{.*}}
  // CHECK: linalg.add ins(%[[Y]], %[[FILL]]
  // CHECK: %[[Z:.*]] = ams.matmul "matmul_1"
  // CHECK: linalg.add ins(%[[Z]], %{{.*}}
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %one = arith.constant 1.0 : f32
  %empty = tensor.empty() : tensor<4x2xf32>
  %ones = linalg.fill ins(%one : f32) outs(%empty : tensor<4x2xf32>) -> tensor<4x2xf32>
  %other = arith.constant dense<[[0.0, 1.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]]> : tensor<4x2xf32>
  %y = linalg.matmul ins(%x, %w : tensor<4x2xf32>, tensor<2x2xf32>) outs(%ones : tensor<4x2xf32>) -> tensor<4x2xf32>
  %z = linalg.matmul ins(%x, %w : tensor<4x2xf32>, tensor<2x2xf32>) outs(%other : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %y, %z : tensor<4x2xf32>, tensor<4x2xf32>
}

// -----

// CHECK-LABEL: @matvec
// CHECK-SAME: (%[[X:.*]]: tensor<3xf32>)
func.func @matvec(%x: tensor<3xf32>) -> tensor<2xf32> {
  // CHECK: %[[ROW:.*]] = tensor.expand_shape %[[X]] {{\[}}[0, 1]] output_shape [1, 3] : tensor<3xf32> into tensor<1x3xf32>
  // CHECK: %[[Y:.*]] = ams.matmul "matmul" ins(%[[ROW]], %{{.*}} : tensor<1x3xf32>, tensor<2x3xf32>) outs(%{{.*}} : tensor<1x2xf32>)
  // CHECK: tensor.collapse_shape %[[Y]] {{\[}}[0, 1]] : tensor<1x2xf32> into tensor<2xf32>
  %w = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %init = arith.constant dense<0.0> : tensor<2xf32>
  %y = linalg.matvec ins(%w, %x : tensor<2x3xf32>, tensor<3xf32>) outs(%init : tensor<2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

// CHECK-LABEL: @vecmat
// CHECK-SAME: (%[[X:.*]]: tensor<3xf32>)
func.func @vecmat(%x: tensor<3xf32>) -> tensor<2xf32> {
  // CHECK-DAG: %[[ROW:.*]] = tensor.expand_shape %[[X]] {{\[}}[0, 1]] output_shape [1, 3]
  // CHECK-DAG: %[[W:.*]] = linalg.transpose ins(%{{.*}} : tensor<3x2xf32>) outs(%{{.*}} : tensor<2x3xf32>) permutation = [1, 0]
  // CHECK: ams.matmul "matmul" ins(%[[ROW]], %[[W]] : tensor<1x3xf32>, tensor<2x3xf32>)
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %init = arith.constant dense<0.0> : tensor<2xf32>
  %y = linalg.vecmat ins(%x, %w : tensor<3xf32>, tensor<3x2xf32>) outs(%init : tensor<2xf32>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

// CHECK-LABEL: @dot
func.func @dot(%x: tensor<3xf32>, %b: tensor<f32>) -> tensor<f32> {
  // CHECK: %[[Y:.*]] = ams.matmul "matmul" ins(%{{.*}}, %{{.*}} : tensor<1x3xf32>, tensor<1x3xf32>) outs(%{{.*}} : tensor<1x1xf32>)
  // CHECK: %[[SCALAR:.*]] = tensor.collapse_shape %[[Y]] [] : tensor<1x1xf32> into tensor<f32>
  // CHECK: linalg.add ins(%[[SCALAR]], %{{.*}} : tensor<f32>, tensor<f32>)
  %w = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %y = linalg.dot ins(%x, %w : tensor<3xf32>, tensor<3xf32>) outs(%b : tensor<f32>) -> tensor<f32>
  return %y : tensor<f32>
}

// -----

// A batch that shares constant weights is more input vectors.
// CHECK-LABEL: @shared_weights
// CHECK-SAME: (%[[X:.*]]: tensor<5x4x3xf32>)
func.func @shared_weights(%x: tensor<5x4x3xf32>) -> tensor<5x4x2xf32> {
  // CHECK: %[[FLAT:.*]] = tensor.collapse_shape %[[X]] {{\[}}[0, 1], [2]] : tensor<5x4x3xf32> into tensor<20x3xf32>
  // CHECK: %[[Y:.*]] = ams.matmul "matmul" ins(%[[FLAT]], %{{.*}} : tensor<20x3xf32>, tensor<2x3xf32>)
  // CHECK: tensor.expand_shape %[[Y]] {{\[}}[0, 1], [2]] output_shape [5, 4, 2] : tensor<20x2xf32> into tensor<5x4x2xf32>
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %init = arith.constant dense<0.0> : tensor<5x4x2xf32>
  %y = linalg.contract indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (k, n)>, affine_map<(b, m, n, k) -> (b, m, n)>]
       ins(%x, %w : tensor<5x4x3xf32>, tensor<3x2xf32>) outs(%init : tensor<5x4x2xf32>) -> tensor<5x4x2xf32>
  return %y : tensor<5x4x2xf32>
}

// -----

// Several reductions, and a result laid out otherwise.
// CHECK-LABEL: @generic
// CHECK-SAME: (%[[X:.*]]: tensor<3x4x5xf32>)
func.func @generic(%x: tensor<3x4x5xf32>) -> tensor<2x4xf32> {
  // Weights [5, 2, 3] to [2, 3, 5] to [2, 15], input [3, 4, 5] to [4, 3, 5].
  // CHECK: %[[XT:.*]] = linalg.transpose ins(%[[X]] : tensor<3x4x5xf32>) outs(%{{.*}} : tensor<4x3x5xf32>) permutation = [1, 0, 2]
  // CHECK: %[[XF:.*]] = tensor.collapse_shape %[[XT]] {{\[}}[0], [1, 2]] : tensor<4x3x5xf32> into tensor<4x15xf32>
  // CHECK: %[[WT:.*]] = linalg.transpose ins(%{{.*}} : tensor<5x2x3xf32>) outs(%{{.*}} : tensor<2x3x5xf32>) permutation = [1, 2, 0]
  // CHECK: %[[WF:.*]] = tensor.collapse_shape %[[WT]] {{\[}}[0], [1, 2]] : tensor<2x3x5xf32> into tensor<2x15xf32>
  // CHECK: %[[Y:.*]] = ams.matmul "matmul" ins(%[[XF]], %[[WF]] : tensor<4x15xf32>, tensor<2x15xf32>) outs(%{{.*}} : tensor<4x2xf32>)
  // CHECK: linalg.transpose ins(%[[Y]] : tensor<4x2xf32>) outs(%{{.*}} : tensor<2x4xf32>) permutation = [1, 0]
  %w = arith.constant dense<1.0> : tensor<5x2x3xf32>
  %init = arith.constant dense<0.0> : tensor<2x4xf32>
  // The body's operands in another order.
  %y = linalg.generic {indexing_maps = [affine_map<(m, n, k, l) -> (k, m, l)>, affine_map<(m, n, k, l) -> (l, n, k)>, affine_map<(m, n, k, l) -> (n, m)>],
                       iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
       ins(%x, %w : tensor<3x4x5xf32>, tensor<5x2x3xf32>) outs(%init : tensor<2x4xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.mulf %b, %a : f32
    %1 = arith.addf %c, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// -----

// Two activations: nothing is programmed ahead, and rhs is [B, N, K].
// CHECK-LABEL: @batch_matmul
// CHECK-SAME: (%[[A:.*]]: tensor<5x4x3xf32>, %[[B:.*]]: tensor<5x3x2xf32>)
func.func @batch_matmul(%a: tensor<5x4x3xf32>, %b: tensor<5x3x2xf32>) -> tensor<5x4x2xf32> {
  // CHECK: %[[T:.*]] = linalg.transpose ins(%[[B]] : tensor<5x3x2xf32>) outs(%{{.*}} : tensor<5x2x3xf32>) permutation = [0, 2, 1]
  // CHECK: ams.batch_matmul "batch_matmul" ins(%[[A]], %[[T]] : tensor<5x4x3xf32>, tensor<5x2x3xf32>) outs(%{{.*}} : tensor<5x4x2xf32>)
  %init = arith.constant dense<0.0> : tensor<5x4x2xf32>
  %y = linalg.batch_matmul ins(%a, %b : tensor<5x4x3xf32>, tensor<5x3x2xf32>) outs(%init : tensor<5x4x2xf32>) -> tensor<5x4x2xf32>
  return %y : tensor<5x4x2xf32>
}

// -----

// Constant weights that differ from batch to batch are those of groups.
// CHECK-LABEL: @batch_of_weights
func.func @batch_of_weights(%a: tensor<5x10x3xf32>) -> tensor<5x10x2xf32> {
  // CHECK: ams.conv "matmul" ins(%{{.*}}, %{{.*}} : tensor<10x1x1x15xf32>, tensor<10x1x1x3xf32>) outs(%{{.*}} : tensor<10x1x1x10xf32>)
  %w = arith.constant dense<1.0> : tensor<5x2x3xf32>
  %init = arith.constant dense<0.0> : tensor<5x10x2xf32>
  %y = linalg.batch_matmul indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>]
       ins(%a, %w : tensor<5x10x3xf32>, tensor<5x2x3xf32>) outs(%init : tensor<5x10x2xf32>) -> tensor<5x10x2xf32>
  return %y : tensor<5x10x2xf32>
}

// -----

// Not so where the batch is one of samples: these do not share 3 vectors.
// CHECK-LABEL: @batch_of_samples
func.func @batch_of_samples(%a: tensor<2x3x4xf32>) -> tensor<2x3x2xf32> {
  // CHECK: ams.batch_matmul "matmul" ins(%{{.*}}, %{{.*}} : tensor<2x3x4xf32>, tensor<2x2x4xf32>)
  %w = arith.constant dense<1.0> : tensor<2x4x2xf32>
  %init = arith.constant dense<0.0> : tensor<2x3x2xf32>
  %y = linalg.batch_matmul ins(%a, %w : tensor<2x3x4xf32>, tensor<2x4x2xf32>) outs(%init : tensor<2x3x2xf32>) -> tensor<2x3x2xf32>
  return %y : tensor<2x3x2xf32>
}

// -----

// But a batch of 1 is none, whichever side is the constant.
// CHECK-LABEL: @batch_of_1
// CHECK-SAME: (%[[A:.*]]: tensor<1x4x3xf32>)
func.func @batch_of_1(%a: tensor<1x4x3xf32>) -> (tensor<1x4x2xf32>, tensor<1x2x4xf32>) {
  // CHECK: %[[FLAT:.*]] = tensor.collapse_shape %[[A]] {{\[}}[0, 1], [2]] : tensor<1x4x3xf32> into tensor<4x3xf32>
  // CHECK: %[[Y:.*]] = ams.matmul "matmul" ins(%[[FLAT]], %{{.*}} : tensor<4x3xf32>, tensor<2x3xf32>)
  // CHECK: tensor.expand_shape %[[Y]] {{\[}}[0, 1], [2]] output_shape [1, 4, 2] : tensor<4x2xf32> into tensor<1x4x2xf32>
  // CHECK: %[[Z:.*]] = ams.matmul "matmul_1" ins(%{{.*}}, %{{.*}} : tensor<4x3xf32>, tensor<2x3xf32>)
  // CHECK: %[[E:.*]] = tensor.expand_shape %[[Z]] {{.*}} : tensor<4x2xf32> into tensor<1x4x2xf32>
  // CHECK: linalg.transpose ins(%[[E]] : tensor<1x4x2xf32>) outs(%{{.*}} : tensor<1x2x4xf32>) permutation = [0, 2, 1]
  %w = arith.constant dense<1.0> : tensor<1x2x3xf32>
  %init = arith.constant dense<0.0> : tensor<1x4x2xf32>
  %y = linalg.batch_matmul indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>]
       ins(%a, %w : tensor<1x4x3xf32>, tensor<1x2x3xf32>) outs(%init : tensor<1x4x2xf32>) -> tensor<1x4x2xf32>
  %init2 = arith.constant dense<0.0> : tensor<1x2x4xf32>
  %z = linalg.batch_matmul indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>, affine_map<(b, m, n, k) -> (b, m, n)>]
       ins(%w, %a : tensor<1x2x3xf32>, tensor<1x4x3xf32>) outs(%init2 : tensor<1x2x4xf32>) -> tensor<1x2x4xf32>
  return %y, %z : tensor<1x4x2xf32>, tensor<1x2x4xf32>
}

// -----

// CHECK-LABEL: @matmul_of_activations
func.func @matmul_of_activations(%a: tensor<4x3xf32>, %b: tensor<3x2xf32>) -> tensor<4x2xf32> {
  // CHECK: ams.batch_matmul "batch_matmul" ins(%{{.*}}, %{{.*}} : tensor<1x4x3xf32>, tensor<1x2x3xf32>) outs(%{{.*}} : tensor<1x4x2xf32>)
  // CHECK: tensor.collapse_shape {{.*}} : tensor<1x4x2xf32> into tensor<4x2xf32>
  %init = arith.constant dense<0.0> : tensor<4x2xf32>
  %y = linalg.matmul ins(%a, %b : tensor<4x3xf32>, tensor<3x2xf32>) outs(%init : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

// Two batch dimensions, heads behind positions, as attention has them.
// CHECK-LABEL: @attention
func.func @attention(%q: tensor<2x5x3x4xf32>, %k: tensor<2x6x3x4xf32>) -> tensor<2x3x5x6xf32> {
  // CHECK: linalg.transpose ins(%{{.*}} : tensor<2x5x3x4xf32>) outs(%{{.*}} : tensor<2x3x5x4xf32>) permutation = [0, 2, 1, 3]
  // CHECK: linalg.transpose ins(%{{.*}} : tensor<2x6x3x4xf32>) outs(%{{.*}} : tensor<2x3x6x4xf32>) permutation = [0, 2, 1, 3]
  // CHECK: ams.batch_matmul "batch_matmul" ins(%{{.*}}, %{{.*}} : tensor<6x5x4xf32>, tensor<6x6x4xf32>) outs(%{{.*}} : tensor<6x5x6xf32>)
  // CHECK: tensor.expand_shape %{{.*}} {{\[}}[0, 1], [2], [3]] output_shape [2, 3, 5, 6]
  %init = arith.constant dense<0.0> : tensor<2x3x5x6xf32>
  %y = linalg.contract indexing_maps = [affine_map<(b, h, m, n, k) -> (b, m, h, k)>, affine_map<(b, h, m, n, k) -> (b, n, h, k)>, affine_map<(b, h, m, n, k) -> (b, h, m, n)>]
       ins(%q, %k : tensor<2x5x3x4xf32>, tensor<2x6x3x4xf32>) outs(%init : tensor<2x3x5x6xf32>) -> tensor<2x3x5x6xf32>
  return %y : tensor<2x3x5x6xf32>
}

// -----

// Weights may be reached through transposes and reshapes of a constant, and be a
// resource.
// CHECK-LABEL: @reshaped_weights
func.func @reshaped_weights(%x: tensor<4x6xf32>) -> tensor<4x2xf32> {
  // CHECK: ams.matmul "matmul"
  %w = arith.constant dense_resource<weights> : tensor<2x3x2xf32>
  %empty = tensor.empty() : tensor<3x2x2xf32>
  %t = linalg.transpose ins(%w : tensor<2x3x2xf32>) outs(%empty : tensor<3x2x2xf32>) permutation = [1, 2, 0]
  %r = tensor.collapse_shape %t [[0, 1], [2]] : tensor<3x2x2xf32> into tensor<6x2xf32>
  %init = arith.constant dense<0.0> : tensor<4x2xf32>
  %y = linalg.matmul ins(%x, %r : tensor<4x6xf32>, tensor<6x2xf32>) outs(%init : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

{-#
  dialect_resources: {
    builtin: {
      weights: "0x040000000000803f0000803f0000803f0000803f0000803f0000803f0000803f0000803f0000803f0000803f0000803f0000803f"
    }
  }
#-}

// -----

// In nested regions and in functions of nested modules too.
// CHECK-LABEL: @nested
func.func @nested(%x: tensor<4x2xf32>, %b: i1) -> tensor<4x2xf32> {
  %w = arith.constant dense<1.0> : tensor<2x2xf32>
  %init = arith.constant dense<0.0> : tensor<4x2xf32>
  // CHECK: scf.if
  // CHECK: ams.matmul "matmul"
  %r = scf.if %b -> tensor<4x2xf32> {
    %y = linalg.matmul ins(%x, %w : tensor<4x2xf32>, tensor<2x2xf32>) outs(%init : tensor<4x2xf32>) -> tensor<4x2xf32>
    scf.yield %y : tensor<4x2xf32>
  } else {
    scf.yield %x : tensor<4x2xf32>
  }
  return %r : tensor<4x2xf32>
}

// -----

// Names: ams.layer, else the location's, else the kind; unique by a number, also
// beside layers that are there already.
// CHECK-LABEL: @names
func.func @names(%x: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %w = arith.constant dense<1.0> : tensor<2x2xf32>
  %i = arith.constant dense<0.0> : tensor<2x2xf32>
  // CHECK: ams.matmul "fc"
  %0 = linalg.matmul {ams.layer = "fc"} ins(%x, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%i : tensor<2x2xf32>) -> tensor<2x2xf32> loc("other")
  // CHECK: ams.matmul "fc_1"
  %1 = linalg.matmul {ams.layer = "fc"} ins(%0, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%i : tensor<2x2xf32>) -> tensor<2x2xf32>
  // CHECK: ams.matmul "fc_2"
  %2 = linalg.matmul ins(%1, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%i : tensor<2x2xf32>) -> tensor<2x2xf32> loc("fc")
  // CHECK: ams.matmul "matmul"
  %3 = linalg.matmul {ams.layer = ""} ins(%2, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%i : tensor<2x2xf32>) -> tensor<2x2xf32>
  // CHECK: ams.matmul "matmul_1"
  %4 = linalg.matmul {ams.layer = 7} ins(%3, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%i : tensor<2x2xf32>) -> tensor<2x2xf32>
  // CHECK: ams.matmul "matmul_2"
  %5 = ams.matmul "matmul_2" ins(%4, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%i : tensor<2x2xf32>) device = #ams.device<rows = 8, columns = 8> -> tensor<2x2xf32>
  // CHECK: ams.matmul "matmul_3"
  %6 = linalg.matmul ins(%5, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%i : tensor<2x2xf32>) -> tensor<2x2xf32>
  // CHECK: ams.matmul "fc_1_1"
  %7 = linalg.matmul {ams.layer = "fc_1"} ins(%6, %w : tensor<2x2xf32>, tensor<2x2xf32>) outs(%i : tensor<2x2xf32>) -> tensor<2x2xf32>
  return %7 : tensor<2x2xf32>
}
