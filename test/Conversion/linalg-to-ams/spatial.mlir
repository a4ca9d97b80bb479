// Convolutions of one and three dimensions: what becomes of them, by every named
// operation that linalg has for them.
// RUN: ams-opt %s --convert-linalg-to-ams --canonicalize --split-input-file --verify-diagnostics | FileCheck %s

// One dimension is an image of one row.
// CHECK: #[[WINDOW:.*]] = #ams.window<kernel = [1, 3], strides = [1, 2], padding = [0, 1, 0, 2], dilations = [1, 1], groups = 1>
// CHECK-LABEL: @conv_1d_nwc_wcf
// CHECK-SAME: (%[[X:.*]]: tensor<2x8x2xf32>)
func.func @conv_1d_nwc_wcf(%x: tensor<2x8x2xf32>) -> tensor<2x5x4xf32> {
  // CHECK: %[[IMAGE:.*]] = tensor.expand_shape %[[X]] {{\[}}[0], [1, 2], [3]] output_shape [2, 1, 8, 2]
  // CHECK: ams.conv "conv" ins(%[[IMAGE]], %{{.*}} : tensor<2x1x8x2xf32>, tensor<4x1x3x2xf32>) outs(%{{.*}} : tensor<2x1x5x4xf32>) window = #[[WINDOW]]
  %w = arith.constant dense<1.0> : tensor<3x2x4xf32>
  %zero = arith.constant 0.0 : f32
  %i = arith.constant dense<0.0> : tensor<2x5x4xf32>
  %p = tensor.pad %x low[0, 1, 0] high[0, 2, 0] {
  ^bb0(%a: index, %b: index, %c: index):
    tensor.yield %zero : f32
  } : tensor<2x8x2xf32> to tensor<2x11x2xf32>
  %y = linalg.conv_1d_nwc_wcf {strides = dense<2> : tensor<1xi64>, dilations = dense<1> : tensor<1xi64>} ins(%p, %w : tensor<2x11x2xf32>, tensor<3x2x4xf32>) outs(%i : tensor<2x5x4xf32>) -> tensor<2x5x4xf32>
  return %y : tensor<2x5x4xf32>
}

// -----

// CHECK: #[[WINDOW:.*]] = #ams.window<kernel = [1, 3], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 2], groups = 1>
// CHECK-LABEL: @conv_1d_ncw_fcw
func.func @conv_1d_ncw_fcw(%x: tensor<2x2x8xf32>) -> tensor<2x4x4xf32> {
  // CHECK: linalg.transpose ins(%{{.*}} : tensor<2x2x8xf32>) outs(%{{.*}} : tensor<2x8x2xf32>) permutation = [0, 2, 1]
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<2x1x8x2xf32>, tensor<4x1x3x2xf32>) outs(%{{.*}} : tensor<2x1x4x4xf32>) window = #[[WINDOW]]
  %w = arith.constant dense<1.0> : tensor<4x2x3xf32>
  %i = arith.constant dense<0.0> : tensor<2x4x4xf32>
  %y = linalg.conv_1d_ncw_fcw {strides = dense<1> : tensor<1xi64>, dilations = dense<2> : tensor<1xi64>} ins(%x, %w : tensor<2x2x8xf32>, tensor<4x2x3xf32>) outs(%i : tensor<2x4x4xf32>) -> tensor<2x4x4xf32>
  return %y : tensor<2x4x4xf32>
}

// -----

