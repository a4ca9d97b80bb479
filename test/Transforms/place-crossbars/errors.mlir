// What cannot be placed.
// RUN: ams-opt %s --split-input-file --verify-diagnostics --ams-place-crossbars=policy=reprogram
// RUN: not ams-opt %s --split-input-file --ams-place-crossbars=policy=nowhere 2>&1 | FileCheck %s -DP=nowhere
// RUN: not ams-opt %s --split-input-file --ams-place-crossbars=policy= 2>&1 | FileCheck %s -DP=
// RUN: not ams-opt %s --split-input-file --ams-place-crossbars=policy=resident:1 2>&1 | FileCheck %s -DP=resident:1
// RUN: not ams-opt %s --split-input-file --ams-place-crossbars=policy=spill: 2>&1 | FileCheck %s -DP=spill:
// RUN: not ams-opt %s --split-input-file --ams-place-crossbars=policy=spill:0 2>&1 | FileCheck %s -DP=spill:0
// RUN: not ams-opt %s --split-input-file --ams-place-crossbars=policy=spill:2x 2>&1 | FileCheck %s -DP=spill:2x
// RUN: not ams-opt %s --split-input-file --ams-place-crossbars=policy=reprogram:2147483648 2>&1 | FileCheck %s -DP=reprogram:2147483648
// CHECK: error: policy '[[P]]' is none of resident, spill, spill:N, reprogram, reprogram:N, with N devices, 1 to 2^31 - 1

#device = #ams.device<rows = 8, columns = 4>
!g = !ams.grid<outputs = 4, reduction = 8, groups = 1, rows = 8, columns = 4>
func.func @argument(%g: !g, %x: tensor<2x8xf32>, %init: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error@below {{'ams.mvm' op of layer "a" has a grid that does not come from ams.program, so its weights cannot be placed}}
  %y = ams.mvm "a" %g, %x : !g, tensor<2x8xf32> outs(%init : tensor<2x4xf32>) device = #device gain = 3.0 -> tensor<2x4xf32>
  return %y : tensor<2x4xf32>
}

// -----

// 2^24 tiles, one at a time: runs without end.
#device = #ams.device<rows = 1, columns = 1, crossbars = 1>
func.func @tiny(%a: tensor<1x1x4096xf32>, %b: tensor<1x4096x4096xf32>, %init: tensor<1x1x4096xf32>) -> tensor<1x1x4096xf32> {
  // expected-error@below {{'ams.batch_matmul' op of layer "a" takes 16777216 slots of crossbars, too many to place on this device}}
  %y = ams.batch_matmul "a" ins(%a, %b : tensor<1x1x4096xf32>, tensor<1x4096x4096xf32>) outs(%init : tensor<1x1x4096xf32>) device = #device gain = 3.0 -> tensor<1x1x4096xf32>
  return %y : tensor<1x1x4096xf32>
}
