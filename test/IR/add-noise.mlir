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
// CALL: call @ams_rt_add_noise(%{{.*}}, %[[INDEX]], %[[SAMPLES]], %[[ELEMENTS]], %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}) : (!llvm.ptr, i64, i64, i64, i64, i64, !llvm.ptr, !llvm.ptr) -> ()
// PLAIN-LABEL: @layer
// PLAIN: call @ams_plain_add_noise
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
// CALL: call @ams_rt_add_noise(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %[[CHANNELS]], %[[CLASSES]], %{{.*}}, %{{.*}})
func.func @both(%y: tensor<2x3x5xf32>, %t: tensor<5x7x641xf32>) -> (tensor<2x3x5xf32>, tensor<2x3x5xf32>) {
  %0 = ams.add_noise "fc" table(%t : tensor<5x7x641xf32>) outs(%y : tensor<2x3x5xf32>) index = 0 samples = 2 -> tensor<2x3x5xf32>
  return %y, %0 : tensor<2x3x5xf32>, tensor<2x3x5xf32>
}
