// Placements: round trip, and every message of their verifiers.
// RUN: ams-opt %s --split-input-file --verify-diagnostics | FileCheck %s
// RUN: ams-opt %s --split-input-file --verify-diagnostics -mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC

// CHECK: #ams.device<rows = 8, columns = 4, stack = 2, crossbars = 3>
#device = #ams.device<rows = 8, columns = 4, stack = 2, crossbars = 3>
!qw = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
!g = !ams.grid<outputs = 2, reduction = 9, groups = 1, rows = 8, columns = 4>
// CHECK-LABEL: @roundtrip
func.func @roundtrip(%x: tensor<2x9xf32>, %init: tensor<2x2xf32>, %a: tensor<3x2x9xf32>, %c: tensor<3x2x2xf32>) -> (tensor<2x2xf32>, tensor<3x2x2xf32>) {
  %w = ams.weights codes = dense<1> : tensor<2x2x8xi8> scales = dense<0.5> : tensor<2x2xbf16> : !qw
  // CHECK: ams.program %{{.*}} {a = 1 : i64} : !ams.abfp<{{.*}}> to !ams.grid<{{.*}}> placement = #ams.placement<order = [group, column, block], idle_rows = 7, idle_columns = 2, lanes = 2, runs = [<tiles = 1, step = 0, device = 4, crossbar = 2, slot = 1>, <tiles = 1, step = 9, device = 0, crossbar = 0, slot = 0>]>
  // GENERIC: "ams.program"(%{{.*}}) <{placement = #ams.placement<order
  %g = ams.program %w {a = 1} : !qw to !g placement = #ams.placement<order = [group, column, block], idle_rows = 7, idle_columns = 2, lanes = 2,
    runs = [<tiles = 1, step = 0, device = 4, crossbar = 2, slot = 1>, <tiles = 1, step = 9, device = 0, crossbar = 0, slot = 0>]>
  %y = ams.mvm "fc" %g, %x : !g, tensor<2x9xf32> outs(%init : tensor<2x2xf32>) device = #device gain = 3.0 -> tensor<2x2xf32>
  // CHECK: ams.batch_matmul {{.*}} gain = 3.000000e+00 placement = #ams.placement<{{.*}}> {a = 1 : i64} -> tensor<3x2x2xf32>
  %z = ams.batch_matmul "s" ins(%a, %a : tensor<3x2x9xf32>, tensor<3x2x9xf32>) outs(%c : tensor<3x2x2xf32>) device = #device gain = 3.0
    placement = #ams.placement<order = [group, column, block], idle_rows = 7, idle_columns = 2, lanes = 1, runs = [<tiles = 2, step = 0, device = 0, crossbar = 0, slot = 1>]> {a = 1} -> tensor<3x2x2xf32>
  return %y, %z : tensor<2x2xf32>, tensor<3x2x2xf32>
}

// -----

