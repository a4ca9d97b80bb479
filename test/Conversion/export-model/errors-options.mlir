// RUN: not ams-opt %s --ams-export-model=target=gpu 2>&1 | FileCheck %s --check-prefix=TARGET
// TARGET: error: target 'gpu' is none of device, digital and plain
// RUN: not ams-opt %s --ams-export-model=sections=none 2>&1 | FileCheck %s --check-prefix=SECTIONS
// SECTIONS: error: sections 'none' is neither inline nor external
module attributes {ams.inputs = [{name = "x", type = tensor<2xf32>}]} {
  llvm.func @main(%x0: !llvm.ptr, %x1: !llvm.ptr, %x2: i64, %x3: i64, %x4: i64) {
    llvm.return
  }
}
