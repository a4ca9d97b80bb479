// 2-D convolutions become ams.conv on images [B, H, W, C] with filters
// [F, KH, KW, C / groups].
// RUN: ams-opt %s --convert-linalg-to-ams --split-input-file | FileCheck %s

// CHECK: #[[WINDOW:.*]] = #ams.window<kernel = [3, 2], strides = [2, 1], padding = [0, 0, 0, 0], dilations = [1, 3], groups = 1>
// CHECK-LABEL: @nhwc_fhwc
// CHECK-SAME: (%[[X:.*]]: tensor<2x7x8x3xf32>)
func.func @nhwc_fhwc(%x: tensor<2x7x8x3xf32>) -> tensor<2x3x5x4xf32> {
  // CHECK-DAG: %[[W:.*]] = arith.constant dense<1.000000e+00> : tensor<4x3x2x3xf32>
  // CHECK: %[[INIT:.*]] = tensor.empty() : tensor<2x3x5x4xf32>
  // CHECK: %[[Y:.*]] = ams.conv "conv" ins(%[[X]], %[[W]] : tensor<2x7x8x3xf32>, tensor<4x3x2x3xf32>) outs(%[[INIT]] : tensor<2x3x5x4xf32>) window = #[[WINDOW]] device = #{{.*}} -> tensor<2x3x5x4xf32>
  // CHECK-NEXT: return %[[Y]]
  %w = arith.constant dense<1.0> : tensor<4x3x2x3xf32>
  %init = arith.constant dense<0.0> : tensor<2x3x5x4xf32>
  %y = linalg.conv_2d_nhwc_fhwc {ams.layer = "conv", strides = dense<[2, 1]> : tensor<2xi64>, dilations = dense<[1, 3]> : tensor<2xi64>}
       ins(%x, %w : tensor<2x7x8x3xf32>, tensor<4x3x2x3xf32>) outs(%init : tensor<2x3x5x4xf32>) -> tensor<2x3x5x4xf32>
  return %y : tensor<2x3x5x4xf32>
}

// -----

// Last rows and columns that a stride does not reach stay unread.
// CHECK: strides = [3, 3]
// CHECK-LABEL: @stride_remainder
func.func @stride_remainder(%x: tensor<1x8x7x1xf32>) -> tensor<1x2x2x1xf32> {
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x8x7x1xf32>, tensor<1x3x3x1xf32>) outs(%{{.*}} : tensor<1x2x2x1xf32>)
  %w = arith.constant dense<1.0> : tensor<1x3x3x1xf32>
  %init = arith.constant dense<0.0> : tensor<1x2x2x1xf32>
  %y = linalg.conv_2d_nhwc_fhwc {strides = dense<3> : tensor<2xi64>} ins(%x, %w : tensor<1x8x7x1xf32>, tensor<1x3x3x1xf32>) outs(%init : tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  return %y : tensor<1x2x2x1xf32>
}

// -----

// CHECK-LABEL: @nhwc_hwcf
// CHECK-SAME: (%[[X:.*]]: tensor<1x5x5x2xf32>, %[[B:.*]]: tensor<1x3x3x4xf32>)
func.func @nhwc_hwcf(%x: tensor<1x5x5x2xf32>, %b: tensor<1x3x3x4xf32>) -> tensor<1x3x3x4xf32> {
  // CHECK: %[[W:.*]] = linalg.transpose ins(%{{.*}} : tensor<3x3x2x4xf32>) outs(%{{.*}} : tensor<4x3x3x2xf32>) permutation = [3, 0, 1, 2]
  // CHECK: %[[Y:.*]] = ams.conv "conv" ins(%[[X]], %[[W]] : tensor<1x5x5x2xf32>, tensor<4x3x3x2xf32>)
  // CHECK: linalg.add ins(%[[Y]], %[[B]]
  %w = arith.constant dense<1.0> : tensor<3x3x2x4xf32>
  %y = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<1x5x5x2xf32>, tensor<3x3x2x4xf32>) outs(%b : tensor<1x3x3x4xf32>) -> tensor<1x3x3x4xf32>
  return %y : tensor<1x3x3x4xf32>
}