// expected-error@+1 {{stack is 0, but must be from 1 to 1024 (P1)}}
func.func private @stack() attributes {a = #ams.device<rows = 8, columns = 4, stack = 0>}

// -----

// expected-error@+1 {{crossbars is -1, but must be from 0 to 1073741824 (P1)}}
func.func private @crossbars() attributes {a = #ams.device<rows = 8, columns = 4, crossbars = -1>}

// -----

// expected-error@+1 {{tiles is 0, but must be from 1 to 4503599627370496 (P3)}}
func.func private @tiles() attributes {a = #ams.run<tiles = 0, step = 0, device = 0, crossbar = 0, slot = 0>}

// -----

// expected-error@+1 {{step is -1, but must be from 0 to 2147483647 (P4)}}
func.func private @step() attributes {a = #ams.run<tiles = 1, step = -1, device = 0, crossbar = 0, slot = 0>}

// -----

// expected-error@+1 {{device is -1, but must be from 0 to 2147483647 (P3)}}
func.func private @device() attributes {a = #ams.run<tiles = 1, step = 0, device = -1, crossbar = 0, slot = 0>}

// -----

// expected-error@+1 {{crossbar is -1, but must be from 0 to 4503599627370496 (P3)}}
func.func private @crossbar() attributes {a = #ams.run<tiles = 1, step = 0, device = 0, crossbar = -1, slot = 0>}

// -----

// expected-error@+1 {{slot is 1024, but must be from 0 to 1023 (P3)}}
func.func private @slot() attributes {a = #ams.run<tiles = 1, step = 0, device = 0, crossbar = 0, slot = 1024>}

// -----

// expected-error@+1 {{idle_rows is 1024, but must be from 0 to 1023 (P2)}}
func.func private @idle_rows() attributes {a = #ams.placement<order = [group, column, block], idle_rows = 1024, idle_columns = 0, lanes = 1, runs = [<tiles = 1, step = 0, device = 0, crossbar = 0, slot = 0>]>}

// -----

// expected-error@+1 {{idle_columns is -1, but must be from 0 to 1048575 (P2)}}
func.func private @idle_columns() attributes {a = #ams.placement<order = [group, column, block], idle_rows = 0, idle_columns = -1, lanes = 1, runs = [<tiles = 1, step = 0, device = 0, crossbar = 0, slot = 0>]>}

// -----

// expected-error@+1 {{lanes is 0, but must be from 1 to 1048576 (P3)}}
func.func private @lanes() attributes {a = #ams.placement<order = [group, column, block], idle_rows = 0, idle_columns = 0, lanes = 0, runs = [<tiles = 1, step = 0, device = 0, crossbar = 0, slot = 0>]>}

// -----

// expected-error@+1 {{step 1 follows step 2, but steps may not descend (P4)}}
func.func private @descends() attributes {a = #ams.placement<order = [group, column, block], idle_rows = 0, idle_columns = 0, lanes = 1, runs = [<tiles = 1, step = 2, device = 0, crossbar = 0, slot = 0>, <tiles = 1, step = 1, device = 0, crossbar = 0, slot = 0>]>}

// -----

// expected-error@+1 {{runs have more than 4503599627370496 tiles (P2)}}
func.func private @many() attributes {a = #ams.placement<order = [group, column, block], idle_rows = 0, idle_columns = 0, lanes = 1, runs = [<tiles = 4503599627370496, step = 0, device = 0, crossbar = 0, slot = 0>, <tiles = 1, step = 1, device = 0, crossbar = 0, slot = 0>]>}

// -----

!qw = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
func.func @count(%w: !qw) {
  // expected-error@below {{'ams.program' op placement has 3 tiles, but the weights have 2 (P2)}}
  %g = ams.program %w : !qw to !ams.grid<outputs = 2, reduction = 9, groups = 1, rows = 8, columns = 4> placement = #ams.placement<order = [group, column, block], idle_rows = 7, idle_columns = 2, lanes = 1, runs = [<tiles = 3, step = 0, device = 0, crossbar = 0, slot = 0>]>
  return
}

// -----

!qw = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
func.func @rows(%w: !qw) {
  // expected-error@below {{'ams.program' op placement leaves 0 idle rows, but the last tile has 7 (P2)}}
  %g = ams.program %w : !qw to !ams.grid<outputs = 2, reduction = 9, groups = 1, rows = 8, columns = 4> placement = #ams.placement<order = [group, column, block], idle_rows = 0, idle_columns = 2, lanes = 1, runs = [<tiles = 2, step = 0, device = 0, crossbar = 0, slot = 0>]>
  return
}

// -----

!qw = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
func.func @columns(%w: !qw) {
  // expected-error@below {{'ams.program' op placement leaves 3 idle columns, but the last tile has 2 (P2)}}
  %g = ams.program %w : !qw to !ams.grid<outputs = 2, reduction = 9, groups = 1, rows = 8, columns = 4> placement = #ams.placement<order = [group, column, block], idle_rows = 7, idle_columns = 3, lanes = 1, runs = [<tiles = 2, step = 0, device = 0, crossbar = 0, slot = 0>]>
  return
}

// -----

!qw = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
func.func @wide(%w: !qw) {
  // expected-error@below {{'ams.program' op placement has 3 lanes of 2 columns on crossbars of 4 (P3)}}
  %g = ams.program %w : !qw to !ams.grid<outputs = 2, reduction = 9, groups = 1, rows = 8, columns = 4> placement = #ams.placement<order = [group, column, block], idle_rows = 7, idle_columns = 2, lanes = 3, runs = [<tiles = 2, step = 0, device = 0, crossbar = 0, slot = 0>]>
  return
}

// -----

#device = #ams.device<rows = 8, columns = 4, stack = 2>
func.func @slots(%a: tensor<3x2x9xf32>, %c: tensor<3x2x2xf32>) -> tensor<3x2x2xf32> {
  // expected-error@below {{'ams.batch_matmul' op of layer "s" placement names slot 2, but crossbars have 2 (P3)}}
  %z = ams.batch_matmul "s" ins(%a, %a : tensor<3x2x9xf32>, tensor<3x2x9xf32>) outs(%c : tensor<3x2x2xf32>) device = #device gain = 3.0
    placement = #ams.placement<order = [group, column, block], idle_rows = 7, idle_columns = 2, lanes = 1, runs = [<tiles = 2, step = 0, device = 0, crossbar = 0, slot = 2>]> -> tensor<3x2x2xf32>
  return %z : tensor<3x2x2xf32>
}

// -----

// The second tile passes on to crossbar 3.
#device = #ams.device<rows = 8, columns = 4, stack = 2, crossbars = 3>
!qw = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
!g = !ams.grid<outputs = 2, reduction = 9, groups = 1, rows = 8, columns = 4>
func.func @reach(%w: !qw, %x: tensor<2x9xf32>, %init: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %g = ams.program %w : !qw to !g placement = #ams.placement<order = [group, column, block], idle_rows = 7, idle_columns = 2, lanes = 1, runs = [<tiles = 2, step = 0, device = 0, crossbar = 2, slot = 1>]>
  // expected-error@below {{'ams.mvm' op of layer "fc" placement reaches crossbar 3, but the device has 3 (P3)}}
  %y = ams.mvm "fc" %g, %x : !g, tensor<2x9xf32> outs(%init : tensor<2x2xf32>) device = #device gain = 3.0 -> tensor<2x2xf32>
  return %y : tensor<2x2xf32>
}
