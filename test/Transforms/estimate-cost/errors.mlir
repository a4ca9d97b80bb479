// What has no cost yet, two layers in one slot (P5), and options.
// RUN: ams-opt %s --split-input-file --verify-diagnostics --ams-estimate-cost
// RUN: not ams-opt %s --split-input-file --ams-estimate-cost=format=xml 2>&1 | FileCheck %s --check-prefix=FORMAT
// FORMAT: error: format 'xml' is neither table nor json
// RUN: not ams-opt %s --split-input-file --ams-estimate-cost=cell-pj=-1 2>&1 | FileCheck %s --check-prefix=CONSTANT -DN=-1
// RUN: not ams-opt %s --split-input-file --ams-estimate-cost=program-cycles=inf 2>&1 | FileCheck %s --check-prefix=CONSTANT -DN=inf
// RUN: not ams-opt %s --split-input-file --ams-estimate-cost=adc-step-pj=nan 2>&1 | FileCheck %s --check-prefix=CONSTANT -DN=nan
// CONSTANT: error: a constant of the cost model is [[N]], but must be finite and not negative
// RUN: not ams-opt %S/shared.mlir --ams-estimate-cost=output=/nowhere/a 2>&1 | FileCheck %s --check-prefix=OUTPUT
// OUTPUT: error: cannot write '/nowhere/a': No such file or directory

#device = #ams.device<rows = 8, columns = 4>
!q = !ams.abfp<4x8, axis = 1, n = 8, bits = 8>
func.func @level3(%q: !q, %init: tensor<4x4xf32>) -> tensor<4x4xf32> {
  // expected-error@below {{'ams.matmul' op of layer "a" is not on crossbars, so its cost is not known: run --ams-tile-crossbar and --ams-place-crossbars first}}
  %y = ams.matmul "a" ins(%q, %q : !q, !q) outs(%init : tensor<4x4xf32>) device = #device gain = 2.0 -> tensor<4x4xf32>
  return %y : tensor<4x4xf32>
}

// -----

#device = #ams.device<rows = 8, columns = 4>
!g = !ams.grid<outputs = 4, reduction = 8, groups = 1, rows = 8, columns = 4>
func.func @unplaced(%w: !ams.abfp<4x8, axis = 1, n = 8, bits = 8>, %g: !g, %x: tensor<4x8xf32>, %init: tensor<4x4xf32>, %a: tensor<1x4x8xf32>, %c: tensor<1x4x4xf32>) -> (tensor<4x4xf32>, tensor<1x4x4xf32>) {
  // expected-error@below {{'ams.mvm' op of layer "a" has no placement on crossbars, so its cost is not known: run --ams-place-crossbars first}}
  %y = ams.mvm "a" %g, %x : !g, tensor<4x8xf32> outs(%init : tensor<4x4xf32>) device = #device gain = 2.0 -> tensor<4x4xf32>
  %h = ams.program %w : !ams.abfp<4x8, axis = 1, n = 8, bits = 8> to !g
  // expected-error@below {{'ams.mvm' op of layer "b" has no placement on crossbars}}
  %z = ams.mvm "b" %h, %x : !g, tensor<4x8xf32> outs(%y : tensor<4x4xf32>) device = #device gain = 2.0 -> tensor<4x4xf32>
  // expected-error@below {{'ams.batch_matmul' op of layer "c" has no placement on crossbars}}
  %v = ams.batch_matmul "c" ins(%a, %a : tensor<1x4x8xf32>, tensor<1x4x8xf32>) outs(%c : tensor<1x4x4xf32>) device = #device gain = 2.0 -> tensor<1x4x4xf32>
  return %z, %v : tensor<4x4xf32>, tensor<1x4x4xf32>
}

// -----

// "b" takes slots 1 to 3, of which "a" has the last, 1 of crossbar 1.
#device = #ams.device<rows = 8, columns = 4, stack = 2>
func.func @overlap(%a: tensor<1x4x8xf32>, %b: tensor<1x4x24xf32>, %c: tensor<1x4x4xf32>) -> (tensor<1x4x4xf32>, tensor<1x4x4xf32>) {
  // expected-error@below {{layer "a" is placed on slot 1 of crossbar 1 of device 2 in step 3, where layer "b" is (P5)}}
  %y = ams.batch_matmul "a" ins(%a, %a : tensor<1x4x8xf32>, tensor<1x4x8xf32>) outs(%c : tensor<1x4x4xf32>) device = #device gain = 2.0
    placement = #ams.placement<order = [group, column, block], idle_rows = 0, idle_columns = 0, lanes = 1, runs = [<tiles = 1, step = 3, device = 2, crossbar = 1, slot = 1>]> -> tensor<1x4x4xf32>
  %z = ams.batch_matmul "b" ins(%b, %b : tensor<1x4x24xf32>, tensor<1x4x24xf32>) outs(%c : tensor<1x4x4xf32>) device = #device gain = 2.0
    placement = #ams.placement<order = [group, column, block], idle_rows = 0, idle_columns = 0, lanes = 1, runs = [<tiles = 3, step = 3, device = 2, crossbar = 0, slot = 1>]> -> tensor<1x4x4xf32>
  return %y, %z : tensor<1x4x4xf32>, tensor<1x4x4xf32>
}

// -----

// A placement that meets itself.
#device = #ams.device<rows = 8, columns = 4>
func.func @itself(%a: tensor<1x4x16xf32>, %c: tensor<1x4x4xf32>) -> tensor<1x4x4xf32> {
  // expected-error@below {{layer "a" is placed on slot 0 of crossbar 1 of device 0 in step 0, where layer "a" is (P5)}}
  %y = ams.batch_matmul "a" ins(%a, %a : tensor<1x4x16xf32>, tensor<1x4x16xf32>) outs(%c : tensor<1x4x4xf32>) device = #device gain = 2.0
    placement = #ams.placement<order = [group, column, block], idle_rows = 0, idle_columns = 0, lanes = 1, runs = [<tiles = 1, step = 0, device = 0, crossbar = 1, slot = 0>, <tiles = 1, step = 0, device = 0, crossbar = 1, slot = 0>]> -> tensor<1x4x4xf32>
  return %y : tensor<1x4x4xf32>
}
