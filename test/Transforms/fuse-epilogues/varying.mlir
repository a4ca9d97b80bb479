// Products whose weights vary take what follows only where it is asked for.
// RUN: ams-opt %s --ams-fuse-epilogues 2>/dev/null | FileCheck %s --check-prefix=APART
// RUN: ams-opt %s --ams-fuse-epilogues=varying-weights | FileCheck %s

#device = #ams.device<rows = 8, columns = 4>
// CHECK-LABEL: @weights
// CHECK: ams.matmul "fc" {{.*}} epilogue = #ams.epilogue<residual = true>(%{{.*}} : tensor<2x4xf32>) {records_clipping} -> tensor<2x4xf32>
// CHECK-NEXT: return
// APART-LABEL: @weights
// APART-NOT: epilogue
// APART: linalg.add
func.func @weights(%x: tensor<2x8xf32>, %w: tensor<4x8xf32>, %r: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %i = tensor.empty() : tensor<2x4xf32>
  %y = ams.matmul "fc" ins(%x, %w : tensor<2x8xf32>, tensor<4x8xf32>) outs(%i : tensor<2x4xf32>) device = #device {records_clipping} -> tensor<2x4xf32>
  %0 = linalg.add ins(%y, %r : tensor<2x4xf32>, tensor<2x4xf32>) outs(%i : tensor<2x4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}
