// tosa arrives through upstream's lowering to linalg.
// RUN: ams-opt %s --ams-tosa-to-linalg --convert-linalg-to-ams --canonicalize --split-input-file | FileCheck %s

// CHECK: padding = [1, 1, 1, 1], dilations = [1, 1], groups = 1>
// CHECK-LABEL: @conv2d
// CHECK-SAME: (%[[X:.*]]: tensor<1x5x5x2xf32>)
func.func @conv2d(%x: tensor<1x5x5x2xf32>) -> tensor<1x5x5x4xf32> {
  // CHECK: %[[Y:.*]] = ams.conv "conv" ins(%[[X]], %{{.*}} : tensor<1x5x5x2xf32>, tensor<4x3x3x2xf32>)
  // CHECK: linalg.generic {{.*}} ins(%[[Y]], %{{.*}} : tensor<1x5x5x4xf32>, tensor<4xf32>)
  // CHECK: arith.addf
  // CHECK-NOT: tosa.
  %w = "tosa.const"() <{values = dense<0.5> : tensor<4x3x3x2xf32>}> : () -> tensor<4x3x3x2xf32>
  %b = "tosa.const"() <{values = dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>}> : () -> tensor<4xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.conv2d %x, %w, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>}
    : (tensor<1x5x5x2xf32>, tensor<4x3x3x2xf32>, tensor<4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x5x5x4xf32>
  return %y : tensor<1x5x5x4xf32>
}

// -----

// CHECK: strides = [2, 2], padding = [1, 1, 0, 0], dilations = [1, 1], groups = 3>
// CHECK-LABEL: @depthwise
func.func @depthwise(%x: tensor<1x6x6x3xf32>) -> tensor<1x3x3x6xf32> {
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x6x6x3xf32>, tensor<6x3x3x1xf32>) outs(%{{.*}} : tensor<1x3x3x6xf32>)
  %w = "tosa.const"() <{values = dense<0.5> : tensor<3x3x3x2xf32>}> : () -> tensor<3x3x3x2xf32>
  %b = "tosa.const"() <{values = dense<0.0> : tensor<6xf32>}> : () -> tensor<6xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.depthwise_conv2d %x, %w, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 0, 1, 0>, stride = array<i64: 2, 2>}
    : (tensor<1x6x6x3xf32>, tensor<3x3x3x2xf32>, tensor<6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x3x6xf32>
  return %y : tensor<1x3x3x6xf32>
}

// -----

// A fully connected layer with a bias and an activation: tosa.matmul has a
// batch, here of 1, which makes the constant a layer's weights.
// CHECK-LABEL: @fully_connected
func.func @fully_connected(%x: tensor<1x4x3xf32>) -> tensor<1x4x2xf32> {
  // CHECK: ams.matmul "matmul" ins(%{{.*}}, %{{.*}} : tensor<4x3xf32>, tensor<2x3xf32>)
  // CHECK: linalg.generic
  %w = "tosa.const"() <{values = dense<[[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]]> : tensor<1x3x2xf32>}> : () -> tensor<1x3x2xf32>
  %b = "tosa.const"() <{values = dense<1.0> : tensor<1x1x2xf32>}> : () -> tensor<1x1x2xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.matmul %x, %w, %z, %z : (tensor<1x4x3xf32>, tensor<1x3x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x2xf32>
  %s = tosa.add %y, %b : (tensor<1x4x2xf32>, tensor<1x1x2xf32>) -> tensor<1x4x2xf32>
  %r = tosa.clamp %s {min_val = 0.0 : f32, max_val = 3.4e38 : f32} : (tensor<1x4x2xf32>) -> tensor<1x4x2xf32>
  return %r : tensor<1x4x2xf32>
}

// -----

// A transposed convolution with strides: the kernel is cut into one for each
// phase, which are the filters of one convolution.
// CHECK-LABEL: @transposed
func.func @transposed(%x: tensor<1x5x4x3xf32>) -> tensor<1x11x9x2xf32> {
  // CHECK: ams.conv "conv" ins(%{{.*}}, %{{.*}} : tensor<1x7x6x3xf32>, tensor<8x2x2x3xf32>) outs(%{{.*}} : tensor<1x6x5x8xf32>)
  // CHECK-NOT: tosa.
  %w = "tosa.const"() <{values = dense<0.5> : tensor<2x3x3x3xf32>}> : () -> tensor<2x3x3x3xf32>
  %b = "tosa.const"() <{values = dense<[1.0, -2.0]> : tensor<2xf32>}> : () -> tensor<2xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.transpose_conv2d %x, %w, %b, %z, %z {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>}
    : (tensor<1x5x4x3xf32>, tensor<2x3x3x3xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x11x9x2xf32>
  return %y : tensor<1x11x9x2xf32>
}
