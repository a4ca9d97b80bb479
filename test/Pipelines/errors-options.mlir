// A user's text reaches the passes as it is, whatever quotes or braces it holds,
// and is named in the error.
// RUN: not ams-opt %s --pass-pipeline='builtin.module(ams-pipeline{device="it'"'"'s"})' 2>&1 | FileCheck %s --check-prefix=QUOTE
// QUOTE: error: device 'it's' is no preset
// RUN: not ams-opt %s '--ams-to-layers=device=a"b' 2>&1 | FileCheck %s --check-prefix=DOUBLE
// DOUBLE: error: device 'a"b' is no preset
// RUN: not ams-opt %s '--ams-to-layers=device=a}b' 2>&1 | FileCheck %s --check-prefix=BRACE
// BRACE: error: device 'a}b' is no preset
// RUN: not ams-opt %s '--ams-pipeline=gains=8,}:2' 2>&1 | FileCheck %s --check-prefix=GAINS
// GAINS: error: gains: there is no layer "}"
// RUN: not ams-opt %s --ams-pipeline=target=gpu 2>&1 | FileCheck %s --check-prefix=TARGET
// RUN: not ams-opt %s --ams-to-buffers=target=gpu 2>&1 | FileCheck %s --check-prefix=TARGET
// RUN: not ams-opt %s --ams-to-code=target=gpu 2>&1 | FileCheck %s --check-prefix=TARGET
// TARGET: Cannot find option named 'gpu'
// RUN: not ams-opt %s --ams-pipeline=sections=none 2>&1 | FileCheck %s --check-prefix=SECTIONS
// SECTIONS: error: sections 'none' is neither inline nor external
func.func @main(%x: tensor<4x60xf32>) -> tensor<4x20xf32> {
  %w = arith.constant dense<0.5> : tensor<60x20xf32>
  %init = arith.constant dense<0.0> : tensor<4x20xf32>
  %y = linalg.matmul {ams.layer = "fc"} ins(%x, %w : tensor<4x60xf32>, tensor<60x20xf32>) outs(%init : tensor<4x20xf32>) -> tensor<4x20xf32>
  return %y : tensor<4x20xf32>
}
