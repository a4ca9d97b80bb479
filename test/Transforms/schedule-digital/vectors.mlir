// Rows of 198 elements: vectors of 64 lanes and one of 6; a reduction has 64
// lanes of its own.
// RUN: ams-opt %s --ams-schedule-digital | FileCheck %s

// CHECK-LABEL: func.func private @digital
// CHECK-NOT: ams.schedule
// CHECK: scf.forall (%{{.*}}) in (10)
// CHECK: scf.for {{.*}} to %c4 step %c1
// CHECK: arith.maximumf {{.*}} : vector<64xf32>
// CHECK: arith.maximumf {{.*}} : vector<6xf32>
// CHECK: vector.reduction <maximumf>, {{.*}} : vector<64xf32> into f32
// CHECK: arith.subf {{.*}} : vector<64xf32>
// CHECK: arith.subf {{.*}} : vector<6xf32>
// CHECK-NOT: linalg
#all = affine_map<(d0, d1) -> (d0, d1)>
#row = affine_map<(d0, d1) -> (d0)>
func.func private @digital(%x: tensor<40x198xf32>) -> tensor<40x198xf32> attributes {ams.schedule = "rows1", ams.tasks = array<i64: 4>} {
  %least = arith.constant 0xFF800000 : f32
  %e1 = tensor.empty() : tensor<40xf32>
  %e2 = tensor.empty() : tensor<40x198xf32>
  %f = linalg.fill ins(%least : f32) outs(%e1 : tensor<40xf32>) -> tensor<40xf32>
  %m = linalg.generic {indexing_maps = [#all, #row], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<40x198xf32>) outs(%f : tensor<40xf32>) {
  ^bb0(%a: f32, %b: f32):
    %0 = arith.maximumf %b, %a : f32
    linalg.yield %0 : f32
  } -> tensor<40xf32>
  %p = linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]} ins(%x, %m : tensor<40x198xf32>, tensor<40xf32>) outs(%e2 : tensor<40x198xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %0 = arith.subf %a, %b : f32
    linalg.yield %0 : f32
  } -> tensor<40x198xf32>
  return %p : tensor<40x198xf32>
}
