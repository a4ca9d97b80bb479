// RUN: not ams-opt %s --ams-assign-gains=gains= 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: :[[# @LINE + 24]]:8: error: gains: no gain for layer "fc": give one for all layers first
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
// CHECK: error: gains: '[[GAIN]]' is neither a positive number nor LAYER:NUMBER
// RUN: not ams-opt %s --ams-assign-gains=gains=8,,2 2>&1 | FileCheck %s --check-prefix=EMPTY
// EMPTY: error: gains: '' is neither a positive number nor LAYER:NUMBER

!m = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
func.func @main(%m: !m, %y: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %0 = ams.matmul "fc" ins(%m, %m : !m, !m) outs(%y : tensor<2x2xf32>) device = #ams.device<rows = 8, columns = 4> -> tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}
