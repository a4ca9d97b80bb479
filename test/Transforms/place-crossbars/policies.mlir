// What each policy makes of 8 tiles and 2 crossbars of two slots.
// RUN: ams-opt %s --ams-place-crossbars=policy=spill 2>&1 | FileCheck %s --check-prefix=SPILL
// RUN: ams-opt %s --ams-place-crossbars=policy=spill:2 2>&1 | FileCheck %s --check-prefix=SPILL
// RUN: ams-opt %s --ams-place-crossbars=policy=reprogram:2 2>&1 | FileCheck %s --check-prefix=BOTH
// RUN: ams-opt %s --ams-place-crossbars=policy=reprogram 2>&1 | FileCheck %s --check-prefix=REPROGRAM
// RUN: ams-opt %s --ams-place-crossbars='policy=spill side-by-side' 2>&1 | FileCheck %s --check-prefix=BESIDE
// RUN: not ams-opt %s --ams-place-crossbars=policy=resident 2>&1 | FileCheck %s --check-prefix=RESIDENT
// RUN: not ams-opt %s --ams-place-crossbars 2>&1 | FileCheck %s --check-prefix=RESIDENT
// RUN: not ams-opt %s --ams-place-crossbars=policy=spill:1 2>&1 | FileCheck %s --check-prefix=ONE

// The first layer that does not fit, and what the whole model needs.
// RESIDENT: [[@LINE+28]]:8: error: layer "fc" does not fit: the model needs 4 crossbars of 16 x 4, 3 of them for this layer, but 1 device of 2 crossbars is all that policy=resident may use; take policy=spill:2, policy=reprogram (2 steps), or a device with more
// RESIDENT-NOT: error
// ONE: but 1 device of 2 crossbars is all that policy=spill may use; take policy=spill:2,

// SPILL: remark: weights take 4 crossbars; devices: 2, of 2 crossbars each; steps: 1
// SPILL: ams.program {{.*}} runs = [<tiles = 4, step = 0, device = 0, crossbar = 0, slot = 0>, <tiles = 2, step = 0, device = 1, crossbar = 0, slot = 0>]>
// SPILL: ams.batch_matmul {{.*}} lanes = 1, runs = [<tiles = 2, step = 0, device = 1, crossbar = 1, slot = 0>]>

// A grid that two layers share is programmed for each.
// REPROGRAM: remark: weights take 7 crossbars; devices: 1, of 2 crossbars each; steps: 4
// REPROGRAM: %[[FIRST:.*]] = ams.program {{.*}} runs = [<tiles = 4, step = 0, device = 0, crossbar = 0, slot = 0>, <tiles = 2, step = 1, device = 0, crossbar = 0, slot = 0>]>
// REPROGRAM: ams.mvm "fc" %[[FIRST]]
// REPROGRAM: ams.batch_matmul {{.*}} runs = [<tiles = 2, step = 1, device = 0, crossbar = 1, slot = 0>]>
// REPROGRAM: %[[SECOND:.*]] = ams.program {{.*}} runs = [<tiles = 4, step = 2, device = 0, crossbar = 0, slot = 0>, <tiles = 2, step = 3, device = 0, crossbar = 0, slot = 0>]>
// REPROGRAM: ams.mvm "again" %[[SECOND]]

// Steps begin where all devices are full.
// BOTH: remark: weights take 7 crossbars; devices: 2, of 2 crossbars each; steps: 2
// BOTH: ams.program {{.*}} runs = [<tiles = 4, step = 0, device = 0, crossbar = 0, slot = 0>, <tiles = 2, step = 0, device = 1, crossbar = 0, slot = 0>]>
// BOTH: ams.program {{.*}} runs = [<tiles = 4, step = 1, device = 0, crossbar = 0, slot = 0>, <tiles = 2, step = 1, device = 1, crossbar = 0, slot = 0>]>

// BESIDE: ams.batch_matmul {{.*}} lanes = 2, runs = [<tiles = 2, step = 0, device = 1, crossbar = 1, slot = 0>]>
#device = #ams.device<rows = 8, columns = 4, stack = 2, crossbars = 2>
!qw = !ams.abfp<10x9, axis = 1, n = 8, bits = 8>
!g = !ams.grid<outputs = 10, reduction = 9, groups = 1, rows = 8, columns = 4>
func.func @main(%x: tensor<2x9xf32>, %init: tensor<2x10xf32>, %a: tensor<3x2x9xf32>, %c: tensor<3x2x2xf32>) -> (tensor<2x10xf32>, tensor<3x2x2xf32>, tensor<2x10xf32>) {
  %w = ams.weights codes = dense<1> : tensor<10x2x8xi8> scales = dense<0.5> : tensor<10x2xbf16> : !qw
  %g = ams.program %w : !qw to !g
  %y = ams.mvm "fc" %g, %x : !g, tensor<2x9xf32> outs(%init : tensor<2x10xf32>) device = #device gain = 3.0 -> tensor<2x10xf32>
  %z = ams.batch_matmul "s" ins(%a, %a : tensor<3x2x9xf32>, tensor<3x2x9xf32>) outs(%c : tensor<3x2x2xf32>) device = #device gain = 3.0 -> tensor<3x2x2xf32>
  %v = ams.mvm "again" %g, %x : !g, tensor<2x9xf32> outs(%init : tensor<2x10xf32>) device = #device gain = 2.0 -> tensor<2x10xf32>
  return %y, %z, %v : tensor<2x10xf32>, tensor<3x2x2xf32>, tensor<2x10xf32>
}
