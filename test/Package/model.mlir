// Installed into a folder of its own, the package serves a C project that knows
// nothing of the build; models, programs and plugin find what they need there.
// REQUIRES: unsanitized
// RUN: rm -rf %t && mkdir %t
// RUN: cmake --install %build --prefix %t/first > %t/install.log
// The folder may be moved.
// RUN: mv %t/first %t/prefix
// RUN: cmake -S %S/Inputs -B %t/user -G Ninja -DCMAKE_C_COMPILER=%cc -DCMAKE_PREFIX_PATH=%t/prefix > %t/configure.log
// RUN: cmake --build %t/user > %t/build.log
// RUN: %t/user/user %s %t/model.so | FileCheck %s --check-prefix=USER

// 60 products of 0.5 by 1 at n = 128, L = 127, gain 1: d = 60 * 127^2, a = 60 *
// 127 / 128 = 59.53, c = 60, y = bf16(60 * 128 / 127 * 0.5) = 30.25 (A1 to D3).
// USER: device 1: 32 rows, 5 crossbars
// USER: output 30.25 30.25

// What it compiled needs the installed runtime, not the build's.
// RUN: llvm-readobj --dynamic-table %t/model.so | FileCheck %s --check-prefix=RUNTIME -DPREFIX=%t/prefix
// RUNTIME: RUNPATH {{.*}}[[PREFIX]]/lib
// RUN: %t/prefix/bin/ams-run --info %t/model.so | FileCheck %s --check-prefix=INFO
// INFO: fc
// RUN: %t/prefix/bin/ams-compile %s --emit=exe -o %t/program
// RUN: %t/program --help | FileCheck %s --check-prefix=PROGRAM
// PROGRAM: usage:
// RUN: %t/prefix/bin/ams-opt %s --ams-to-layers | FileCheck %s --check-prefix=LAYERS
// RUN: mlir-opt-22 --load-dialect-plugin=%t/prefix/lib/libAMSPlugin.so --load-pass-plugin=%t/prefix/lib/libAMSPlugin.so %s --pass-pipeline='builtin.module(ams-to-layers)' | FileCheck %s --check-prefix=LAYERS
// LAYERS: ams.matmul "fc"

// Nothing installed names the build's folders.
// RUN: not grep -rlF %build/ %t/prefix/lib/cmake %t/prefix/include

func.func @main(%x: tensor<1x60xf32>) -> tensor<1x20xf32> {
  %w = arith.constant dense<0.5> : tensor<60x20xf32>
  %init = arith.constant dense<0.0> : tensor<1x20xf32>
  %y = linalg.matmul {ams.layer = "fc"} ins(%x, %w : tensor<1x60xf32>, tensor<60x20xf32>) outs(%init : tensor<1x20xf32>) -> tensor<1x20xf32>
  return %y : tensor<1x20xf32>
}
