// Differential noise: syntax, bufferization in place, both ways down.
// RUN: ams-opt %s | ams-opt | FileCheck %s
// RUN: ams-opt %s --one-shot-bufferize="bufferize-function-boundaries=1 function-boundary-type-conversion=identity-layout-map" | FileCheck %s --check-prefix=BUFFER
// RUN: ams-opt %s --one-shot-bufferize="bufferize-function-boundaries=1 function-boundary-type-conversion=identity-layout-map" --convert-ams-to-runtime | FileCheck %s --check-prefix=CALL
// RUN: ams-opt %s --one-shot-bufferize="bufferize-function-boundaries=1 function-boundary-type-conversion=identity-layout-map" --ams-decompose | FileCheck %s --check-prefix=PLAIN

// CHECK-LABEL: @layer
// CHECK: ams.add_noise "conv" table(%{{.*}} : tensor<1x1x641xf32>) outs(%{{.*}} : tensor<2x4x4x6xf32>) index = 3 samples = 2 -> tensor<2x4x4x6xf32>
// BUFFER-LABEL: @layer
// BUFFER-NOT: memref.alloc
// BUFFER-NOT: memref.copy
// BUFFER: ams.add_noise "conv" table(%{{.*}} : memref<1x1x641xf32>) outs(%{{.*}} : memref<2x4x4x6xf32>) index = 3 samples = 2{{$}}
// CALL-LABEL: @layer
// CALL-DAG: %[[INDEX:.*]] = arith.constant 3 : i64
// CALL-DAG: %[[SAMPLES:.*]] = arith.constant 2 : i64
// CALL-DAG: %[[ELEMENTS:.*]] = arith.constant 96 : i64
// CALL: call @ams_rt_add_noise(%{{.*}}, %[[INDEX]], %[[SAMPLES]], %[[ELEMENTS]], %{{.*}}, %{{.*}}, %[[OUTPUTS:[^,]*]], %{{.*}}, %[[NONE:[^,]*]], %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}) : (!llvm.ptr, i64, i64, i64, i64, i64, i64, !llvm.ptr, i64, !llvm.ptr, !llvm.ptr, f32, f32, !llvm.ptr) -> ()
// PLAIN-LABEL: @layer
// PLAIN: call @ams_plain_add_noise
// PLAIN-NOT: call @ams_plain_epilogue
// PLAIN: return
func.func @layer(%y: tensor<2x4x4x6xf32>, %t: tensor<1x1x641xf32>) -> tensor<2x4x4x6xf32> {
  %0 = ams.add_noise "conv" table(%t : tensor<1x1x641xf32>) outs(%y : tensor<2x4x4x6xf32>) index = 3 samples = 2 -> tensor<2x4x4x6xf32>
  return %0 : tensor<2x4x4x6xf32>
}

// What is used without noise too is copied before.
// BUFFER-LABEL: @both
// BUFFER: %[[COPY:.*]] = memref.alloc
// BUFFER: memref.copy %{{.*}}, %[[COPY]]
// BUFFER: ams.add_noise "fc" {{.*}} outs(%[[COPY]] :
// CALL-LABEL: @both
// CALL-DAG: %[[CHANNELS:.*]] = arith.constant 5 : i64
// CALL-DAG: %[[CLASSES:.*]] = arith.constant 7 : i64
// CALL: call @ams_rt_add_noise(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %[[CHANNELS]], %[[CLASSES]],
func.func @both(%y: tensor<2x3x5xf32>, %t: tensor<5x7x641xf32>) -> (tensor<2x3x5xf32>, tensor<2x3x5xf32>) {
  %0 = ams.add_noise "fc" table(%t : tensor<5x7x641xf32>) outs(%y : tensor<2x3x5xf32>) index = 0 samples = 2 -> tensor<2x3x5xf32>
  return %y, %0 : tensor<2x3x5xf32>, tensor<2x3x5xf32>
}

// What follows (D7).
// CHECK-LABEL: @followed
// CHECK: index = 0 samples = 2 epilogue = #ams.epilogue<bias = true, residual = true, low = 0.000000e+00>(%{{.*}}, %{{.*}} : tensor<5xf32>, tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
// BUFFER-LABEL: @followed
// BUFFER-NOT: memref.alloc
// BUFFER: epilogue = #ams.epilogue<{{.*}}>(%{{.*}}, %{{.*}} : memref<5xf32>, memref<2x3x5xf32>){{$}}
// CALL-LABEL: @followed
// CALL-DAG: %[[OUTPUTS:.*]] = arith.constant 5 : i64
// CALL-DAG: %[[ALL:.*]] = arith.constant 7 : i64
// CALL-DAG: %[[LOW:.*]] = arith.constant 0.000000e+00 : f32
// CALL-DAG: %[[HIGH:.*]] = arith.constant 0x7F800000 : f32
// CALL: call @ams_rt_add_noise(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %[[OUTPUTS]], %{{.*}}, %[[ALL]], %{{.*}}, %{{.*}}, %[[LOW]], %[[HIGH]], %{{.*}})
// PLAIN-LABEL: @followed
// PLAIN: call @ams_plain_add_noise
// PLAIN: call @ams_plain_epilogue
func.func @followed(%y: tensor<2x3x5xf32>, %t: tensor<1x1x641xf32>, %b: tensor<5xf32>, %r: tensor<2x3x5xf32>) -> tensor<2x3x5xf32> {
  %0 = ams.add_noise "fc" table(%t : tensor<1x1x641xf32>) outs(%y : tensor<2x3x5xf32>) index = 0 samples = 2 epilogue = #ams.epilogue<bias = true, residual = true, low = 0.0>(%b, %r : tensor<5xf32>, tensor<2x3x5xf32>) -> tensor<2x3x5xf32>
  return %0 : tensor<2x3x5xf32>
}
