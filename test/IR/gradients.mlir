// Gradients of products: syntax, effects and bufferization.
// RUN: ams-opt %s | ams-opt | FileCheck %s
// RUN: ams-opt %s --one-shot-bufferize="bufferize-function-boundaries=1 function-boundary-type-conversion=identity-layout-map" | FileCheck %s --check-prefix=BUFFER
// RUN: ams-opt %s --one-shot-bufferize="bufferize-function-boundaries=1 function-boundary-type-conversion=identity-layout-map" --convert-ams-to-runtime | FileCheck %s --check-prefix=CALL

// CALL: ams.layers = [{
// CALL-SAME: kind = "matmul_input_gradient", name = "fc", outputs = 3 : i64, reduction = 9 : i64, scales = 4294967295 : i64, vectors = 2 : i64}
// CALL-SAME: kind = "matmul_weight_gradient", name = "fc", outputs = 3 : i64, reduction = 9 : i64, scales = 4294967295 : i64, vectors = 2 : i64}
// CALL-SAME: batch = 4 : i64, {{[^}]*}}kind = "matmul_input_gradient", name = "s", outputs = 3 : i64, reduction = 9 : i64, scales = 4294967295 : i64, vectors = 2 : i64}
// CALL-SAME: batch = 4 : i64, {{[^}]*}}kind = "matmul_weight_gradient", name = "s", outputs = 3 : i64, reduction = 9 : i64, scales = 4294967295 : i64, vectors = 2 : i64}
// CALL-SAME: image = array<i64: 5, 6, 4>, kind = "conv_input_gradient", name = "c", outputs = 6 : i64, reduction = 18 : i64, scales = 4294967295 : i64, vectors = 24 : i64, window = #window}
// CALL-SAME: image = array<i64: 5, 6, 4>, kind = "conv_weight_gradient", name = "c", outputs = 6 : i64, reduction = 18 : i64, scales = 4294967295 : i64, vectors = 24 : i64, window = #window}
#window = #ams.window<kernel = [3, 3], strides = [2, 2], padding = [1, 2, 1, 2], dilations = [1, 1], groups = 2>

// CHECK-LABEL: @matmul
// CHECK: ams.matmul_input_gradient "fc" ins(%{{.*}}, %{{.*}} : tensor<2x3xf32>, tensor<3x9xf32>) outs(%{{.*}} : tensor<2x9xf32>) -> tensor<2x9xf32>
// CHECK: ams.matmul_weight_gradient "fc" ins(%{{.*}}, %{{.*}} : tensor<2x3xf32>, tensor<2x9xf32>) outs(%{{.*}} : tensor<3x9xf32>) -> tensor<3x9xf32>
// BUFFER-LABEL: @matmul
// BUFFER-NOT: memref.copy
// BUFFER: ams.matmul_input_gradient "fc" ins(%{{.*}}, %{{.*}} : memref<2x3xf32>, memref<3x9xf32>) outs(%{{.*}} : memref<2x9xf32>){{$}}
// BUFFER: ams.matmul_weight_gradient "fc" ins(%{{.*}}, %{{.*}} : memref<2x3xf32>, memref<2x9xf32>) outs(%{{.*}} : memref<3x9xf32>){{$}}
// CALL-LABEL: @matmul
// CALL: call @ams_rt_f32_varying
// CALL: call @ams_rt_f32_varying
func.func @matmul(%dy: tensor<2x3xf32>, %w: tensor<3x9xf32>, %x: tensor<2x9xf32>) -> (tensor<2x9xf32>, tensor<3x9xf32>) {
  %e0 = tensor.empty() : tensor<2x9xf32>
  %0 = ams.matmul_input_gradient "fc" ins(%dy, %w : tensor<2x3xf32>, tensor<3x9xf32>) outs(%e0 : tensor<2x9xf32>) -> tensor<2x9xf32>
  %e1 = tensor.empty() : tensor<3x9xf32>
  %1 = ams.matmul_weight_gradient "fc" ins(%dy, %x : tensor<2x3xf32>, tensor<2x9xf32>) outs(%e1 : tensor<3x9xf32>) -> tensor<3x9xf32>
  return %0, %1 : tensor<2x9xf32>, tensor<3x9xf32>
}