// -----

// CHECK-LABEL: @nchw_fchw
// CHECK-SAME: (%[[X:.*]]: tensor<1x2x5x6xf32>)
func.func @nchw_fchw(%x: tensor<1x2x5x6xf32>) -> tensor<1x4x3x4xf32> {
  // CHECK: %[[XT:.*]] = linalg.transpose ins(%[[X]] : tensor<1x2x5x6xf32>) outs(%{{.*}} : tensor<1x5x6x2xf32>) permutation = [0, 2, 3, 1]
  // CHECK: %[[WT:.*]] = linalg.transpose ins(%{{.*}} : tensor<4x2x3x3xf32>) outs(%{{.*}} : tensor<4x3x3x2xf32>) permutation = [0, 2, 3, 1]
  // CHECK: %[[Y:.*]] = ams.conv "conv" ins(%[[XT]], %[[WT]] : tensor<1x5x6x2xf32>, tensor<4x3x3x2xf32>) outs(%{{.*}} : tensor<1x3x4x4xf32>)
  // CHECK: linalg.transpose ins(%[[Y]] : tensor<1x3x4x4xf32>) outs(%{{.*}} : tensor<1x4x3x4xf32>) permutation = [0, 3, 1, 2]
  %w = arith.constant dense<1.0> : tensor<4x2x3x3xf32>
  %init = arith.constant dense<0.0> : tensor<1x4x3x4xf32>
  %y = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x2x5x6xf32>, tensor<4x2x3x3xf32>) outs(%init : tensor<1x4x3x4xf32>) -> tensor<1x4x3x4xf32>
  return %y : tensor<1x4x3x4xf32>
}

// -----

// CHECK: groups = 2>
// CHECK-LABEL: @ngchw_gfchw
func.func @ngchw_gfchw(%x: tensor<1x2x3x5x6xf32>) -> tensor<1x2x4x3x4xf32> {
  // CHECK: linalg.transpose ins(%{{.*}} : tensor<1x2x3x5x6xf32>) outs(%{{.*}} : tensor<1x5x6x2x3xf32>) permutation = [0, 3, 4, 1, 2]
  // CHECK: tensor.collapse_shape %{{.*}} : tensor<1x5x6x2x3xf32> into tensor<1x5x6x6xf32>
  // CHECK: linalg.transpose ins(%{{.*}} : tensor<2x4x3x3x3xf32>) outs(%{{.*}}) permutation = [0, 1, 3, 4, 2]
  // CHECK: tensor.collapse_shape %{{.*}} : tensor<2x4x3x3x3xf32> into tensor<8x3x3x3xf32>
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x5x6x6xf32>, tensor<8x3x3x3xf32>) outs(%{{.*}} : tensor<1x3x4x8xf32>)
  // CHECK: tensor.expand_shape %{{.*}} : tensor<1x3x4x8xf32> into tensor<1x3x4x2x4xf32>
  // CHECK: linalg.transpose ins(%{{.*}} : tensor<1x3x4x2x4xf32>) outs(%{{.*}} : tensor<1x2x4x3x4xf32>) permutation = [0, 3, 4, 1, 2]
  %w = arith.constant dense<1.0> : tensor<2x4x3x3x3xf32>
  %init = arith.constant dense<0.0> : tensor<1x2x4x3x4xf32>
  %y = linalg.conv_2d_ngchw_gfchw ins(%x, %w : tensor<1x2x3x5x6xf32>, tensor<2x4x3x3x3xf32>) outs(%init : tensor<1x2x4x3x4xf32>) -> tensor<1x2x4x3x4xf32>
  return %y : tensor<1x2x4x3x4xf32>
}

