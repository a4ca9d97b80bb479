// An embedding's gradient: a loop after the other adds each row's gradient to the
// row of the table that it came from.
// RUN: ams-opt %s --ams-differentiate | FileCheck %s

#outer = affine_map<(d0, d1) -> (d0)>
#both = affine_map<(d0, d1) -> (d0, d1)>
#none = affine_map<(d0, d1) -> ()>
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[IDS:.*]]: tensor<3xi64>, %[[TABLE:.*]]: tensor<7x2xf32> {ams.weight = "table"})
func.func @main(%ids: tensor<3xi64>, %table: tensor<7x2xf32> {ams.weight = "table"}) -> tensor<f32> {
  // CHECK: %[[ROWS:.*]] = linalg.generic
  // CHECK: tensor.extract %[[TABLE]]
  // CHECK: %[[GRADIENT:.*]] = linalg.generic {{.*}} attrs = {ams.gradient}
  // CHECK: %[[ZEROS:.*]] = linalg.fill ins(%{{.*}} : f32) outs(%{{.*}} : tensor<7x2xf32>)
  // CHECK: %[[RESULT:.*]] = scf.for %[[I:.*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[OUTER:.*]] = %[[ZEROS]]) -> (tensor<7x2xf32>) {
  // CHECK: %[[INNER:.*]] = scf.for %[[J:.*]] = %{{.*}} to %{{.*}} step %{{.*}} iter_args(%[[SUM:.*]] = %[[OUTER]]) -> (tensor<7x2xf32>) {
  // CHECK: %[[ID:.*]] = tensor.extract %[[IDS]][%[[I]]] : tensor<3xi64>
  // CHECK: %[[ROW:.*]] = arith.index_cast %[[ID]] : i64 to index
  // CHECK: %[[SHARE:.*]] = tensor.extract %[[GRADIENT]][%[[I]], %[[J]]] : tensor<3x2xf32>
  // CHECK: %[[BEFORE:.*]] = tensor.extract %[[SUM]][%[[ROW]], %[[J]]] : tensor<7x2xf32>
  // CHECK: %[[AFTER:.*]] = arith.addf %[[BEFORE]], %[[SHARE]] : f32
  // CHECK: %[[NEXT:.*]] = tensor.insert %[[AFTER]] into %[[SUM]][%[[ROW]], %[[J]]] : tensor<7x2xf32>
  // CHECK: scf.yield %[[NEXT]]
  // CHECK: scf.yield %[[INNER]]
  // CHECK: } {ams.gradient}
  // CHECK: return %{{.*}}, %[[RESULT]]
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<3x2xf32>
  %rows = linalg.generic {indexing_maps = [#outer, #both], iterator_types = ["parallel", "parallel"]} ins(%ids : tensor<3xi64>) outs(%e : tensor<3x2xf32>) {
  ^bb0(%id: i64, %out: f32):
    %row = arith.index_cast %id : i64 to index
    %column = linalg.index 1 : index
    %v = tensor.extract %table[%row, %column] : tensor<7x2xf32>
    linalg.yield %v : f32
  } -> tensor<3x2xf32>
  %e1 = tensor.empty() : tensor<f32>
  %z = linalg.fill ins(%zero : f32) outs(%e1 : tensor<f32>) -> tensor<f32>
  %sum = linalg.generic {indexing_maps = [#both, #none], iterator_types = ["reduction", "reduction"]} ins(%rows : tensor<3x2xf32>) outs(%z : tensor<f32>) {
  ^bb0(%v: f32, %out: f32):
    %s = arith.addf %out, %v : f32
    linalg.yield %s : f32
  } -> tensor<f32>
  return %sum : tensor<f32>
}
