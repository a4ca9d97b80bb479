// How front ends write products: weights that are broadcast, flipped or moved by
// linalg.generic, batches of any rank.
// RUN: ams-opt %s --convert-linalg-to-ams --canonicalize --split-input-file | FileCheck %s

// Weights that are repeated for each matrix of a batch are shared by it.
// CHECK-LABEL: @linear
// CHECK-SAME: (%[[X:.*]]: tensor<2x5x3xf32>)
func.func @linear(%x: tensor<2x5x3xf32>) -> (tensor<2x5x4xf32>, tensor<2x5x4xf32>) {
  // CHECK-DAG: %[[W:.*]] = arith.constant dense<{{.*}}> : tensor<4x3xf32>
  // CHECK: %[[FLAT:.*]] = tensor.collapse_shape %[[X]] {{\[}}[0, 1], [2]]
  // CHECK: ams.matmul "matmul" ins(%[[FLAT]], %[[W]] : tensor<10x3xf32>, tensor<4x3xf32>)
  // CHECK: ams.matmul "matmul_1" ins(%{{.*}}, %[[W]] : tensor<10x3xf32>, tensor<4x3xf32>)
  %w = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0], [1.0, 1.0, 1.0]]> : tensor<4x3xf32>
  %i = arith.constant dense<0.0> : tensor<2x5x4xf32>
  %e = tensor.empty() : tensor<3x4xf32>
  %t = linalg.transpose ins(%w : tensor<4x3xf32>) outs(%e : tensor<3x4xf32>) permutation = [1, 0]
  %f = tensor.empty() : tensor<2x3x4xf32>
  %b = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d1, d2)>, affine_map<(d0, d1, d2) -> (d0, d1, d2)>], iterator_types = ["parallel", "parallel", "parallel"]}
       ins(%t : tensor<3x4xf32>) outs(%f : tensor<2x3x4xf32>) {
  ^bb0(%in: f32, %out: f32):
    linalg.yield %in : f32
  } -> tensor<2x3x4xf32>
  %y = linalg.batch_matmul ins(%x, %b : tensor<2x5x3xf32>, tensor<2x3x4xf32>) outs(%i : tensor<2x5x4xf32>) -> tensor<2x5x4xf32>
  %g = linalg.broadcast ins(%t : tensor<3x4xf32>) outs(%f : tensor<2x3x4xf32>) dimensions = [0]
  %z = linalg.batch_matmul ins(%x, %g : tensor<2x5x3xf32>, tensor<2x3x4xf32>) outs(%i : tensor<2x5x4xf32>) -> tensor<2x5x4xf32>
  return %y, %z : tensor<2x5x4xf32>, tensor<2x5x4xf32>
}

// -----

// A matrix of weights for each matrix of the batch: groups of a convolution, so
// that they are programmed.
// CHECK: #[[WINDOW:.*]] = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 2>
// CHECK-LABEL: @experts
// CHECK-SAME: (%[[X:.*]]: tensor<2x6x3xf32>)
func.func @experts(%x: tensor<2x6x3xf32>) -> tensor<2x6x4xf32> {
  // CHECK: %[[T:.*]] = linalg.transpose ins(%[[X]] : tensor<2x6x3xf32>) outs(%{{.*}} : tensor<6x2x3xf32>) permutation = [1, 0, 2]
  // CHECK: ams.conv "matmul" ins(%{{.*}}, %{{.*}} : tensor<6x1x1x6xf32>, tensor<8x1x1x3xf32>) outs(%{{.*}} : tensor<6x1x1x8xf32>) window = #[[WINDOW]]
  // CHECK: linalg.transpose {{.*}} permutation = [1, 0, 2]
  %w = arith.constant dense<1.0> : tensor<2x3x4xf32>
  %i = arith.constant dense<0.0> : tensor<2x6x4xf32>
  %y = linalg.batch_matmul ins(%x, %w : tensor<2x6x3xf32>, tensor<2x3x4xf32>) outs(%i : tensor<2x6x4xf32>) -> tensor<2x6x4xf32>
  return %y : tensor<2x6x4xf32>
}

