// Tiles onto crossbars: slots fill in the order of the program, then devices or
// steps (P2 to P4).
// RUN: ams-opt %s --split-input-file --ams-place-crossbars --verify-diagnostics | FileCheck %s
// RUN: ams-opt %s --split-input-file --ams-place-crossbars | ams-opt --split-input-file --ams-place-crossbars | FileCheck %s

// As many crossbars as it takes, and no remark. 10 outputs on 4 columns are
// three column tiles, 9 rows on 8 two blocks: 6 tiles; two activations, 2
// outputs, have 2 tiles, one matrix after another in the same.
#device = #ams.device<rows = 8, columns = 4>
!qw = !ams.abfp<10x9, axis = 1, n = 8, bits = 8>
!g = !ams.grid<outputs = 10, reduction = 9, groups = 1, rows = 8, columns = 4>
// CHECK-LABEL: @unbounded
func.func @unbounded(%x: tensor<2x9xf32>, %init: tensor<2x10xf32>, %a: tensor<3x2x9xf32>, %c: tensor<3x2x2xf32>) -> (tensor<2x10xf32>, tensor<3x2x2xf32>) {
  %w = ams.weights codes = dense<1> : tensor<10x2x8xi8> scales = dense<0.5> : tensor<10x2xbf16> : !qw
  // CHECK: ams.program {{.*}} placement = #ams.placement<order = [group, column, block], idle_rows = 7, idle_columns = 2, lanes = 1, runs = [<tiles = 6, step = 0, device = 0, crossbar = 0, slot = 0>]>{{$}}
  %g = ams.program %w : !qw to !g
  %y = ams.mvm "fc" %g, %x : !g, tensor<2x9xf32> outs(%init : tensor<2x10xf32>) device = #device gain = 3.0 -> tensor<2x10xf32>
  // CHECK: ams.batch_matmul "s" {{.*}} placement = #ams.placement<order = [group, column, block], idle_rows = 7, idle_columns = 2, lanes = 1, runs = [<tiles = 2, step = 0, device = 0, crossbar = 6, slot = 0>]> -> tensor<3x2x2xf32>
  %z = ams.batch_matmul "s" ins(%a, %a : tensor<3x2x9xf32>, tensor<3x2x9xf32>) outs(%c : tensor<3x2x2xf32>) device = #device gain = 3.0 -> tensor<3x2x2xf32>
  return %y, %z : tensor<2x10xf32>, tensor<3x2x2xf32>
}

// -----

// A placement from before is replaced; a grid that two layers share is placed
// once; what is not on crossbars has no placement.
#device = #ams.device<rows = 8, columns = 4>
!qw = !ams.abfp<4x8, axis = 1, n = 8, bits = 8>
!g = !ams.grid<outputs = 4, reduction = 8, groups = 1, rows = 8, columns = 4>
// CHECK-LABEL: @again
func.func @again(%x: tensor<2x8xf32>, %init: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) {
  %w = ams.weights codes = dense<1> : tensor<4x1x8xi8> scales = dense<0.5> : tensor<4x1xbf16> : !qw
  // CHECK: ams.program {{.*}} idle_rows = 0, idle_columns = 0, {{.*}}crossbar = 0, slot = 0>]>{{$}}
  %g = ams.program %w : !qw to !g placement = #ams.placement<order = [group, column, block], idle_rows = 0, idle_columns = 0, lanes = 1, runs = [<tiles = 1, step = 7, device = 3, crossbar = 5, slot = 0>]>
  %0 = ams.mvm "a" %g, %x : !g, tensor<2x8xf32> outs(%init : tensor<2x4xf32>) device = #device gain = 3.0 -> tensor<2x4xf32>
  // CHECK-NOT: ams.program
  %1 = ams.mvm "b" %g, %x : !g, tensor<2x8xf32> outs(%init : tensor<2x4xf32>) device = #device gain = 3.0 -> tensor<2x4xf32>
  // CHECK: ams.program {{.*}} runs = [<tiles = 1, step = 0, device = 0, crossbar = 1, slot = 0>]>{{$}}
  %h = ams.program %w : !qw to !g
  %2 = ams.mvm "c" %h, %x : !g, tensor<2x8xf32> outs(%init : tensor<2x4xf32>) device = #device gain = 3.0 -> tensor<2x4xf32>
  return %0, %1, %2 : tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>
}

// -----

// Each kind of device has crossbars of its own. Groups are tiles one after
// another.
#small = #ams.device<rows = 8, columns = 4, crossbars = 9>
#large = #ams.device<rows = 16, columns = 4>
#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 3>
!qs = !ams.abfp<9x1x1x12, axis = 1, n = 8, bits = 8>
!gs = !ams.grid<outputs = 3, reduction = 12, groups = 3, rows = 8, columns = 4>
!ql = !ams.abfp<9x1x1x12, axis = 1, n = 16, bits = 8>
!gl = !ams.grid<outputs = 3, reduction = 12, groups = 3, rows = 16, columns = 4>
// expected-remark@below {{weights take 6 crossbars; devices: 1, of 9 crossbars each; steps: 1}}
module {
// CHECK-LABEL: @kinds
func.func @kinds(%x: tensor<1x2x2x36xf32>, %init: tensor<1x2x2x9xf32>) -> (tensor<1x2x2x9xf32>, tensor<1x2x2x9xf32>) {
  // CHECK: to !ams.grid<{{.*}} rows = 8, columns = 4> placement = {{.*}} idle_rows = 4, idle_columns = 1, lanes = 1, runs = [<tiles = 6, step = 0, device = 0, crossbar = 0, slot = 0>]>
  // CHECK: to !ams.grid<{{.*}} rows = 16, columns = 4> placement = {{.*}} idle_rows = 4, idle_columns = 1, lanes = 1, runs = [<tiles = 3, step = 0, device = 0, crossbar = 0, slot = 0>]>
  %ws = ams.weights codes = dense<1> : tensor<9x2x8xi8> scales = dense<0.5> : tensor<9x2xbf16> : !qs
  %gs = ams.program %ws : !qs to !gs
  %0 = ams.mvm "a" %gs, %x : !gs, tensor<1x2x2x36xf32> outs(%init : tensor<1x2x2x9xf32>) window = #window device = #small gain = 3.0 -> tensor<1x2x2x9xf32>
  %wl = ams.weights codes = dense<1> : tensor<9x1x16xi8> scales = dense<0.5> : tensor<9x1xbf16> : !ql
  %gl = ams.program %wl : !ql to !gl
  %1 = ams.mvm "b" %gl, %x : !gl, tensor<1x2x2x36xf32> outs(%init : tensor<1x2x2x9xf32>) window = #window device = #large gain = 3.0 -> tensor<1x2x2x9xf32>
  return %0, %1 : tensor<1x2x2x9xf32>, tensor<1x2x2x9xf32>
}
}
