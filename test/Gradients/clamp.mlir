// With clamp-gradient a layer records which conversions its ADC clipped, and its
// gradients leave them out; by default gradients go straight through.
// RUN: ams-opt %s --ams-differentiate=clamp-gradient=true --split-input-file | FileCheck %s
// RUN: ams-opt %s --ams-differentiate --split-input-file | FileCheck %s --check-prefix=STRAIGHT
// STRAIGHT-NOT: clipp
// RUN: ams-opt %s --split-input-file --pass-pipeline='builtin.module(ams-differentiate{clamp-gradient=true},ams-to-scales,ams-to-gains,ams-to-crossbars)' | FileCheck %s --check-prefix=CROSSBARS
// RUN: ams-opt %s --split-input-file --pass-pipeline='builtin.module(ams-differentiate{clamp-gradient=true},ams-to-scales,ams-to-gains,ams-to-crossbars,ams-to-buffers,convert-ams-to-runtime)' | FileCheck %s --check-prefix=RUNTIME

#device = #ams.device<rows = 8, columns = 4>
func.func @main(%x: tensor<1x3xf32> {ams.name = "x"}, %w: tensor<2x3xf32> {ams.name = "w", ams.weight = "w"}, %v: tensor<1x2xf32> {ams.name = "v", ams.weight = "v"}) -> (tensor<1x1xf32> {ams.name = "loss"}) attributes {ams.step} {
  // CHECK: ams.matmul "a" {{.*}}records_clipping}
  // CHECK: ams.matmul "b" {{.*}}records_clipping}
  // CHECK: ams.matmul_input_gradient "b" {{.*}} {drops_clipped}
  // CHECK: ams.matmul_weight_gradient "b" {{.*}} {drops_clipped}
  // CHECK: ams.matmul_weight_gradient "a" {{.*}} {drops_clipped}
  // CROSSBARS: ams.mvm "a" {{.*}} {records_clipping}
  // CROSSBARS: ams.mvm "b" {{.*}} {records_clipping}
  // What was recorded is that of the layer of the name: b is number 1.
  // RUNTIME: call @ams_rt_f32_varying(%[[CALL:[^,]*]], %c2_i64{{[^,]*}}, %[[DY:[^,]*]], %[[OTHER:[^,]*]], %[[Y:[^,]*]])
  // RUNTIME: call @ams_rt_drop_clipped(%[[CALL]], %c2_i64{{[^,]*}}, %c1_i64{{[^,]*}}, %[[DY]], %[[OTHER]], %[[Y]])
  // RUNTIME: call @ams_rt_drop_clipped(%[[CALL]], %c3_i64{{[^,]*}}, %c1_i64{{[^,]*}},
  // RUNTIME: call @ams_rt_drop_clipped(%[[CALL]], %c4_i64{{[^,]*}}, %c0_i64{{[^,]*}},
  %e0 = tensor.empty() : tensor<1x2xf32>
  %0 = ams.matmul "a" ins(%x, %w : tensor<1x3xf32>, tensor<2x3xf32>) outs(%e0 : tensor<1x2xf32>) device = #device -> tensor<1x2xf32>
  %e1 = tensor.empty() : tensor<1x1xf32>
  %1 = ams.matmul "b" ins(%0, %v : tensor<1x2xf32>, tensor<1x2xf32>) outs(%e1 : tensor<1x1xf32>) device = #device -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// -----

#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [2, 2], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
func.func @main(%x: tensor<1x2x2x3xf32> {ams.name = "x", ams.weight = "x"}, %w: tensor<1x2x2x3xf32> {ams.name = "w", ams.weight = "w"}) -> (tensor<1x1x1x1xf32> {ams.name = "loss"}) attributes {ams.step} {
  // CHECK: ams.conv "c" {{.*}}records_clipping}
  // CHECK: ams.conv_input_gradient "c" {{.*}} {drops_clipped}
  // CHECK: ams.conv_weight_gradient "c" {{.*}} {drops_clipped}
  // CROSSBARS: ams.mvm "c" {{.*}} {records_clipping}
  // RUNTIME: name = "c", outputs = 1 : i64, records_clipping
  // RUNTIME-COUNT-2: call @ams_rt_drop_clipped
  %e = tensor.empty() : tensor<1x1x1x1xf32>
  %0 = ams.conv "c" ins(%x, %w : tensor<1x2x2x3xf32>, tensor<1x2x2x3xf32>) outs(%e : tensor<1x1x1x1xf32>) window = #window device = #device -> tensor<1x1x1x1xf32>
  return %0 : tensor<1x1x1x1xf32>
}

// -----

#device = #ams.device<rows = 8, columns = 4>
func.func @main(%a: tensor<1x1x3xf32> {ams.name = "a", ams.weight = "a"}, %b: tensor<1x1x3xf32> {ams.name = "b", ams.weight = "b"}) -> (tensor<1x1x1xf32> {ams.name = "loss"}) attributes {ams.step} {
  // CHECK: ams.batch_matmul "s" {{.*}}records_clipping}
  // CHECK: ams.batch_matmul_lhs_gradient "s" {{.*}} {drops_clipped}
  // CHECK: ams.batch_matmul_rhs_gradient "s" {{.*}} {drops_clipped}
  // CROSSBARS: ams.batch_matmul "s" {{.*}} {records_clipping}
  // RUNTIME-COUNT-2: call @ams_rt_drop_clipped
  %e = tensor.empty() : tensor<1x1x1xf32>
  %0 = ams.batch_matmul "s" ins(%a, %b : tensor<1x1x3xf32>, tensor<1x1x3xf32>) outs(%e : tensor<1x1x1xf32>) device = #device -> tensor<1x1x1xf32>
  return %0 : tensor<1x1x1xf32>
}