// -----

// CHECK: groups = 2>
// CHECK-LABEL: @ngchw_fgchw
func.func @ngchw_fgchw(%x: tensor<1x2x3x5x6xf32>) -> tensor<1x2x4x3x4xf32> {
  // CHECK: linalg.transpose ins(%{{.*}} : tensor<4x2x3x3x3xf32>) outs(%{{.*}} : tensor<2x4x3x3x3xf32>) permutation = [1, 0, 3, 4, 2]
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x5x6x6xf32>, tensor<8x3x3x3xf32>) outs(%{{.*}} : tensor<1x3x4x8xf32>)
  %w = arith.constant dense<1.0> : tensor<4x2x3x3x3xf32>
  %init = arith.constant dense<0.0> : tensor<1x2x4x3x4xf32>
  %y = linalg.conv_2d_ngchw_fgchw ins(%x, %w : tensor<1x2x3x5x6xf32>, tensor<4x2x3x3x3xf32>) outs(%init : tensor<1x2x4x3x4xf32>) -> tensor<1x2x4x3x4xf32>
  return %y : tensor<1x2x4x3x4xf32>
}

// -----

// CHECK: groups = 2>
// CHECK-LABEL: @nhwgc_gfhwc
// CHECK-SAME: (%[[X:.*]]: tensor<1x5x6x2x3xf32>)
func.func @nhwgc_gfhwc(%x: tensor<1x5x6x2x3xf32>) -> tensor<1x3x4x2x4xf32> {
  // CHECK-NOT: linalg.transpose
  // CHECK: %[[FLAT:.*]] = tensor.collapse_shape %[[X]] {{\[}}[0], [1], [2], [3, 4]] : tensor<1x5x6x2x3xf32> into tensor<1x5x6x6xf32>
  // CHECK: %[[Y:.*]] = ams.conv "conv" ins(%[[FLAT]], %{{.*}} : tensor<1x5x6x6xf32>, tensor<8x3x3x3xf32>)
  // CHECK: %[[R:.*]] = tensor.expand_shape %[[Y]] {{\[}}[0], [1], [2], [3, 4]] output_shape [1, 3, 4, 2, 4]
  // CHECK-NEXT: return %[[R]]
  %w = arith.constant dense<1.0> : tensor<2x4x3x3x3xf32>
  %init = arith.constant dense<0.0> : tensor<1x3x4x2x4xf32>
  %y = linalg.conv_2d_nhwgc_gfhwc ins(%x, %w : tensor<1x5x6x2x3xf32>, tensor<2x4x3x3x3xf32>) outs(%init : tensor<1x3x4x2x4xf32>) -> tensor<1x3x4x2x4xf32>
  return %y : tensor<1x3x4x2x4xf32>
}

// -----

// Depthwise: a group a channel.
// CHECK: groups = 6>
// CHECK-LABEL: @depthwise
func.func @depthwise(%x: tensor<1x5x5x6xf32>) -> tensor<1x3x3x6xf32> {
  // CHECK: linalg.transpose ins(%{{.*}} : tensor<3x3x6xf32>) outs(%{{.*}} : tensor<6x3x3xf32>) permutation = [2, 0, 1]
  // CHECK: tensor.expand_shape %{{.*}} : tensor<6x3x3xf32> into tensor<6x3x3x1xf32>
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x5x5x6xf32>, tensor<6x3x3x1xf32>) outs(%{{.*}} : tensor<1x3x3x6xf32>)
  %w = arith.constant dense<1.0> : tensor<3x3x6xf32>
  %init = arith.constant dense<0.0> : tensor<1x3x3x6xf32>
  %y = linalg.depthwise_conv_2d_nhwc_hwc ins(%x, %w : tensor<1x5x5x6xf32>, tensor<3x3x6xf32>) outs(%init : tensor<1x3x3x6xf32>) -> tensor<1x3x3x6xf32>
  return %y : tensor<1x3x3x6xf32>
}

