// Diagnostics have their place in the file; a function that nothing defines is
// found when linking.
// RUN: rm -rf %t && split-file %s %t
// RUN: not ams-compile %t/type.mlir -o %t/m.so 2>&1 \
// RUN:   | FileCheck %s --check-prefix=TYPE
// TYPE: type.mlir:2:{{[0-9]+}}: error:
// RUN: not ams-compile %t/undefined.mlir -o %t/m.so 2>&1 \
// RUN:   | FileCheck %s --check-prefix=UNDEFINED
// UNDEFINED: ams-compile: error: '{{.*}}ld{{.*}}' failed:
// UNDEFINED: undefined symbol: nowhere

// What LLVM cannot take.
// RUN: not ams-compile %t/foreign.mlir -o %t/m.so 2>&1 \
// RUN:   | FileCheck %s --check-prefix=FOREIGN
// FOREIGN: ams-compile: error: cannot translate the module to LLVM IR
// FOREIGN-NEXT: foreign.mlir:1:1: error: cannot be converted to LLVM IR
// RUN: not ams-compile %t/constructor.mlir -o %t/m.so 2>&1 \
// RUN:   | FileCheck %s --check-prefix=INVALID
// INVALID: ams-compile: error: the generated LLVM IR is invalid: invalid linkage for intrinsic global variable
// RUN: not ls %t/m.so

// RUN: ams-compile %S/model.mlir --emit=llvm --time 2>&1 >/dev/null \
// RUN:   | FileCheck %s --check-prefix=TIME
// TIME: read {{.*}} s
// TIME: layers {{.*}} s
// TIME: optimise {{.*}} s

//--- type.mlir
func.func @main(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %y = arith.addi %x, %x : tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

//--- undefined.mlir
func.func private @nowhere(f32) -> f32
func.func @main(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %empty = tensor.empty() : tensor<2x4xf32>
  %y = linalg.map ins(%x : tensor<2x4xf32>) outs(%empty : tensor<2x4xf32>)
    (%a: f32, %b: f32) {
      %c = func.call @nowhere(%a) : (f32) -> f32
      linalg.yield %c : f32
    }
  return %y : tensor<2x4xf32>
}

//--- foreign.mlir
spirv.func @f() "None" {
  spirv.Return
}
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

//--- constructor.mlir
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
llvm.mlir.global_ctors ctors = [@f], priorities = [0 : i32], data = [#llvm.zero]
llvm.func @f() {
  llvm.return
}
