// Iterations of a parallel loop become calls of a function, on the threads of
// the call.
// RUN: ams-opt %s --split-input-file --ams-outline-tasks | FileCheck %s
// RUN: ams-opt %s --split-input-file --ams-outline-tasks --convert-linalg-to-loops --scf-forall-to-for --convert-scf-to-cf --convert-vector-to-llvm --convert-to-llvm --reconcile-unrealized-casts | FileCheck %s --check-prefix=LLVM

// Two dimensions become one number; the constant is the task's own, the vector
// is handed over in memory.
// CHECK: func.func private @ams_rt_tasks(!llvm.ptr, i64, !llvm.ptr, !llvm.ptr)
// CHECK-LABEL: func.func @planes
// CHECK-SAME: (%[[STATE:.*]]: !llvm.ptr, %[[X:.*]]: memref<4x6x8xf32>
// CHECK-DAG: %[[COUNT:.*]] = arith.constant 24 : i64
// CHECK-DAG: %[[TASK:.*]] = constant @ams_task_0 : (!llvm.ptr, i64) -> ()
// CHECK: %[[POINTER:.*]] = builtin.unrealized_conversion_cast %[[TASK]]
// CHECK: %[[TABLE:.*]] = llvm.alloca
// CHECK: memref.extract_aligned_pointer_as_index %[[X]]
// CHECK: call @ams_rt_tasks(%[[STATE]], %[[COUNT]], %[[POINTER]], %[[TABLE]])
// CHECK-NOT: scf.forall
// CHECK: func.func private @ams_task_0(%[[CONTEXT:.*]]: !llvm.ptr, %[[NUMBER:.*]]: i64)
// CHECK: arith.constant 0.000000e+00 : f32
// CHECK: llvm.getelementptr %[[CONTEXT]][
// CHECK: llvm.load {{.*}} -> vector<8xf32>
// CHECK: %[[FLAT:.*]] = arith.index_cast %[[NUMBER]] : i64 to index
// CHECK: %[[COLUMN:.*]] = arith.remui %[[FLAT]]
// CHECK: %[[ROW:.*]] = arith.divui %[[FLAT]]
// CHECK: vector.transfer_write {{.*}}[%[[ROW]], %[[COLUMN]], %{{.*}}]

// LLVM: llvm.func @ams_rt_tasks(!llvm.ptr, i64, !llvm.ptr, !llvm.ptr)
// LLVM-LABEL: llvm.func @planes
// LLVM: llvm.mlir.addressof @ams_task_0 : !llvm.ptr
// LLVM-NOT: unrealized
func.func @planes(%state: !llvm.ptr, %x: memref<4x6x8xf32>, %v: vector<8xf32>) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  scf.forall (%i, %j) in (4, 6) {
    %a = vector.transfer_read %x[%i, %j, %c0], %zero {in_bounds = [true]} : memref<4x6x8xf32>, vector<8xf32>
    %b = arith.addf %a, %v : vector<8xf32>
    vector.transfer_write %b, %x[%i, %j, %c0] {in_bounds = [true]} : vector<8xf32>, memref<4x6x8xf32>
  }
  return
}

// -----

// One iteration, a function without the call's state, and a buffer that is not
// dense: these stay.
// CHECK-LABEL: func.func @single
// CHECK: scf.forall
// CHECK-LABEL: func.func @stateless
// CHECK: scf.forall
// CHECK-LABEL: func.func @strided
// CHECK: scf.forall
func.func @single(%state: !llvm.ptr, %x: memref<4xf32>) {
  %zero = arith.constant 0.0 : f32
  scf.forall (%i) in (1) {
    memref.store %zero, %x[%i] : memref<4xf32>
  }
  return
}
func.func @stateless(%x: memref<4xf32>) {
  %zero = arith.constant 0.0 : f32
  scf.forall (%i) in (4) {
    memref.store %zero, %x[%i] : memref<4xf32>
  }
  return
}
func.func @strided(%state: !llvm.ptr, %x: memref<4xf32, strided<[2]>>) {
  %zero = arith.constant 0.0 : f32
  scf.forall (%i) in (4) {
    memref.store %zero, %x[%i] : memref<4xf32, strided<[2]>>
  }
  return
}
