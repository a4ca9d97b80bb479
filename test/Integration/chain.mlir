// The chain that an MLIR user would write by hand equals ams-compile to the bit,
// noise included.
// REQUIRES: unsanitized
// RUN: rm -rf %t && mkdir %t
// RUN: %python %S/random_npy.py %t/x.npy 9 6 6 3
// RUN: ams-opt %s --pass-pipeline='builtin.module(ams-pipeline{device=abfp-n32 gains=4})' \
// RUN:   | mlir-translate-22 --mlir-to-llvmir \
// RUN:   | clang-22 -x ir - -O3 -march=x86-64-v3 -Wno-override-module -shared -fPIC \
// RUN:     -L%ams_lib -lams_rt -Wl,-rpath,%ams_lib -o %t/chain.so
// RUN: ams-compile %s --device=abfp-n32 --gain=4 -o %t/compiled.so
// RUN: ams-run %t/chain.so --input %t/x.npy --output %t/chain.npy --seed 3
// RUN: ams-run %t/compiled.so --input %t/x.npy --output %t/compiled.npy --seed 3
// RUN: cmp %t/chain.npy %t/compiled.npy

// The other way down, by hand too.
// RUN: ams-opt %s --pass-pipeline='builtin.module(ams-pipeline{device=abfp-n32 gains=4 target=plain})' \
// RUN:   | mlir-translate-22 --mlir-to-llvmir \
// RUN:   | clang-22 -x ir - -O3 -march=x86-64-v3 -Wno-override-module -shared -fPIC \
// RUN:     -o %t/plain.so
// RUN: ams-run %t/plain.so --input %t/x.npy --output %t/plain.npy --seed 3
// RUN: cmp %t/plain.npy %t/compiled.npy

// Stock mlir-opt with the plugin gives the same code.
// RUN: mlir-opt-22 %s --load-dialect-plugin=%ams_plugin --load-pass-plugin=%ams_plugin \
// RUN:   --pass-pipeline='builtin.module(ams-pipeline{device=abfp-n32 gains=4})' -o %t/plugin.mlir
// RUN: ams-opt %s --pass-pipeline='builtin.module(ams-pipeline{device=abfp-n32 gains=4})' -o %t/own.mlir
// RUN: cmp %t/plugin.mlir %t/own.mlir

func.func @main(%x: tensor<4x6x6x3xf32>) -> tensor<4x6x6x8xf32> {
  %w = arith.constant dense<[[[[0.1, -0.2, 0.3]]], [[[0.4, 0.5, -0.6]]],
                             [[[0.7, -0.8, 0.9]]], [[[-1.0, 1.1, 1.2]]],
                             [[[1.3, 1.4, -1.5]]], [[[1.6, -1.7, 1.8]]],
                             [[[-1.9, 2.0, 2.1]]], [[[2.2, -2.3, 2.4]]]]>
    : tensor<8x1x1x3xf32>
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<4x6x6x8xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<4x6x6x8xf32>) -> tensor<4x6x6x8xf32>
  %y = linalg.conv_2d_nhwc_fhwc
    ins(%x, %w : tensor<4x6x6x3xf32>, tensor<8x1x1x3xf32>)
    outs(%init : tensor<4x6x6x8xf32>) -> tensor<4x6x6x8xf32>
  return %y : tensor<4x6x6x8xf32>
}