// -----

// CHECK: strides = [2, 2]
// CHECK-SAME: groups = 6>
// CHECK-LABEL: @depthwise_multiplier
func.func @depthwise_multiplier(%x: tensor<1x5x5x6xf32>) -> tensor<1x2x2x6x2xf32> {
  // CHECK: linalg.transpose ins(%{{.*}} : tensor<3x3x6x2xf32>) outs(%{{.*}} : tensor<6x2x3x3xf32>) permutation = [2, 3, 0, 1]
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x5x5x6xf32>, tensor<12x3x3x1xf32>) outs(%{{.*}} : tensor<1x2x2x12xf32>)
  // CHECK: tensor.expand_shape %{{.*}} : tensor<1x2x2x12xf32> into tensor<1x2x2x6x2xf32>
  %w = arith.constant dense<1.0> : tensor<3x3x6x2xf32>
  %init = arith.constant dense<0.0> : tensor<1x2x2x6x2xf32>
  %y = linalg.depthwise_conv_2d_nhwc_hwcm {strides = dense<2> : tensor<2xi64>} ins(%x, %w : tensor<1x5x5x6xf32>, tensor<3x3x6x2xf32>) outs(%init : tensor<1x2x2x6x2xf32>) -> tensor<1x2x2x6x2xf32>
  return %y : tensor<1x2x2x6x2xf32>
}

// -----

// CHECK: groups = 6>
// CHECK-LABEL: @depthwise_nchw
func.func @depthwise_nchw(%x: tensor<1x6x5x5xf32>) -> tensor<1x6x3x3xf32> {
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x5x5x6xf32>, tensor<6x3x3x1xf32>) outs(%{{.*}} : tensor<1x3x3x6xf32>)
  %w = arith.constant dense<1.0> : tensor<6x3x3xf32>
  %init = arith.constant dense<0.0> : tensor<1x6x3x3xf32>
  %y = linalg.depthwise_conv_2d_nchw_chw ins(%x, %w : tensor<1x6x5x5xf32>, tensor<6x3x3xf32>) outs(%init : tensor<1x6x3x3xf32>) -> tensor<1x6x3x3xf32>
  return %y : tensor<1x6x3x3xf32>
}

// -----

// Without batch or channels.
// CHECK-LABEL: @conv_2d
func.func @conv_2d(%x: tensor<5x6xf32>) -> tensor<3x4xf32> {
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x5x6x1xf32>, tensor<1x3x3x1xf32>) outs(%{{.*}} : tensor<1x3x4x1xf32>)
  // CHECK: tensor.collapse_shape %{{.*}} : tensor<1x3x4x1xf32> into tensor<3x4xf32>
  %w = arith.constant dense<1.0> : tensor<3x3xf32>
  %init = arith.constant dense<0.0> : tensor<3x4xf32>
  %y = linalg.conv_2d ins(%x, %w : tensor<5x6xf32>, tensor<3x3xf32>) outs(%init : tensor<3x4xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}

// -----

