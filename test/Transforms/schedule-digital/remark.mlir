// A function that its sequence cannot handle is left as it was.
// RUN: ams-opt %s --ams-schedule-digital --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func private @loops
// CHECK-NEXT: return %arg0
// expected-remark @+1 {{this function becomes plain loops: the schedule "rows1" does not apply to it}}
func.func private @loops(%x: tensor<4x8xf32>) -> tensor<4x8xf32> attributes {ams.schedule = "rows1", ams.tasks = array<i64: 4>} {
  return %x : tensor<4x8xf32>
}
