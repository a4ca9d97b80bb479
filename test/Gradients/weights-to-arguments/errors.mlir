// RUN: ams-opt %s --ams-weights-to-arguments --verify-diagnostics --split-input-file

// expected-error@below {{a model needs one function @main with a body of one block; this module has 0}}
module {
}

// -----

func.func @main() {
  // expected-error@+1 {{'arith.constant' op is called a weight, but is not a float32 tensor}}
  %w = arith.constant {ams.weight = "w"} dense<1> : tensor<4xi64>
  return
}

// -----

func.func @main() {
  %v = arith.constant {ams.weight = "w"} dense<1.0> : tensor<4xf32>
  // expected-error@+1 {{'arith.constant' op has the name of a weight of another size}}
  %w = arith.constant {ams.weight = "w"} dense<1.0> : tensor<5xf32>
  return
}

// -----

func.func @main() {
  // expected-error@+1 {{'arith.constant' op has more than 8 dimensions}}
  %w = arith.constant {ams.weight = "w"} dense<1.0> : tensor<1x1x1x1x1x1x1x1x1xf32>
  return
}