// A generic, with channels first in the image and last in the filter.
// CHECK: strides = [2, 2], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
// CHECK-LABEL: @generic
func.func @generic(%x: tensor<2x5x5x3xf32>) -> tensor<4x3x2x2xf32> {
  // CHECK: linalg.transpose ins(%{{.*}} : tensor<2x5x5x3xf32>) outs(%{{.*}} : tensor<3x5x5x2xf32>) permutation = [3, 1, 2, 0]
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<3x5x5x2xf32>, tensor<4x3x3x2xf32>) outs(%{{.*}} : tensor<3x2x2x4xf32>)
  // CHECK: linalg.transpose ins(%{{.*}} : tensor<3x2x2x4xf32>) outs(%{{.*}} : tensor<4x3x2x2xf32>) permutation = [3, 0, 1, 2]
  %w = arith.constant dense<1.0> : tensor<4x3x3x2xf32>
  %init = arith.constant dense<0.0> : tensor<4x3x2x2xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(b, i, j, f, p, q, c) -> (c, i * 2 + p, j * 2 + q, b)>,
                                        affine_map<(b, i, j, f, p, q, c) -> (f, p, q, c)>,
                                        affine_map<(b, i, j, f, p, q, c) -> (f, b, i, j)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
       ins(%x, %w : tensor<2x5x5x3xf32>, tensor<4x3x3x2xf32>) outs(%init : tensor<4x3x2x2xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.mulf %b, %a : f32
    %1 = arith.addf %0, %c : f32
    linalg.yield %1 : f32
  } -> tensor<4x3x2x2xf32>
  return %y : tensor<4x3x2x2xf32>
}

// -----

// A 1 x 1 kernel without kernel loops is a matrix product.
// CHECK-LABEL: @pointwise
func.func @pointwise(%x: tensor<2x5x5x3xf32>) -> tensor<2x5x5x4xf32> {
  // CHECK: ams.matmul "matmul" ins(%{{.*}}, %{{.*}} : tensor<50x3xf32>, tensor<4x3xf32>)
  %w = arith.constant dense<1.0> : tensor<4x3xf32>
  %init = arith.constant dense<0.0> : tensor<2x5x5x4xf32>
  %y = linalg.contract indexing_maps = [affine_map<(b, i, j, f, c) -> (b, i, j, c)>, affine_map<(b, i, j, f, c) -> (f, c)>, affine_map<(b, i, j, f, c) -> (b, i, j, f)>]
       ins(%x, %w : tensor<2x5x5x3xf32>, tensor<4x3xf32>) outs(%init : tensor<2x5x5x4xf32>) -> tensor<2x5x5x4xf32>
  return %y : tensor<2x5x5x4xf32>
}

// -----

// Padding of zeros is folded into the window: top, left, bottom, right.
// CHECK: padding = [1, 2, 3, 4]
// CHECK-LABEL: @pad
// CHECK-SAME: (%[[X:.*]]: tensor<1x5x5x2xf32>)
func.func @pad(%x: tensor<1x5x5x2xf32>) -> tensor<1x7x9x4xf32> {
  // CHECK: ams.conv "conv" ins(%[[X]], %{{.*}} : tensor<1x5x5x2xf32>, tensor<4x3x3x2xf32>) outs(%{{.*}} : tensor<1x7x9x4xf32>)
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 1, 2, 0] high[0, 3, 4, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x5x5x2xf32> to tensor<1x9x11x2xf32>
  %w = arith.constant dense<1.0> : tensor<4x3x3x2xf32>
  %init = arith.constant dense<0.0> : tensor<1x7x9x4xf32>
  %y = linalg.conv_2d_nhwc_fhwc ins(%p, %w : tensor<1x9x11x2xf32>, tensor<4x3x3x2xf32>) outs(%init : tensor<1x7x9x4xf32>) -> tensor<1x7x9x4xf32>
  return %y : tensor<1x7x9x4xf32>
}

// -----

// CHECK: padding = [1, 2, 3, 4]
// CHECK-LABEL: @pad_nchw
func.func @pad_nchw(%x: tensor<1x2x5x5xf32>) -> tensor<1x4x7x9xf32> {
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x5x5x2xf32>, tensor<4x3x3x2xf32>)
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 0, 1, 2] high[0, 0, 3, 4] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x2x5x5xf32> to tensor<1x2x9x11xf32>
  %w = arith.constant dense<1.0> : tensor<4x2x3x3xf32>
  %init = arith.constant dense<0.0> : tensor<1x4x7x9xf32>
  %y = linalg.conv_2d_nchw_fchw ins(%p, %w : tensor<1x2x9x11xf32>, tensor<4x2x3x3xf32>) outs(%init : tensor<1x4x7x9xf32>) -> tensor<1x4x7x9xf32>
  return %y : tensor<1x4x7x9xf32>
}