// CHECK: groups = 2>
// CHECK-LABEL: @depthwise_1d
func.func @depthwise_1d(%x: tensor<1x8x2xf32>, %t: tensor<1x2x8xf32>) -> (tensor<1x6x2xf32>, tensor<1x2x6xf32>, tensor<1x6x2x3xf32>) {
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x1x8x2xf32>, tensor<2x1x3x1xf32>) outs(%{{.*}} : tensor<1x1x6x2xf32>)
  // CHECK: ams.conv "conv_1" ins(%{{.*}}, %{{.*}} : tensor<1x1x8x2xf32>, tensor<2x1x3x1xf32>) outs(%{{.*}} : tensor<1x1x6x2xf32>)
  // CHECK: ams.conv "conv_2" ins(%{{.*}}, %{{.*}} : tensor<1x1x8x2xf32>, tensor<6x1x3x1xf32>) outs(%{{.*}} : tensor<1x1x6x6xf32>)
  %w = arith.constant dense<1.0> : tensor<3x2xf32>
  %wt = arith.constant dense<1.0> : tensor<2x3xf32>
  %wm = arith.constant dense<1.0> : tensor<3x2x3xf32>
  %i = arith.constant dense<0.0> : tensor<1x6x2xf32>
  %it = arith.constant dense<0.0> : tensor<1x2x6xf32>
  %im = arith.constant dense<0.0> : tensor<1x6x2x3xf32>
  %a = linalg.depthwise_conv_1d_nwc_wc ins(%x, %w : tensor<1x8x2xf32>, tensor<3x2xf32>) outs(%i : tensor<1x6x2xf32>) -> tensor<1x6x2xf32>
  %b = linalg.depthwise_conv_1d_ncw_cw ins(%t, %wt : tensor<1x2x8xf32>, tensor<2x3xf32>) outs(%it : tensor<1x2x6xf32>) -> tensor<1x2x6xf32>
  %c = linalg.depthwise_conv_1d_nwc_wcm ins(%x, %wm : tensor<1x8x2xf32>, tensor<3x2x3xf32>) outs(%im : tensor<1x6x2x3xf32>) -> tensor<1x6x2x3xf32>
  return %a, %b, %c : tensor<1x6x2xf32>, tensor<1x2x6xf32>, tensor<1x6x2x3xf32>
}

// -----

// Without samples and channels.
// CHECK-LABEL: @bare
func.func @bare(%x: tensor<8xf32>, %y: tensor<6x6xf32>, %z: tensor<4x4x4xf32>) -> (tensor<6xf32>, tensor<5x5xf32>, tensor<3x3x3xf32>) {
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x1x8x1xf32>, tensor<1x1x3x1xf32>) outs(%{{.*}} : tensor<1x1x6x1xf32>)
  // CHECK: ams.conv "conv_1" ins(%{{.*}}, %{{.*}} : tensor<1x6x6x1xf32>, tensor<1x2x2x1xf32>) outs(%{{.*}} : tensor<1x5x5x1xf32>)
  // CHECK: ams.conv "conv_2" ins(%{{.*}}, %{{.*}} : tensor<1x36x4x1xf32>, tensor<1x4x2x1xf32>) outs(%{{.*}} : tensor<1x9x3x1xf32>)
  %w1 = arith.constant dense<1.0> : tensor<3xf32>
  %w2 = arith.constant dense<1.0> : tensor<2x2xf32>
  %w3 = arith.constant dense<1.0> : tensor<2x2x2xf32>
  %i1 = arith.constant dense<0.0> : tensor<6xf32>
  %i2 = arith.constant dense<0.0> : tensor<5x5xf32>
  %i3 = arith.constant dense<0.0> : tensor<3x3x3xf32>
  %a = linalg.conv_1d ins(%x, %w1 : tensor<8xf32>, tensor<3xf32>) outs(%i1 : tensor<6xf32>) -> tensor<6xf32>
  %b = linalg.conv_2d ins(%y, %w2 : tensor<6x6xf32>, tensor<2x2xf32>) outs(%i2 : tensor<5x5xf32>) -> tensor<5x5xf32>
  %c = linalg.conv_3d ins(%z, %w3 : tensor<4x4x4xf32>, tensor<2x2x2xf32>) outs(%i3 : tensor<3x3x3xf32>) -> tensor<3x3x3xf32>
  return %a, %b, %c : tensor<6xf32>, tensor<5x5xf32>, tensor<3x3x3xf32>
}

// -----

