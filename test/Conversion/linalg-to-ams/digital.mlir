// What cannot go on the device stays digital, with a remark that says why.
// RUN: ams-opt %s --convert-linalg-to-ams --split-input-file --verify-diagnostics | FileCheck %s
// CHECK-NOT: ams.
// CHECK-NOT: #device

func.func @integers(%x: tensor<4x3xi32>, %w: tensor<3x2xi32>, %i: tensor<4x2xi32>) -> tensor<4x2xi32> {
  // expected-remark@+1 {{stays digital: its operands are not float32 tensors of static shape}}
  %y = linalg.matmul ins(%x, %w : tensor<4x3xi32>, tensor<3x2xi32>) outs(%i : tensor<4x2xi32>) -> tensor<4x2xi32>
  return %y : tensor<4x2xi32>
}

// -----

func.func @other_floats(%x: tensor<4x3xbf16>, %w: tensor<3x2xbf16>, %i: tensor<4x2xf32>) -> tensor<4x2xf32> {
  // expected-remark@+1 {{stays digital: its operands are not float32 tensors of static shape}}
  %y = linalg.matmul ins(%x, %w : tensor<4x3xbf16>, tensor<3x2xbf16>) outs(%i : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

func.func @dynamic(%x: tensor<?x3xf32>, %i: tensor<?x2xf32>) -> tensor<?x2xf32> {
  %w = arith.constant dense<1.0> : tensor<3x2xf32>
  // expected-remark@+1 {{stays digital: its operands are not float32 tensors of static shape}}
  %y = linalg.matmul ins(%x, %w : tensor<?x3xf32>, tensor<3x2xf32>) outs(%i : tensor<?x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

func.func @no_vectors(%x: tensor<0x3xf32>, %i: tensor<0x2xf32>) -> tensor<0x2xf32> {
  %w = arith.constant dense<1.0> : tensor<3x2xf32>
  // expected-remark@+1 {{stays digital: its operands hold no elements}}
  %y = linalg.matmul ins(%x, %w : tensor<0x3xf32>, tensor<3x2xf32>) outs(%i : tensor<0x2xf32>) -> tensor<0x2xf32>
  return %y : tensor<0x2xf32>
}

// -----

func.func @no_reduction(%x: tensor<4x0xf32>, %w: tensor<0x2xf32>, %i: tensor<4x2xf32>) -> tensor<4x2xf32> {
  // expected-remark@+1 {{stays digital: its operands hold no elements}}
  %y = linalg.matmul ins(%x, %w : tensor<4x0xf32>, tensor<0x2xf32>) outs(%i : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

func.func @no_images(%x: tensor<0x5x5x2xf32>, %i: tensor<0x3x3x4xf32>) -> tensor<0x3x3x4xf32> {
  %w = arith.constant dense<1.0> : tensor<4x3x3x2xf32>
  // expected-remark@+1 {{stays digital: its operands hold no elements}}
  %y = linalg.conv_2d_nhwc_fhwc ins(%x, %w : tensor<0x5x5x2xf32>, tensor<4x3x3x2xf32>) outs(%i : tensor<0x3x3x4xf32>) -> tensor<0x3x3x4xf32>
  return %y : tensor<0x3x3x4xf32>
}

// -----

// A function of the operands before they are multiplied.
func.func @body(%x: tensor<4x3xf32>, %i: tensor<4x2xf32>) -> tensor<4x2xf32> {
  %w = arith.constant dense<1.0> : tensor<3x2xf32>
  // expected-remark@+1 {{stays digital: its body is not one multiplication and one addition}}
  %y = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
       ins(%x, %w : tensor<4x3xf32>, tensor<3x2xf32>) outs(%i : tensor<4x2xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %e = math.exp %a : f32
    %0 = arith.mulf %e, %b : f32
    %1 = arith.addf %c, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}

// -----

func.func @rank(%x: tensor<1x1x1x1x1x1x1x1x4x3xf32>, %i: tensor<1x1x1x1x1x1x1x1x4x2xf32>) -> tensor<1x1x1x1x1x1x1x1x4x2xf32> {
  %w = arith.constant dense<1.0> : tensor<3x2xf32>
  // expected-remark@+1 {{stays digital: its operands are not float32 tensors of static shape}}
  %y = linalg.contract indexing_maps = [affine_map<(a, b, c, d, e, f, g, h, m, n, k) -> (a, b, c, d, e, f, g, h, m, k)>,
                                        affine_map<(a, b, c, d, e, f, g, h, m, n, k) -> (k, n)>,
                                        affine_map<(a, b, c, d, e, f, g, h, m, n, k) -> (a, b, c, d, e, f, g, h, m, n)>]
       ins(%x, %w : tensor<1x1x1x1x1x1x1x1x4x3xf32>, tensor<3x2xf32>) outs(%i : tensor<1x1x1x1x1x1x1x1x4x2xf32>) -> tensor<1x1x1x1x1x1x1x1x4x2xf32>
  return %y : tensor<1x1x1x1x1x1x1x1x4x2xf32>
}

// -----

func.func @rank_9(%x: tensor<1x1x1x1x1x1x1x4x3xf32>, %i: tensor<1x1x1x1x1x1x1x4x2xf32>) -> tensor<1x1x1x1x1x1x1x4x2xf32> {
  %w = arith.constant dense<1.0> : tensor<3x2xf32>
  // expected-remark@+1 {{stays digital: its operands are not float32 tensors of static shape}}
  %y = linalg.contract indexing_maps = [affine_map<(a, b, c, d, e, f, g, m, n, k) -> (a, b, c, d, e, f, g, m, k)>,
                                        affine_map<(a, b, c, d, e, f, g, m, n, k) -> (k, n)>,
                                        affine_map<(a, b, c, d, e, f, g, m, n, k) -> (a, b, c, d, e, f, g, m, n)>]
       ins(%x, %w : tensor<1x1x1x1x1x1x1x4x3xf32>, tensor<3x2xf32>) outs(%i : tensor<1x1x1x1x1x1x1x4x2xf32>) -> tensor<1x1x1x1x1x1x1x4x2xf32>
  return %y : tensor<1x1x1x1x1x1x1x4x2xf32>
}

// -----

func.func @filter(%x: tensor<1x5x5x2xf32>, %w: tensor<4x3x3x2xf32>, %i: tensor<1x3x3x4xf32>) -> tensor<1x3x3x4xf32> {
  // expected-remark@+1 {{stays digital: its filter is not a constant}}
  %y = linalg.conv_2d_nhwc_fhwc ins(%x, %w : tensor<1x5x5x2xf32>, tensor<4x3x3x2xf32>) outs(%i : tensor<1x3x3x4xf32>) -> tensor<1x3x3x4xf32>
  return %y : tensor<1x3x3x4xf32>
}

// -----

func.func @conv_dynamic(%x: tensor<?x5x5x2xf32>, %i: tensor<?x3x3x4xf32>) -> tensor<?x3x3x4xf32> {
  %w = arith.constant dense<1.0> : tensor<4x3x3x2xf32>
  // expected-remark@+1 {{stays digital: its operands are not float32 tensors of static shape}}
  %y = linalg.conv_2d_nhwc_fhwc ins(%x, %w : tensor<?x5x5x2xf32>, tensor<4x3x3x2xf32>) outs(%i : tensor<?x3x3x4xf32>) -> tensor<?x3x3x4xf32>
  return %y : tensor<?x3x3x4xf32>
}

// -----

// A result that leaves rows of its image unused.
func.func @unused_rows(%x: tensor<1x5x5x2xf32>, %i: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %w = arith.constant dense<1.0> : tensor<4x3x3x2xf32>
  // expected-remark@+1 {{stays digital: its image is larger than its outputs use}}
  %y = linalg.generic {indexing_maps = [affine_map<(b, i, j, f, p, q, c) -> (b, i + p, j + q, c)>,
                                        affine_map<(b, i, j, f, p, q, c) -> (f, p, q, c)>,
                                        affine_map<(b, i, j, f, p, q, c) -> (b, i, j, f)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
       ins(%x, %w : tensor<1x5x5x2xf32>, tensor<4x3x3x2xf32>) outs(%i : tensor<1x2x3x4xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %0, %c : f32
    linalg.yield %1 : f32
  } -> tensor<1x2x3x4xf32>
  return %y : tensor<1x2x3x4xf32>
}

// -----

func.func @large(%x: tensor<1x2147483648x5x2xf32>, %i: tensor<1x2147483648x5x4xf32>) -> tensor<1x2147483648x5x4xf32> {
  %w = arith.constant dense<1.0> : tensor<4x1x1x2xf32>
  // expected-remark@+1 {{stays digital: its sizes, strides and dilations must be from 1 to 2^31 - 1}}
  %y = linalg.conv_2d_nhwc_fhwc ins(%x, %w : tensor<1x2147483648x5x2xf32>, tensor<4x1x1x2xf32>) outs(%i : tensor<1x2147483648x5x4xf32>) -> tensor<1x2147483648x5x4xf32>
  return %y : tensor<1x2147483648x5x4xf32>
}

// -----

// One input vector for every row of the result, one output for every column.
func.func @broadcast(%x: tensor<3xf32>, %z: tensor<4x3xf32>, %i: tensor<4x2xf32>) -> (tensor<4x2xf32>, tensor<4x2xf32>) {
  %w = arith.constant dense<1.0> : tensor<3x2xf32>
  // expected-remark@+1 {{stays digital: a loop indexes one operand alone, or the result alone}}
  %y = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>]
       ins(%x, %w : tensor<3xf32>, tensor<3x2xf32>) outs(%i : tensor<4x2xf32>) -> tensor<4x2xf32>
  // expected-remark@+1 {{stays digital: a loop indexes one operand alone, or the result alone}}
  %v = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k)>, affine_map<(m, n, k) -> (m, n)>]
       ins(%z, %x : tensor<4x3xf32>, tensor<3xf32>) outs(%i : tensor<4x2xf32>) -> tensor<4x2xf32>
  return %y, %v : tensor<4x2xf32>, tensor<4x2xf32>
}

// -----

// A body whose operations are those of a convolution, but not in its order.
// Pooling is no product at all: it has no remark.
func.func @no_products(%x: tensor<1x4x4x2xf32>, %i: tensor<1x2x2x5xf32>, %p: f32, %d: tensor<1x4x2x1x1x2xf32>, %u: tensor<1x2x2x2xf32>, %v: tensor<2x2xf32>)
    -> (tensor<1x2x2x5xf32>, tensor<1x2x2x5xf32>, tensor<1x2x2x2xf32>) {
  %w = arith.constant dense<1.0> : tensor<5x3x3x2xf32>
  // expected-remark@+1 {{layer "conv" stays digital: its body is not one multiplication and one addition}}
  %y = linalg.generic {indexing_maps = [affine_map<(b, i, j, f, p, q, c) -> (b, i + p, j + q, c)>,
                                        affine_map<(b, i, j, f, p, q, c) -> (f, p, q, c)>,
                                        affine_map<(b, i, j, f, p, q, c) -> (b, i, j, f)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
       ins(%x, %w : tensor<1x4x4x2xf32>, tensor<5x3x3x2xf32>) outs(%i : tensor<1x2x2x5xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.addf %a, %b : f32
    %1 = arith.mulf %0, %c : f32
    linalg.yield %1 : f32
  } -> tensor<1x2x2x5xf32>
  // expected-remark@+1 {{layer "conv_1" stays digital: its body is not one multiplication and one addition}}
  %z = linalg.generic {indexing_maps = [affine_map<(b, i, j, f, p, q, c) -> (b, i + p, j + q, c)>,
                                        affine_map<(b, i, j, f, p, q, c) -> (f, p, q, c)>,
                                        affine_map<(b, i, j, f, p, q, c) -> (b, i, j, f)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
       ins(%x, %w : tensor<1x4x4x2xf32>, tensor<5x3x3x2xf32>) outs(%y : tensor<1x2x2x5xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.mulf %a, %c : f32
    %1 = arith.addf %0, %b : f32
    linalg.yield %1 : f32
  } -> tensor<1x2x2x5xf32>
  %pool = linalg.pooling_nhwc_sum ins(%x, %v : tensor<1x4x4x2xf32>, tensor<2x2xf32>) outs(%u : tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
  return %y, %z, %pool : tensor<1x2x2x5xf32>, tensor<1x2x2x5xf32>, tensor<1x2x2x2xf32>
}

// -----

// Three operands and one result, but no structured operation.
func.func @pack(%x: tensor<5x7xf32>, %p: f32, %d: tensor<2x2x4x4xf32>) -> tensor<2x2x4x4xf32> {
  %0 = linalg.pack %x padding_value(%p : f32) inner_dims_pos = [0, 1] inner_tiles = [4, 4] into %d : tensor<5x7xf32> -> tensor<2x2x4x4xf32>
  return %0 : tensor<2x2x4x4xf32>
}

// -----

// Buffers are converted before they are buffers.
func.func @buffers(%x: memref<4x3xf32>, %w: memref<3x2xf32>, %i: memref<4x2xf32>) {
  linalg.matmul ins(%x, %w : memref<4x3xf32>, memref<3x2xf32>) outs(%i : memref<4x2xf32>)
  return
}

// -----

// Every named product of quantised integers, and a convolution of integers.
func.func @quantised(%x: tensor<4x3xi8>, %w: tensor<3x2xi8>, %zero: i32, %i: tensor<4x2xi32>,
                     %image: tensor<1x5x5x2xi8>, %filter: tensor<3x3x2x4xi8>, %j: tensor<1x3x3x4xi32>) -> (tensor<4x2xi32>, tensor<1x3x3x4xi32>, tensor<1x3x3x4xi32>) {
  // expected-remark@+1 {{layer "product" stays digital: it multiplies quantised integers, not float32 tensors}}
  %y = linalg.quantized_matmul ins(%x, %w, %zero, %zero : tensor<4x3xi8>, tensor<3x2xi8>, i32, i32) outs(%i : tensor<4x2xi32>) -> tensor<4x2xi32>
  // expected-remark@+1 {{stays digital: it multiplies quantised integers, not float32 tensors}}
  %z = linalg.conv_2d_nhwc_hwcf_q ins(%image, %filter, %zero, %zero : tensor<1x5x5x2xi8>, tensor<3x3x2x4xi8>, i32, i32) outs(%j : tensor<1x3x3x4xi32>) -> tensor<1x3x3x4xi32>
  // expected-remark@+1 {{stays digital: its operands are not float32 tensors of static shape}}
  %v = linalg.conv_2d_nhwc_hwcf ins(%image, %filter : tensor<1x5x5x2xi8>, tensor<3x3x2x4xi8>) outs(%j : tensor<1x3x3x4xi32>) -> tensor<1x3x3x4xi32>
  return %y, %z, %v : tensor<4x2xi32>, tensor<1x3x3x4xi32>, tensor<1x3x3x4xi32>
}

// -----

func.func @dimensions(%x: tensor<1x4x4x4x4xf32>, %i: tensor<1x3x3x3x3xf32>) -> tensor<1x3x3x3x3xf32> {
  %w = arith.constant dense<1.0> : tensor<2x2x2x2xf32>
  // expected-remark@+1 {{stays digital: only convolutions of 1, 2 or 3 dimensions go on the device}}
  %y = linalg.generic {indexing_maps = [affine_map<(n, a, b, c, d, p, q, r, s) -> (n, a + p, b + q, c + r, d + s)>, affine_map<(n, a, b, c, d, p, q, r, s) -> (p, q, r, s)>, affine_map<(n, a, b, c, d, p, q, r, s) -> (n, a, b, c, d)>],
                       iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "reduction"]}
       ins(%x, %w : tensor<1x4x4x4x4xf32>, tensor<2x2x2x2xf32>) outs(%i : tensor<1x3x3x3x3xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.mulf %a, %b : f32
    %1 = arith.addf %c, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<1x3x3x3x3xf32>
  return %y : tensor<1x3x3x3x3xf32>
}

// -----

func.func @loops(%x: tensor<4x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1xf32>, %i: tensor<3x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1xf32>) -> tensor<3x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1xf32> {
  %w = arith.constant dense<1.0> : tensor<2xf32>
  // expected-remark@+1 {{stays digital: it has more loops than are supported}}
  %y = linalg.generic {indexing_maps = [affine_map<(z, p, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, q, r) -> (z + p, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, q, r)>,
                                        affine_map<(z, p, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, q, r) -> (p)>,
                                        affine_map<(z, p, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, q, r) -> (z, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, q, r)>],
                       iterator_types = ["parallel", "reduction", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel", "parallel"]}
       ins(%x, %w : tensor<4x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1xf32>, tensor<2xf32>) outs(%i : tensor<3x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1xf32>) {
  ^bb0(%u: f32, %v: f32, %s: f32):
    %0 = arith.mulf %u, %v : f32
    %1 = arith.addf %s, %0 : f32
    linalg.yield %1 : f32
  } -> tensor<3x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1xf32>
  return %y : tensor<3x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1xf32>
}