// -----

// Behind an expansion of channels into groups.
// CHECK: padding = [1, 1, 1, 1]
// CHECK-SAME: groups = 2>
// CHECK-LABEL: @pad_groups
// CHECK-SAME: (%[[X:.*]]: tensor<1x5x5x6xf32>)
func.func @pad_groups(%x: tensor<1x5x5x6xf32>) -> tensor<1x5x5x2x4xf32> {
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x5x5x6xf32>, tensor<8x3x3x3xf32>)
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x5x5x6xf32> to tensor<1x7x7x6xf32>
  %e = tensor.expand_shape %p [[0], [1], [2], [3, 4]] output_shape [1, 7, 7, 2, 3] : tensor<1x7x7x6xf32> into tensor<1x7x7x2x3xf32>
  %w = arith.constant dense<1.0> : tensor<2x4x3x3x3xf32>
  %init = arith.constant dense<0.0> : tensor<1x5x5x2x4xf32>
  %y = linalg.conv_2d_nhwgc_gfhwc ins(%e, %w : tensor<1x7x7x2x3xf32>, tensor<2x4x3x3x3xf32>) outs(%init : tensor<1x5x5x2x4xf32>) -> tensor<1x5x5x2x4xf32>
  return %y : tensor<1x5x5x2x4xf32>
}

// -----

// Not folded: another value.
// CHECK: padding = [0, 0, 0, 0]
// CHECK-LABEL: @pad_ones
func.func @pad_ones(%x: tensor<1x5x5x2xf32>) -> tensor<1x5x5x4xf32> {
  // CHECK: %[[P:.*]] = tensor.pad
  // CHECK: ams.conv "conv" ins(%[[P]], %{{.*}} : tensor<1x7x7x2xf32>, tensor<4x3x3x2xf32>)
  %one = arith.constant 1.0 : f32
  %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %one : f32
  } : tensor<1x5x5x2xf32> to tensor<1x7x7x2xf32>
  %w = arith.constant dense<1.0> : tensor<4x3x3x2xf32>
  %init = arith.constant dense<0.0> : tensor<1x5x5x4xf32>
  %y = linalg.conv_2d_nhwc_fhwc ins(%p, %w : tensor<1x7x7x2xf32>, tensor<4x3x3x2xf32>) outs(%init : tensor<1x5x5x4xf32>) -> tensor<1x5x5x4xf32>
  return %y : tensor<1x5x5x4xf32>
}

// -----

// Not folded: a value computed from the position.
// CHECK: padding = [0, 0, 0, 0]
// CHECK-LABEL: @pad_computed
func.func @pad_computed(%x: tensor<1x5x5x2xf32>) -> tensor<1x5x5x4xf32> {
  // CHECK: %[[P:.*]] = tensor.pad
  // CHECK: ams.conv "conv" ins(%[[P]]
  %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    %i = arith.index_cast %b : index to i32
    %f = arith.sitofp %i : i32 to f32
    tensor.yield %f : f32
  } : tensor<1x5x5x2xf32> to tensor<1x7x7x2xf32>
  %w = arith.constant dense<1.0> : tensor<4x3x3x2xf32>
  %init = arith.constant dense<0.0> : tensor<1x5x5x4xf32>
  %y = linalg.conv_2d_nhwc_fhwc ins(%p, %w : tensor<1x7x7x2xf32>, tensor<4x3x3x2xf32>) outs(%init : tensor<1x5x5x4xf32>) -> tensor<1x5x5x4xf32>
  return %y : tensor<1x5x5x4xf32>
}

// -----

