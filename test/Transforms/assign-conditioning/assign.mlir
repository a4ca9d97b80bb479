// Choices by layer and for all, signs drawn by seed and layer, and what stays.
// RUN: ams-opt %s --ams-assign-conditioning="condition=both,b=mean,c=none" | FileCheck %s --check-prefix=BOTH
// RUN: ams-opt %s --ams-assign-conditioning="condition=a=spread" | FileCheck %s --check-prefix=ONE
// RUN: ams-opt %s --ams-assign-conditioning="condition=a=spread seed=1" | FileCheck %s --check-prefix=SEED
// RUN: ams-opt %s --ams-assign-conditioning | FileCheck %s --check-prefix=NONE
// RUN: ams-opt %s --ams-assign-conditioning="condition=both" -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: ams-opt %s --ams-assign-conditioning="condition=mean" --ams-assign-scales | FileCheck %s --check-prefix=SCALES
// RUN: ams-opt %s --ams-to-scales="condition=mean" --ams-to-gains --ams-to-crossbars | FileCheck %s --check-prefix=GRID

#device = #ams.device<rows = 8, columns = 4>
#window = #ams.window<kernel = [2, 2], strides = [1, 1], padding = [0, 0, 0, 0], dilations = [1, 1], groups = 1>
// BOTH-DAG: #[[MEAN:.*]] = #ams.condition<mean = true>
// BOTH-DAG: #[[ALL:.*]] = #ams.condition<mean = true, spread = true, signs = "{{[-+]+}}">
// ONE-DAG: #[[A:.*]] = #ams.condition<spread = true, signs = "-++---+-">
// ONE-DAG: #[[C:.*]] = #ams.condition<spread = true, signs = "++++++++">
// SEED-DAG: #[[A:.*]] = #ams.condition<spread = true, signs = "-+----++">
// SCALES: #[[M:.*]] = #ams.condition<mean = true>
// GRID: #[[M:.*]] = #ams.condition<mean = true>
func.func @main(%x: tensor<2x6xf32>, %image: tensor<2x3x3x1xf32>, %i: tensor<2x3xf32>, %j: tensor<2x2x2x3xf32>, %k: tensor<2x2x2xf32>, %d: tensor<2x2x6xf32>)
    -> (tensor<2x3xf32>, tensor<2x2x2x3xf32>, tensor<2x3xf32>, tensor<2x2x2xf32>) {
  %w = arith.constant dense<1.0> : tensor<3x6xf32>
  %f = arith.constant dense<1.0> : tensor<3x2x2x1xf32>
  // BOTH: ams.matmul "a" {{.*}} device = #device condition = #[[ALL]] ->
  // ONE: ams.matmul "a" {{.*}} device = #device condition = #[[A]] ->
  // SEED: ams.matmul "a" {{.*}} device = #device condition = #[[A]] ->
  // NONE: ams.matmul "a"
  // NONE-NOT: condition
  // SCALES: ams.weights {{.*}} sums = {{.*}} : tensor<3x1xf32> : !ams.abfp<3x6, axis = 1, n = 8, bits = 8, condition = #[[M]]>
  // SCALES: ams.quantize {{.*}} to !ams.abfp<2x6, axis = 1, n = 8, bits = 8, condition = #[[M]]>
  // SCALES: ams.matmul "a" {{.*}} device = #device ->
  // GRID: ams.program {{.*}} to !ams.grid<outputs = 3, reduction = 6, groups = 1, rows = 8, columns = 4, condition = #[[M]]>
  // GRID: ams.mvm "a"
  %a = ams.matmul "a" ins(%x, %w : tensor<2x6xf32>, tensor<3x6xf32>) outs(%i : tensor<2x3xf32>) device = #device -> tensor<2x3xf32>
  // BOTH: ams.conv "b" {{.*}} condition = #[[MEAN]] ->
  // NONE: ams.conv "b"
  // NONE-NOT: condition
  // SCALES: ams.quantize {{.*}} to !ams.abfp<2x2x2x1x4, axis = 4, n = 8, bits = 8, condition = #[[M]]> window
  %b = ams.conv "b" ins(%image, %f : tensor<2x3x3x1xf32>, tensor<3x2x2x1xf32>) outs(%j : tensor<2x2x2x3xf32>) window = #window device = #device -> tensor<2x2x2x3xf32>
  // BOTH: ams.matmul "c"
  // BOTH-NOT: condition
  // ONE: ams.matmul "c" {{.*}} condition = #[[C]] ->
  // NONE: ams.matmul "c" {{.*}} condition =
  %c = ams.matmul "c" ins(%x, %w : tensor<2x6xf32>, tensor<3x6xf32>) outs(%i : tensor<2x3xf32>) device = #device condition = #ams.condition<spread = true, signs = "++++++++"> -> tensor<2x3xf32>
  // BOTH: ams.batch_matmul
  // REMARK: assign.mlir:[[#@LINE + 1]]:8: remark: layer "s" is a product of two activations, which has no weights to condition ahead: its blocks stay plain (C1)
  %s = ams.batch_matmul "s" ins(%d, %d : tensor<2x2x6xf32>, tensor<2x2x6xf32>) outs(%k : tensor<2x2x2xf32>) device = #device -> tensor<2x2x2xf32>
  return %a, %b, %c, %s : tensor<2x3xf32>, tensor<2x2x2x3xf32>, tensor<2x3xf32>, tensor<2x2x2xf32>
}
