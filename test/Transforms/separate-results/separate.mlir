// A buffer that is returned twice becomes two.
// RUN: ams-opt %s --ams-separate-results | FileCheck %s

// CHECK-LABEL: @twice
func.func @twice(%x: memref<3xf32>) -> (memref<3xf32>, memref<2xf32>, memref<2xf32>, memref<3xf32>, memref<2xf32>, memref<3xf32>) {
  // CHECK: %[[A:.*]] = memref.alloc() {alignment = 64 : i64} : memref<2xf32>
  // CHECK: %[[B:.*]] = memref.alloc() : memref<2xf32>
  // CHECK: memref.copy %[[A]], %[[B]]
  // CHECK: %[[Y:.*]] = memref.alloc() : memref<3xf32>
  // CHECK: memref.copy %arg0, %[[Y]]
  // CHECK: %[[C:.*]] = memref.alloc() : memref<2xf32>
  // CHECK: memref.copy %[[A]], %[[C]]
  // CHECK: %[[Z:.*]] = memref.alloc() : memref<3xf32>
  // CHECK: memref.copy %arg0, %[[Z]]
  // CHECK: return %arg0, %[[A]], %[[B]], %[[Y]], %[[C]], %[[Z]]
  %a = memref.alloc() {alignment = 64} : memref<2xf32>
  return %x, %a, %a, %x, %a, %x : memref<3xf32>, memref<2xf32>, memref<2xf32>, memref<3xf32>, memref<2xf32>, memref<3xf32>
}

// Other values, and buffers of unknown size, are left alone.
// CHECK-LABEL: @others
func.func @others(%x: memref<?xf32>, %i: index) -> (memref<?xf32>, memref<?xf32>, index, index) {
  // CHECK-NEXT: return %arg0, %arg0, %arg1, %arg1
  return %x, %x, %i, %i : memref<?xf32>, memref<?xf32>, index, index
}

// What is returned through reshapes is allocated as it is returned.
// CHECK-LABEL: @reshaped
// CHECK-NEXT: %[[A:.*]] = memref.alloc() : memref<2x12xf32>
// CHECK-NEXT: %[[F:.*]] = memref.expand_shape %[[A]] {{\[\[}}0], [1, 2]] output_shape [2, 3, 4]
// CHECK-NEXT: %[[G:.*]] = memref.collapse_shape %[[F]] {{\[\[}}0, 1, 2]]
// CHECK-NEXT: memref.copy %arg0, %[[G]]
// CHECK-NEXT: return %[[A]]
func.func @reshaped(%x: memref<24xf32>) -> memref<2x12xf32> {
  %a = memref.alloc() : memref<24xf32>
  memref.copy %x, %a : memref<24xf32> to memref<24xf32>
  %e = memref.expand_shape %a [[0, 1, 2]] output_shape [2, 3, 4] : memref<24xf32> into memref<2x3x4xf32>
  %c = memref.collapse_shape %e [[0], [1, 2]] : memref<2x3x4xf32> into memref<2x12xf32>
  return %c : memref<2x12xf32>
}
