// A network with its channels first, as torch-mlir writes it: a depthwise and a
// pointwise convolution, ReLU6, hardswish by hardsigmoid, and adaptive average
// pooling. Transposes are left at its entry and its exit; results are those of
// loops, and on the device those of the float32 build but for what it rounds.
// RUN: rm -rf %t && mkdir %t
// RUN: ams-opt %s --ams-to-layers -o %t/layers.mlir --verify-diagnostics
// RUN: FileCheck %s < %t/layers.mlir
// CHECK-LABEL: func.func @main
// CHECK-COUNT-1: linalg.transpose {{.*}} permutation = [0, 2, 3, 1]
// CHECK-NOT: linalg.transpose
// CHECK: ams.conv "conv"
// CHECK-NOT: linalg.transpose
// CHECK: ams.conv "conv_1" {{.*}} epilogue = #ams.epilogue<bias = true>
// CHECK-NOT: linalg.transpose
// CHECK: linalg.pooling_nhwc_sum
// CHECK-COUNT-1: linalg.transpose {{.*}} permutation = [0, 3, 1, 2]
// CHECK-NOT: linalg.transpose
// CHECK: return

// RUN: %python %S/random_npy.py %t/x.npy 2 3 8 8
// RUN: ams-compile %s --target=digital -o %t/digital.so
// RUN: ams-run %t/digital.so --input %t/x.npy --output %t/digital.npy
// RUN: ams-compile %s --target=digital --keep-digital-layers='*' -o %t/loops.so
// RUN: ams-run %t/loops.so --input %t/x.npy --output %t/loops.npy
// RUN: %python %S/close.py %t/digital.npy %t/loops.npy 1e-5
// RUN: echo '#ams.device<rows = 32, columns = 32, output_bits = 16>' > %t/device.txt
// RUN: ams-compile %s --device=%t/device.txt --gain=1 -o %t/device.so
// RUN: ams-run %t/device.so --input %t/x.npy --output %t/device.npy
// RUN: %python %S/close.py %t/device.npy %t/digital.npy 0.08

#id = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
func.func @main(%x: tensor<2x3x8x8xf32>) -> tensor<2x4x2x2xf32> {
  %zero = arith.constant 0.0 : f32
  %six = arith.constant 6.0 : f32
  %three = arith.constant 3.0 : f32
  %dw = arith.constant dense<0.25> : tensor<3x3x3xf32>
  %pw = arith.constant dense<[[[[0.5]], [[-0.25]], [[0.125]]], [[[0.75]], [[0.5]], [[-0.5]]], [[[-0.5]], [[-0.25]], [[1.0]]], [[[1.5]], [[0.25]], [[0.5]]]]> : tensor<4x3x1x1xf32>
  %bias = arith.constant dense<[0.5, -0.5, 1.0, 2.0]> : tensor<4xf32>
  %p = tensor.pad %x low[0, 0, 1, 1] high[0, 0, 1, 1] {
  ^bb0(%a: index, %b: index, %c: index, %d: index):
    tensor.yield %zero : f32
  } : tensor<2x3x8x8xf32> to tensor<2x3x10x10xf32>
  %e = tensor.empty() : tensor<2x3x8x8xf32>
  %i = linalg.fill ins(%zero : f32) outs(%e : tensor<2x3x8x8xf32>) -> tensor<2x3x8x8xf32>
  %y = linalg.depthwise_conv_2d_nchw_chw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%p, %dw : tensor<2x3x10x10xf32>, tensor<3x3x3xf32>) outs(%i : tensor<2x3x8x8xf32>) -> tensor<2x3x8x8xf32>
  // ReLU6, whose comparison takes NaN for 0 and so is no clamp of D7.
  // expected-remark@+1 {{is not fused into layer "conv": its comparison treats NaN or zeros otherwise than D7}}
  %r = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%y : tensor<2x3x8x8xf32>) outs(%e : tensor<2x3x8x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.cmpf ult, %in, %zero : f32
    %1 = arith.select %0, %zero, %in : f32
    %2 = arith.cmpf ugt, %1, %six : f32
    %3 = arith.select %2, %six, %1 : f32
    linalg.yield %3 : f32
  } -> tensor<2x3x8x8xf32>
  %f = tensor.empty() : tensor<2x4x8x8xf32>
  %ib = linalg.broadcast ins(%bias : tensor<4xf32>) outs(%f : tensor<2x4x8x8xf32>) dimensions = [0, 2, 3]
  // expected-remark@+1 {{nothing more is fused into layer "conv_1": its result has several users}}
  %z = linalg.conv_2d_nchw_fchw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%r, %pw : tensor<2x3x8x8xf32>, tensor<4x3x1x1xf32>) outs(%ib : tensor<2x4x8x8xf32>) -> tensor<2x4x8x8xf32>
  // Hardsigmoid: relu6(x + 3) / 6; hardswish: x times it.
  %s = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%z : tensor<2x4x8x8xf32>) outs(%f : tensor<2x4x8x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.addf %in, %three : f32
    linalg.yield %0 : f32
  } -> tensor<2x4x8x8xf32>
  %t = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%s : tensor<2x4x8x8xf32>) outs(%f : tensor<2x4x8x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.cmpf ult, %in, %zero : f32
    %1 = arith.select %0, %zero, %in : f32
    %2 = arith.cmpf ugt, %1, %six : f32
    %3 = arith.select %2, %six, %1 : f32
    linalg.yield %3 : f32
  } -> tensor<2x4x8x8xf32>
  %h = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%t : tensor<2x4x8x8xf32>) outs(%f : tensor<2x4x8x8xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.divf %in, %six : f32
    linalg.yield %0 : f32
  } -> tensor<2x4x8x8xf32>
  %m = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%h, %z : tensor<2x4x8x8xf32>, tensor<2x4x8x8xf32>) outs(%f : tensor<2x4x8x8xf32>) {
  ^bb0(%in: f32, %in_0: f32, %out: f32):
    %0 = arith.mulf %in, %in_0 : f32
    linalg.yield %0 : f32
  } -> tensor<2x4x8x8xf32>
  // Adaptive average pooling to 2 x 2.
  %g = tensor.empty() : tensor<2x4x2x2xf32>
  %gi = linalg.fill ins(%zero : f32) outs(%g : tensor<2x4x2x2xf32>) -> tensor<2x4x2x2xf32>
  %k = tensor.empty() : tensor<4x4xf32>
  %q = linalg.pooling_nchw_sum {dilations = dense<1> : vector<2xi64>, strides = dense<4> : vector<2xi64>} ins(%m, %k : tensor<2x4x8x8xf32>, tensor<4x4xf32>) outs(%gi : tensor<2x4x2x2xf32>) -> tensor<2x4x2x2xf32>
  %count = arith.constant 16.0 : f32
  %v = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel", "parallel", "parallel"]} ins(%q : tensor<2x4x2x2xf32>) outs(%g : tensor<2x4x2x2xf32>) {
  ^bb0(%in: f32, %out: f32):
    %0 = arith.divf %in, %count : f32
    linalg.yield %0 : f32
  } -> tensor<2x4x2x2xf32>
  return %v : tensor<2x4x2x2xf32>
}
