// Stock mlir-opt with the plugin: the same output as ams-opt's, level by level.
// REQUIRES: unsanitized
// RUN: rm -rf %t && mkdir %t
// RUN: ams-opt %s --pass-pipeline='builtin.module(ams-to-layers{device=abfp-n32-668})' -o %t/layers.own
// RUN: mlir-opt-22 --load-dialect-plugin=%ams_plugin --load-pass-plugin=%ams_plugin %s \
// RUN:   --pass-pipeline='builtin.module(ams-to-layers{device=abfp-n32-668})' -o %t/layers.stock
// RUN: cmp %t/layers.own %t/layers.stock
// RUN: FileCheck %s < %t/layers.stock
// CHECK: ams.matmul "fc"

// RUN: ams-opt %t/layers.own --pass-pipeline='builtin.module(ams-assign-scales,ams-assign-gains{gains=4},ams-tile-crossbar)' -o %t/crossbars.own
// RUN: mlir-opt-22 --load-dialect-plugin=%ams_plugin --load-pass-plugin=%ams_plugin %t/layers.own \
// RUN:   --pass-pipeline='builtin.module(ams-assign-scales,ams-assign-gains{gains=4},ams-tile-crossbar)' -o %t/crossbars.stock
// RUN: cmp %t/crossbars.own %t/crossbars.stock

// RUN: ams-opt %s --pass-pipeline='builtin.module(ams-pipeline{device=abfp-n32-668 target=plain})' -o %t/plain.own
// RUN: mlir-opt-22 --load-dialect-plugin=%ams_plugin --load-pass-plugin=%ams_plugin %s \
// RUN:   --pass-pipeline='builtin.module(ams-pipeline{device=abfp-n32-668 target=plain})' -o %t/plain.stock
// RUN: cmp %t/plain.own %t/plain.stock

// Errors reach its diagnostics too.
// RUN: not mlir-opt-22 --load-dialect-plugin=%ams_plugin --load-pass-plugin=%ams_plugin %s \
// RUN:   --pass-pipeline='builtin.module(convert-linalg-to-ams{device=none})' 2>&1 | FileCheck %s --check-prefix=ERROR
// ERROR: error: device 'none' is no preset
func.func @main(%x: tensor<4x60xf32>) -> tensor<4x20xf32> {
  %w = arith.constant dense<0.5> : tensor<60x20xf32>
  %init = arith.constant dense<0.0> : tensor<4x20xf32>
  %y = linalg.matmul {ams.layer = "fc"} ins(%x, %w : tensor<4x60xf32>, tensor<60x20xf32>) outs(%init : tensor<4x20xf32>) -> tensor<4x20xf32>
  return %y : tensor<4x20xf32>
}