// CHECK-LABEL: @batch_matmul
// CHECK: ams.batch_matmul_lhs_gradient "s" ins(%{{.*}}, %{{.*}} : tensor<4x2x3xf32>, tensor<4x3x9xf32>) outs(%{{.*}} : tensor<4x2x9xf32>) -> tensor<4x2x9xf32>
// CHECK: ams.batch_matmul_rhs_gradient "s" ins(%{{.*}}, %{{.*}} : tensor<4x2x3xf32>, tensor<4x2x9xf32>) outs(%{{.*}} : tensor<4x3x9xf32>) -> tensor<4x3x9xf32>
// BUFFER-LABEL: @batch_matmul
// BUFFER-NOT: memref.copy
// BUFFER: ams.batch_matmul_lhs_gradient "s"
// BUFFER: ams.batch_matmul_rhs_gradient "s"
func.func @batch_matmul(%dy: tensor<4x2x3xf32>, %b: tensor<4x3x9xf32>, %a: tensor<4x2x9xf32>) -> (tensor<4x2x9xf32>, tensor<4x3x9xf32>) {
  %e0 = tensor.empty() : tensor<4x2x9xf32>
  %0 = ams.batch_matmul_lhs_gradient "s" ins(%dy, %b : tensor<4x2x3xf32>, tensor<4x3x9xf32>) outs(%e0 : tensor<4x2x9xf32>) -> tensor<4x2x9xf32>
  %e1 = tensor.empty() : tensor<4x3x9xf32>
  %1 = ams.batch_matmul_rhs_gradient "s" ins(%dy, %a : tensor<4x2x3xf32>, tensor<4x2x9xf32>) outs(%e1 : tensor<4x3x9xf32>) -> tensor<4x3x9xf32>
  return %0, %1 : tensor<4x2x9xf32>, tensor<4x3x9xf32>
}

// CHECK-LABEL: @conv
// CHECK: ams.conv_input_gradient "c" ins(%{{.*}}, %{{.*}} : tensor<2x3x4x6xf32>, tensor<6x3x3x2xf32>) outs(%{{.*}} : tensor<2x5x6x4xf32>) window = #window -> tensor<2x5x6x4xf32>
// CHECK: ams.conv_weight_gradient "c" ins(%{{.*}}, %{{.*}} : tensor<2x3x4x6xf32>, tensor<2x5x6x4xf32>) outs(%{{.*}} : tensor<6x3x3x2xf32>) window = #window -> tensor<6x3x3x2xf32>
// BUFFER-LABEL: @conv
// BUFFER-NOT: memref.copy
// BUFFER: ams.conv_input_gradient "c"
// BUFFER: ams.conv_weight_gradient "c"
func.func @conv(%dy: tensor<2x3x4x6xf32>, %w: tensor<6x3x3x2xf32>, %x: tensor<2x5x6x4xf32>) -> (tensor<2x5x6x4xf32>, tensor<6x3x3x2xf32>) {
  %e0 = tensor.empty() : tensor<2x5x6x4xf32>
  %0 = ams.conv_input_gradient "c" ins(%dy, %w : tensor<2x3x4x6xf32>, tensor<6x3x3x2xf32>) outs(%e0 : tensor<2x5x6x4xf32>) window = #window -> tensor<2x5x6x4xf32>
  %e1 = tensor.empty() : tensor<6x3x3x2xf32>
  %1 = ams.conv_weight_gradient "c" ins(%dy, %x : tensor<2x3x4x6xf32>, tensor<2x5x6x4xf32>) outs(%e1 : tensor<6x3x3x2xf32>) window = #window -> tensor<6x3x3x2xf32>
  return %0, %1 : tensor<2x5x6x4xf32>, tensor<6x3x3x2xf32>
}
