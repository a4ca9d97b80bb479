// Spread blocks fill their tiles and are transformed; means cost a multiply-add a
// partial sum (C1 to C5): 2 vectors of 9 by 3 outputs, two blocks of 8 rows.
// RUN: ams-opt %s --ams-place-crossbars --ams-estimate-cost='format=json output=%t.json' | FileCheck %s
// RUN: %python -c 'import json, sys; r = json.load(open(sys.argv[1])); [print(l["name"], l["macs"], l["dac_conversions"], l["programmed_cells"], l["transforms"], l["additions"], l["products"]) for l in r["layers"]]' %t.json | FileCheck %s --check-prefix=COST

// CHECK: idle_rows = 0, idle_columns = 1,
// CHECK: idle_rows = 7, idle_columns = 1,
// 4 transforms of 8 log2 8 additions, 2 * 16 of the quantiser, 12 partial sums.
// COST: spread 54 32 48 4 140 56
// 2 * 9 of the quantiser, 12 partial sums, 2 * 18 and 12 for means; 18 + 2 * 12,
// and 4 blocks and 12 partial sums.
// COST-NEXT: mean 54 18 27 0 78 58

#device = #ams.device<rows = 8, columns = 4>
#spread = #ams.condition<spread = true, signs = "+-+-++--">
#mean = #ams.condition<mean = true>
func.func @main(%x: tensor<2x9xf32>, %init: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %ws = ams.weights codes = dense<1> : tensor<3x2x8xi8> scales = dense<0.5> : tensor<3x2xbf16> : !ams.abfp<3x9, axis = 1, n = 8, bits = 8, condition = #spread>
  %gs = ams.program %ws : !ams.abfp<3x9, axis = 1, n = 8, bits = 8, condition = #spread> to !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4, condition = #spread>
  %y = ams.mvm "spread" %gs, %x : !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4, condition = #spread>, tensor<2x9xf32> outs(%init : tensor<2x3xf32>) device = #device gain = 2.0 -> tensor<2x3xf32>
  %wm = ams.weights codes = dense<1> : tensor<3x2x8xi8> scales = dense<0.5> : tensor<3x2xbf16> sums = dense<0.5> : tensor<3x2xf32> : !ams.abfp<3x9, axis = 1, n = 8, bits = 8, condition = #mean>
  %gm = ams.program %wm : !ams.abfp<3x9, axis = 1, n = 8, bits = 8, condition = #mean> to !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4, condition = #mean>
  %z = ams.mvm "mean" %gm, %x : !ams.grid<outputs = 3, reduction = 9, groups = 1, rows = 8, columns = 4, condition = #mean>, tensor<2x9xf32> outs(%init : tensor<2x3xf32>) device = #device gain = 2.0 -> tensor<2x3xf32>
  return %y, %z : tensor<2x3xf32>, tensor<2x3xf32>
}
