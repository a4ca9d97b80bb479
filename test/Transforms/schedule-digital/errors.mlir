// RUN: ams-opt %s --split-input-file --ams-schedule-digital --verify-diagnostics

// expected-error @+1 {{'func.func' op needs the attributes ams.schedule, the name of a sequence of schedule.mlir, and ams.tasks}}
func.func private @unknown(%x: tensor<4xf32>) -> tensor<4xf32> attributes {ams.schedule = "spiral", ams.tasks = array<i64: 4>} {
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{needs the attributes ams.schedule}}
func.func private @untasked(%x: tensor<4xf32>) -> tensor<4xf32> attributes {ams.schedule = "rows0"} {
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{needs the attributes ams.schedule}}
func.func private @number(%x: tensor<4xf32>) -> tensor<4xf32> attributes {ams.schedule = 3, ams.tasks = array<i64: 4>} {
  return %x : tensor<4xf32>
}
