// Fixed gains: one for all, and others by layer.
// RUN: ams-opt %s --ams-assign-gains | FileCheck %s --check-prefixes=CHECK,DEFAULT
// RUN: ams-opt %s --ams-assign-gains=gains=2.5 | FileCheck %s --check-prefixes=CHECK,ONE
// RUN: ams-opt %s --ams-assign-gains=gains=2,b:4 | FileCheck %s --check-prefixes=CHECK,LAYER -DD=2
// RUN: ams-opt %s --ams-assign-gains=gains=b:4,2 | FileCheck %s --check-prefixes=CHECK,LAYER -DD=2
// RUN: ams-opt %s --ams-assign-gains=gains=a:2,b:8,b:4,d:9,c:1:2 | FileCheck %s --check-prefixes=CHECK,LAYER -DD=9
// RUN: ams-opt %s --ams-assign-gains=gains=7,2,b:4, | FileCheck %s --check-prefixes=CHECK,LAYER -DD=2

#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [1, 1], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
!m = !ams.abfp<2x9, axis = 1, n = 8, bits = 8>
!i = !ams.abfp<1x2x2x1x3, axis = 4, n = 8, bits = 8>
!f = !ams.abfp<5x1x1x3, axis = 1, n = 8, bits = 8>
!b = !ams.abfp<1x2x9, axis = 2, n = 8, bits = 8>
!g = !ams.grid<outputs = 2, reduction = 9, groups = 1, rows = 8, columns = 4>
// CHECK-LABEL: @main
func.func @main(%m: !m, %y: tensor<2x2xf32>, %i: !i, %f: !f, %p: tensor<1x2x2x5xf32>, %b: !b, %s: tensor<1x2x2xf32>, %x: tensor<2x9xf32>, %g: !g)
    -> (tensor<2x2xf32>, tensor<1x2x2x5xf32>, tensor<1x2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) {
  // DEFAULT: ams.matmul "a" {{.*}} gain = 8.000000e+00
  // ONE: ams.matmul "a" {{.*}} gain = 2.500000e+00
  // LAYER: ams.matmul "a" {{.*}} gain = 2.000000e+00
  %0 = ams.matmul "a" ins(%m, %m : !m, !m) outs(%y : tensor<2x2xf32>) device = #device -> tensor<2x2xf32>
  // DEFAULT: ams.conv "b" {{.*}} gain = 8.000000e+00
  // ONE: ams.conv "b" {{.*}} gain = 2.500000e+00
  // LAYER: ams.conv "b" {{.*}} gain = 4.000000e+00
  %1 = ams.conv "b" ins(%i, %f : !i, !f) outs(%p : tensor<1x2x2x5xf32>) window = #window device = #device -> tensor<1x2x2x5xf32>
  // A layer's name may hold a colon. A gain from before is replaced.
  // DEFAULT: ams.batch_matmul "c:1" {{.*}} gain = 8.000000e+00
  // ONE: ams.batch_matmul "c:1" {{.*}} gain = 2.500000e+00
  // LAYER: ams.batch_matmul "c:1" {{.*}} gain = 2.000000e+00
  %2 = ams.batch_matmul "c:1" ins(%b, %b : !b, !b) outs(%s : tensor<1x2x2xf32>) device = #device gain = 3.0 -> tensor<1x2x2xf32>
  // DEFAULT: ams.matmul "d" {{.*}} gain = 8.000000e+00
  // ONE: ams.matmul "d" {{.*}} gain = 2.500000e+00
  // LAYER: ams.matmul "d" {{.*}} gain = [[D]].000000e+00
  %3 = ams.matmul "d" ins(%m, %m : !m, !m) outs(%y : tensor<2x2xf32>) device = #device -> tensor<2x2xf32>
  // What is on crossbars has its gain.
  // CHECK: ams.mvm "e" {{.*}} gain = 5.000000e+00
  %4 = ams.mvm "e" %g, %x : !g, tensor<2x9xf32> outs(%y : tensor<2x2xf32>) device = #device gain = 5.0 -> tensor<2x2xf32>
  return %0, %1, %2, %3, %4 : tensor<2x2xf32>, tensor<1x2x2x5xf32>, tensor<1x2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>
}
