// Buffers of @main become views of one workspace.
// RUN: ams-opt %s --split-input-file --ams-plan-memory | FileCheck %s

// The third is needed after the first, in whose place it stands; the second
// while both are.
// CHECK-LABEL: func.func @main
// CHECK: %[[W:.*]] = memref.alloc() {alignment = 64 : i64, ams.workspace} : memref<768xi8>
// CHECK: %[[AT:.*]] = arith.constant 0 : index
// CHECK: %[[A:.*]] = memref.view %[[W]][%[[AT]]][] : memref<768xi8> to memref<100xf32>
// CHECK: %[[BT:.*]] = arith.constant 448 : index
// CHECK: %[[B:.*]] = memref.view %[[W]][%[[BT]]][] : memref<768xi8> to memref<2x17xf64>
// CHECK: %[[CT:.*]] = arith.constant 0 : index
// CHECK: %[[C:.*]] = memref.view %[[W]][%[[CT]]][] : memref<768xi8> to memref<2xi64>
// CHECK: call @write(%[[A]])
// CHECK: call @read(%[[A]], %[[B]])
// CHECK: call @end(%[[B]], %[[C]])
func.func private @write(memref<100xf32>)
func.func private @read(memref<100xf32>, memref<2x17xf64>)
func.func private @end(memref<2x17xf64>, memref<2xi64>)
func.func @main() {
  %a = memref.alloc() {alignment = 64 : i64} : memref<100xf32>
  %b = memref.alloc() : memref<2x17xf64>
  %c = memref.alloc() : memref<2xi64>
  call @write(%a) : (memref<100xf32>) -> ()
  call @read(%a, %b) : (memref<100xf32>, memref<2x17xf64>) -> ()
  call @end(%b, %c) : (memref<2x17xf64>, memref<2xi64>) -> ()
  return
}

// -----

// Uses of views and uses in loops are uses of the buffer: the two are needed at
// once.
// CHECK-LABEL: func.func @main
// CHECK: memref.alloc() {{.*}}ams.workspace} : memref<128xi8>
// CHECK-DAG: arith.constant 0 : index
// CHECK-DAG: arith.constant 64 : index
// CHECK: scf.for
// CHECK-COUNT-2: func.call @use
func.func private @use(memref<6xf32>)
func.func @main(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = memref.alloc() : memref<2x3xf32>
  %v = memref.collapse_shape %a [[0, 1]] : memref<2x3xf32> into memref<6xf32>
  %b = memref.alloc() : memref<6xf32>
  scf.for %i = %c0 to %n step %c1 {
    func.call @use(%b) : (memref<6xf32>) -> ()
    func.call @use(%v) : (memref<6xf32>) -> ()
  }
  return
}

// -----

// Buffers whose uses are not all known, whose size is not, and those of other
// functions stay.
// CHECK-LABEL: func.func @other
// CHECK-NEXT: memref.alloc() : memref<6xf32>
// CHECK-LABEL: func.func @main
// CHECK-NOT: ams.workspace
// CHECK-COUNT-6: memref.alloc
// CHECK: return
func.func @other() {
  %a = memref.alloc() : memref<6xf32>
  memref.dealloc %a : memref<6xf32>
  return
}
func.func private @same(memref<6xf32>) -> memref<6xf32>
func.func @main(%n: index) -> (memref<6xf32>, index, memref<6xf32>) {
  %returned = memref.alloc() : memref<6xf32>
  %freed = memref.alloc() : memref<6xf32>
  %pointed = memref.alloc() : memref<6xf32>
  %passed = memref.alloc() : memref<6xf32>
  %sized = memref.alloc(%n) : memref<?xf32>
  %strided = memref.alloc() : memref<6xf32, strided<[2]>>
  %p = memref.extract_aligned_pointer_as_index %pointed : memref<6xf32> -> index
  %r = call @same(%passed) : (memref<6xf32>) -> memref<6xf32>
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%sized : memref<?xf32>)
  linalg.fill ins(%zero : f32) outs(%strided : memref<6xf32, strided<[2]>>)
  memref.dealloc %freed : memref<6xf32>
  return %returned, %p, %r : memref<6xf32>, index, memref<6xf32>
}