// Three dimensions: the kernel's planes and rows one below the other, in an
// image of the rows that each row of outputs reads (V4). Padding of columns is
// the window's.
// CHECK-DAG: #[[FROM:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1 * 2 + d3, d2 + d4 * 2, d5, d6)>
// CHECK-DAG: #[[WINDOW:.*]] = #ams.window<kernel = [6, 3], strides = [6, 1], padding = [0, 1, 0, 1], dilations = [1, 1], groups = 1>
// CHECK-LABEL: @conv_3d_ndhwc_dhwcf
func.func @conv_3d_ndhwc_dhwcf(%x: tensor<2x6x7x5x2xf32>) -> tensor<2x2x5x5x4xf32> {
  // CHECK: %[[ROWS:.*]] = linalg.generic {indexing_maps = [#[[FROM]], {{.*}} outs(%{{.*}} : tensor<2x2x5x3x2x5x2xf32>)
  // CHECK: %[[IMAGE:.*]] = tensor.collapse_shape %[[ROWS]] {{\[}}[0], [1, 2, 3, 4], [5], [6]]
  // CHECK: ams.conv "conv" ins(%[[IMAGE]], %{{.*}} : tensor<2x60x5x2xf32>, tensor<4x6x3x2xf32>) outs(%{{.*}} : tensor<2x10x5x4xf32>) window = #[[WINDOW]]
  %w = arith.constant dense<1.0> : tensor<3x2x3x2x4xf32>
  %zero = arith.constant 0.0 : f32
  %i = arith.constant dense<0.0> : tensor<2x2x5x5x4xf32>
  %p = tensor.pad %x low[0, 0, 0, 1, 0] high[0, 0, 0, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index, %e: index):
    tensor.yield %zero : f32
  } : tensor<2x6x7x5x2xf32> to tensor<2x6x7x7x2xf32>
  %y = linalg.conv_3d_ndhwc_dhwcf {strides = dense<[2, 1, 1]> : tensor<3xi64>, dilations = dense<[1, 2, 1]> : tensor<3xi64>}
       ins(%p, %w : tensor<2x6x7x7x2xf32>, tensor<3x2x3x2x4xf32>) outs(%i : tensor<2x2x5x5x4xf32>) -> tensor<2x2x5x5x4xf32>
  return %y : tensor<2x2x5x5x4xf32>
}

// -----

// CHECK-LABEL: @other_3d
func.func @other_3d(%x: tensor<1x2x4x4x4xf32>, %z: tensor<1x4x4x4x2xf32>) -> (tensor<1x4x3x3x3xf32>, tensor<1x3x3x3x2xf32>, tensor<1x2x3x3x3xf32>, tensor<1x3x3x3x2x3xf32>) {
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x36x4x2xf32>, tensor<4x4x2x2xf32>) outs(%{{.*}} : tensor<1x9x3x4xf32>)
  // CHECK: ams.conv "conv_1" ins(%{{.*}}, %{{.*}} : tensor<1x36x4x2xf32>, tensor<2x4x2x1xf32>) outs(%{{.*}} : tensor<1x9x3x2xf32>)
  // CHECK: ams.conv "conv_2" ins(%{{.*}}, %{{.*}} : tensor<1x36x4x2xf32>, tensor<2x4x2x1xf32>) outs(%{{.*}} : tensor<1x9x3x2xf32>)
  // CHECK: ams.conv "conv_3" ins(%{{.*}}, %{{.*}} : tensor<1x36x4x2xf32>, tensor<6x4x2x1xf32>) outs(%{{.*}} : tensor<1x9x3x6xf32>)
  %wa = arith.constant dense<1.0> : tensor<4x2x2x2x2xf32>
  %wb = arith.constant dense<1.0> : tensor<2x2x2x2xf32>
  %wd = arith.constant dense<1.0> : tensor<2x2x2x2x3xf32>
  %ia = arith.constant dense<0.0> : tensor<1x4x3x3x3xf32>
  %ib = arith.constant dense<0.0> : tensor<1x3x3x3x2xf32>
  %ic = arith.constant dense<0.0> : tensor<1x2x3x3x3xf32>
  %id = arith.constant dense<0.0> : tensor<1x3x3x3x2x3xf32>
  %a = linalg.conv_3d_ncdhw_fcdhw ins(%x, %wa : tensor<1x2x4x4x4xf32>, tensor<4x2x2x2x2xf32>) outs(%ia : tensor<1x4x3x3x3xf32>) -> tensor<1x4x3x3x3xf32>
  %b = linalg.depthwise_conv_3d_ndhwc_dhwc ins(%z, %wb : tensor<1x4x4x4x2xf32>, tensor<2x2x2x2xf32>) outs(%ib : tensor<1x3x3x3x2xf32>) -> tensor<1x3x3x3x2xf32>
  %c = linalg.depthwise_conv_3d_ncdhw_cdhw ins(%x, %wb : tensor<1x2x4x4x4xf32>, tensor<2x2x2x2xf32>) outs(%ic : tensor<1x2x3x3x3xf32>) -> tensor<1x2x3x3x3xf32>
  %d = linalg.depthwise_conv_3d_ndhwc_dhwcm ins(%z, %wd : tensor<1x4x4x4x2xf32>, tensor<2x2x2x2x3xf32>) outs(%id : tensor<1x3x3x3x2x3xf32>) -> tensor<1x3x3x3x2x3xf32>
  return %a, %b, %c, %d : tensor<1x4x3x3x3xf32>, tensor<1x3x3x3x2xf32>, tensor<1x2x3x3x3xf32>, tensor<1x3x3x3x2x3xf32>
}
