// Copies of buffers become linalg.copy, which becomes loops.
// RUN: ams-opt %s --ams-lower-copies | FileCheck %s
// RUN: ams-opt %s --ams-lower-copies --convert-linalg-to-loops | FileCheck %s --check-prefix=LOOPS
// LOOPS-NOT: memref.copy
// LOOPS: scf.for

// CHECK-LABEL: @copy
// CHECK-SAME: (%[[X:.*]]: memref<4x3xf32>, %[[Y:.*]]: memref<4x3xf32, strided<[6, 2], offset: 1>>, %[[P:.*]]: memref<f32>,
func.func @copy(%x: memref<4x3xf32>, %y: memref<4x3xf32, strided<[6, 2], offset: 1>>, %p: memref<f32>, %c: i1) {
  // CHECK: linalg.copy ins(%[[X]] : memref<4x3xf32>) outs(%[[Y]] : memref<4x3xf32, strided<[6, 2], offset: 1>>)
  memref.copy %x, %y : memref<4x3xf32> to memref<4x3xf32, strided<[6, 2], offset: 1>>
  scf.if %c {
    // CHECK: linalg.copy ins(%[[P]] : memref<f32>) outs(%[[P]] : memref<f32>)
    memref.copy %p, %p : memref<f32> to memref<f32>
  }
  return
}
