// Counts, energies, crossbars and cycles by hand, as remarks, a table and JSON.
// RUN: ams-opt %s --ams-estimate-cost='adc-step-pj=0.5 dac-bit-pj=0.25 cell-pj=2 program-pj=8 addition-pj=1 product-pj=3 program-cycles=10' --verify-diagnostics -o %t.mlir
// RUN: ams-opt %s -o %t.same && cmp %t.mlir %t.same
// RUN: ams-opt %s --ams-estimate-cost='output=- adc-step-pj=0.5 dac-bit-pj=0.25 cell-pj=2 program-pj=8 addition-pj=1 product-pj=3 program-cycles=10' -o /dev/null | FileCheck %s --check-prefix=TABLE
// RUN: ams-opt %s --ams-estimate-cost='format=json output=%t.json' -o /dev/null
// RUN: %python -c 'import json, sys; r = json.load(open(sys.argv[1])); print(r["constants"]["adc_step_pj"], [(l["name"], l["adc_conversions"], l["crossbars"], l["reprogrammed"]) for l in r["layers"]], r["total"]["macs"], r["total"]["steps"])' %t.json | FileCheck %s --check-prefix=JSON

// "fc": 2 vectors of 9 by 10 outputs in 2 blocks and 3 column tiles: 180 MACs, 2
// * 10 * 2 = 40 ADC and 2 * 9 * 3 = 54 DAC conversions, 4 blocks, 90 cells. ADC:
// 40 * 0.5 * 2^8 * 3 = 15360; DAC: 54 * 0.25 * 8 = 108; cells: 180 * 2 = 360;
// digital: 18 + 40 additions, 3 * (18 + 80) for products = 352; sum 16180, and
// 90 * 8 = 720 for programming in each run, as there are two steps. 4 tiles on
// two crossbars of two slots, then 2 on one: 4 turns of 2 vectors; 4 slots of 8
// rows, 10 cycles each, to program. 90 of 3 * 64 cells.
// "s": 3 matrices, 2 vectors of 9 by 2: 108 MACs, 24 ADC and 54 DAC conversions,
// both sides 24 blocks; ADC 9216, DAC 108, cells 216, digital 108 + 24 + 3 * (108
// + 48) = 600, programming 54 * 8 = 432: 10572. 2 turns of 2 vectors of 3
// matrices. 18 of 64 cells.
// In all 4 crossbar and step pairs, (90 + 18) / 256 cells.

// TABLE: layer       MACs        ADC        DAC  blocks in  transforms      cells      tiles       gain     ADC pJ     DAC pJ   cells pJ  digital pJ  program pJ     run pJ  crossbars       used      steps     cycles    program
// TABLE-NEXT: fc           180         40         54          4           0         90          6          3  1.536e+04        108        360         352         720   1.69e+04          3      0.469          2          8        320
// TABLE-NEXT: s            108         24         54         12           0         54          2          3       9216        108        216         600         432  1.057e+04          1      0.281          1         12        480
// TABLE-NEXT: total        288         64        108         16           0        144          8          3  2.458e+04        216        576         952        1152  2.747e+04          4      0.422          2         20        800
// JSON: 0.0065 [('fc', 40, 3, True), ('s', 24, 1, True)] 288 2

#device = #ams.device<rows = 8, columns = 4, stack = 2, crossbars = 2>
!qw = !ams.abfp<10x9, axis = 1, n = 8, bits = 8>
!g = !ams.grid<outputs = 10, reduction = 9, groups = 1, rows = 8, columns = 4>
// expected-remark@below {{cost of "total": 288 MACs, 64 ADC and 108 DAC conversions, gain 3, 2.747e+04 pJ a run, 2.458e+04 of them for the ADC; crossbars: 4, 0.422 of their cells used; 20 cycles}}
module {
func.func @main(%x: tensor<2x9xf32>, %init: tensor<2x10xf32>, %a: tensor<3x2x9xf32>, %c: tensor<3x2x2xf32>) -> (tensor<2x10xf32>, tensor<3x2x2xf32>) {
  %w = ams.weights codes = dense<1> : tensor<10x2x8xi8> scales = dense<0.5> : tensor<10x2xbf16> : !qw
  %g = ams.program %w : !qw to !g placement = #ams.placement<order = [group, column, block], idle_rows = 7, idle_columns = 2, lanes = 1, runs = [<tiles = 4, step = 0, device = 0, crossbar = 0, slot = 0>, <tiles = 2, step = 1, device = 0, crossbar = 0, slot = 0>]>
  // expected-remark@below {{cost of "fc": 180 MACs, 40 ADC and 54 DAC conversions, gain 3, 1.69e+04 pJ a run, 1.536e+04 of them for the ADC; crossbars: 3, 0.469 of their cells used; 8 cycles}}
  %y = ams.mvm "fc" %g, %x : !g, tensor<2x9xf32> outs(%init : tensor<2x10xf32>) device = #device gain = 3.0 -> tensor<2x10xf32>
  // expected-remark@below {{cost of "s": 108 MACs, 24 ADC and 54 DAC conversions, gain 3, 1.057e+04 pJ a run, 9216 of them for the ADC; crossbars: 1, 0.281 of their cells used; 12 cycles}}
  %z = ams.batch_matmul "s" ins(%a, %a : tensor<3x2x9xf32>, tensor<3x2x9xf32>) outs(%c : tensor<3x2x2xf32>) device = #device gain = 3.0
    placement = #ams.placement<order = [group, column, block], idle_rows = 7, idle_columns = 2, lanes = 1, runs = [<tiles = 2, step = 1, device = 0, crossbar = 1, slot = 0>]> -> tensor<3x2x2xf32>
  return %y, %z : tensor<2x10xf32>, tensor<3x2x2xf32>
}
}
