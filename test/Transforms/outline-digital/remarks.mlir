// What no schedule is for, and why; small operations are not worth a message.
// RUN: ams-opt %s --ams-outline-digital --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @transposed
// CHECK: call @digital_0(%arg0)
func.func @transposed(%x: tensor<64x48xf32>) -> tensor<48x64xf32> {
  %e = tensor.empty() : tensor<48x64xf32>
  // expected-remark @+1 {{this operation becomes plain loops: an operand is not contiguous along its rows}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<64x48xf32>) outs(%e : tensor<48x64xf32>) {
  ^bb0(%v: f32, %o: f32):
    linalg.yield %v : f32
  } -> tensor<48x64xf32>
  return %0 : tensor<48x64xf32>
}

// CHECK-LABEL: func.func @small
// CHECK: call @digital(%arg0)
func.func @small(%x: tensor<4x8xf32>) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<4x8xf32>) outs(%e : tensor<8x4xf32>) {
  ^bb0(%v: f32, %o: f32):
    linalg.yield %v : f32
  } -> tensor<8x4xf32>
  return %0 : tensor<8x4xf32>
}

// CHECK-LABEL: func.func @index
// CHECK-NOT: call
func.func @index(%x: tensor<2048xf32>) -> tensor<2048xf32> {
  %e = tensor.empty() : tensor<2048xf32>
  // expected-remark @+1 {{becomes plain loops: its body uses the index of an element}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<2048xf32>) outs(%e : tensor<2048xf32>) {
  ^bb0(%v: f32, %o: f32):
    %i = linalg.index 0 : index
    %j = arith.index_cast %i : index to i32
    %k = arith.sitofp %j : i32 to f32
    %s = arith.addf %v, %k : f32
    linalg.yield %s : f32
  } -> tensor<2048xf32>
  return %0 : tensor<2048xf32>
}

func.func @window(%x: tensor<2049xf32>) -> tensor<2048xf32> {
  %e = tensor.empty() : tensor<2048xf32>
  // expected-remark @+1 {{becomes plain loops: an index is more than the number of a loop}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0 + 1)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<2049xf32>) outs(%e : tensor<2048xf32>) {
  ^bb0(%v: f32, %o: f32):
    linalg.yield %v : f32
  } -> tensor<2048xf32>
  return %0 : tensor<2048xf32>
}

func.func @integers(%x: tensor<2048xi64>) -> tensor<2048xi64> {
  %e = tensor.empty() : tensor<2048xi64>
  // expected-remark @+1 {{becomes plain loops: an operand is no float32 tensor of static shape}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<2048xi64>) outs(%e : tensor<2048xi64>) {
  ^bb0(%v: i64, %o: i64):
    %s = arith.addi %v, %v : i64
    linalg.yield %s : i64
  } -> tensor<2048xi64>
  return %0 : tensor<2048xi64>
}

func.func @diagonal(%x: tensor<64x64xf32>) -> tensor<64xf32> {
  %e = tensor.empty() : tensor<64xf32>
  // expected-remark @+1 {{becomes plain loops: an operand is read along a diagonal}}
  %0 = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0, d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<64x64xf32>) outs(%e : tensor<64xf32>) {
  ^bb0(%v: f32, %o: f32):
    linalg.yield %v : f32
  } -> tensor<64xf32>
  return %0 : tensor<64xf32>
}

// CHECK: func.func private @digital(
// CHECK-NOT: ams.schedule
