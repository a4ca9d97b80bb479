// exp, log, tanh and erf leave no call of the C library behind.
// RUN: ams-opt %s --pass-pipeline='builtin.module(func.func(ams-approximate-math))' | FileCheck %s
// RUN: ams-opt %s --pass-pipeline='builtin.module(func.func(ams-approximate-math),convert-to-llvm)' | FileCheck %s --check-prefix=LLVM
// LLVM-NOT: llvm.call
// LLVM-NOT: llvm.intr.exp
// LLVM-NOT: llvm.intr.log

// CHECK-LABEL: @scalars
func.func @scalars(%x: f32) -> (f32, f32, f32, f32) {
  // CHECK-NOT: math.{{exp|log|tanh|erf}}{{ }}
  // CHECK: math.fma
  // CHECK-NOT: math.{{exp|log|tanh|erf}}{{ }}
  // CHECK: return
  %0 = math.exp %x : f32
  %1 = math.log %x : f32
  %2 = math.tanh %x : f32
  %3 = math.erf %x : f32
  return %0, %1, %2, %3 : f32, f32, f32, f32
}

// CHECK-LABEL: @vectors
func.func @vectors(%x: vector<16xf32>) -> vector<16xf32> {
  // CHECK-NOT: math.exp
  // CHECK: math.fma {{.*}} : vector<16xf32>
  // CHECK-NOT: math.exp
  // CHECK: return
  %0 = math.exp %x : vector<16xf32>
  return %0 : vector<16xf32>
}

// What is one instruction stays.
// CHECK-LABEL: @others
func.func @others(%x: f32) -> (f32, f32) {
  // CHECK-NEXT: math.sqrt
  // CHECK-NEXT: math.absf
  %0 = math.sqrt %x : f32
  %1 = math.absf %x : f32
  return %0, %1 : f32, f32
}
