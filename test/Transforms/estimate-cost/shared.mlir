// A grid that two layers share is programmed once; tiles on devices of their own
// work side by side; lanes take turns; what is not on a device costs nothing.
// RUN: ams-opt %s --ams-estimate-cost='format=json output=%t.json' -o /dev/null
// RUN: %python -c 'import json, sys; r = json.load(open(sys.argv[1])); [print(l["name"], "cells", l["programmed_cells"], "cycles", l["cycles"], "program", l["program_cycles"], "crossbars", l["crossbars"], "used", l["utilisation"]) for l in r["layers"] + [r["total"]]]' %t.json | FileCheck %s
// CHECK: a "1" cells 64 cycles 4 program 800 crossbars 2 used 0.5
// CHECK-NEXT: b cells 0 cycles 4 program 0 crossbars 2 used 0.5
// CHECK-NEXT: c cells 36 cycles 6 program 1600 crossbars 1 used 0.5625
// CHECK-NEXT: total cells 100 cycles 14 program 2400 crossbars 3 used 0.5208333

#device = #ams.device<rows = 8, columns = 4, stack = 2>
#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 3>
!qa = !ams.abfp<4x16, axis = 1, n = 8, bits = 8>
!ga = !ams.grid<outputs = 4, reduction = 16, groups = 1, rows = 8, columns = 4>
!qc = !ams.abfp<6x1x1x6, axis = 1, n = 8, bits = 8>
!gc = !ams.grid<outputs = 2, reduction = 6, groups = 3, rows = 8, columns = 4>
func.func @main(%x: tensor<4x16xf32>, %init: tensor<4x4xf32>, %i: tensor<1x1x2x18xf32>, %p: tensor<1x1x2x6xf32>, %w: tensor<4x16xf32>)
    -> (tensor<4x4xf32>, tensor<4x4xf32>, tensor<1x1x2x6xf32>, tensor<4x4xf32>) {
  // Half of the 128 cells of two crossbars, each on a device of its own.
  %qa = ams.weights codes = dense<1> : tensor<4x2x8xi8> scales = dense<0.5> : tensor<4x2xbf16> : !qa
  %ga = ams.program %qa : !qa to !ga placement = #ams.placement<order = [group, column, block], idle_rows = 0, idle_columns = 0, lanes = 1, runs = [<tiles = 1, step = 0, device = 0, crossbar = 0, slot = 0>, <tiles = 1, step = 0, device = 1, crossbar = 0, slot = 1>]>
  %a = ams.mvm "a \"1\"" %ga, %x : !ga, tensor<4x16xf32> outs(%init : tensor<4x4xf32>) device = #device gain = 3.0 -> tensor<4x4xf32>
  %b = ams.mvm "b" %ga, %x : !ga, tensor<4x16xf32> outs(%init : tensor<4x4xf32>) device = #device gain = 3.0 -> tensor<4x4xf32>
  // Three tiles of 2 columns, two lanes a slot.
  %qc = ams.weights codes = dense<1> : tensor<6x1x8xi8> scales = dense<0.5> : tensor<6x1xbf16> : !qc
  %gc = ams.program %qc : !qc to !gc placement = #ams.placement<order = [group, column, block], idle_rows = 2, idle_columns = 2, lanes = 2, runs = [<tiles = 3, step = 0, device = 0, crossbar = 7, slot = 0>]>
  %c = ams.mvm "c" %gc, %i : !gc, tensor<1x1x2x18xf32> outs(%p : tensor<1x1x2x6xf32>) window = #window device = #device gain = 3.0 -> tensor<1x1x2x6xf32>
  %d = ams.matmul "digital" ins(%x, %w : tensor<4x16xf32>, tensor<4x16xf32>) outs(%init : tensor<4x4xf32>) device = #device -> tensor<4x4xf32>
  return %a, %b, %c, %d : tensor<4x4xf32>, tensor<4x4xf32>, tensor<1x1x2x6xf32>, tensor<4x4xf32>
}