// -----

// Batches of two dimensions, both sides computed at run time.
// CHECK-LABEL: @heads
func.func @heads(%q: tensor<2x4x5x8xf32>, %k: tensor<2x4x8x5xf32>) -> tensor<2x4x5x5xf32> {
  // CHECK: ams.batch_matmul "scores" ins(%{{.*}}, %{{.*}} : tensor<8x5x8xf32>, tensor<8x5x8xf32>) outs(%{{.*}} : tensor<8x5x5xf32>)
  %i = arith.constant dense<0.0> : tensor<2x4x5x5xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(a, b, m, n, k) -> (a, b, m, k)>, affine_map<(a, b, m, n, k) -> (a, b, k, n)>, affine_map<(a, b, m, n, k) -> (a, b, m, n)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
       ins(%q, %k : tensor<2x4x5x8xf32>, tensor<2x4x8x5xf32>) outs(%i : tensor<2x4x5x5xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %c, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<2x4x5x5xf32> loc("scores")
  return %y : tensor<2x4x5x5xf32>
}

// -----

// Every named contraction that is left: tiles, and a batch that is summed.
// CHECK-LABEL: @named
func.func @named(%x: tensor<2x3x4x5xf32>, %r: tensor<3x4x5xf32>, %v: tensor<2x3xf32>, %a: tensor<2x4x3xf32>, %bx: tensor<2x2x3x4x5xf32>, %y: tensor<3x5x2xf32>)
    -> (tensor<2x6x4x7xf32>, tensor<4x2xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x2x2x4x4xf32>, tensor<4x2xf32>) {
  // Reductions [K1, K0] and outputs [N1, N0] of linalg.mmt4d.
  // CHECK: ams.matmul "matmul" ins(%{{.*}}, %{{.*}} : tensor<8x15xf32>, tensor<42x15xf32>)
  // CHECK: ams.matmul "matmul_1" ins(%{{.*}}, %{{.*}} : tensor<4x15xf32>, tensor<2x15xf32>)
  // CHECK: ams.batch_matmul "batch_matmul" ins(%{{.*}}, %{{.*}} : tensor<2x4x3xf32>, tensor<2x1x3xf32>)
  // CHECK: ams.batch_matmul "batch_matmul_1" ins(%{{.*}}, %{{.*}} : tensor<2x1x3xf32>, tensor<2x4x3xf32>)
  // CHECK: ams.batch_matmul "batch_matmul_2" ins(%{{.*}}, %{{.*}} : tensor<2x8x15xf32>, tensor<2x8x15xf32>)
  // CHECK: ams.batch_matmul "batch_matmul_3" ins(%{{.*}}, %{{.*}} : tensor<1x4x15xf32>, tensor<1x2x15xf32>)
  %wt = arith.constant dense<1.0> : tensor<6x3x7x5xf32>
  %wr = arith.constant dense<1.0> : tensor<3x5x2xf32>
  %it = arith.constant dense<0.0> : tensor<2x6x4x7xf32>
  %ir = arith.constant dense<0.0> : tensor<4x2xf32>
  %iv = arith.constant dense<0.0> : tensor<2x4xf32>
  %ib = arith.constant dense<0.0> : tensor<2x2x2x4x4xf32>
  %0 = linalg.mmt4d ins(%x, %wt : tensor<2x3x4x5xf32>, tensor<6x3x7x5xf32>) outs(%it : tensor<2x6x4x7xf32>) -> tensor<2x6x4x7xf32>
  %1 = linalg.batch_reduce_matmul ins(%r, %wr : tensor<3x4x5xf32>, tensor<3x5x2xf32>) outs(%ir : tensor<4x2xf32>) -> tensor<4x2xf32>
  %2 = linalg.batch_matvec ins(%a, %v : tensor<2x4x3xf32>, tensor<2x3xf32>) outs(%iv : tensor<2x4xf32>) -> tensor<2x4xf32>
  %t = tensor.empty() : tensor<2x3x4xf32>
  %at = linalg.transpose ins(%a : tensor<2x4x3xf32>) outs(%t : tensor<2x3x4xf32>) permutation = [0, 2, 1]
  %3 = linalg.batch_vecmat ins(%v, %at : tensor<2x3xf32>, tensor<2x3x4xf32>) outs(%iv : tensor<2x4xf32>) -> tensor<2x4xf32>
  %4 = linalg.batch_mmt4d ins(%bx, %bx : tensor<2x2x3x4x5xf32>, tensor<2x2x3x4x5xf32>) outs(%ib : tensor<2x2x2x4x4xf32>) -> tensor<2x2x2x4x4xf32>
  %5 = linalg.batch_reduce_matmul ins(%r, %y : tensor<3x4x5xf32>, tensor<3x5x2xf32>) outs(%ir : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %0, %1, %2, %3, %4, %5 : tensor<2x6x4x7xf32>, tensor<4x2xf32>, tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x2x2x4x4xf32>, tensor<4x2xf32>
}

// -----

// A transposed convolution: zeros inserted into the image, and a kernel that is
// flipped and whose filters and channels are exchanged by index arithmetic.
// Its weights are evaluated: 4, 8, 3, 7, 2, 6, 1, 5, channel fastest.
// RUN: ams-opt %s --convert-linalg-to-ams --ams-fold-weights --canonicalize --split-input-file | FileCheck %s --check-prefix=WEIGHTS
// CHECK-LABEL: @transposed
// WEIGHTS-LABEL: @transposed
func.func @transposed(%x: tensor<1x2x3x3xf32>) -> tensor<1x1x6x6xf32> {
  // CHECK: tensor.insert_slice
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x7x7x2xf32>, tensor<1x2x2x2xf32>) outs(%{{.*}} : tensor<1x6x6x1xf32>)
  // WEIGHTS: arith.constant dense_resource<weights> : tensor<1x2x2x2xf32>
  // WEIGHTS: weights: "0x080000000000804000000041000040400000E040000000400000C0400000803F0000A040"
  %w = arith.constant dense<[[[[1.0, 2.0], [3.0, 4.0]]], [[[5.0, 6.0], [7.0, 8.0]]]]> : tensor<2x1x2x2xf32>
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x2x7x7xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%e : tensor<1x2x7x7xf32>) -> tensor<1x2x7x7xf32>
  %image = tensor.insert_slice %x into %zeros[0, 0, 1, 1] [1, 2, 3, 3] [1, 1, 2, 2] : tensor<1x2x3x3xf32> into tensor<1x2x7x7xf32>
  %we = tensor.empty() : tensor<1x2x2x2xf32>
  %one = arith.constant 1 : index
  %flipped = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d1, d0, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
             ins(%w : tensor<2x1x2x2xf32>) outs(%we : tensor<1x2x2x2xf32>) {
  ^bb0(%in: f32, %out: f32):
    %f = linalg.index 0 : index
    %c = linalg.index 1 : index
    %r = linalg.index 2 : index
    %s = linalg.index 3 : index
    %rf = arith.subi %one, %r : index
    %sf = arith.subi %one, %s : index
    %v = tensor.extract %w[%c, %f, %rf, %sf] : tensor<2x1x2x2xf32>
    linalg.yield %v : f32
  } -> tensor<1x2x2x2xf32>
  %i = arith.constant dense<0.0> : tensor<1x1x6x6xf32>
  %y = linalg.conv_2d_nchw_fchw ins(%image, %flipped : tensor<1x2x7x7xf32>, tensor<1x2x2x2xf32>) outs(%i : tensor<1x1x6x6xf32>) -> tensor<1x1x6x6xf32>
  return %y : tensor<1x1x6x6xf32>
}
