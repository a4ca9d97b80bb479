// RUN: not ams-opt %s --ams-assign-gains=gains= 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: :[[# @LINE + 44]]:8: error: gains: no gain for layer "fc": give one for all layers first
// RUN: not ams-opt %s --ams-assign-gains=gains=other:2 2>&1 | FileCheck %s --check-prefix=OTHER
// OTHER: error: gains: no gain for layer "fc": give one for all layers first
// OTHER: error: gains: there is no layer "other"
// RUN: not ams-opt %s --ams-assign-gains=gains=8,other:2 2>&1 | FileCheck %s --check-prefix=UNUSED
// UNUSED-NOT: no gain
// UNUSED: error: gains: there is no layer "other"
// RUN: not ams-opt %s --ams-assign-gains=gains=0 2>&1 | FileCheck %s -DGAIN=0
// RUN: not ams-opt %s --ams-assign-gains=gains=-1 2>&1 | FileCheck %s -DGAIN=-1
// RUN: not ams-opt %s --ams-assign-gains=gains=inf 2>&1 | FileCheck %s -DGAIN=inf
// RUN: not ams-opt %s --ams-assign-gains=gains=nan 2>&1 | FileCheck %s -DGAIN=nan
// RUN: not ams-opt %s --ams-assign-gains=gains=1e39 2>&1 | FileCheck %s -DGAIN=1e39
// RUN: not ams-opt %s --ams-assign-gains=gains=1e-60 2>&1 | FileCheck %s -DGAIN=1e-60
// RUN: not ams-opt %s --ams-assign-gains=gains=fc 2>&1 | FileCheck %s -DGAIN=fc
// RUN: not ams-opt %s --ams-assign-gains=gains=fc: 2>&1 | FileCheck %s -DGAIN=fc:
// RUN: not ams-opt %s --ams-assign-gains=gains=:2 2>&1 | FileCheck %s -DGAIN=:2
// RUN: not ams-opt %s --ams-assign-gains=gains=8x 2>&1 | FileCheck %s -DGAIN=8x
// RUN: not ams-opt %s --ams-assign-gains=gains=8,fc:4x 2>&1 | FileCheck %s -DGAIN=fc:4x
// RUN: not ams-opt %s --ams-assign-gains=gains=4/8 2>&1 | FileCheck %s -DGAIN=4/8
// RUN: not ams-opt %s --ams-assign-gains=gains=8,fc:4/ 2>&1 | FileCheck %s -DGAIN=fc:4/
// RUN: not ams-opt %s --ams-assign-gains=gains=8,fc:4/0 2>&1 | FileCheck %s -DGAIN=fc:4/0
// CHECK: error: gains: '[[GAIN]]' is neither a positive number nor LAYER:NUMBER
// RUN: not ams-opt %s --ams-assign-gains=gains=8,,2 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: error: gains: '' is neither a positive number nor LAYER:NUMBER
// RUN: not ams-opt %s --ams-assign-gains=gains=fc:4/8/2 2>&1 | FileCheck %s --check-prefix=BLOCKS
// BLOCKS: error: gains: layer "fc" has 2 blocks and 2 tiles, but 3 gains are given: give one, or one a block, or one a tile (G1)
// RUN: echo '{"ams_profile": 1, "gains": [1], "layers": []}' > %t.json
// RUN: not ams-opt %s --ams-assign-gains='mode=calibrated per=column profile=%t.json' 2>&1 | FileCheck %s --check-prefix=COLUMN
// COLUMN: error: gains: a gain per 'column': it is none of layer, block and tile
// RUN: not ams-opt %s --ams-assign-gains=per=tile 2>&1 | FileCheck %s --check-prefix=TILE
// TILE: error: gains: per 'tile' is for mode calibrated
// RUN: sed 's/columns = 4>/columns = 1>/' %s > %t.narrow.mlir
// RUN: ams-opt %t.narrow.mlir --ams-assign-gains=gains=fc:4/8/2/1 | FileCheck %s --check-prefix=TILES
// TILES: ams.matmul "fc" {{.*}} gain = [4.000000e+00, 8.000000e+00, 2.000000e+00, 1.000000e+00]
// RUN: not ams-opt %s --ams-assign-gains=per=block 2>&1 | FileCheck %s --check-prefix=PER
// PER: error: gains: per 'block' is for mode calibrated
// RUN: sed 's/columns = 4>/columns = 4, gains = [4.0, 16.0]>/' %s > %t.mlir
// RUN: not ams-opt %t.mlir --ams-assign-gains=gains=fc:4/8 2>&1 | FileCheck %s --check-prefix=LACKS
// LACKS: error: gains: the device of layer "fc" has no gain 8
// RUN: ams-opt %t.mlir --ams-assign-gains=gains=fc:4/16 | FileCheck %s --check-prefix=TAKES
// TAKES: ams.matmul "fc" {{.*}} gain = [4.000000e+00, 1.600000e+01]

!m = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
func.func @main(%m: !m, %y: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %0 = ams.matmul "fc" ins(%m, %m : !m, !m) outs(%y : tensor<2x2xf32>) device = #ams.device<rows = 8, columns = 4> -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}
