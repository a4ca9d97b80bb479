// Choices that do not parse, name no layer, or cannot be.
// RUN: not ams-opt %s --ams-assign-conditioning="condition=all" 2>&1 | FileCheck %s --check-prefix=WORD
// RUN: not ams-opt %s --ams-assign-conditioning="condition==mean" 2>&1 | FileCheck %s --check-prefix=EMPTY
// RUN: not ams-opt %s --ams-assign-conditioning="condition=mean,fd=mean" 2>&1 | FileCheck %s --check-prefix=LAYER
// RUN: not ams-opt %s --ams-assign-conditioning="condition=s=mean" 2>&1 | FileCheck %s --check-prefix=ACTIVATIONS
// RUN: not ams-opt %s --ams-assign-conditioning="condition=both" 2>&1 | FileCheck %s --check-prefix=ROWS

// WORD: error: condition: 'all' is neither one of none, mean, spread, both nor LAYER=one of these
// EMPTY: error: condition: '=mean' is neither one of
// LAYER: error: condition: there is no layer "fd"
// ACTIVATIONS: errors.mlir:[[#@LINE + 7]]:8: error: layer "s" is a product of two activations
// ROWS: errors.mlir:[[#@LINE + 5]]:8: error: layer "fc": blocks are spread over 100 rows, which is not a power of two up to 1024; remove means alone
#device = #ams.device<rows = 100, columns = 4>
func.func @main(%x: tensor<2x6xf32>, %i: tensor<2x3xf32>, %k: tensor<2x2x2xf32>, %d: tensor<2x2x6xf32>)
    -> (tensor<2x3xf32>, tensor<2x2x2xf32>) {
  %w = arith.constant dense<1.0> : tensor<3x6xf32>
  %a = ams.matmul "fc" ins(%x, %w : tensor<2x6xf32>, tensor<3x6xf32>) outs(%i : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  %s = ams.batch_matmul "s" ins(%d, %d : tensor<2x2x6xf32>, tensor<2x2x6xf32>) outs(%k : tensor<2x2x2xf32>) device = #device -> tensor<2x2x2xf32>
  return %a, %s : tensor<2x3xf32>, tensor<2x2x2xf32>
}