// Not folded: channels are padded too.
// CHECK: padding = [0, 0, 0, 0]
// CHECK-LABEL: @pad_channels
func.func @pad_channels(%x: tensor<1x5x5x2xf32>) -> tensor<1x5x5x4xf32> {
  // CHECK: %[[P:.*]] = tensor.pad
  // CHECK: ams.conv "conv" ins(%[[P]]
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 1, 1, 1] high[0, 1, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x5x5x2xf32> to tensor<1x7x7x3xf32>
  %w = arith.constant dense<1.0> : tensor<4x3x3x3xf32>
  %init = arith.constant dense<0.0> : tensor<1x5x5x4xf32>
  %y = linalg.conv_2d_nhwc_fhwc ins(%p, %w : tensor<1x7x7x3xf32>, tensor<4x3x3x3xf32>) outs(%init : tensor<1x5x5x4xf32>) -> tensor<1x5x5x4xf32>
  return %y : tensor<1x5x5x4xf32>
}

// -----

// Not folded: cropping, and sizes known only at run time.
// CHECK: padding = [0, 0, 0, 0]
// CHECK-LABEL: @crop
func.func @crop(%x: tensor<1x5x5x2xf32>, %n: index) -> (tensor<1x3x3x4xf32>, tensor<1x5x5x4xf32>) {
  // CHECK: %[[P:.*]] = tensor.pad
  // CHECK: ams.conv "conv" ins(%[[P]]
  // CHECK: %[[Q:.*]] = tensor.pad
  // CHECK: ams.conv "conv_1" ins(%[[Q]]
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, -1, 1, 0] high[0, 1, -1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x5x5x2xf32> to tensor<1x5x5x2xf32>
  %w = arith.constant dense<1.0> : tensor<4x3x3x2xf32>
  %init = arith.constant dense<0.0> : tensor<1x3x3x4xf32>
  %y = linalg.conv_2d_nhwc_fhwc ins(%p, %w : tensor<1x5x5x2xf32>, tensor<4x3x3x2xf32>) outs(%init : tensor<1x3x3x4xf32>) -> tensor<1x3x3x4xf32>
  %q = tensor.pad %x low[0, %n, 1, 0] high[0, %n, 1, 0] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x5x5x2xf32> to tensor<1x7x7x2xf32>
  %init2 = arith.constant dense<0.0> : tensor<1x5x5x4xf32>
  %z = linalg.conv_2d_nhwc_fhwc ins(%q, %w : tensor<1x7x7x2xf32>, tensor<4x3x3x2xf32>) outs(%init2 : tensor<1x5x5x4xf32>) -> tensor<1x5x5x4xf32>
  return %y, %z : tensor<1x3x3x4xf32>, tensor<1x5x5x4xf32>
}

// -----

// Not folded: what the padding belongs to is split into groups.
// CHECK: padding = [0, 0, 0, 0]
// CHECK-LABEL: @pad_split
func.func @pad_split(%x: tensor<1x5x5x4xf32>) -> tensor<1x5x5x2x4xf32> {
  // CHECK: tensor.pad
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x7x7x6xf32>, tensor<8x3x3x3xf32>)
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[0, 1, 1, 1] high[0, 1, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<1x5x5x4xf32> to tensor<1x7x7x6xf32>
  %e = tensor.expand_shape %p [[0], [1], [2], [3, 4]] output_shape [1, 7, 7, 2, 3] : tensor<1x7x7x6xf32> into tensor<1x7x7x2x3xf32>
  %w = arith.constant dense<1.0> : tensor<2x4x3x3x3xf32>
  %init = arith.constant dense<0.0> : tensor<1x5x5x2x4xf32>
  %y = linalg.conv_2d_nhwgc_gfhwc ins(%e, %w : tensor<1x7x7x2x3xf32>, tensor<2x4x3x3x3xf32>) outs(%init : tensor<1x5x5x2x4xf32>) -> tensor<1x5x5x2x4xf32>
  return %y : tensor<1x5x5x2x4xf32>
}
